"""How a plan is solved: what a user can choose."""

from __future__ import annotations

import math
import os
import time
from dataclasses import dataclass
from typing import Literal, get_args

SolverName = Literal["highs", "cbc"]
SOLVERS: tuple[SolverName, ...] = get_args(SolverName)
STABILITY = 0.000001


@dataclass(frozen=True)
class Settings:
    """`stability`: share of the optimum that may be traded for fewer moves, 0 ≤ stability < 1.

    `time_limit`: seconds for all solving together, None for no limit. `careful`: a slower way of CBC
    that leaves less of a row broken, for programmes whose figures did not hold. `workers`: the most
    threads that solve a large plan; `cluster`: the address of a Dask scheduler whose workers do that
    in their place. Raises `ValueError` for anything outside these.
    """

    solver: SolverName = "highs"
    stability: float = STABILITY
    time_limit: float | None = None
    careful: bool = False
    workers: int = 1
    cluster: str | None = None

    def __post_init__(self) -> None:
        if self.solver not in SOLVERS:
            raise ValueError(f"solver should be one of {', '.join(SOLVERS)}, and is {self.solver!r}")
        if not 0 <= self.stability < 1:
            raise ValueError(f"stability should be from 0 up to 1, and is {self.stability!r}")
        if self.workers < 1:
            raise ValueError(f"workers should be 1 or more, and is {self.workers!r}")
        if self.time_limit is not None and not self.time_limit > 0:
            raise ValueError(f"time_limit should be above 0 seconds, and is {self.time_limit!r}")


class Clock:
    """How much of a time limit is left, counted from when the clock was made."""

    def __init__(self, seconds: float | None) -> None:
        self._end = math.inf if seconds is None else time.monotonic() + seconds

    @property
    def left(self) -> float | None:
        """Seconds left, at least 0; None without a limit."""
        return None if math.isinf(self._end) else max(0.0, self._end - time.monotonic())


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
