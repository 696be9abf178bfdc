"""Which limits conflict, apart from one another, and what would do in place of the least change."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocator.errors import InfeasibleError
from allocator.instance import Instance
from allocator.program.elastic import KINDS, Elastic, UserLimit, elastic
from allocator.program.matrix import Matrix
from allocator.solving import highs
from allocator.solving.repair import NOTHING, ROUNDING, WIDER, Change, Repair, changes_in
from allocator.solving.settings import Clock
from allocator.solving.solution import Solution

UNPRICED = 1e-9
NONE: Mapping[UserLimit, float] = {}
Limits = tuple[UserLimit, ...]
Amounts = Mapping[UserLimit, float]


@dataclass(frozen=True)
class Conflict:
    """Limits that can't all be kept, the changes that mend that, and what else would do.

    `limits` is a smallest such set: without any one of them, the rest can be kept. `also` are the
    further limits on account of which the changes are as large as they are: without any, less would do.
    `others` are further ways, each in place of `changes`, with all other conflicts mended as said.
    """

    limits: Limits
    also: Limits
    changes: tuple[Change, ...]
    others: tuple[tuple[Change, ...], ...]


def conflicts(repair: Repair, clock: Clock, most: int) -> list[Conflict]:
    """The conflicts that the changes of an impossible part mend, no two with a change in common.

    At most so many, those that take the most hours first.
    """
    easing = _Easing(repair.part.instance, clock)
    mended: list[tuple[float, Limits, tuple[Change, ...]]] = []
    for limits in easing.conflicting(easing.least(easing.column)):
        mends = tuple(c for c in repair.changes if c.limit in limits and c.matters)
        if mends:
            mended.append((math.fsum(change.hours for change in mends), limits, mends))
    found = []
    for hours, proven, mends in sorted(mended, key=lambda each: -each[0])[:most]:
        needed = _smallest(easing, proven, hours * (1 - ROUNDING) - NOTHING)
        limits = _smallest(easing, needed, NOTHING)
        also = tuple(limit for limit in needed if limit not in limits)
        others = tuple(_others(easing, mends, repair.changes))
        found.append(Conflict(limits, also, mends, others))
    return found


class _Easing:
    """The elastic programme of an instance, asked about some of its limits at a time."""

    def __init__(self, instance: Instance, clock: Clock) -> None:
        self.instance, self.clock = instance, clock
        self.asked: Elastic = elastic(instance)
        self.matrix: Matrix = self.asked.program.matrix
        self._start: highs.Start | None = None
        self.column = {give.limit: give.variable for give in self.asked.gives}

    def least(
        self, counted: Iterable[UserLimit], given: Amounts = NONE, most: Amounts = NONE
    ) -> Solution:
        """The least change, in hours, to the limits `counted`, with all others dropped.

        `given` is what limits have given way by already, which counts for nothing more; `most` is
        what they may at most. Raises `InfeasibleError` where that is too little. Without either,
        only the objective changes from one question to the next, and solving starts where it ended.
        """
        matrix = self.matrix
        cost, low, high = np.zeros(len(matrix.cost)), matrix.least.copy(), matrix.most.copy()
        for limit in counted:
            cost[self.column[limit]] = matrix.cost[self.column[limit]]
        for limit, amount in most.items():
            high[self.column[limit]] = amount
        for limit, amount in given.items():
            cost[self.column[limit]] = 0.0
            low[self.column[limit]] = amount
        asked = replace(matrix, cost=cost, least=low, most=high)
        if given or most:
            return highs.solve(asked, self.clock.left)
        found = highs.solve(asked, self.clock.left, self._start)
        self._start = highs.Start(found.vertex)
        return found

    def conflicting(self, found: Solution) -> list[Limits]:
        """The limits that the proof of a least change above 0 rests on: they conflict.

        Those that the proof combines are together. It adds up limits, each times its dual, to a
        contradiction; where no column is common to some of them and others, it is two.
        """
        matrix = self.matrix
        everywhere = np.arange(len(matrix.cost), dtype=np.int32)
        rows = np.flatnonzero(np.abs(found.duals) > UNPRICED).astype(np.int32)
        group, _ = matrix.cut(everywhere, rows).blocks()
        worth = np.abs(matrix.priced(found.duals))
        groups: dict[int, list[UserLimit]] = {}
        for limit, column in self.column.items():
            if worth[column] > UNPRICED:
                groups.setdefault(int(group[column]), []).append(limit)
        return [tuple(limits) for limits in groups.values()]


def _smallest(easing: _Easing, limits: Limits, hours: float) -> Limits:
    """Of limits that take a change of more than so many hours, some that do so as well.

    None of them can be left out. Those that users set themselves are tried last.
    """
    left = sorted(limits, key=lambda limit: -KINDS.index(limit.kind))
    kept: list[UserLimit] = []
    while left:
        tried = left.pop(0)
        without = easing.least([*kept, *left])
        if without.objective > hours:
            proven = {limit for group in easing.conflicting(without) for limit in group}
            left = [limit for limit in left if limit in proven]
        else:
            kept.append(tried)
    return tuple(limit for limit in limits if limit in kept)


def _others(
    easing: _Easing, mends: Sequence[Change], changes: Sequence[Change]
) -> Iterator[tuple[Change, ...]]:
    """For each kind of limit, the least change to such limits alone that does what `mends` do."""
    own = {change.limit for change in mends}
    elsewhere = {change.limit: change.amount + WIDER for change in changes if change.limit not in own}
    for kind in KINDS:
        if {limit.kind for limit in own} == {kind}:
            continue
        most = {limit: 0.0 for limit in easing.column if limit.kind != kind} | elsewhere
        try:
            values = easing.least(easing.column, elsewhere, most).values
        except InfeasibleError:
            continue
        found = changes_in(easing.instance, easing.asked, values)
        if other := tuple(c for c in found if c.limit not in elsewhere and c.matters):
            yield other
