"""Solving many programmes for one answer: each counted, and started where a like one ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from allocator.apart.again import hours_again, most_again
from allocator.apart.dividing import Divided, Near, divided
from allocator.apart.together import BestApart
from allocator.certificate import Solves
from allocator.certified import Certified, certified_use, certified_used
from allocator.errors import InfeasibleError
from allocator.instance import Instance
from allocator.outcome import Outcome
from allocator.progress import Progress
from allocator.recommended import rounding_of_limits
from allocator.solving.fixed_hours import hours_used
from allocator.solving.optimum import SolvedProgram
from allocator.solving.passes import Best, most_revenue
from allocator.solving.repair import Change, changed
from allocator.solving.settings import Clock, Settings
from allocator.solving.ties import credited_in_order


@dataclass(frozen=True)
class Used:
    """Fixed hours used as well as they can be: certified figures, and what to start a like one from."""

    certified: Certified
    near: SolvedProgram | Near

    @property
    def outcome(self) -> Outcome:
        """What the hours lead to."""
        return self.certified.outcome

    @property
    def revenue(self) -> float:
        """Projected revenue in the plan's currency."""
        return self.certified.revenue


@dataclass(frozen=True)
class Most:
    """The optimum over all splits: its revenue in the plan's currency, and what to start from.

    `credited`: that revenue by area, where it was asked for.
    """

    revenue: float
    near: SolvedProgram | Near
    credited: Mapping[str, float] | None = None


@dataclass
class Counted:
    """How programmes are solved for an answer, and what has come of it so far.

    `expected` programmes are what progress is measured against, `asked` how many were asked for.
    `eased`: limits that miss by rounding, and give way in every optimum.
    """

    settings: Settings
    clock: Clock
    progress: Progress
    expected: int
    asked: int = 0
    certificate: Solves = field(default_factory=Solves)
    eased: tuple[Change, ...] = ()
    _last: Divided | None = field(default=None, repr=False)

    def hours(
        self, doing: str, case: Instance, hours: Sequence[Sequence[float]], near: Used | None = None
    ) -> Used:
        """What fixed `hours` (row × step) earn; raises what `certified_hours` does."""
        self.tell(doing)
        plan, settings, clock = self._divided(case), self.settings, self.clock
        if plan.parts:
            there = hours_again(plan, hours, settings, clock, _near(near))
            found = Used(there.certified, there.near)
        else:
            start = near.near if near and isinstance(near.near, SolvedProgram) else None
            used = hours_used(plan.unpooled, hours, settings, clock, start)
            use = credited_in_order(used.found, clock).use
            used = replace(used, solved=replace(used.solved, use=use))
            found = Used(certified_used(case, hours, used), used.found)
        self.count(found.certified.worst)
        return found

    def best(
        self, doing: str, case: Instance, near: Most | None = None, credited: bool = False
    ) -> Most | None:
        """The optimum over all splits; None where none keeps every limit."""
        self.tell(doing)
        plan = self._divided(changed(case, self.eased) if self.eased else case)
        try:
            if plan.parts:
                return self._in_batches(plan, _near(near), credited)
            start = near.near if near and isinstance(near.near, SolvedProgram) else None
            found = most_revenue(plan.unpooled, self.settings, self.clock, start)
            return self._as_one(found, credited)
        except InfeasibleError:
            return None

    def ease(self, case: Instance) -> bool:
        """Let limits give way from now on that miss by rounding only; whether there are any."""
        self.eased = rounding_of_limits(case, self.clock)
        return bool(self.eased)

    def known(self, best: Best | BestApart, credited: bool = False) -> Most:
        """The optimum that was found with a recommended split, which is not looked for."""
        if isinstance(best, Best) or not best.plan.parts:
            return self._as_one(best.first, credited)
        if credited:
            return self._in_batches(best.plan, best.near, credited)
        self.count(best.proof.worst)
        return Most(best.optimum, best.near)

    def _in_batches(self, plan: Divided, near: Near | None, credited: bool) -> Most:
        there = most_again(plan, self.settings, self.clock, near, credited)
        self.count(there.worst)
        by_area = there.certified.outcome.credited if there.certified else None
        return Most(there.revenue, there.near, by_area)

    def _as_one(self, found: SolvedProgram, credited: bool) -> Most:
        """An optimum that was found as one programme; every limit is held to what is credited."""
        self.count(found.proof.worst)
        if not credited:
            return Most(found.revenue, found)
        use = credited_in_order(found, self.clock).use
        reached = certified_use(found.program.instance, use, found.proof, found.revenue)
        return Most(found.revenue, found, reached.outcome.credited)

    def _divided(self, case: Instance) -> Divided:
        """The case in batches, and what is declared of it, once for all that is asked in a row."""
        if self._last is None or self._last.case is not case:
            self._last = divided(case, self.settings)
        return self._last

    def tell(self, doing: str) -> None:
        """Say what is under way, and the share of all that is done."""
        self.progress(doing, min(1.0, self.asked / self.expected))
        self.asked += 1

    def count(self, worst: float) -> None:
        """One more programme was solved and proven; `worst` is the worst of its figures."""
        self.certificate = self.certificate.and_one(worst)


def _near(near: Used | Most | None) -> Near | None:
    """Where a like case ended, if it was solved in batches."""
    return None if near is None or isinstance(near.near, SolvedProgram) else near.near
