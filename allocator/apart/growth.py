"""Heads more in a plan: where the next one brings most, and how few can be enough.

Its parts share no rep, so a head counts in its own part alone. Whoever asks for one more has to solve
that part again, from where it was, and no other. The least heads that a number takes, in parts of
heads, are shared among the parts by a price on revenue (`price`), as moves are: heads stand where moves
do there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from allocator.apart.asking import Asking
from allocator.apart.batch import Weights
from allocator.apart.dividing import Divided
from allocator.apart.growing import Growing, Grown, earn_most, weigh, with_heads
from allocator.apart.price import shared
from allocator.apart.tasks import Optimum, Priced
from allocator.apart.totals import put_together, worst_proof
from allocator.apart.whole_heads import WholeHeads
from allocator.certificate import Solves
from allocator.certified import Certified, certified_use
from allocator.instance import Instance
from allocator.parts import parts
from allocator.program import in_blocks
from allocator.progress import Progress, silent
from allocator.solving.settings import Clock, Settings

SAME = 1e-9
"""Revenues this near to each other, relative, are the same: the plan's first territory is taken."""
ONE_MORE, FEWEST = "Adding one head after the other", "Finding the fewest heads"


@dataclass(frozen=True)
class Least:
    """The least heads, in parts of heads, that earn `revenue` (currency): by weak duality no fewer do.

    `price` is that of revenue, in heads for a unit of currency.
    """

    revenue: float
    heads: float
    price: float


class Growth:
    """A plan whose territories get one head after the other, each where it brings most.

    `case` has a rep for the heads of each territory, `added`, without hours; a head has `hours`.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (what is asked, and how to solve it)
        self,
        case: Instance,
        added: Sequence[int],
        hours: float,
        settings: Settings,
        clock: Clock,
        progress: Progress = silent,
    ) -> None:
        """Today's reps alone, solved."""
        self._case, self._added, self._hours = case, added, hours
        self._plan = Divided(in_blocks(case), tuple(parts(case)))
        self.solves = Solves()
        self._asking = self._asked(settings, clock, progress)
        place = {r: at for at, r in enumerate(added)}
        self._places = [[place[r] for r in part.reps if r in place] for part in self._plan.parts]
        self._counts = [(0,) * len(mine) for mine in self._places]
        begun = [(counts, None) for counts in self._counts]
        self._now: list[Grown | None] = self._asking.each("Finding the best split", with_heads, begun)
        self._count(self._now)
        self._tried: dict[tuple[int, int], Grown | None] = {}

    def __enter__(self) -> Growth:
        return self

    def __exit__(self, *_: object) -> None:
        self._asking.__exit__()

    @property
    def revenue(self) -> float | None:
        """The most that all parts earn, in the plan's currency; None where no split is possible."""
        revenues = [now.revenue for now in self._now if now is not None]
        return math.fsum(revenues) if len(revenues) == len(self._now) else None

    @property
    def heads(self) -> dict[int, int]:
        """How many heads there are, by number of the rep in `added`; those who have any."""
        return self.places(self._counts)

    def add(self) -> int | None:
        """Add the head that brings most: for which rep of `added`. None where none brings anything.

        The price of an hour bounds what a head can bring, since revenue is concave in hours: where that
        is less than what another brings, nothing is asked.
        """
        total = self.revenue
        slack = SAME * abs(total or 0.0)
        impossible = [b for b, now in enumerate(self._now) if now is None]
        if len(impossible) > 1:
            return None
        tried: dict[int, tuple[int, int, float]] = {}
        nothing, best = -math.inf if impossible else slack, -math.inf
        for bound, at, b, place in self._by_bound(impossible or range(len(self._now))):
            if bound <= nothing or bound < best - slack:
                break
            found, now = self._with_one_more(b, place), self._now[b]
            gain = -math.inf if found is None else found.revenue - (now.revenue if now else 0.0)
            if gain > nothing:
                tried[at] = b, place, gain
                best = max(best, gain)
        alike = [at for at, (_, _, gain) in tried.items() if gain >= best - slack]
        if not alike:
            return None
        self._grow(*tried[min(alike)][:2])
        return min(alike)

    def certified(self) -> Certified:
        """The best split with the heads that there are, every limit held to it; one is possible."""
        found = [now for now in self._now if now is not None]
        reps = list(self._case.reps)
        for at, count in self.heads.items():
            reps[self._added[at]] = replace(reps[self._added[at]], capacity=count * self._hours)
        together = put_together(self._plan, [now.split for now in found])
        proof = worst_proof([now.proof for now in found])
        case = replace(self._case, reps=tuple(reps))
        return certified_use(case, together.use, proof, together.revenue)

    def least(self, target: float) -> Least | None:
        """The least heads, in parts of heads, that earn `target` (plan's currency).

        None where no number of heads earns it or keeps every limit.
        """
        optima: list[Optimum | None] = self._asking.each(FEWEST, earn_most, [()] * len(self._now))
        known = [optimum for optimum in optima if optimum is not None]
        enough = target - SAME * max(1.0, abs(target))
        spare = math.fsum(optimum.revenue for optimum in known) - enough
        if len(known) < len(optima) or spare <= 0:
            return None
        self.solves = self.solves.and_one(worst_proof([optimum.proof for optimum in known]).worst)

        def at_prices(asked: Sequence[tuple[int, tuple[Weights, ...]]]) -> list[Priced]:
            return self._asking.some(
                FEWEST, weigh, [(b, (weights[-1].revenue,)) for b, weights in asked]
            )

        found = shared(known, spare, at_prices)
        return Least(enough, found.least_moves, found.price)

    def whole(self, least: Least) -> WholeHeads:
        """Who knows how many whole heads are enough where in parts of heads these are."""
        return WholeHeads(self._asking, [len(mine) for mine in self._places], least.revenue, least.price)

    def places(self, counts: Sequence[Sequence[int]]) -> dict[int, int]:
        """Heads by part and place as those by number of the rep in `added`; of those who have any."""
        return {
            at: count
            for mine, its in zip(self._places, counts, strict=True)
            for at, count in zip(mine, its, strict=True)
            if count
        }

    def _asked(self, settings: Settings, clock: Clock, progress: Progress) -> Asking:
        plan, reps = self._plan, set(self._added)

        def begin(b: int) -> partial[Growing]:
            part = plan.parts[b]
            mine = tuple(number for number, r in enumerate(part.reps) if r in reps)
            return partial(Growing, plan.whole.part(part), mine, self._hours)

        return Asking([len(part.rows) for part in plan.parts], begin, settings, clock, progress)

    def _by_bound(self, those: Sequence[int]) -> list[tuple[float, int, int, int]]:
        """Where one more head may go in those parts, the most that it can bring first."""
        found = []
        for b in those:
            now = self._now[b]
            for place, at in enumerate(self._places[b]):
                found.append((math.inf if now is None else now.more[place], at, b, place))
        return sorted(found, key=lambda one: (-one[0], one[1]))

    def _with_one_more(self, b: int, place: int) -> Grown | None:
        if (b, place) not in self._tried:
            now = self._now[b]
            counts = tuple(count + (at == place) for at, count in enumerate(self._counts[b]))
            asked = [(b, (counts, now.ended if now else None))]
            (found,) = self._asking.some(ONE_MORE, with_heads, asked)
            self._count([found])
            self._tried[b, place] = found
        return self._tried[b, place]

    def _grow(self, b: int, place: int) -> None:
        self._now[b] = self._tried[b, place]
        counts = list(self._counts[b])
        counts[place] += 1
        self._counts[b] = tuple(counts)
        self._tried = {key: found for key, found in self._tried.items() if key[0] != b}

    def _count(self, found: Sequence[Grown | None]) -> None:
        for one in found:
            if one is not None:
                self.solves = self.solves.and_one(one.proof.worst)
