"""A plan's file under a model: read, every problem collected, then one `Plan`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from allocator.characters import visible
from allocator.checked import check
from allocator.columns import COLUMNS, stands_on
from allocator.errors import PlanError
from allocator.model import Model
from allocator.plan import Facts, Plan, Row
from allocator.reading.any_file import MOST_MB, read_sheet
from allocator.reading.findings import Findings
from allocator.reading.model_file import read_model
from allocator.reading.oddities import oddities
from allocator.reading.rows import RowReader
from allocator.reading.sheet import Line, Sheet
from allocator.reading.table import Table, find_table
from allocator.reading.totals import check_totals, part

DEFAULT_MODEL = "sales_execution"


def read_plan(
    path: str | Path,
    model: Model | None = None,
    sheet: str | None = None,
    max_mb: float = MOST_MB,
) -> Plan:
    """The plan in a CSV file or workbook, checked against `model` (sales_execution where none is given).

    `sheet` names the workbook's sheet where several have rows. Raises `PlanError` with every problem of
    the file, each with row, column, value and remedy, or for a file larger than `max_mb` megabytes.
    """
    return plan_of(read_sheet(Path(path), sheet, max_mb), model or read_model(DEFAULT_MODEL))


def plan_of(found: Sheet, model: Model) -> Plan:
    """The plan that a file's lines hold, checked against `model`; raises what `read_plan` raises."""
    findings = Findings(found.name, list(found.notes))
    table = find_table(found, model, findings)
    reader = RowReader(table, table.lines, model, findings)
    parted = part(table, reader.is_area, findings)
    rows = [row for line in parted.rows if (row := reader.row(line)) is not None]
    _check_whole(table, rows, reader, parted.rows)
    if len(rows) == len(parted.rows):
        check_totals(parted.totals, rows, reader.reads, table, findings)
    capacity = {rep: hours for rep, (hours, _) in reader.capacity.items()}
    findings.notes += oddities(rows, reader.facts, capacity, model.period_days)
    plan = Plan(
        rows=tuple(rows),
        facts={k: Facts(**{n: v for n, (v, _) in given.items()}) for k, given in reader.facts.items()},
        capacity=capacity,
        notes=findings.all_notes(),
        name=visible(found.name),
        currency=next(iter(reader.currencies), ""),
        source=found.source,
        absent=_absent(reader, model),
    )
    _check_together(plan, model, reader)
    return plan


def _check_whole(table: Table, rows: list[Row], reader: RowReader, lines: Sequence[Line]) -> None:
    """Problems and notes that belong to no single row."""
    findings, width = reader.findings, len(table.header.cells)
    if not findings.problems and not rows:
        remedy = "Add a row for each territory and area"
        findings.refuse("the file has a header and no rows", remedy)
    if len(reader.currencies) > 1:
        marks = " and ".join(f"{mark} (row {row})" for mark, (row, _) in reader.currencies.items())
        place = max(reader.currencies.values())
        findings.refuse(f"the plan mixes currencies: {marks}", "Convert all money to one", *place)
    nameless = [place for place in range(width) if not table.header.cells[place]]
    filled = sum(any(line.cells[place : place + 1] != ("",) for place in nameless) for line in lines)
    if nameless and filled:
        rows_of = "1 row has" if filled == 1 else f"{filled:,} rows have"
        findings.notes.append(f"{rows_of} cells under no column name, left out")


def _check_together(plan: Plan, model: Model, reader: RowReader) -> None:
    """Rows seen together; a fact whose cell was refused is not called missing as well."""
    try:
        check(plan, model)
    except PlanError as error:
        place = {row.line: (row.territory, row.area) for row in plan.rows}
        reader.findings.problems += (
            problem
            for problem in error.problems
            if (*place.get(problem.row or 0, ("", "")), problem.column) not in reader.unread
        )
    reader.findings.stop_if_refused()


def _absent(reader: RowReader, model: Model) -> dict[str, tuple[tuple[str, str], ...]]:
    """Which facts the file does not give: column → (territory, area), where a default stands in."""
    absent: dict[str, list[tuple[str, str]]] = {}
    for column in COLUMNS:
        if column.required or not (column.one_fact or column.name == "open"):
            continue
        for key, given in reader.facts.items():
            there = key in reader.open_given if column.name == "open" else column.name in given
            if not there and stands_on(column, model.areas[key[1]]):
                absent.setdefault(column.name, []).append(key)
    return {name: tuple(keys) for name, keys in absent.items()}
