"""A second opinion: the same plan solved by the other solver."""

from __future__ import annotations

from dataclasses import replace

from allocator.allocation import Allocation, allocate
from allocator.certificate import CrossCheck
from allocator.solving.settings import SOLVERS


def cross_checked(allocation: Allocation) -> Allocation:
    """The same allocation, its plan solved once more with the solver that did not solve it.

    What it found is in `certificate.cross_check`. Raises what `allocate` raises: an answer without
    a second opinion is not passed off as one that has it.
    """
    settings = allocation.settings
    other = next(name for name in SOLVERS if name != settings.solver)
    found = allocate(
        allocation.plan,
        allocation.model,
        stability=settings.stability,
        solver=other,
        time_limit=settings.time_limit,
        relax=bool(allocation.relaxed),
    )
    here, there = allocation.revenue_optimal, found.revenue_optimal
    opinion = CrossCheck(
        solver=other,
        revenue_optimal=there,
        difference=(there - here) / max(1.0, abs(here)),
        moved=found.recommended.moved,
        moved_here=allocation.recommended.moved,
    )
    return replace(allocation, certificate=replace(allocation.certificate, cross_check=opinion))
