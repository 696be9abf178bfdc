"""A plan divided into batches of territories that share no rep, and what is declared of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from allocator.apart.pool import Pool, pool
from allocator.arrays import Floats
from allocator.instance import Instance
from allocator.parts import Part, batches, columns_of, overlay_reps
from allocator.program import InBlocks, in_blocks
from allocator.solving.basis import Basis
from allocator.solving.settings import Settings

BATCH_COLUMNS = 1_500
"""Columns that a batch has or so: fewer cost more to hand over, more cost more to solve."""

MOST_STAY, MOST_STAY_SHARING = 10, 150
"""Batches whose programmes may all stay in memory, and that many if they share hours, for then each is
asked more often; of more, each is laid out anew for each question."""


@dataclass(frozen=True)
class Piece:
    """What a batch is solved from: a case of its own.

    `overlays`: the reps in it whom other batches have as well. `stays`: its programmes stay in memory
    between questions. `near`: where a like one ended, if that is known.
    """

    case: InBlocks
    overlays: tuple[int, ...] = ()
    stays: bool = True
    near: Basis | None = None


@dataclass(frozen=True)
class Divided:
    """A plan and its batches, and the reps (by number) whose hours they share.

    There are no batches where the plan is solved as one. What is declared of a territory is declared
    once, for the whole. `pool`: where overlay reps are pooled; the others are then of the pooled plan.
    `near`: by batch where that of a like plan ended, if that is known.
    """

    whole: InBlocks
    parts: tuple[Part, ...] = ()
    overlays: tuple[int, ...] = ()
    pool: Pool | None = None
    near: tuple[Basis | None, ...] = ()

    @property
    def case(self) -> Instance:
        """The plan itself."""
        return self.pool.case if self.pool else self.whole.instance

    @property
    def unpooled(self) -> InBlocks:
        """The plan itself, and what is declared of its territories."""
        return in_blocks(self.pool.case) if self.pool else self.whole

    def pooled_hours(self, hours: Sequence[Sequence[float]]) -> Sequence[Sequence[float]]:
        """Hours (row × step) of the plan itself, by row of the one that is solved."""
        return self.pool.together(hours).tolist() if self.pool else hours

    def handed_out(self, hours: Floats) -> Floats:
        """Hours by row and step of the one that is solved, by row of the plan itself."""
        return self.pool.handed_out(hours) if self.pool else hours

    def with_hours(self, theta: float) -> Divided:
        """The plan that is solved with `theta` times the hours of every rep, in the same batches."""

        def times(case: Instance) -> Instance:
            reps = (replace(rep, capacity=theta * rep.capacity) for rep in case.reps)
            return replace(case, reps=tuple(reps))

        def of(case: InBlocks) -> InBlocks:
            return replace(
                case, instance=times(case.instance), one_step=case.one_step and of(case.one_step)
            )

        parts = tuple(replace(part, instance=times(part.instance)) for part in self.parts)
        return replace(self, whole=of(self.whole), parts=parts, pool=None)

    def piece(self, b: int) -> Piece:
        """What batch b is solved from."""
        part = self.parts[b]
        overlays = tuple(part.reps.index(r) for r in self.overlays if r in part.reps)
        stays = len(self.parts) <= (MOST_STAY_SHARING if overlays else MOST_STAY)
        near = self.near[b] if len(self.near) == len(self.parts) else None
        return Piece(self.whole.part(part), overlays, stays, near)


@dataclass(frozen=True)
class Near:
    """Where a like plan ended: each of its batches, and what the hours that they share were worth.

    `prices`: by limit, in the plan's currency; none where they share no hours, or where hours are fixed.
    """

    batches: tuple[Basis | None, ...]
    prices: Floats = field(default_factory=lambda: np.zeros(0))


def divided(case: Instance, settings: Settings, pooling: bool = True) -> Divided:
    """The plan in batches; `pooling`: overlay reps who are interchangeable are one team in it.

    It is solved as one where it is small, where it does not fall apart, and with CBC.
    """
    size = sum(columns_of(case, k) for k in range(len(case.territories)))
    if settings.solver == "highs" and size > 2 * BATCH_COLUMNS:
        overlays = overlay_reps(case, BATCH_COLUMNS)
        pooled = pool(case, overlays) if pooling else None
        if pooled:
            return replace(divided(pooled.pooled, settings, pooling=False), pool=pooled)
        parts = batches(case, BATCH_COLUMNS, overlays)
        if len(parts) > 1:
            return Divided(in_blocks(case), parts, tuple(sorted(overlays)))
    return Divided(in_blocks(case))
