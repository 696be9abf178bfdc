"""Sheets put on paper: blocks written one below the other, with widths, pages, headers and footers."""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocator.reports.workbook.blocks import (
    DUST,
    Block,
    Cell,
    Chart,
    Charts,
    Column,
    Grid,
    Kind,
    Sheet,
    Text,
    Title,
    Value,
    plain,
)
from allocator.reports.workbook.looks import (
    BELOW,
    BEST,
    DARK,
    LIGHT,
    TODAY,
    Looks,
    shown_width,
    text_width,
)

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart as XlsxChart
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

PIXELS = 7
"""Of a character's width."""
WIDEST_CHART = 560
MADE = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
"""What every workbook says it was made on: the same answer is the same file."""
WIDEST, NARROWEST, MARGIN, BUTTON = 44, 9, 2, 3
SHORT = 13
"""Characters up to which a header stands on one line."""
LEAST_SPAN = 126
"""Characters over which paragraphs go at least."""
LINE = 15.75
PROPORTION = 0.87
"""How wide the characters of text are, beside those of figures, with room to spare."""
CHART_ROWS, CHART_GAP = 15, 12
LONGEST_IN_FOOTER = 80
COLORS = (TODAY, BEST, "#63BE7B", "#F2B134", "#8E6BBF", "#D1495B", "#2E86AB", "#6C757D")


@dataclass(frozen=True)
class Heading:
    """What the top and the bottom of every printed page say."""

    plan: str
    units: str


def written(sheets: Sequence[Sheet], heading: Heading, currency: str) -> bytes:
    """A workbook of these sheets."""
    from xlsxwriter.workbook import Workbook

    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    book.set_properties({"title": heading.plan, "created": MADE})
    book.set_size(2400, 1500)
    looks = Looks(book, currency)
    for sheet in sheets:
        _Paper(book, looks, sheet).write(heading)
    book.close()
    return out.getvalue()


class _Paper:
    """One sheet as it is written."""

    def __init__(self, book: Workbook, looks: Looks, sheet: Sheet) -> None:
        self.book, self.looks, self.content = book, looks, sheet
        self.sheet: Worksheet = book.add_worksheet(sheet.name)
        self.widths = _widths(sheet.blocks, looks.currency)
        self.row = 0
        self.starts = _starts(sheet.blocks)

    def write(self, heading: Heading) -> None:
        self._page(heading)
        for at, width in enumerate(self.widths):
            self.sheet.set_column(at, at, width)
        for block in self.content.blocks:
            self.row = self.starts[id(block)]
            if isinstance(block, Grid):
                if block.rows:
                    self._grid(block)
            elif isinstance(block, Charts):
                self._charts(block.charts)
            else:
                self._text(block)
        if self.content.box:
            self.row = _end(self.content.blocks)
            self._box(self.content.box)

    def _page(self, heading: Heading) -> None:
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.8)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.hide_gridlines(2)
        plan = _quoted(heading.plan)
        self.sheet.set_header(f"&L{plan}&R{self.content.name}")
        self.sheet.set_footer(f"&L{_quoted(heading.units)}&RPage &P of &N")

    def _text(self, block: Title | Text) -> None:
        """A line or a paragraph, merged over the columns, as high as its text is long."""
        if isinstance(block, Title):
            look = self.looks.section if block.section else self.looks.title
            text, size = block.text, 12 if block.section else 15
        else:
            look, text, size = self.looks.paragraph(block.bold), block.text, 11
            text = f"•  {text}" if block.bullet else text
        room = sum(self.widths) * 11 / size * (0.92 if size > 11 else 1.0)
        lines = max(1, math.ceil(text_width(text) * PROPORTION / room))
        self.sheet.set_row(self.row, LINE * size / 11 * lines)
        last = len(self.widths) - 1
        if last:
            self.sheet.merge_range(self.row, 0, self.row, last, "", look)
        self.sheet.write_string(self.row, 0, text, look)

    def _grid(self, grid: Grid) -> None:
        first, last = self.row + 1, self.row + len(grid.rows)
        self._header(grid)
        for number, row in enumerate(grid.rows, start=first):
            for at, (column, value) in enumerate(zip(grid.columns, row, strict=True)):
                self._cell(number, at, column, value)
        if grid.table is not None:
            self._table(grid)
        elif grid.totals:
            self._totals(grid, last + 1)
        for at, column in enumerate(grid.columns):
            if column.shaded:
                self._shade(first, last, at)
        if grid.frozen:
            self.sheet.freeze_panes(first, 1)
            self.sheet.repeat_rows(first - 1)

    def _header(self, grid: Grid) -> None:
        lines = 1
        for at, column in enumerate(grid.columns):
            self.sheet.write_string(
                self.row, at, column.header, self.looks.header(column.kind == "text", at)
            )
            lines = max(lines, _lines(column.header, self.widths[at] - 1))
        self.sheet.set_row(self.row, LINE * lines)

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
            self.sheet.write_number(row, at, number, look)

    def _table(self, grid: Grid) -> None:
        """The grid as an Excel table: filters, and totals that follow them."""
        from xlsxwriter.utility import xl_col_to_name

        columns = []
        for at, column in enumerate(grid.columns):
            told: dict[str, object] = {"header": column.header}
            told["header_format"] = self.looks.header(column.kind == "text", at)
            if column.total:
                letter = xl_col_to_name(at)
                added = f"SUBTOTAL(109,{letter}{self.row + 2}:{letter}{self.row + 1 + len(grid.rows)})"
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
        bottom = self.row + len(grid.rows) + (1 if grid.totals else 0)
        self.sheet.add_table(self.row, 0, bottom, len(grid.columns) - 1, options)

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

    def _shade(self, first: int, last: int, at: int) -> None:
        colors = {"min_color": BELOW, "mid_color": LIGHT, "max_color": DARK, "mid_type": "num"}
        scale = {"type": "3_color_scale", "mid_value": 0, **colors}
        self.sheet.conditional_format(first, at, last, at, scale)

    def _charts(self, charts: Sequence[Chart]) -> None:
        left, room = 0, sum(self.widths) * PIXELS
        width = min(WIDEST_CHART, room // len(charts) - CHART_GAP)
        for chart in charts:
            drawn = self._chart(chart)
            drawn.set_size({"width": width, "height": CHART_ROWS * 20})
            self.sheet.insert_chart(self.row, 0, drawn, {"x_offset": left, "y_offset": 6})
            left += width + CHART_GAP

    def _chart(self, chart: Chart) -> XlsxChart:
        drawn = self.book.add_chart({"type": chart.kind})
        header = self.starts[id(chart.of)]
        begin, end = chart.lines or (0, len(chart.of.rows))
        first, last = header + 1 + begin, header + end
        name = self.content.name
        for order, at in enumerate(chart.series):
            color = COLORS[order]
            series = {
                "name": [name, header, at],
                "categories": [name, first, 0, last, 0],
                "values": [name, first, at, last, at],
                "fill": {"color": color},
                "gap": 60,
            }
            if chart.kind == "line":
                series = {
                    **series,
                    "line": {"color": color, "width": 2.25},
                    "marker": {"type": "circle"},
                }
                del series["gap"], series["fill"]
            drawn.add_series(series)
        drawn.set_title({"name": chart.title, "name_font": {"size": 12, "bold": True}, "overlay": False})
        values = {"name": chart.unit, "num_format": "#,##0", "major_gridlines": {
            "visible": True, "line": {"color": "#D9D9D9"}}}  # fmt: skip
        values["name_font"] = {"bold": False, "size": 9}
        names: dict[str, object] = {"num_font": {"size": 9}, "label_position": "low"}
        if chart.kind == "bar":
            names["reverse"] = True
            values["label_position"] = "high"
        drawn.set_x_axis(values if chart.kind == "bar" else names)
        drawn.set_y_axis(names if chart.kind == "bar" else values)
        if len(chart.series) > 1:
            drawn.set_legend({"position": "bottom"})
        else:
            drawn.set_legend({"none": True})
        return drawn

    def _box(self, text: str) -> None:
        """A note below the rows that no reader of the cells sees."""
        wide = min(900, sum(self.widths) * PIXELS)
        lines = math.ceil(text_width(text) * PIXELS * PROPORTION / wide) + 1
        size = {"width": wide, "height": 20 * lines}
        look = {"fill": {"color": "#FFF8E1"}, "line": {"color": "#E0C060"}, "object_position": 2}
        self.sheet.insert_textbox(self.row, 0, text, {**size, **look, "y_offset": 6})


def _shown(value: float, kind: Kind) -> float:
    """What the formula of a figure gives: a change without the dust of subtraction."""
    return round(value, DUST) + 0.0 if kind.endswith("_change") else value


def _starts(blocks: Sequence[Block]) -> dict[int, int]:
    """By block the row that it begins on."""
    starts, row = {}, 0
    for block in blocks:
        row += isinstance(block, Title) and block.section
        starts[id(block)] = row
        row += _height(block)
    return starts


def _end(blocks: Sequence[Block]) -> int:
    """The row below the last block."""
    return _starts(blocks)[id(blocks[-1])] + _height(blocks[-1])


def _height(block: Block) -> int:
    """The rows that a block takes, with one below a grid and around charts."""
    if isinstance(block, Grid):
        return 1 + len(block.rows) + block.totals + 1 if block.rows else 0
    return CHART_ROWS + 2 if isinstance(block, Charts) else 1


def _widths(blocks: Sequence[Block], currency: str) -> list[int]:
    """How wide each column is, so that nothing in it is cut and paragraphs have room."""
    widths: list[int] = []
    for grid in (block for block in blocks if isinstance(block, Grid)):
        for at, column in enumerate(grid.columns):
            if at == len(widths):
                widths.append(NARROWEST)
            wanted = max(_wanted(grid, at, column, currency), default=0) + MARGIN
            widths[at] = max(widths[at], column.width or min(WIDEST, wanted))
    if not widths:
        return [LEAST_SPAN]
    if (short := LEAST_SPAN - sum(widths)) > 0:
        widths[0] = min(WIDEST, widths[0] + short)
    while sum(widths) < LEAST_SPAN:
        widths.append(min(WIDEST, LEAST_SPAN - sum(widths) + NARROWEST))
    return widths


def _wanted(grid: Grid, at: int, column: Column, currency: str) -> Iterator[int]:
    """The widths that a column's header and cells take."""
    words = max(map(text_width, column.header.split()), default=0)
    whole = text_width(column.header)
    yield (whole if whole <= SHORT else words) + (BUTTON if grid.table else 0)
    for row in grid.rows:
        value = row[at]
        if isinstance(value, str):
            yield text_width(value)
        else:
            kind = value.kind if isinstance(value, Cell) else column.kind
            yield shown_width(plain(value), kind, currency)
    if column.total and grid.rows:
        yield shown_width(grid.added_up(at), column.kind, currency) + 1


def _lines(header: str, room: int) -> int:
    """The lines that a header takes where so many characters fit in one."""
    lines, used = 1, 0
    for word in header.split():
        if used and used + 1 + text_width(word) > room:
            lines, used = lines + 1, 0
        used += text_width(word) + (1 if used else 0)
    return lines


def _quoted(text: str) -> str:
    """Text in a page's header or footer, where & begins a command."""
    short = text if len(text) <= LONGEST_IN_FOOTER else text[:LONGEST_IN_FOOTER] + "…"
    return short.replace("&", "&&")
