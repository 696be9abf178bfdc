"""Both passes of a plan in batches: the most revenue, then the fewest moves that keep it.

Batches that share no hours have nothing in common but the revenue that may be given up (`price`). Where
they do, see `both_passes_sharing`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocator.apart import price
from allocator.apart.asking import BEST, FEWEST, Asking
from allocator.apart.batch import Weights
from allocator.apart.tasks import (
    Floor,
    Kept,
    Optimum,
    Priced,
    find_optimum,
    keep_floor,
    set_weights,
)
from allocator.solving.optimum import SolvedProgram
from allocator.solving.passes import given_up
from allocator.solving.settings import Settings

if TYPE_CHECKING:
    from allocator.apart.hour_prices import Worth

HAIR = 1e-12
"""Of its revenue that each batch keeps for itself: so it finds its floor again in spite of rounding."""


@dataclass(frozen=True)
class Found:
    """What the batches came to: money in the plan's currency; no split that earns as much moves less.

    Where they share hours, `first` is the first pass as one programme, and `worth` what these are worth.
    """

    kept: tuple[Kept, ...]
    optimum: float
    bound: float
    least_moves: float
    first: SolvedProgram | None = None
    worth: Worth | None = None


def unshared(settings: Settings, asking: Asking) -> Found:
    """Both passes of batches that have nothing in common but the revenue that may be given up."""
    optima: list[Optimum] = asking.each(BEST, find_optimum, [()] * asking.count)
    optimum = math.fsum(found.revenue for found in optima)
    own = [abs(found.revenue) * HAIR for found in optima]

    def at_weights(asked: Sequence[tuple[int, tuple[Weights, ...]]]) -> list[Priced]:
        return asking.some(FEWEST, set_weights, [(b, (weights,)) for b, weights in asked])

    sharing = price.shared(optima, given_up(optimum, settings) - math.fsum(own), at_weights)
    floors = [
        (Floor(floor - less, weights),)
        for weights, floor, less in zip(sharing.weights, sharing.floors, own, strict=True)
    ]
    return Found(
        kept=tuple(asking.each(FEWEST, keep_floor, floors)),
        optimum=optimum,
        bound=math.fsum(found.bound for found in optima),
        least_moves=sharing.least_moves - sharing.price * math.fsum(own),
    )
