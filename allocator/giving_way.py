"""The limits that users set, and changes to them, as sentences in the users' words and units."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from allocator.instance import Instance
from allocator.program.elastic import Kind, UserLimit
from allocator.solving.repair import Change, current, rep_of, territory_of, widened
from allocator.wording import in_sentence

DECIMALS, SHARE_DECIMALS = 2, 3
"""What changes are rounded to: a hundredth of an hour or opportunity, a tenth of a per cent."""
SOLVED_TO = 1e-7


def describe(instance: Instance, change: Change) -> str:
    """One change as something to do, with its amount and what the limit becomes.

    What it becomes is rounded so that it still suffices.
    """
    write: dict[Kind, Callable[[Instance, Change], str]] = {
        "capacity": _more_capacity,
        "pipeline": _less_pipeline,
        "shares": _other_share,
        "bounds": _other_bound,
    }
    return write[change.limit.kind](instance, change)


def _more_capacity(instance: Instance, change: Change) -> str:
    return f"give {rep_of(instance, change.limit).name} {_by(change)} hours more: {_from_to(change)}"


def _less_pipeline(instance: Instance, change: Change) -> str:
    territory = territory_of(instance, change.limit).name
    return (
        f"ask {territory} to leave {number(enough(change))} open opportunities at the end in place of "
        f"{number(change.before)}"
    )


def _other_share(instance: Instance, change: Change) -> str:
    verb = "lower the least" if change.limit.side == "least" else "raise the most"
    return (
        f"{verb} share of {in_sentence(change.limit.area or '')} in "
        f"{territory_of(instance, change.limit).name} from {_share(change.before)} to "
        f"{_share(enough(change))} ({number(change.amount)} hours)"
    )


def _other_bound(instance: Instance, change: Change) -> str:
    verb = "lower min_hours" if change.limit.side == "least" else "raise max_hours"
    return (
        f"{verb} of {rep_of(instance, change.limit).name}, {in_sentence(change.limit.area or '')} in "
        f"{territory_of(instance, change.limit).name}, by {_by(change)} hours: {_from_to(change)}"
    )


def _by(change: Change) -> str:
    return number(abs(enough(change) - change.before))


def _from_to(change: Change) -> str:
    return f"{number(enough(change))} in place of {number(change.before)}"


def enough(change: Change) -> float:
    """What the limit becomes, rounded so that it still suffices: a least down, a most up."""
    decimals = SHARE_DECIMALS if change.limit.kind == "shares" else DECIMALS
    nearest = round(change.after, decimals)
    if abs(nearest - change.after) <= SOLVED_TO * min(1.0, change.after):
        return nearest
    scaled = change.after * 10.0**decimals
    return (math.floor(scaled) if change.limit.side == "least" else math.ceil(scaled)) / 10.0**decimals


def as_printed(change: Change) -> Change:
    """The change to the figure that is printed; one too small to be told of, a hair wider."""
    return replace(change, after=enough(change)) if change.matters else widened(change)


def in_words(instance: Instance, limits: Sequence[UserLimit]) -> Iterator[str]:
    """Limits that conflict, a sentence each; all capacities in one, with minimums alone against it."""
    capacities = [limit for limit in limits if limit.kind == "capacity"]
    others = [limit for limit in limits if limit.kind != "capacity"]
    has = _capacities(instance, capacities)
    if len(capacities) == 1 and all(
        (limit.kind, limit.side, limit.rep) == ("bounds", "least", capacities[0].rep) for limit in others
    ):
        rep = rep_of(instance, capacities[0])
        total = number(math.fsum(instance.rows[i].least for i in rep.rows))
        yield f"the minimums of {rep.name} add up to {total} hours, and {has}"
        return
    yield from (_limit(instance, limit) for limit in others)
    if capacities:
        yield f"{has} hours"


def _capacities(instance: Instance, limits: Sequence[UserLimit]) -> str:
    reps = [rep_of(instance, limit) for limit in limits]
    each = [
        f"{rep.name} {'has ' if not at else ''}{number(rep.capacity)}" for at, rep in enumerate(reps)
    ]
    return ", ".join(each)


def _limit(instance: Instance, limit: UserLimit) -> str:
    territory, area = territory_of(instance, limit), in_sentence(limit.area or "")
    value = current(instance, limit)
    if limit.kind == "pipeline":
        return f"{territory.name} should leave {number(value)} open opportunities at the end"
    if limit.kind == "shares":
        return f"{area} should get {_share(value)} of the hours in {territory.name} at {limit.side}"
    rep = rep_of(instance, limit).name
    return f"{rep} should spend {number(value)} hours at {limit.side} on {area} in {territory.name}"


def _share(value: float) -> str:
    return f"{number(100 * value)}%"


def number(value: float) -> str:
    """Up to two decimals, without those that say nothing."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")
