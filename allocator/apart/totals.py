"""What was found for batches, put together by the whole plan's numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from allocator.apart.dividing import Divided
from allocator.certificate import Proof, worst_of
from allocator.outcome import Use
from allocator.solving.fixed_hours import HoursUsed
from allocator.solving.optimum import Solved


def put_together(plan: Divided, found: Sequence[Solved]) -> Solved:
    """What was decided for the batches, by the whole plan's numbers."""
    whole = plan.whole.instance
    hours = np.zeros((len(whole.rows), whole.steps))
    created: list[npt.ArrayLike] = [()] * len(whole.territories)
    worked: list[npt.ArrayLike] = [()] * len(whole.territories)
    for part, mine in zip(plan.parts, found, strict=True):
        hours[list(part.rows)] = mine.use.hours
        for k, *there in zip(part.territories, mine.use.created, mine.use.worked, strict=True):
            created[k], worked[k] = there
    return Solved(Use(hours, created, worked), math.fsum(mine.revenue for mine in found))


def used_together(
    plan: Divided, hours: Sequence[Sequence[float]], found: Sequence[HoursUsed]
) -> HoursUsed:
    """Fixed `hours` (row × step of the plan itself) used in all batches, by the whole plan's numbers."""
    pairs = list(zip(plan.parts, found, strict=True))
    solved = put_together(plan, [mine.solved for mine in found])
    if plan.pool:
        solved = replace(solved, use=replace(solved.use, hours=hours))
    return HoursUsed(
        solved=solved,
        drained=frozenset(part.territories[k] for part, mine in pairs for k in mine.drained),
        shortfall={
            part.territories[k]: least for part, mine in pairs for k, least in mine.shortfall.items()
        },
        proof=worst_proof([mine.proof for mine in found]),
    )


def worst_proof(proofs: Sequence[Proof]) -> Proof:
    """One proof for all: relative to the whole, each figure is at most the worst of the batches'."""
    return Proof(
        primal=worst_of(proof.primal for proof in proofs),
        dual=worst_of(proof.dual for proof in proofs),
        complementary=worst_of(proof.complementary for proof in proofs),
        gap=worst_of(proof.gap for proof in proofs),
    )
