"""Random plans that no split can keep: what the tool says would do does, and nothing less would.

For each, held to the reference formulation (tests/reference.py) in CBC: the least change has the least
total, to 1e-6 of it or of an hour; so that is what the conflicts' changes add up to, each change in
one of them; each alternative in place of its conflict's own, at the figures that are printed, leaves a
possible plan; the limits said to conflict can't all be kept, and can without any one of them. With
--relax there is a certified split that earns the most that the plan so changed can, to 1e-6 of it or
of one win.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from campaign import each, options, report
from impossible_plans import impossible_case, reference
from random_plans import Case

from allocator.allocation import allocate
from allocator.certificate import TOLERANCE
from allocator.deriving import instance
from allocator.errors import AllocatorError, InfeasibleError
from allocator.giving_way import describe
from allocator.instance import Instance
from allocator.program.elastic import UserLimit
from allocator.solving.conflicts import Conflict, conflicts
from allocator.solving.repair import Change, repairs
from allocator.solving.settings import Clock

AGREE = 1e-6
MOST_SETS = 100
PRINTED = re.compile(r" to ([\d.]+)% \(|([\d,.]+) (?:open opportunities at the end )?in place of ")

Key = tuple[str | None, ...]


@dataclass
class Repaired:
    """What was found for one impossible plan; `wrong` says what does not hold."""

    number: int
    kinds: tuple[str, ...] = ()
    difference: float = 0.0
    worst: float = 0.0
    earned: float = 0.0
    conflicts: int = 0
    alternatives: int = 0
    largest: int = 0
    added_to: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Explained:
    """One conflict, and the part of the plan that its numbers of places are of."""

    place: Instance
    conflict: Conflict

    def printed(self, changes: Sequence[Change]) -> dict[Key, float]:
        """By limit, the figure to which a user changes it who reads the explanation."""
        return {_key(self.place, change.limit): _figure(self.place, change) for change in changes}


def repaired(case_at: tuple[int, int]) -> Repaired:
    """Check the explanation of one impossible plan."""
    found = Repaired(case_at[1])
    case, lacks = impossible_case(*case_at)
    try:
        allocate(case.plan, case.model)
        found.wrong.append("an answer to a plan that has none")
    except InfeasibleError:
        _check(case, lacks, found)
    except AllocatorError as error:
        found.wrong.append(f"{type(error).__name__} in place of an explanation: {error}")
    return found


def _check(case: Case, lacks: float, found: Repaired) -> None:
    needed = repairs(instance(case.plan, case.model), Clock(None))
    explained = [
        Explained(repair.part.instance, conflict)
        for repair in needed
        for conflict in conflicts(repair, Clock(None), MOST_SETS)
    ]
    changes = [change for repair in needed for change in repair.changes if change.matters]
    mends = [change for each in explained for change in each.conflict.changes]
    found.kinds = tuple(sorted({change.limit.kind for change in changes}))
    found.conflicts = len(explained)
    if sorted(map(id, mends)) != sorted(map(id, changes)):
        found.wrong.append(f"{len(changes)} changes, and {len(mends)} in conflicts")
    total = math.fsum(change.hours for change in mends)
    found.difference = abs(total - lacks) / max(1.0, lacks)
    if not found.difference <= AGREE:
        found.wrong.append(f"the changes count {total!r} hours, the least is {lacks!r}")
    _relaxed(case, explained, found)
    _alternatives(case, explained, found)
    for each_one in explained:
        _conflict(case, each_one, found)


def _relaxed(case: Case, explained: Sequence[Explained], found: Repaired) -> None:
    """With the changes as printed, --relax earns the most that the reference finds."""
    instead = {
        key: figure for one in explained for key, figure in one.printed(one.conflict.changes).items()
    }
    optimum = reference.declared(case.plan, case.model, instead=instead).maximum()
    if optimum is None:
        found.wrong.append(f"as printed, the least change does not do: {instead}")
        return
    try:
        allocation = allocate(case.plan, case.model, relax=True)
    except AllocatorError as error:
        found.wrong.append(f"relaxed, there is no split: {type(error).__name__}: {error}")
        return
    found.worst = allocation.certificate.worst
    wins = (facts.deal_size or 0.0 for facts in case.plan.facts.values())
    found.earned = abs(allocation.revenue_optimal - optimum) / max(1.0, optimum, *wins)
    if not (found.worst <= TOLERANCE and found.earned <= AGREE):
        found.wrong.append(
            f"relaxed, {allocation.revenue_optimal!r} is earned and {optimum!r} can be; the "
            f"certificate is off by {found.worst:.2g}"
        )


def _alternatives(case: Case, explained: Sequence[Explained], found: Repaired) -> None:
    """Each does as printed, in place of its conflict's own changes and beside those of the others."""
    own = [one.printed(one.conflict.changes) for one in explained]
    for at, one in enumerate(explained):
        for other in one.conflict.others:
            found.alternatives += 1
            made = [*own[:at], one.printed(other), *own[at + 1 :]]
            instead = {key: figure for each_one in made for key, figure in each_one.items()}
            if not reference.possible(case.plan, case.model, instead=instead):
                found.wrong.append(f"as printed, this does not do either: {instead}")


def _figure(place: Instance, change: Change) -> float:
    said = PRINTED.search(describe(place, change))
    assert said is not None, describe(place, change)
    share, figure = said.groups()
    return float(share) / 100 if share else float(figure.replace(",", ""))


def _conflict(case: Case, one: Explained, found: Repaired) -> None:
    """What is said to conflict does, and no less of it does."""
    named = {_key(one.place, limit) for limit in one.conflict.limits}
    found.largest = max(found.largest, len(named))
    found.added_to += bool(one.conflict.also)
    if reference.possible(case.plan, case.model, named):
        found.wrong.append(f"these do not conflict: {sorted(named, key=str)}")
    for limit in sorted(named, key=str):
        if not reference.possible(case.plan, case.model, named - {limit}):
            found.wrong.append(f"the conflict holds without {limit}: {sorted(named, key=str)}")
            break


def _key(place: Instance, limit: UserLimit) -> Key:
    """A limit as the reference calls it."""
    rep = place.reps[limit.rep].name if limit.rep is not None else None
    territory = place.territories[limit.territory].name if limit.territory is not None else None
    keys: dict[str, Key] = {
        "capacity": ("capacity", rep),
        "bounds": ("bounds", territory, rep, limit.area, limit.side),
        "shares": ("shares", territory, limit.area, limit.side),
        "pipeline": ("pipeline", territory),
    }
    return keys[limit.kind]


def main() -> int:
    """Run the campaign; the exit code says whether every explanation holds."""
    arguments = options(__doc__, 1_000).parse_args()
    numbers = [(arguments.seed, at) for at in range(arguments.cases)]
    return verdict(list(each(repaired, numbers, arguments.workers)), arguments.seed)


def verdict(results: Sequence[Repaired], seed: int) -> int:
    """The table of the campaign, and whether it holds."""
    kinds = Counter(" and ".join(found.kinds) for found in results if found.kinds)
    figures: list[tuple[str, object]] = [
        ("impossible plans", len(results)),
        ("  explained, as the reference finds", sum(not found.wrong for found in results)),
        ("largest difference from the least total", max(found.difference for found in results)),
        ("worst certificate once relaxed", max(found.worst for found in results)),
        ("largest difference in what relaxed plans earn", max(found.earned for found in results)),
        ("conflicts", sum(found.conflicts for found in results)),
        ("  most in one plan", max(found.conflicts for found in results)),
        ("  limits in the largest", max(found.largest for found in results)),
        ("  with limits that add to them", sum(found.added_to for found in results)),
        ("  alternatives", sum(found.alternatives for found in results)),
        *((f"changes to {kind}", count) for kind, count in kinds.most_common()),
    ]
    return report(figures, [f"seed {seed}, plan {f.number}: {w}" for f in results for w in f.wrong])


if __name__ == "__main__":
    sys.exit(main())
