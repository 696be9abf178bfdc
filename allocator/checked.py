"""What shows only when a plan's rows are seen together, and with the model: every problem at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from allocator.columns import COLUMN, stands_on
from allocator.errors import PlanError, Problem
from allocator.model import Model
from allocator.plan import FACT_NAMES, Plan, Row, exact

REQUIRED_FACTS = tuple(COLUMN[name] for name in FACT_NAMES if COLUMN[name].required)


def check(plan: Plan, model: Model) -> None:
    """Raise `PlanError` with every problem that only shows when rows are seen together.

    These are: an area that the model does not have, minimums above maximums, the same territory ×
    area × rep twice, a required fact that is missing, opportunities at or above the potential. Of the
    opportunities of rows that are there twice nothing is said but that.
    """
    problems = [
        problem
        for about in (_row_problems, _fact_problems)
        for rows in plan.rows_by_place.values()
        for problem in about(plan, model, rows)
    ]
    if problems:
        raise PlanError(sorted(problems, key=lambda problem: problem.row or 0))


def _row_problems(plan: Plan, model: Model, rows: Sequence[Row]) -> Iterator[Problem]:
    """Those of single rows of one area of a territory, and of reps who have two."""
    for row in rows:
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
    if _twice(rows):
        first_line: dict[str, int] = {}
        for row in rows:
            if (line := first_line.setdefault(row.rep, row.line)) != row.line:
                yield Problem(
                    f"{row.rep} already has a row for {row.area} in {row.territory} (row {line})",
                    "Add the two rows up into one",
                    plan.name,
                    row.line,
                    "rep",
                )


def _twice(rows: Sequence[Row]) -> bool:
    """Whether a rep has two of these rows."""
    return len({row.rep for row in rows}) < len(rows)


def _fact_problems(plan: Plan, model: Model, rows: Sequence[Row]) -> Iterator[Problem]:
    """Those of the facts of one area of a territory."""
    territory, area_name = rows[0].territory, rows[0].area
    area, facts = model.areas.get(area_name), plan.facts[territory, area_name]
    if area is None:
        return
    place: dict[str, Any] = {"file": plan.name, "row": rows[0].line}
    for column in REQUIRED_FACTS:
        if stands_on(column, area) and getattr(facts, column.name) is None:
            yield Problem(
                f"{column.name} of {area_name} in {territory} is missing",
                f"Give it on one row of it: {column.meaning} ({column.unit})",
                column=column.name,
                **place,
            )
    opportunities = math.fsum(row.opportunities for row in rows)
    if not area.creates or not opportunities or _twice(rows):
        return
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
