"""A plan as the file that it could have been read from: its table, and that as CSV with every digit."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from decimal import Decimal
from itertools import compress

from allocator.characters import inert
from allocator.columns import COLUMNS, Column, stands_on
from allocator.model import Model
from allocator.plan import Plan, Row

Value = str | float | None

LONGEST_PLAIN = 40
"""Characters up to which a number is written without an exponent."""


def plan_csv(plan: Plan, model: Model) -> str:
    """The text of a file that reads back as an equal plan under `model`.

    A name that a spreadsheet would run has an apostrophe before it, which the reader takes off again.
    """
    columns, rows = plan_table(plan, model)
    out = io.StringIO()
    if any(";" in name for row in plan.rows for name in (row.territory, row.rep, row.area)):
        out.write("sep=,\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in columns)
    for row in rows:
        writer.writerow(_text(plan, *cell) for cell in zip(columns, row, strict=True))
    return out.getvalue()


def plan_table(plan: Plan, model: Model) -> tuple[list[Column], list[list[Value]]]:
    """The columns that say something on some row, and the rows, None where a cell says nothing.

    A fact of a territory and area stands on the first row of it, a rep's capacity on the rep's first.
    """
    rows = list(_cells(plan, model))
    said = [c.required or any(row[at] is not None for row in rows) for at, c in enumerate(COLUMNS)]
    return list(compress(COLUMNS, said)), [list(compress(row, said)) for row in rows]


def _cells(plan: Plan, model: Model) -> Iterator[list[Value]]:
    """A cell for each column on each row of the plan."""
    places: set[tuple[str, str]] = set()
    reps: set[str] = set()
    for row in plan.rows:
        key = (row.territory, row.area)
        first = {"place": key not in places, "rep": row.rep not in reps}
        places.add(key)
        reps.add(row.rep)
        yield [
            said(plan, row, column)
            if stands_on(column, model.areas[row.area])
            and (first["place"] or not column.one_fact)
            and (first["rep"] or not column.of_rep)
            else None
            for column in COLUMNS
        ]


def said(plan: Plan, row: Row, column: Column) -> Value:
    """What a row has in a column; None where the default says the same."""
    key = (row.territory, row.area)
    if column.kind == "text":
        return str(getattr(row, column.name))
    value: float | None
    if column.of_rep:
        value = plan.capacity.get(row.rep)
    elif column.one_fact:
        value = getattr(plan.facts[key], column.name)
    else:
        value = getattr(row, column.name)
    unsaid = {"min_hours": 0.0, "max_hours": math.inf, "skill": 1.0}
    if value is None or value == unsaid.get(column.name):
        return None
    if not value and key in plan.absent.get(column.name, ()):
        return None
    return value


def _text(plan: Plan, column: Column, value: Value) -> str:
    """A cell as text: names inert, money with the plan's mark."""
    if value is None:
        return ""
    if isinstance(value, str):
        return inert(value)
    return (plan.currency if column.kind == "money" else "") + number_text(value)


def number_text(value: float) -> str:
    """A number with every digit, without an exponent unless it would take too many zeros."""
    plain = f"{Decimal(repr(value)):f}".removesuffix(".0")
    return plain if len(plain) <= LONGEST_PLAIN else repr(value)
