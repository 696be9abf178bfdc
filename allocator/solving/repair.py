"""The least change that makes an impossible plan possible, and the limits that conflict."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pulp

from allocator.errors import InfeasibleError
from allocator.instance import Instance
from allocator.program import build
from allocator.program.declared import Limit
from allocator.program.elastic import KINDS, Give, Kind, elastic, preferred, user_limits
from allocator.solving import highs
from allocator.solving.matrix import read_off
from allocator.solving.passes import solve
from allocator.solving.settings import Clock, Settings

TOO_LITTLE = 1e-7
"""Changes below this (hours) are rounding; changes are widened by it, so that they suffice."""


@dataclass(frozen=True)
class Change:
    """One limit that gives way, from `before` to `after`.

    `amount` is in hours (opportunities for a pipeline); `before` and `after` are in the limit's own
    unit: hours, opportunities, or a share of 1. `hours` is what the change counts in the total.
    Places are numbers in the instance.
    """

    kind: Kind
    side: Literal["least", "most"]
    amount: float
    before: float
    after: float
    hours: float
    territory: int | None = None
    rep: int | None = None
    area: str | None = None
    row: int | None = None


def least_change(
    instance: Instance, settings: Settings, clock: Clock, kinds: Collection[Kind] = KINDS
) -> tuple[Change, ...] | None:
    """The changes of the least total, in hours, after which some split keeps every limit.

    Among several, the one that lowers users' own bounds rather than shares, those rather than the
    pipeline, and that rather than adding capacity. None where limits of these `kinds` can't do it.
    """
    asked = elastic(instance, kinds)
    try:
        least = solve(asked.program, read_off(asked.program), settings, clock)
    except InfeasibleError:
        return None
    program = preferred(asked, least.objective + TOO_LITTLE * max(1.0, least.objective))
    found = solve(program, read_off(program), settings, clock)
    value = dict(zip(program.columns, found.values.tolist(), strict=True))
    hours = [sum(value[var] for var in areas.values()) for areas in program.X]
    changes = (_change(instance, give, value[give.variable], hours) for give in asked.gives)
    return tuple(change for change in changes if change.amount > 2 * TOO_LITTLE)


def _change(instance: Instance, give: Give, amount: float, hours: Sequence[float]) -> Change:
    limit, counts = give.limit, amount * give.hours
    least = limit.row.sense == pulp.LpConstraintGE
    amount += TOO_LITTLE * max(1.0, amount)
    if give.kind == "capacity":
        assert limit.rep is not None
        before = instance.reps[limit.rep].capacity
        return Change("capacity", "most", amount, before, before + amount, counts, rep=limit.rep)
    assert limit.territory is not None
    territory = instance.territories[limit.territory]
    if give.kind == "pipeline":
        after = max(0.0, territory.pipeline - amount)
        return Change("pipeline", "least", amount, territory.pipeline, after, counts, limit.territory)
    if give.kind == "shares":
        assert limit.area is not None
        before = territory.shares[limit.area][not least]
        moved = amount / hours[limit.territory] if hours[limit.territory] > 0 else 0.0
        after = max(0.0, before - moved) if least else min(1.0, before + moved)
        side: Literal["least", "most"] = "least" if least else "most"
        return Change("shares", side, amount, before, after, counts, limit.territory, area=limit.area)
    row = _row(instance, limit)
    before = instance.rows[row].least if least else instance.rows[row].most
    after = max(0.0, before - amount) if least else before + amount
    return Change(
        kind="bounds",
        side="least" if least else "most",
        amount=amount,
        before=before,
        after=after,
        hours=counts,
        territory=limit.territory,
        rep=limit.rep,
        area=limit.area,
        row=row,
    )


def _row(instance: Instance, limit: Limit) -> int:
    """The row of a bound: a rep has one for each territory and area."""
    assert limit.rep is not None
    return next(
        i
        for i in instance.reps[limit.rep].rows
        if instance.rows[i].territory == limit.territory and instance.rows[i].area == limit.area
    )


def changed(instance: Instance, changes: Iterable[Change]) -> Instance:
    """The instance with these limits given way; its hours today and its curves stay."""
    rows, reps = list(instance.rows), list(instance.reps)
    territories = list(instance.territories)
    for change in changes:
        if change.rep is not None and change.kind == "capacity":
            reps[change.rep] = replace(reps[change.rep], capacity=change.after)
        elif change.row is not None:
            row = rows[change.row]
            least, most = (
                (change.after, row.most) if change.side == "least" else (row.least, change.after)
            )
            rows[change.row] = replace(row, least=least, most=most)
        elif change.territory is not None and change.kind == "pipeline":
            territories[change.territory] = replace(territories[change.territory], pipeline=change.after)
        elif change.territory is not None and change.area is not None:
            territory = territories[change.territory]
            low, high = territory.shares[change.area]
            both = (change.after, high) if change.side == "least" else (low, change.after)
            shares = {**territory.shares, change.area: both}
            territories[change.territory] = replace(territory, shares=shares)
    return replace(instance, rows=tuple(rows), reps=tuple(reps), territories=tuple(territories))


def conflict(instance: Instance, clock: Clock) -> tuple[Limit, ...]:
    """A smallest set of users' limits that can't all be kept: without any one of them, the rest can."""
    program = build(instance)
    rows = highs.conflicting_rows(read_off(program), clock.left)
    return tuple(user_limits(program, rows))
