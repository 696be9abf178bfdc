"""The plan seen through the model: the sets and data of the formulation, ready for the programme.

k territory · r rep · a area · s creating area (a *source*) · d depth · t = 0…T−1 step ·
i = (k, r, a) a row of hours. Everything that the programme, the answers and the certificate need
is derived from (Plan, Model) once (`allocator.deriving`), and in an order that depends on the facts
alone (`allocator.ordering`): shuffled rows or other names give the same programme.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from allocator.arrays import Floats
from allocator.curves import Curve
from allocator.model import Model

if TYPE_CHECKING:
    from allocator.alike import Alike


class Hours(NamedTuple):
    """i = (k, r, a): the hours of one rep in one area of one territory.

    `today` h_i: hours of today's split, `skill` q_i effective hours per hour, `least` and `most` the
    bounds in hours over the period. `plan_row` is its place in the plan; rows with the same `twin`
    are indistinguishable by facts and get the same hours.
    """

    territory: int
    rep: int
    area: str
    today: float
    skill: float
    least: float
    most: float
    plan_row: int
    twin: int


@dataclass(frozen=True)
class Source:
    """One creating area of one territory, worked by its rows for that area.

    `created_today` n0, `open` o: opportunities. `curve`: None where today has no hours or no
    opportunities; then nothing is created. `win_rates` p_d by depth; `deal_size` v in the plan's
    currency; `booked` φ_t by step, the share of the work in step t that books inside the period.
    """

    area: str
    created_today: float
    open: float
    curve: Curve | None
    win_rates: tuple[float, ...]
    deal_size: float
    booked: tuple[float, ...]


@dataclass(frozen=True)
class Renewing:
    """One area of one territory that renews: `base` R·lo renews without hours, `curve` is G."""

    area: str
    base: float
    curve: Curve | None


@dataclass(frozen=True)
class Territory:
    """k: its rows, sources, renewals, and what one opportunity takes to work.

    `hours_per_opportunity` is None where nobody works opportunities; then none is worked.
    `shares` are the least and the most of the territory's hours by area present, the most 1 where
    the model's upper shares are left out; an area whose reps have all gone has none. `pipeline`: open
    opportunities to leave at the end. `twin`: territories with the same number are indistinguishable
    by facts.
    """

    name: str
    rows: tuple[int, ...]
    sources: tuple[Source, ...]
    renewing: tuple[Renewing, ...]
    hours_per_opportunity: float | None
    shares: Mapping[str, tuple[float, float]]
    pipeline: float
    twin: int

    @property
    def open(self) -> float:
        """Opportunities open at the start, over all sources."""
        return math.fsum(source.open for source in self.sources)


@dataclass(frozen=True)
class Rep:
    """r: a rep's rows, and the capacity C_r in hours that today's split of them adds up to."""

    name: str
    rows: tuple[int, ...]
    capacity: float


@dataclass(frozen=True)
class Instance:
    """Everything that the programme is built from."""

    model: Model
    rows: tuple[Hours, ...]
    territories: tuple[Territory, ...]
    reps: tuple[Rep, ...]

    @property
    def steps(self) -> int:
        """T, the number of steps that the period is planned in."""
        return self.model.steps

    @cached_property
    def alike(self) -> tuple[Alike, ...]:
        """Its territories by their shapes, those of one shape side by side."""
        from allocator.alike import all_alike

        return all_alike(self)

    @cached_property
    def today(self) -> Floats:
        """Today's split: the hours of each row over the period."""
        return np.array([row.today for row in self.rows], np.float64)

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """The least and the most hours of each row over the period."""
        both = np.array([(row.least, row.most) for row in self.rows], np.float64).reshape(-1, 2).T
        return both[0], both[1]

    def rows_of(self, territory: Territory, area: str) -> tuple[int, ...]:
        """The rows of one area in one territory."""
        return tuple(i for i in territory.rows if self.rows[i].area == area)
