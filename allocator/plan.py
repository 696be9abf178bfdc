"""The plan: whose hours go where today, and the facts of each territory and area.

A `Plan` is what `plan.csv` says, read and checked against a `Model`; it is the only form in which
the rest of the package knows a plan. `COLUMNS` is the one description of the file's columns.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from allocator.errors import PlanError, Problem

if TYPE_CHECKING:
    import pandas

    from allocator.model import Area, Model

Role = Literal["all", "creates", "works", "renews"]
Kind = Literal["text", "amount", "money", "rate"]


@dataclass(frozen=True)
class Column:
    """One column of plan.csv: on whose rows it stands, what it means, its unit and its limits.

    `one_fact`: a fact of the territory × area, given once or alike on every row of it; `of_rep`: a
    fact of the rep, likewise; the others belong to the row and add up. `least` and `most` are
    inclusive, `below` is exclusive; the largest amounts are far above any sales force and far below
    what a solver takes for infinite.
    """

    name: str
    on: Role
    kind: Kind
    meaning: str
    unit: str
    default: str
    required: bool = False
    one_fact: bool = False
    of_rep: bool = False
    least: float = 0.0
    most: float = 1e9
    below: float = math.inf


COLUMNS = (
    Column("territory", "all", "text", "market that is covered", "name", "required", required=True),
    Column("area", "all", "text", "one of the model's areas", "name", "required", required=True),
    Column("rep", "all", "text", "whose hours they are", "name", "the territory's team"),
    Column(
        "hours",
        "all",
        "amount",
        "hours planned today for the whole period; a rep's rows add up to the rep's capacity",
        "hours",
        "required",
        required=True,
    ),
    Column(
        "capacity",
        "all",
        "amount",
        "hours that the rep has in the period, where they are not those that the rep's rows add up to",
        "hours",
        "the sum of the rep's hours",
        of_rep=True,
    ),
    Column("min_hours", "all", "amount", "least hours on this row", "hours", "0"),
    Column("max_hours", "all", "amount", "most hours on this row", "hours", "no limit"),
    Column(
        "skill",
        "all",
        "amount",
        "effective hours per hour of this rep in this row",
        "hours per hour",
        "1",
        least=0.001,
        most=1000.0,
    ),
    Column(
        "opportunities",
        "creates",
        "amount",
        "opportunities that today's hours create in the period, summed over reps",
        "opportunities",
        "required",
        required=True,
    ),
    Column(
        "potential",
        "creates",
        "amount",
        "opportunities that endless hours would create",
        "opportunities",
        "the model's potential × opportunities",
        one_fact=True,
    ),
    Column(
        "open",
        "creates",
        "amount",
        "opportunities already open at the start, from this source",
        "opportunities",
        "0",
    ),
    Column(
        "win_rate",
        "creates",
        "rate",
        "wins per opportunity worked at standard depth",
        "0–1, or 25%",
        "required",
        required=True,
        one_fact=True,
        most=1.0,
    ),
    Column(
        "deal_size",
        "creates",
        "money",
        "revenue per win",
        "the plan's currency",
        "required",
        required=True,
        one_fact=True,
        most=1e12,
    ),
    Column(
        "cycle_days",
        "creates",
        "amount",
        "days from working an opportunity to its booking",
        "days",
        "0",
        one_fact=True,
    ),
    Column(
        "hours_per_opportunity",
        "works",
        "amount",
        "hours to work one opportunity at standard depth",
        "hours",
        "required",
        required=True,
        one_fact=True,
        least=0.001,
        most=1e6,
    ),
    Column(
        "renewals",
        "renews",
        "money",
        "recurring revenue up for renewal in the period",
        "the plan's currency",
        "0",
        one_fact=True,
        most=1e12,
    ),
    Column(
        "renewal_rate",
        "renews",
        "rate",
        "share of it that today's hours renew",
        "0–1, or 90%",
        "the model's renewals.rate",
        one_fact=True,
        most=1.0,
        below=1.0,
    ),
)

COLUMN = {column.name: column for column in COLUMNS}


def stands_on(column: Column, area: Area) -> bool:
    """Whether `column` says anything on the rows of `area`."""
    return {
        "all": True,
        "creates": area.creates,
        "works": area.works,
        "renews": area.renewals is not None,
    }[column.on]


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Facts:
    """What holds for one area of one territory, whoever works there.

    None where the plan gives nothing and the model's default stands in, or where the fact does not
    belong to the area. Units: see `COLUMNS`.
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
        here = self.rows_by_territory[row.territory]
        return math.fsum(other.hours for other in here if other.area == row.area)

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


def check(plan: Plan, model: Model) -> None:
    """Raise `PlanError` with every problem that only shows when rows are seen together.

    These are: an area that the model does not have, minimums above maximums, the same territory ×
    area × rep twice, a required fact that is missing, opportunities at or above the potential.
    """
    problems = [*_row_problems(plan, model), *_fact_problems(plan, model)]
    if problems:
        raise PlanError(sorted(problems, key=lambda problem: problem.row or 0))


def _row_problems(plan: Plan, model: Model) -> Iterable[Problem]:
    first_line: dict[tuple[str, str, str], int] = {}
    for row in plan.rows:
        place: dict[str, Any] = {"file": plan.name, "row": row.line}
        if row.area not in model.areas:
            yield Problem(
                f"the model '{model.name}' has no area '{row.area}'",
                f"Its areas are {', '.join(model.areas)}",
                column="area",
                **place,
            )
        if row.min_hours > row.max_hours:
            yield Problem(
                f"min_hours {exact(row.min_hours)} is above max_hours {exact(row.max_hours)}",
                "Lower the one or raise the other",
                column="min_hours",
                **place,
            )
        key = (row.territory, row.area, row.rep)
        if (line := first_line.setdefault(key, row.line)) != row.line:
            yield Problem(
                f"{row.rep} already has a row for {row.area} in {row.territory} (row {line})",
                "Add the two rows up into one",
                column="rep",
                **place,
            )


def _fact_problems(plan: Plan, model: Model) -> Iterable[Problem]:
    created: dict[tuple[str, str], list[Row]] = {}
    for row in plan.rows:
        created.setdefault((row.territory, row.area), []).append(row)
    for (territory, area_name), rows in created.items():
        area, facts = model.areas.get(area_name), plan.facts[territory, area_name]
        if area is None:
            continue
        place: dict[str, Any] = {"file": plan.name, "row": rows[0].line}
        for name in FACT_NAMES:
            column = COLUMN[name]
            if column.required and stands_on(column, area) and getattr(facts, name) is None:
                yield Problem(
                    f"{column.name} of {area_name} in {territory} is missing",
                    f"Give it on one row of it: {column.meaning} ({column.unit})",
                    column=name,
                    **place,
                )
        opportunities = math.fsum(row.opportunities for row in rows)
        if not area.creates or not opportunities:
            continue
        if facts.potential is None and area.potential is None:
            yield Problem(
                f"potential of {area_name} in {territory} is missing, and the model has no default",
                "Give the opportunities that endless hours would create",
                column="potential",
                **place,
            )
        elif facts.potential is not None and opportunities >= facts.potential:
            yield Problem(
                f"opportunities of {area_name} in {territory} add up to {exact(opportunities)}, "
                f"not below their potential of {exact(facts.potential)}",
                "Raise potential (what endless hours would create) above today's, or leave it out",
                column="potential",
                **place,
            )
