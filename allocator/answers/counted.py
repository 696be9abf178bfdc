"""Solving many programmes for one answer: each counted, and started where a like one ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from allocator.certificate import Solves
from allocator.certified import Certified, certified_used
from allocator.errors import InfeasibleError
from allocator.instance import Instance
from allocator.outcome import Outcome
from allocator.program import InBlocks, in_blocks
from allocator.progress import Progress
from allocator.solving.fixed_hours import hours_used
from allocator.solving.optimum import SolvedProgram
from allocator.solving.passes import most_revenue
from allocator.solving.settings import Clock, Settings
from allocator.solving.ties import credited_in_order


@dataclass(frozen=True)
class Used:
    """Fixed hours used as well as they can be: certified figures, and the programme to start from."""

    certified: Certified
    found: SolvedProgram

    @property
    def outcome(self) -> Outcome:
        """What the hours lead to."""
        return self.certified.outcome

    @property
    def revenue(self) -> float:
        """Projected revenue in the plan's currency."""
        return self.certified.revenue


@dataclass
class Counted:
    """How programmes are solved for an answer, and what has come of it so far.

    `expected` programmes are what progress is measured against, `asked` how many were asked for.
    """

    settings: Settings
    clock: Clock
    progress: Progress
    expected: int
    asked: int = 0
    certificate: Solves = field(default_factory=Solves)
    _last: InBlocks | None = field(default=None, repr=False)

    def hours(
        self, doing: str, case: Instance, hours: Sequence[Sequence[float]], near: Used | None = None
    ) -> Used:
        """What fixed `hours` (row × step) earn; raises what `certified_hours` does."""
        self.tell(doing)
        start = near.found if near else None
        used = hours_used(self._in_blocks(case), hours, self.settings, self.clock, start)
        use = credited_in_order(used.found, self.clock).use
        found = certified_used(case, hours, replace(used, solved=replace(used.solved, use=use)))
        self.count(found.worst)
        return Used(found, used.found)

    def best(
        self, doing: str, case: Instance, near: SolvedProgram | None = None
    ) -> SolvedProgram | None:
        """The optimum over all splits; None where none keeps every limit."""
        self.tell(doing)
        try:
            found = most_revenue(self._in_blocks(case), self.settings, self.clock, near)
        except InfeasibleError:
            return None
        self.count(found.proof.worst)
        return found

    def _in_blocks(self, case: Instance) -> InBlocks:
        """What is declared of the case, once for all that is asked about it in a row."""
        if self._last is None or self._last.instance is not case:
            self._last = in_blocks(case)
        return self._last

    def tell(self, doing: str) -> None:
        """Say what is under way, and the share of all that is done."""
        self.progress(doing, min(1.0, self.asked / self.expected))
        self.asked += 1

    def count(self, worst: float) -> None:
        """One more programme was solved and proven; `worst` is the worst of its figures."""
        self.certificate = self.certificate.and_one(worst)
