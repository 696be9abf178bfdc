"""An impossible plan in its users' words: which limits conflict where, and the least that would do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from allocator.errors import InfeasibleError, SolverError
from allocator.giving_way import describe, in_words
from allocator.instance import Instance
from allocator.program.elastic import UserLimit
from allocator.solving.conflicts import Conflict, conflicts
from allocator.solving.repair import Change, Repair, rep_of, repairs, territory_of
from allocator.solving.settings import Clock
from allocator.wording import names, plural

MOST_CONFLICTS = 5
MOST_LINES = 8
OF_THE_MODEL = (
    "Shares and the pipeline to leave are the model's (share, end_pipeline), for all territories."
)
PLENTY = 1000.0
"""Times today's hours: limits that conflict even so conflict at any capacity."""

Found = Sequence[tuple[Instance, Conflict]]


def never_possible(instance: Instance, clock: Clock) -> InfeasibleError:
    """The error for a plan that no multiple of its hours makes possible."""
    ample = replace(
        instance, reps=tuple(replace(rep, capacity=PLENTY * rep.capacity) for rep in instance.reps)
    )
    found = repairs(ample, clock)
    if not any(change.matters for repair in found for change in repair.changes):
        raise SolverError("No split was found, and no limit that would have to give way either")
    return explained(found, clock, relaxable=False)


def explained(needed: Sequence[Repair], clock: Clock, relaxable: bool = True) -> InfeasibleError:
    """The error that says what conflicts where, what to change, and what else would do.

    `relaxable`: whether whoever is told can ask for the least change to be made.
    """
    found: list[tuple[Instance, Conflict]] = []
    for repair in needed:
        room = MOST_CONFLICTS - len(found)
        if room > 0:
            found += ((repair.part.instance, c) for c in conflicts(repair, clock, room))
    said = [change for _, conflict in found for change in conflict.changes]
    rest = [
        (repair.part.instance, change.limit)
        for repair in needed
        for change in repair.changes
        if change.matters and not any(change is other for other in said)
    ]
    lines = [*_message(found, rest)]
    if relaxable:
        each = " to each" if len(found) + len(rest) > 1 else ""
        lines.append(f"'allocate PLAN --relax' makes the least change{each} and goes on.")
    return InfeasibleError("\n".join(lines).rstrip())


def _message(found: Found, rest: Sequence[tuple[Instance, UserLimit]]) -> Iterator[str]:
    several = len(found) > 1 or bool(rest)
    count = f"; {plural(len(found), 'conflict')}{' and more' if rest else ''}:" if several else "."
    yield f"No split of these hours keeps every limit{count}"
    for number, (instance, conflict) in enumerate(found, start=1):
        if several:
            yield ""
        yield from _paragraph(instance, conflict, f"{number}. " if several else "")
    if several:
        yield ""
    if rest:
        where = names(name for instance, limit in rest for name in _territories(instance, [limit]))
        yield f"… and {plural(len(rest), 'change')} more in {where}."
    changes = [change for _, each in found for way in (each.changes, *each.others) for change in way]
    if any(change.limit.kind in {"shares", "pipeline"} for change in changes):
        yield OF_THE_MODEL


def _paragraph(instance: Instance, conflict: Conflict, numbered: str) -> Iterator[str]:
    one = len(conflict.limits) == 1
    conflicting = "No hours are enough for this:" if one else "These conflict:"
    yield f"{numbered}{_places(instance, conflict)}. {conflicting}"
    yield from _bullets(in_words(instance, conflict.limits))
    if conflict.also:
        yield "These add to it:"
        yield from _bullets(in_words(instance, conflict.also))
    yield "The least change that mends it:"
    yield from _changes(instance, conflict.changes)
    for other in conflict.others:
        yield "Or:"
        yield from _changes(instance, other)


def _changes(instance: Instance, changes: Iterable[Change]) -> Iterator[str]:
    yield from _bullets(describe(instance, change) for change in changes)


def _bullets(sentences: Iterable[str]) -> Iterator[str]:
    listed = list(sentences)
    yield from (f"  • {sentence}" for sentence in listed[:MOST_LINES])
    if len(listed) > MOST_LINES:
        yield f"  • … and {len(listed) - MOST_LINES:,} more"


def _places(instance: Instance, conflict: Conflict) -> str:
    """'North (Dana, Ben)': where limits conflict, and whose hours they are about."""
    limits = (*conflict.limits, *conflict.also)
    reps = [rep_of(instance, limit).name for limit in limits if limit.rep is not None]
    where = names(_territories(instance, limits))
    return f"{where} ({names(reps)})" if reps else where


def _territories(instance: Instance, limits: Iterable[UserLimit]) -> Iterator[str]:
    """The territories that limits are about; those that a rep covers, if only capacities are."""
    listed = list(limits)
    named = [limit for limit in listed if limit.territory is not None]
    if named:
        yield from (territory_of(instance, limit).name for limit in named)
        return
    for limit in listed:
        rows = (instance.rows[i] for i in rep_of(instance, limit).rows)
        yield from (instance.territories[row.territory].name for row in rows)
