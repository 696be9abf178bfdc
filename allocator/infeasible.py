"""An impossible plan in its users' words: which limits conflict, and the least that would do."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pulp

from allocator.errors import InfeasibleError, SolverError
from allocator.instance import Instance
from allocator.program.declared import Limit
from allocator.program.elastic import KINDS, Kind
from allocator.solving.repair import Change, conflict, least_change
from allocator.solving.settings import Clock, Settings

MOST_SHOWN = 12


PLENTY = 1000.0
"""Times today's hours: limits that conflict even so conflict at any capacity."""


def never_possible(instance: Instance, settings: Settings, clock: Clock) -> InfeasibleError:
    """The error for a plan that no multiple of its hours makes possible."""
    ample = replace(
        instance, reps=tuple(replace(rep, capacity=PLENTY * rep.capacity) for rep in instance.reps)
    )
    changes = least_change(ample, settings, clock)
    if not changes:
        raise SolverError("No split was found, and no limit that would have to give way either")
    return explained(ample, changes, settings, clock, relaxable=False)


def explained(
    instance: Instance,
    changes: Sequence[Change],
    settings: Settings,
    clock: Clock,
    relaxable: bool = True,
) -> InfeasibleError:
    """The error that says what conflicts, what to change, and what else would do.

    `relaxable`: whether whoever is told can ask for the least change to be made.
    """
    kinds = {change.kind for change in changes}
    others = []
    for kind in KINDS:
        if kinds != {kind}:
            found = least_change(instance, settings, clock, [kind])
            others += [_listed(instance, found)] if found else []
    lines = [
        "No split of these hours keeps every limit. These conflict:",
        *_bullets(_conflict(instance, conflict(instance, clock))),
        "The least change that makes the plan possible:",
        *_bullets(_listed(instance, changes)),
    ]
    for other in others:
        lines += ["Or:", *_bullets(other)]
    if relaxable:
        lines.append("'allocate PLAN --relax' makes the least change and goes on.")
    return InfeasibleError("\n".join(lines))


def _listed(instance: Instance, changes: Sequence[Change]) -> list[str]:
    return [describe(instance, change) for change in changes]


def _bullets(sentences: Sequence[str]) -> Iterator[str]:
    yield from (f"  • {sentence}" for sentence in sentences[:MOST_SHOWN])
    if len(sentences) > MOST_SHOWN:
        yield f"  • … and {len(sentences) - MOST_SHOWN:,} more"


def describe(instance: Instance, change: Change) -> str:
    """One change as something to do, with its amount and what the limit becomes."""
    write: dict[Kind, Callable[[Instance, Change], str]] = {
        "capacity": _capacity,
        "pipeline": _pipeline,
        "shares": _share,
        "bounds": _bound,
    }
    return write[change.kind](instance, change)


def _capacity(instance: Instance, change: Change) -> str:
    rep = instance.reps[change.rep or 0].name
    return (
        f"give {rep} {_number(change.amount)} hours more: {_number(_enough(change))} in place of "
        f"{_number(change.before)}"
    )


def _pipeline(instance: Instance, change: Change) -> str:
    territory = instance.territories[change.territory or 0].name
    return (
        f"ask {territory} to leave {_number(_enough(change))} open opportunities at the end in place of "
        f"{_number(change.before)}"
    )


def _share(instance: Instance, change: Change) -> str:
    territory = instance.territories[change.territory or 0].name
    verb = "lower the least" if change.side == "least" else "raise the most"
    return (
        f"{verb} share of {_area(change.area)} in {territory} from {change.before:.1%} to "
        f"{_enough(change, 3):.1%} ({_number(change.amount)} hours)"
    )


def _bound(instance: Instance, change: Change) -> str:
    row = instance.rows[change.row or 0]
    rep, territory = instance.reps[row.rep].name, instance.territories[row.territory].name
    verb, column = ("lower", "min_hours") if change.side == "least" else ("raise", "max_hours")
    return (
        f"{verb} {column} of {rep}, {_area(row.area)} in {territory}, by {_number(change.amount)} "
        f"hours: {_number(_enough(change))} in place of {_number(change.before)}"
    )


def _conflict(instance: Instance, limits: Sequence[Limit]) -> list[str]:
    """The conflicting limits; a rep's minimums against the rep's hours in one sentence."""
    least = [limit for limit in limits if limit.family == "bounds" and _is_least(limit)]
    minimums_alone = all(limit.family == "capacity" or limit in least for limit in limits)
    reps = {limit.rep for limit in limits}
    if not (least and minimums_alone and len(reps) == 1):
        return list(dict.fromkeys(_limit(instance, limit) for limit in limits))
    rep = instance.reps[least[0].rep or 0]
    total = _number(sum(-limit.row.constant for limit in least))
    has = f"{rep.name} has {_number(rep.capacity)}"
    return [f"the minimums of {rep.name} add up to {total} hours, and {has}"]


def _is_least(limit: Limit) -> bool:
    return bool(limit.row.sense == pulp.LpConstraintGE)


def _limit(instance: Instance, limit: Limit) -> str:
    side = "least" if _is_least(limit) else "most"
    if limit.family == "capacity":
        rep = instance.reps[limit.rep or 0]
        return f"{rep.name} has {_number(rep.capacity)} hours"
    territory = instance.territories[limit.territory or 0]
    if limit.family == "next_period":
        return (
            f"{territory.name} should leave {_number(territory.pipeline)} open opportunities at the end"
        )
    if limit.family == "shares":
        share = territory.shares[limit.area or ""][side == "most"]
        return f"{_area(limit.area)} should get {share:.0%} of the hours in {territory.name} at {side}"
    name = instance.reps[limit.rep or 0].name
    hours = _number(abs(limit.row.constant))
    return f"{name} should spend {hours} hours at {side} on {_area(limit.area)} in {territory.name}"


def _area(area: str | None) -> str:
    return (area or "").replace("_", " ")


def _enough(change: Change, decimals: int = 2) -> float:
    """What the limit becomes, rounded so that it still suffices: a least down, a most up."""
    ten = 10.0**decimals
    outward = math.floor if change.side == "least" else math.ceil
    return outward(round(change.after * ten, 3)) / ten


def _number(value: float) -> str:
    """Up to two decimals, without those that say nothing."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")
