"""What there is to say about a plan: the answers that a workbook, a page or a picture is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocator.progress import Progress, silent

if TYPE_CHECKING:
    from allocator.allocation import Allocation
    from allocator.answers.compare import Comparison
    from allocator.answers.explanation import Explanation
    from allocator.answers.leverage import Leverage
    from allocator.answers.reach import Reach
    from allocator.answers.whatif import WhatIf
    from allocator.model import Model
    from allocator.plan import Plan


@dataclass(frozen=True)
class Briefing:
    """A plan under a model, and the answers that were asked for; None for those that were not."""

    plan: Plan
    model: Model
    allocation: Allocation | None = None
    explanation: Explanation | None = None
    leverage: Leverage | None = None
    comparison: Comparison | None = None
    reach: Reach | None = None
    whatif: WhatIf | None = None


def brief(
    allocation: Allocation, explanation: Explanation | None, progress: Progress = silent
) -> Briefing:
    """An allocation with where the next hour pays and with the simple splits beside it.

    A plan whose limits were relaxed has no splits beside it: they would be held to limits that it was
    not. Where the curve of fewer moves takes minutes it is left out. Raises what `leverage` and
    `compare` raise.
    """
    from allocator.answers.compare import compare
    from allocator.answers.leverage import leverage
    from allocator.answers.moves import worth_drawing

    plan, model, settings = allocation.plan, allocation.model, allocation.settings
    curve = worth_drawing(allocation)
    return Briefing(
        plan=plan,
        model=model,
        allocation=allocation,
        explanation=explanation,
        leverage=leverage(plan, model, settings=settings, progress=progress, known=allocation),
        comparison=(
            None
            if allocation.relaxed
            else compare(
                plan, model, moves=curve, settings=settings, progress=progress, known=allocation
            )
        ),
    )
