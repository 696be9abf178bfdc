"""The plan: whose hours go where today, and the facts of each territory and area.

A `Plan` is what `plan.csv` says, read and checked against a `Model`; it is the only form in which
the rest of the package knows a plan.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING

from allocator.columns import COLUMNS

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the plan: the hours of one rep in one area of one territory, for the period.

    `line` is the row's number in the file as a spreadsheet counts. `opportunities` and `open` are
    this row's part of the territory's.
    """

    territory: str
    area: str
    rep: str
    hours: float
    min_hours: float = 0.0
    max_hours: float = math.inf
    skill: float = 1.0
    opportunities: float = 0.0
    open: float = 0.0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What holds for one area of one territory, whoever works there.

    None where the plan gives nothing and the model's default stands in, or where the fact does not
    belong to the area. Units: see `allocator.columns.COLUMNS`.
    """

    potential: float | None = None
    win_rate: float | None = None
    deal_size: float | None = None
    cycle_days: float = 0.0
    hours_per_opportunity: float | None = None
    renewals: float = 0.0
    renewal_rate: float | None = None


FACT_NAMES = tuple(fact.name for fact in fields(Facts))


@dataclass(frozen=True)
class Plan:
    """The rows in the file's order, the facts by (territory, area), and what was noted on reading.

    `capacity`: the hours of the reps who have more or fewer than their rows add up to.
    `currency` is the mark that the file's money carries, if any. `source` says how the file was read.
    `absent`: column → the (territory, area) whose fact the file does not give, where it has a default.
    """

    rows: tuple[Row, ...]
    facts: Mapping[tuple[str, str], Facts]
    capacity: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    name: str = "plan"
    currency: str = ""
    source: str = ""
    absent: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    @property
    def territories(self) -> tuple[str, ...]:
        """The territories, in order of appearance."""
        return tuple(self.rows_by_territory)

    @cached_property
    def rows_by_territory(self) -> Mapping[str, tuple[Row, ...]]:
        """The rows of each territory, in the plan's order."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.territory, []).append(row)
        return {name: tuple(rows) for name, rows in found.items()}

    @cached_property
    def rows_by_place(self) -> Mapping[tuple[str, str], tuple[Row, ...]]:
        """The rows of each (territory, area), in the plan's order."""
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows:
            found.setdefault((row.territory, row.area), []).append(row)
        return {place: tuple(rows) for place, rows in found.items()}

    @property
    def reps(self) -> tuple[str, ...]:
        """The reps, in order of appearance."""
        return tuple(self.hours_by_rep)

    @cached_property
    def hours_by_rep(self) -> Mapping[str, float]:
        """The hours that each rep has in the period: the capacity given, or what the rows add up to."""
        planned: dict[str, list[float]] = {}
        for row in self.rows:
            planned.setdefault(row.rep, []).append(row.hours)
        return {rep: self.capacity.get(rep, math.fsum(hours)) for rep, hours in planned.items()}

    @cached_property
    def todays_split(self) -> tuple[float, ...]:
        """Hours by row of today's split: as planned, brought to the rep's capacity where one is given.

        A rep whose rows have no hours spends the capacity as the territory's others spend theirs.
        """
        hours = [row.hours for row in self.rows]
        of_rep: dict[str, list[int]] = {rep: [] for rep in self.capacity}
        for at, row in enumerate(self.rows):
            if row.rep in of_rep:
                of_rep[row.rep].append(at)
        for rep, capacity in self.capacity.items():
            mine = of_rep[rep]
            weights = [self.rows[at].hours for at in mine]
            if not any(weights):
                weights = [self._area_hours(self.rows[at]) for at in mine]
            if not any(weights):
                weights = [1.0] * len(mine)
            for at, weight in zip(mine, weights, strict=True):
                hours[at] = capacity * weight / math.fsum(weights)
        return tuple(hours)

    def _area_hours(self, row: Row) -> float:
        return math.fsum(other.hours for other in self.rows_by_place[row.territory, row.area])

    def to_frame(self) -> pandas.DataFrame:
        """The plan as a table: one row per plan row, the columns of plan.csv (hours for the period).

        Facts stand on every row of their territory × area; what is not given is NaN.
        """
        import pandas

        records = []
        for row in self.rows:
            facts = self.facts[row.territory, row.area]
            values = {**asdict(row), **asdict(facts), "capacity": self.capacity.get(row.rep)}
            records.append({column.name: values[column.name] for column in COLUMNS})
        return pandas.DataFrame(records, columns=[column.name for column in COLUMNS])


def team_of(territory: str) -> str:
    """The rep of a territory's rows that name none: all who work there."""
    return f"{territory} team"


def exact(value: float) -> str:
    """A number with every digit that it was given with, so that two that differ look different."""
    return f"{value:.15g}"
