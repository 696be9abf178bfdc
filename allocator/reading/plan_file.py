"""A plan's sheet under a model: every cell read, every problem collected, then one `Plan`."""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from allocator.errors import PlanError, Problem
from allocator.model import Model
from allocator.plan import COLUMN, COLUMNS, FACT_NAMES, Column, Facts, Plan, Row, check, stands_on
from allocator.reading import areas, cells
from allocator.reading.model_file import read_model
from allocator.reading.sheet import Line, Sheet, read_sheet

MOST_TITLE_ROWS = 20
DEFAULT_MODEL = "sales_execution"


def read_plan(path: str | Path, model: Model | None = None) -> Plan:
    """The plan in a CSV file, checked against `model` (sales_execution where none is given).

    Raises `PlanError` with every problem of the file, each with row, column, value and remedy.
    """
    sheet = read_sheet(Path(path))
    return _Reader(sheet, model or read_model(DEFAULT_MODEL)).plan()


class _Reader:
    """Collects rows, facts, notes and problems line by line."""

    def __init__(self, sheet: Sheet, model: Model) -> None:
        self.sheet, self.model = sheet, model
        self.problems: list[Problem] = []
        self.notes: list[str] = list(sheet.notes)
        self.seen: Counter[tuple[str, str]] = Counter()
        self.facts: dict[tuple[str, str], dict[str, tuple[float, int]]] = {}
        self.unread: set[tuple[str, str, str]] = set()
        self.currencies: dict[str, int] = {}

    def plan(self) -> Plan:
        header, body = self._header()
        columns = self._columns(header)
        rows = [row for line in body if not line.blank and (row := self._row(line, header, columns))]
        if not self.problems and not rows:
            self._refuse("the file has a header and no rows", "Add a row for each territory and area")
        if len(self.currencies) > 1:
            marks = " and ".join(self.currencies)
            line = max(self.currencies.values())
            self._refuse(f"the plan mixes currencies: {marks}", "Convert all money to one", line)
        self.notes += [
            f"{column}: {note} ({times:,} {'cell' if times == 1 else 'cells'})"
            for (column, note), times in self.seen.items()
        ]
        plan = Plan(
            rows=tuple(rows),
            facts={
                key: Facts(**{n: v for n, (v, _) in found.items()}) for key, found in self.facts.items()
            },
            notes=tuple(self.notes),
            name=self.sheet.name,
            currency=next(iter(self.currencies), ""),
        )
        self._check(plan)
        return plan

    def _check(self, plan: Plan) -> None:
        """Rows seen together; a fact whose cell was refused is not called missing as well."""
        try:
            check(plan, self.model)
        except PlanError as error:
            place = {row.line: (row.territory, row.area) for row in plan.rows}
            self.problems += (
                problem
                for problem in error.problems
                if (*place.get(problem.row or 0, ("", "")), problem.column) not in self.unread
            )
        if self.problems:
            raise PlanError(sorted(self.problems, key=lambda problem: problem.row or 0))

    def _refuse(self, message: str, remedy: str, row: int | None = None, column: str = "") -> None:
        self.problems.append(Problem(message, remedy, self.sheet.name, row, column))

    def _header(self) -> tuple[Line, list[Line]]:
        """The header's line and the lines under it; titles above it are noted."""
        filled = [line for line in self.sheet.lines if not line.blank]
        wanted = {column.name for column in COLUMNS}
        for at, line in enumerate(filled[:MOST_TITLE_ROWS]):
            known = {_column_name(cell) for cell in line.cells} & wanted
            if len(known) > 1:
                if at:
                    self.notes.append(
                        f"{at} title {'row' if at == 1 else 'rows'} above the header left out"
                    )
                return line, filled[at + 1 :]
        required = ", ".join(column.name for column in COLUMNS if column.required and column.on == "all")
        problem = Problem(
            "no header row was found",
            f"The first row names the columns: at least {required}",
            file=self.sheet.name,
            row=filled[0].number if filled else 1,
        )
        raise PlanError([problem])

    def _columns(self, header: Line) -> dict[str, int]:
        """Where each known column stands; duplicates and missing ones are problems."""
        at: dict[str, int] = {}
        for place, cell in enumerate(header.cells):
            name = _column_name(cell)
            if name in at:
                self._refuse(
                    f"the column {name} stands twice", "Drop one of the two", header.number, name
                )
            elif name in COLUMN:
                at[name] = place
            elif cell:
                near = difflib.get_close_matches(name, COLUMN, n=1, cutoff=0.7)
                guess = f"; did you mean {near[0]}?" if near else ""
                self.notes.append(
                    f"The column '{cell[:40]}' is not one of the plan's and is left out{guess}"
                )
        for column in COLUMNS:
            if column.required and column.name not in at and self._needed(column):
                self._refuse(
                    f"the column {column.name} is missing",
                    f"Add it: {column.meaning} ({column.unit})",
                    header.number,
                    column.name,
                )
        if self.problems:
            raise PlanError(self.problems)
        return at

    def _needed(self, column: Column) -> bool:
        return any(stands_on(column, area) for area in self.model.areas.values())

    def _row(self, line: Line, header: Line, columns: Mapping[str, int]) -> Row | None:
        """One row, its facts put with those of its territory and area."""
        width = len(header.cells)
        if (len(line.cells) != width and any(line.cells[width:])) or len(line.cells) < width:
            self._refuse(
                f"the row has {len(line.cells)} cells and the header has {width}",
                "Check for a missing or an extra separator; quote a cell that contains one",
                line.number,
            )
            return None
        before = len(self.problems)
        given = {name: line.cells[place] for name, place in columns.items()}
        territory, area_name = self._name(line, given, "territory"), self._area(line, given)
        rep = self._name(line, given, "rep") if given.get("rep", "").strip() else f"{territory} team"
        if territory is None or area_name is None or rep is None:
            return None
        area, values = self.model.areas[area_name], {}
        for column in COLUMNS:
            if column.kind == "text":
                continue
            cell = given.get(column.name, "")
            if not stands_on(column, area):
                if not cells.is_missing(cell):
                    self.seen[column.name, f"means nothing on rows of {area_name}, left out"] += 1
                continue
            value = self._number(line, column, cell)
            if value is not None:
                values[column.name] = value
            elif not cells.is_missing(cell):
                self.unread.add((territory, area_name, column.name))
        self._take_facts(line, (territory, area_name), values)
        if len(self.problems) > before and "hours" not in values:
            return None
        return Row(
            territory=territory,
            area=area_name,
            rep=rep,
            hours=values["hours"],
            min_hours=values.get("min_hours", 0.0),
            max_hours=values.get("max_hours", math.inf),
            skill=values.get("skill", 1.0),
            opportunities=values.get("opportunities", 0.0),
            open=values.get("open", 0.0),
            line=line.number,
        )

    def _take_facts(self, line: Line, key: tuple[str, str], values: Mapping[str, float]) -> None:
        facts = self.facts.setdefault(key, {})
        for name in FACT_NAMES:
            if name not in values:
                continue
            value, first = facts.setdefault(name, (values[name], line.number))
            if value != values[name]:
                self._refuse(
                    f"{name} of {key[1]} in {key[0]} is {values[name]:g} here "
                    f"and {value:g} in row {first}",
                    "It is one fact of the territory and area: give it once, or alike on every row",
                    line.number,
                    name,
                )

    def _name(self, line: Line, given: Mapping[str, str], column: str) -> str | None:
        read = cells.name(given[column])
        if read == "":
            read = cells.Bad(f"{column} is missing", f"Write the {column}'s name on every row")
        return self._kept(read, line, column)

    def _area(self, line: Line, given: Mapping[str, str]) -> str | None:
        cell = " ".join(given["area"].split())
        read = areas.area(cell, self.model.areas) if cell else cells.Bad("area is missing", "Name one")
        if isinstance(read, str) and read != cell:
            self.seen["area", f"'{cell}' was read as {read}"] += 1
        return self._kept(read, line, "area")

    def _kept(self, read: str | cells.Bad, line: Line, column: str) -> str | None:
        if isinstance(read, cells.Bad):
            self._refuse(read.message, read.remedy, line.number, column)
            return None
        return read

    def _number(self, line: Line, column: Column, cell: str) -> float | None:
        """The cell's number; None where it is missing (a problem if required here) or refused."""
        if cells.is_missing(cell):
            if column.required and not column.one_fact:
                self._refuse(
                    f"{column.name} is missing",
                    f"Write the {column.meaning} ({column.unit}); 0 if there are none",
                    line.number,
                    column.name,
                )
            return None
        read = cells.number(cell, column)
        if isinstance(read, cells.Bad):
            self._refuse(read.message, read.remedy, line.number, column.name)
            return None
        if read.note:
            self.seen[column.name, read.note] += 1
        if read.currency:
            self.currencies.setdefault(read.currency, line.number)
        return read.value


def _column_name(cell: str) -> str:
    """A header's cell as columns are called: 'Win Rate' and 'win-rate' are win_rate."""
    return re.sub(r"[\s\-_]+", "_", cell.strip().lower()).strip("_")
