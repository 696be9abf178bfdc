"""What the reference formulation (tests/reference.py), which shares no code with the tool, says."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from random_plans import Case

from allocator.allocation import Allocation
from allocator.outcome import Outcome

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import reference

RIGHT = 2e-6
"""Twice what the certificate allows: the rounding of both sides."""
REVENUE = 1e-7
"""How well the reference knows a revenue: a tenth of the least that is traded for fewer moves."""


@dataclass(frozen=True)
class Truth:
    """The figures of one case, worked out by the reference; `stability` is what the answer may trade."""

    case: Case
    stability: float

    @cached_property
    def optimum(self) -> float | None:
        """The most that any split earns; None where none keeps every limit."""
        return reference.optimum(self.case.plan, self.case.model)

    @cached_property
    def today(self) -> tuple[float, frozenset[str]]:
        """What today's hours earn, and the territories whose pipeline they drain."""
        return reference.revenue_now(self.case.plan, self.case.model)

    def what_is_wrong(self, answer: Allocation) -> str:
        """The first thing about an answer that is not so; nothing if all of it is."""
        if self.optimum is None:
            return "a split was shown, and none keeps every limit"
        return next((wrong for wrong in self._contradictions(answer, self.optimum) if wrong), "")

    def _contradictions(self, answer: Allocation, optimum: float) -> Iterator[str]:
        now, drained = self.today
        dearest = max(facts.deal_size or 0.0 for facts in self.case.plan.facts.values())
        nothing = RIGHT * max(1.0, optimum, now, dearest)
        claims = (
            ("revenue_optimal", answer.revenue_optimal, optimum),
            ("the bound", answer.certificate.bound, optimum),
            ("revenue_now", answer.revenue_now, now),
        )
        for name, claimed, right in claims:
            if not abs(claimed - right) <= nothing:
                yield f"{name} is {right:,.9g}, and {claimed:,.9g} was said"
        if frozenset(answer.drained) != drained:
            yield f"drained are {sorted(drained)}, and {sorted(answer.drained)} was said"
        if not answer.revenue >= (1 - self.stability) * optimum - nothing:
            yield f"the split earns {answer.revenue:,.9g}, and the optimum is {optimum:,.9g}"
        if not self._possible(answer, answer.recommended, reference.declared(*self._problem), nothing):
            yield "no split near the one shown keeps every limit and earns that"
        hours = [row.hours for row in self.case.plan.rows]
        fixed = reference.declared(*self._problem, hours, drained)
        if not self._possible(answer, answer.today, fixed, nothing):
            yield "today's hours can't be used as shown"
        yield self._moves(answer, optimum)
        if not answer.certificate.worst <= RIGHT:
            yield f"its own certificate is off by {answer.certificate.worst:.2g}"

    @property
    def _problem(self) -> tuple:  # type: ignore[type-arg]
        return self.case.plan, self.case.model

    def _possible(
        self, answer: Allocation, shown: Outcome, it: reference.Reference, nothing: float
    ) -> bool:
        """Whether hours and opportunities as shown, up to rounding, keep all limits and earn that."""
        values = {
            it.x[at, t]: hours
            for at, i in answer.rows_in_plan_order
            for t, hours in enumerate(shown.hours[i])
        }
        for territory, reached in zip(answer.instance.territories, shown.territories, strict=True):
            for source in reached.sources:
                for t, depths in enumerate(source.worked):
                    place = (territory.name, source.area, t)
                    values[it.n[place]] = source.created[t]
                    values |= {it.w[*place, d]: worked for d, worked in enumerate(depths)}
        for variable, value in values.items():
            it.hold(variable >= value - RIGHT * max(1.0, value))
            it.hold(variable <= value + RIGHT * max(1.0, value))
        it.hold(it.revenue >= shown.revenue - nothing)
        it.hold(it.revenue <= shown.revenue + nothing)
        return it.maximum() is not None

    def _moves(self, answer: Allocation, optimum: float) -> str:
        """Whether the split moves as little as any that earns what was asked, up to rounding of that."""
        moved = sum(
            abs(sum(answer.recommended.hours[i]) - self.case.plan.rows[at].hours)
            for at, i in answer.rows_in_plan_order
        )
        least, most = (
            reference.fewest_moves(*self._problem, (1 - self.stability + a_little) * optimum)
            for a_little in (-REVENUE, REVENUE)
        )
        if least is None or most is None:
            return "no split earns what was asked"
        rounding = RIGHT * max(1.0, most)
        if least - rounding <= moved <= most + rounding:
            return ""
        return f"{moved:,.9g} hours move, and {least:,.9g} to {most:,.9g} need to"
