"""The lines of a table as rows and facts: every cell read, every problem found."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from allocator.characters import unguarded
from allocator.columns import COLUMNS, Column, stands_on
from allocator.model import Model
from allocator.plan import FACT_NAMES, Row, exact, team_of
from allocator.reading import areas, cells
from allocator.reading.findings import Findings
from allocator.reading.marks import marks
from allocator.reading.sheet import Bad, Line, shown
from allocator.reading.table import Table

NUMBERS = tuple(column for column in COLUMNS if column.kind != "text")


class RowReader:
    """Reads the lines of a table one by one; each distinct cell of a column is read once."""

    def __init__(self, table: Table, lines: Iterable[Line], model: Model, findings: Findings) -> None:
        """`lines` are those that numbers are read from; they settle what '.' and ',' mean."""
        self.table, self.model, self.findings = table, model, findings
        self.facts: dict[tuple[str, str], dict[str, tuple[float, int]]] = {}
        self.capacity: dict[str, tuple[float, int]] = {}
        self.open_given: set[tuple[str, str]] = set()
        self.unread: set[tuple[str, str, str]] = set()
        self.currencies: dict[str, tuple[int, str]] = {}
        self.uncovered = 0
        self._numbers = _numbers(table, lines)
        self._places = {name: table.places.get(name, -1) for name in ("territory", "area", "rep")}
        self._names: dict[str, str | Bad] = {}
        self._areas: dict[str, str | Bad] = {}
        there = [
            (c, table.places[c.name], self._numbers[c.name]) for c in NUMBERS if c.name in table.places
        ]
        self._columns = {
            name: [(*column, stands_on(column[0], area)) for column in there]
            for name, area in model.areas.items()
        }

    def row(self, line: Line) -> Row | None:
        """One row, its facts put with those of its territory and area; None where it was refused."""
        if not self._as_wide_as_header(line):
            return None
        territory = self._named(line, "territory")
        area = self._area_of(line)
        rep = self._named(line, "rep") if self._cell(line, "rep") else team_of(territory or "")
        if territory is None or area is None or rep is None:
            return None
        before = len(self.findings.problems)
        values = self._values(line, territory, area)
        self._take_facts(line, (territory, area), values)
        if "capacity" in values:
            self._take_capacity(line, rep, values["capacity"])
        if len(self.findings.problems) > before and "hours" not in values:
            return None
        return Row(
            territory=territory,
            area=area,
            rep=rep,
            hours=values["hours"],
            min_hours=values.get("min_hours", 0.0),
            max_hours=values.get("max_hours", math.inf),
            skill=values.get("skill", 1.0),
            opportunities=values.get("opportunities", 0.0),
            open=values.get("open", 0.0),
            line=line.number,
        )

    def is_area(self, cell: str) -> bool:
        """Whether a cell names an area of the model."""
        return bool(cell) and isinstance(self._area(cell), str)

    def reads(self, column: str, cell: str) -> cells.Number | Bad | None:
        """What a cell of a column holds; None where it is missing."""
        return self._numbers.get(column, {}).get(cell)

    def _as_wide_as_header(self, line: Line) -> bool:
        """Whether a line has a cell for each column, and none that stands under no header."""
        width, count = len(self.table.header.cells), len(line.cells)
        if count < width or any(line.cells[width:]):
            self.findings.refuse(
                f"the row has {count} cells and the header has {width}",
                "Check for a missing or an extra separator; quote a cell that contains one",
                line.number,
            )
            return False
        return True

    def _values(self, line: Line, territory: str, area: str) -> dict[str, float]:
        """The numbers of a line that mean something on rows of this area, by column."""
        values: dict[str, float] = {}
        given = line.cells
        for column, place, numbers, stands in self._columns[area]:
            read = numbers[given[place]]
            if self.table.unusable:
                read = self.table.unusable.get((line.number, place)) or read
            if read is None:
                if stands and column.required and not column.one_fact:
                    self._miss(line, column)
            elif not stands:
                self.findings.seen[column.name, f"means nothing on rows of {area}, left out"] += 1
            elif isinstance(read, Bad):
                self.findings.refuse(read.message, read.remedy, line.number, column.name)
                self.unread.add((territory, area, column.name))
            else:
                values[column.name] = read.value
                if read.notes or read.currency:
                    self._note(line, column.name, read)
        return values

    def _note(self, line: Line, column: str, read: cells.Number) -> None:
        for note in read.notes:
            self.findings.seen[column, note] += 1
        if read.currency:
            self.currencies.setdefault(read.currency, (line.number, column))

    def _miss(self, line: Line, column: Column) -> None:
        self.findings.refuse(
            f"{column.name} is missing",
            f"Write the {column.meaning} ({column.unit}); 0 if there are none",
            line.number,
            column.name,
        )

    def _take_facts(self, line: Line, key: tuple[str, str], values: Mapping[str, float]) -> None:
        facts = self.facts.setdefault(key, {})
        if "open" in values:
            self.open_given.add(key)
        for name in FACT_NAMES:
            if name not in values:
                continue
            value, first = facts.setdefault(name, (values[name], line.number))
            if value != values[name]:
                self.findings.refuse(
                    f"{name} of {key[1]} in {key[0]} is {exact(values[name])} here "
                    f"and {exact(value)} in row {first}",
                    "It is one fact of the territory and area: give it once, or alike on every row",
                    line.number,
                    name,
                )

    def _take_capacity(self, line: Line, rep: str, hours: float) -> None:
        given, first = self.capacity.setdefault(rep, (hours, line.number))
        if given != hours:
            self.findings.refuse(
                f"capacity of {rep} is {exact(hours)} here and {exact(given)} in row {first}",
                "It is one fact of the rep: give it once, or alike on every row",
                line.number,
                "capacity",
            )

    def _cell(self, line: Line, column: str) -> str:
        """What a line that is as wide as the header has in a column."""
        place = self._places[column]
        return "" if place < 0 else line.cells[place]

    def _named(self, line: Line, column: str) -> str | None:
        cell = self._cell(line, column)
        read = self._names.get(cell)
        if read is None:
            read = self._names[cell] = cells.name(cell)
        if read == "":
            read = Bad(f"{column} is missing", f"Write the {column}'s name on every row")
        return self._kept(read, line, column)

    def _area_of(self, line: Line) -> str | None:
        cell = self._cell(line, "area")
        read = self._kept(self._area(cell), line, "area")
        if read is not None and read != cell:
            self.findings.seen["area", f"{shown(' '.join(cell.split()))} was read as {read}"] += 1
        return read

    def _area(self, cell: str) -> str | Bad:
        read = self._areas.get(cell)
        if read is None:
            folded = unguarded(" ".join(cell.split()))
            read = areas.area(folded, self.model.areas) if cell else Bad("area is missing", "Name one")
            self._areas[cell] = read
        return read

    def _kept(self, read: str | Bad, line: Line, column: str) -> str | None:
        """What was read, unless it, or the cell itself, can't be used."""
        if self.table.unusable:
            read = self.table.unusable.get((line.number, self._places[column])) or read
        if isinstance(read, Bad):
            self.findings.refuse(read.message, read.remedy, line.number, column)
            return None
        return read


def _numbers(table: Table, lines: Iterable[Line]) -> dict[str, dict[str, cells.Number | Bad | None]]:
    """What each distinct cell of each column of numbers holds; None where it is missing."""
    places = [(c, table.places[c.name]) for c in NUMBERS if c.name in table.places]
    distinct: dict[str, dict[str, None]] = {column.name: {} for column, _ in places}
    for line in lines:
        for column, place in places:
            if place < len(line.cells):
                distinct[column.name][line.cells[place]] = None
    decided = marks(distinct, table.semicolons)
    return {
        column.name: {
            cell: None if cells.is_missing(cell) else cells.number(cell, column, decided[column.name])
            for cell in distinct[column.name]
        }
        for column, _ in places
    }
