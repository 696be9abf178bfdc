"""The least change to users' limits that makes an impossible plan possible."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from allocator.arrays import Floats
from allocator.certificate import TOLERANCE
from allocator.instance import Instance, Rep, Territory
from allocator.parts import Part, parts
from allocator.program.elastic import Elastic, UserLimit, elastic
from allocator.solving import highs
from allocator.solving.settings import Clock

ROUNDING = 1e-9
"""What solvers round by."""
WIDER = 1e-7
"""Changes are made wider by this (of them, or of an hour or share), so that solvers find room."""
NOTHING = 1e-6
"""So many hours are rounding."""


@dataclass(frozen=True)
class Change:
    """One limit that gives way, from `before` to `after`.

    `amount` is in hours (opportunities for a pipeline); `before` and `after` are in the limit's own
    unit: hours, opportunities, or a share of 1. `hours` is what the change counts in the total.
    """

    limit: UserLimit
    amount: float
    before: float
    after: float
    hours: float

    @property
    def matters(self) -> bool:
        """Whether the limit gives way by more than certificates allow answers to be off by."""
        return self.amount > TOLERANCE * max(1.0, self.before)


@dataclass(frozen=True)
class Repair:
    """A part of the plan that is impossible by itself, and the least change to it, `hours` in all."""

    part: Part
    changes: tuple[Change, ...]

    @property
    def hours(self) -> float:
        """What the changes count together."""
        return math.fsum(change.hours for change in self.changes)


def repairs(whole: Instance, clock: Clock) -> tuple[Repair, ...]:
    """The least change to each part of the plan that needs any, the largest first.

    HiGHS finds it, whichever solver then divides the hours: both are asked about one plan.
    """
    each = (Repair(part, least_change(part.instance, clock)) for part in parts(whole))
    return tuple(sorted((repair for repair in each if repair.changes), key=lambda r: -r.hours))


def least_change(instance: Instance, clock: Clock) -> tuple[Change, ...]:
    """The changes of the least total, in hours, after which some split keeps every limit.

    Among several, the one that lowers users' own bounds rather than shares, those rather than the
    pipeline, and that rather than adding capacity.
    """
    asked = elastic(instance)
    found = highs.solve(asked.program.matrix, clock.left)
    return changes_in(instance, asked, found.values)


def changes_in(instance: Instance, asked: Elastic, values: Floats) -> tuple[Change, ...]:
    """The changes that a solution (by column of the elastic programme) makes."""
    value = values.tolist()
    territories = range(len(instance.territories))
    hours = [sum(value[var] for var in asked.program.variables(k).X.values()) for k in territories]
    return tuple(
        _change(instance, give.limit, value[give.variable], value[give.variable] * give.hours, hours)
        for give in asked.gives
        if value[give.variable] > ROUNDING
    )


def _change(
    instance: Instance, limit: UserLimit, amount: float, counts: float, hours: Sequence[float]
) -> Change:
    """The change of a limit by `amount`; `hours` are those of each territory once it is made."""
    before, moved = current(instance, limit), amount
    if limit.kind == "shares":
        assert limit.territory is not None
        moved = amount / hours[limit.territory] if hours[limit.territory] > 0 else 0.0
    return Change(limit, amount, before, _moved(limit, before, moved), counts)


def _moved(limit: UserLimit, before: float, by: float) -> float:
    """The limit given way by so much, in its own unit; a share stays one."""
    if limit.side == "least":
        return max(0.0, before - by)
    return min(1.0, before + by) if limit.kind == "shares" else before + by


def current(instance: Instance, limit: UserLimit) -> float:
    """What the limit is, in its own unit: hours, opportunities, or a share of 1."""
    if limit.kind == "capacity":
        return rep_of(instance, limit).capacity
    territory = territory_of(instance, limit)
    if limit.kind == "pipeline":
        return territory.pipeline
    if limit.kind == "shares":
        assert limit.area is not None
        return territory.shares[limit.area][limit.side == "most"]
    row = instance.rows[_row(instance, limit)]
    return row.least if limit.side == "least" else row.most


def rep_of(instance: Instance, limit: UserLimit) -> Rep:
    """The rep whom a capacity or a bound is about."""
    assert limit.rep is not None
    return instance.reps[limit.rep]


def territory_of(instance: Instance, limit: UserLimit) -> Territory:
    """The territory that any limit but a capacity is about."""
    assert limit.territory is not None
    return instance.territories[limit.territory]


def _row(instance: Instance, limit: UserLimit) -> int:
    """The row of a bound: a rep has one for each territory and area."""
    return next(
        i
        for i in rep_of(instance, limit).rows
        if instance.rows[i].territory == limit.territory and instance.rows[i].area == limit.area
    )


def widened(change: Change) -> Change:
    """The change made a hair wider, so that solvers find room in it."""
    scale = 1.0 if change.limit.kind == "shares" else max(1.0, change.amount)
    return replace(change, after=_moved(change.limit, change.after, WIDER * scale))


def changed(instance: Instance, changes: Iterable[Change]) -> Instance:
    """The instance with these limits given way; its hours today and its curves stay."""
    rows, reps = list(instance.rows), list(instance.reps)
    territories = list(instance.territories)
    for change in changes:
        limit, after = change.limit, change.after
        if limit.kind == "capacity":
            assert limit.rep is not None
            reps[limit.rep] = replace(reps[limit.rep], capacity=after)
        elif limit.kind == "bounds":
            i = _row(instance, limit)
            row = rows[i]
            least = limit.side == "least"
            rows[i] = row._replace(least=after) if least else row._replace(most=after)
        else:
            assert limit.territory is not None
            territories[limit.territory] = _eased(territories[limit.territory], limit, after)
    return replace(instance, rows=tuple(rows), reps=tuple(reps), territories=tuple(territories))


def _eased(territory: Territory, limit: UserLimit, after: float) -> Territory:
    if limit.kind == "pipeline":
        return replace(territory, pipeline=after)
    assert limit.area is not None
    low, high = territory.shares[limit.area]
    both = (after, high) if limit.side == "least" else (low, after)
    return replace(territory, shares={**territory.shares, limit.area: both})


def in_whole(repair: Repair) -> tuple[Change, ...]:
    """The changes of a part, about places by their numbers in the whole plan."""
    part = repair.part
    return tuple(
        replace(
            change,
            limit=replace(
                change.limit,
                territory=None
                if change.limit.territory is None
                else part.territories[change.limit.territory],
                rep=None if change.limit.rep is None else part.reps[change.limit.rep],
            ),
        )
        for change in repair.changes
    )
