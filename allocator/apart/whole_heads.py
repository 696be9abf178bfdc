"""The fewest whole heads that earn a number, over the parts of a plan that share no rep.

So many heads reach the number if they can be dealt out to the parts so that these earn it together: a
knapsack over what each part earns at most with 0, 1, 2 … heads. That is concave in the heads as long as
these may be parts of heads, so with the price that is right for those (`growth`), few numbers of heads
are left for each part; of these, the ones that are chosen are solved in whole heads, part by part.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from allocator.apart.asking import Asking
from allocator.apart.growing import Whole, most_with, most_with_whole, weigh
from allocator.apart.tasks import Priced

DOING = "Finding the fewest heads"
Choice = tuple[float, tuple["Choice", int] | None]
"""What parts earn at most together, and how: the choice before, and the heads of the last part."""


class WholeHeads:
    """Asks for the parts of a plan how many whole heads are enough for `target` (plan's currency).

    `places`: by part, among how many its heads are dealt out. `price`: in heads for a unit of currency,
    the one that shares parts of heads among them.
    """

    def __init__(self, asking: Asking, places: Sequence[int], target: float, price: float) -> None:
        """Nothing is known yet of whole heads."""
        self._asking, self._places, self._target = asking, places, target
        shared: list[Priced] = asking.each(DOING, weigh, [(price,)] * asking.count)
        revenue = math.fsum(abs(each.revenue) for each in shared)
        self._worth = 1 / price if price > 0 else max(1.0, revenue)
        # By part: heads → the most that they can earn in parts, -inf where no split is possible.
        self._most: list[dict[int, float]] = [{} for _ in shared]
        self._whole: dict[tuple[int, int], Whole] = {}
        few = [math.floor(each.moves) for each in shared]
        self._know(enumerate(few))
        self._know((b, count + 1) for b, count in enumerate(few))

    @property
    def gap(self) -> float:
        """The worst gap, relative, of the integer programmes that were solved."""
        return max((whole.gap for whole in self._whole.values()), default=0.0)

    def counts(self, heads: int) -> list[tuple[int, ...]] | None:
        """How that many heads earn the number, by part and place; None where they don't."""
        spare = self._spare(heads)
        if spare < 0:
            return None
        likely = [self._likely(b, spare) for b in range(len(self._most))]
        while True:
            earned, chosen = self._best(likely, heads)
            if earned < self._target:
                return None
            dealt = [self._dealt(b, count) for b, count in enumerate(chosen)]
            asked = [(b, (chosen[b],)) for b, counts in enumerate(dealt) if counts is None]
            if not asked:
                return [counts for counts in dealt if counts is not None]
            found: list[Whole] = self._asking.some(DOING, most_with_whole, asked)
            for (b, (count,)), whole in zip(asked, found, strict=True):
                self._whole[b, count] = whole

    def _dealt(self, b: int, count: int) -> tuple[int, ...] | None:
        """How many of so many heads each place of a part has; None where that is not known."""
        if not count:
            return (0,) * self._places[b]
        if self._places[b] == 1:
            return (count,)
        known = self._whole.get((b, count))
        return None if known is None else known.counts

    def _spare(self, heads: int) -> float:
        """By how much a bound on what so many heads earn is above the number.

        Enough is known then of each part that no other number of its heads can matter.
        """
        while True:
            best = [self._net(b, self._at_best(b)) for b in range(len(self._most))]
            if too_few := [b for b, net in enumerate(best) if net == -math.inf]:
                self._know((b, max(self._most[b]) + 1) for b in too_few)
                continue
            spare = math.fsum(best) + self._worth * heads - self._target
            if spare < 0:
                return spare
            fewer = [(b, min(most), -1) for b, most in enumerate(self._most)]
            more = [(b, max(most), 1) for b, most in enumerate(self._most)]
            further = [
                [
                    (b, end + by)
                    for b, end, by in ends
                    if self._net(b, end) >= best[b] - spare and end + by >= 0
                ]
                for ends in (fewer, more)
            ]
            if not any(further):
                return spare
            for those in further:
                self._know(those)

    def _know(self, those: Iterable[tuple[int, int]]) -> None:
        """Have what parts, each of them once, earn at most with so many heads."""
        asked = list(those)
        found = self._asking.some(DOING, most_with, [(b, (count,)) for b, count in asked])
        for (b, count), most in zip(asked, found, strict=True):
            self._most[b][count] = most

    def _net(self, b: int, count: int) -> float:
        """What a part can earn with so many heads, less what these are worth."""
        return self._most[b][count] - self._worth * count

    def _at_best(self, b: int) -> int:
        return max(self._most[b], key=lambda count: self._net(b, count))

    def _likely(self, b: int, spare: float) -> list[int]:
        """The numbers of heads in a part with which the number may still be reached."""
        least = self._net(b, self._at_best(b)) - spare
        return [count for count in sorted(self._most[b]) if self._net(b, count) >= least]

    def _earned(self, b: int, count: int) -> float:
        """What a part earns at most with so many heads: whole ones, where these were asked for."""
        whole = self._whole.get((b, count))
        return self._most[b][count] if whole is None else whole.bound

    def _best(self, likely: Sequence[Sequence[int]], heads: int) -> tuple[float, list[int]]:
        """The most that parts can earn together with so many heads, and the heads of each."""
        found: dict[int, Choice] = {0: (0.0, None)}
        for b, counts in enumerate(likely):
            after: dict[int, Choice] = {}
            for used, before in found.items():
                for count in counts:
                    earned = before[0] + self._earned(b, count)
                    now = used + count
                    if now <= heads and (now not in after or earned > after[now][0]):
                        after[now] = earned, (before, count)
            found = after
        if not found:
            return -math.inf, []
        best = max(found.values(), key=lambda choice: choice[0])
        earned, chosen, last = best[0], [], best[1]
        while last is not None:
            before, count = last
            chosen.append(count)
            last = before[1]
        return earned, chosen[::-1]
