"""Grids on a sheet: header, figures with their formulas, totals, an Excel table, shades."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from allocator.reports.workbook.blocks import DUST, Cell, Column, Grid, Kind, Value, plain
from allocator.reports.workbook.looks import BELOW, DARK, LIGHT, Looks
from allocator.reports.workbook.measures import LINE, lines_of

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


class Grids:
    """Writes grids on one sheet, whose columns have these widths."""

    def __init__(self, sheet: Worksheet, looks: Looks, widths: Sequence[int]) -> None:
        self.sheet, self.looks, self.widths = sheet, looks, widths

    def write(self, grid: Grid, row: int) -> None:
        """A grid whose header stands on `row`."""
        first, last = row + 1, row + len(grid.rows)
        self._header(grid, row)
        for number, values in enumerate(grid.rows, start=first):
            for at, (column, value) in enumerate(zip(grid.columns, values, strict=True)):
                self._cell(number, at, column, value)
        if grid.table is not None:
            self._table(grid, row)
        elif grid.totals:
            self._totals(grid, last + 1)
        self._shade(grid, first, last)
        if grid.frozen:
            self.sheet.freeze_panes(first, 1)
            self.sheet.repeat_rows(first - 1)

    def _header(self, grid: Grid, row: int) -> None:
        lines = 1
        for at, column in enumerate(grid.columns):
            self.sheet.write_string(row, at, column.header, self.looks.header(column.kind == "text", at))
            lines = max(lines, lines_of(column.header, self.widths[at] - 1))
        self.sheet.set_row(row, LINE * lines)

    def _cell(self, row: int, at: int, column: Column, value: Value) -> None:
        if isinstance(value, str):
            self.sheet.write_string(row, at, value, self.looks.text(at))
            return
        number = plain(value)
        look = self.looks.cell(value.kind if isinstance(value, Cell) else column.kind)
        if number is None:
            self.sheet.write_blank(row, at, None, look)
        elif column.live is not None:
            self.sheet.write_formula(
                row, at, f"={column.live.format(row=row + 1)}", look, _shown(number, column.kind)
            )
        else:
            self.sheet.write_number(row, at, _shown(number, column.kind), look)

    def _table(self, grid: Grid, row: int) -> None:
        """The grid as an Excel table: filters, and totals that follow them."""
        from xlsxwriter.utility import xl_col_to_name

        columns = []
        for at, column in enumerate(grid.columns):
            told: dict[str, object] = {"header": column.header}
            told["header_format"] = self.looks.header(column.kind == "text", at)
            if column.total:
                letter = xl_col_to_name(at)
                added = f"SUBTOTAL(109,{letter}{row + 2}:{letter}{row + 1 + len(grid.rows)})"
                told["total_function"] = grid.total_formula(at, added)
                told["total_value"] = _shown(grid.added_up(at), column.kind)
                told["format"] = self.looks.cell(column.kind)
            elif not at and grid.totals:
                told |= {"total_string": "Total", "format": self.looks.text(at)}
            columns.append(told)
        options = {
            "name": grid.table, "columns": columns, "style": "Table Style Light 1",
            "total_row": grid.totals,
        }  # fmt: skip
        bottom = row + len(grid.rows) + (1 if grid.totals else 0)
        self.sheet.add_table(row, 0, bottom, len(grid.columns) - 1, options)

    def _totals(self, grid: Grid, row: int) -> None:
        from xlsxwriter.utility import xl_col_to_name

        for at, column in enumerate(grid.columns):
            look = self.looks.cell(column.kind, total=True)
            if column.total:
                letter = xl_col_to_name(at)
                added = f"SUM({letter}{row - len(grid.rows) + 1}:{letter}{row})"
                formula = grid.total_formula(at, added)
                self.sheet.write_formula(row, at, formula, look, _shown(grid.added_up(at), column.kind))
            elif at:
                self.sheet.write_blank(row, at, None, look)
            else:
                self.sheet.write_string(row, at, "Total", look)

    def _shade(self, grid: Grid, first: int, last: int) -> None:
        """Green the more a figure is above 0 and red the more it is below, over all shaded columns."""
        shaded = [at for at, column in enumerate(grid.columns) if column.shaded]
        size = max((abs(plain(row[at]) or 0.0) for row in grid.rows for at in shaded), default=0.0)
        if size > 10**-DUST:
            scale = {"type": "3_color_scale", "min_value": -size, "mid_value": 0, "max_value": size}
            kinds = {"min_type": "num", "mid_type": "num", "max_type": "num"}
            colors = {"min_color": BELOW, "mid_color": LIGHT, "max_color": DARK}
            where = (first, min(shaded), last, max(shaded))
            self.sheet.conditional_format(*where, {**scale, **kinds, **colors})


def _shown(value: float, kind: Kind) -> float:
    """A change without the dust of subtraction; other figures as they are."""
    return round(value, DUST) + 0.0 if kind.endswith("_change") else value
