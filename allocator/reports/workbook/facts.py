"""Every figure of a plan, and every default in the place of one, with where it came from."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from allocator.answers.reconciliation import StandsIn, check_plan
from allocator.columns import COLUMNS, stands_on
from allocator.columns import Column as PlanColumn
from allocator.model import Model
from allocator.plan import Plan, Row
from allocator.reports.workbook.blocks import Cell, Column, Grid, Kind, Value
from allocator.wording import area_name, figure

FACTS = (
    Column("Territory"),
    Column("Area"),
    Column("Rep"),
    Column("Fact"),
    Column("Value", "exact"),
    Column("Unit"),
    Column("Where it comes from"),
)
Line = tuple[Value, ...]
UNSAID = {"min_hours": 0.0, "max_hours": math.inf, "skill": 1.0}
"""What says nothing."""


def facts_grid(plan: Plan, model: Model) -> Grid:
    """A line for each figure."""
    return Grid(FACTS, [*_facts(plan, model), *_defaults(plan, model)], table="Facts")


def _facts(plan: Plan, model: Model) -> Iterator[Line]:
    """Every figure that the plan gives: by row, by territory and area, by rep."""
    lines: dict[tuple[str, str], list[int]] = {}
    reps: dict[str, list[int]] = {}
    for row in plan.rows:
        lines.setdefault((row.territory, row.area), []).append(row.line)
        reps.setdefault(row.rep, []).append(row.line)
    of_area = [column for column in COLUMNS if column.one_fact]
    of_row = [c for c in COLUMNS if c.kind != "text" and not c.one_fact and not c.of_rep]
    seen: set[tuple[str, str]] = set()
    for row in plan.rows:
        key, area = (row.territory, row.area), model.areas[row.area]
        absent = {name for name, places in plan.absent.items() if key in places}
        for column in (c for c in of_row if stands_on(c, area)):
            value = getattr(row, column.name)
            if column.name in absent or (not column.required and value == UNSAID.get(column.name)):
                continue
            yield _line(row, row.rep, column, value, _rows([row.line]))
        if key in seen:
            continue
        seen.add(key)
        for column in (c for c in of_area if stands_on(c, area) and c.name not in absent):
            value = getattr(plan.facts[key], column.name)
            if value is not None:
                yield _line(row, "", column, value, _rows(lines[key]))
    for rep, capacity in plan.capacity.items():
        yield "", "", rep, "capacity", Cell(capacity, "exact"), "hours", _rows(reps[rep])


def _line(row: Row, rep: str, column: PlanColumn, value: float, origin: str) -> Line:
    kinds: dict[str, Kind] = {"rate": "share", "money": "money"}
    shown = Cell(value, kinds.get(column.kind, "exact"))
    unit = column.unit if column.kind != "rate" else "of 100%"
    return row.territory, area_name(row.area), rep, column.name, shown, unit, origin


def _rows(lines: Sequence[int]) -> str:
    """'plan row 4', or the rows on one of which a fact stands."""
    numbers = [number for number in lines if number]
    if not numbers:
        return "added by a change"
    if len(numbers) == 1:
        return f"plan row {numbers[0]:,}"
    few = ", ".join(f"{number:,}" for number in numbers[:4])
    return f"plan rows {few}{' …' if len(numbers) > 4 else ''}"


def _defaults(plan: Plan, model: Model) -> Iterator[Line]:
    """What stands in for facts that the plan does not give, by territory."""
    for found in check_plan(plan, model).stand_ins:
        for territory in found.territories:
            yield territory, area_name(found.area), "", found.column, *_default(plan, found, territory)


def _default(plan: Plan, found: StandsIn, territory: str) -> tuple[Cell, str, str]:
    if not found.times_opportunities:
        kind: Kind = "share" if found.column == "renewal_rate" else "exact"
        unit = next(column.unit for column in COLUMNS if column.name == found.column)
        origin = "model default" if found.column == "renewal_rate" else "default, since none is given"
        return Cell(found.value, kind), "of 100%" if kind == "share" else unit, origin
    today = math.fsum(
        row.opportunities for row in plan.rows_by_territory[territory] if row.area == found.area
    )
    origin = f"model default: {found.value:g} × the {figure(today, 1)} of today"
    return Cell(found.value * today, "exact"), "opportunities", origin
