"""Sheets put on paper: blocks written one below the other, with widths, pages, headers and footers."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocator.reports.workbook.blocks import Charts, Grid, Sheet, Text, Title
from allocator.reports.workbook.charts import drawn
from allocator.reports.workbook.grids import Grids
from allocator.reports.workbook.looks import Looks
from allocator.reports.workbook.measures import (
    LINE,
    PIXELS,
    chart_rows,
    end_of,
    starts_of,
    text_lines,
    widths_of,
)

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

WIDEST_CHART, CHART_GAP, WIDEST_BOX = 560, 12, 900
"""Pixels."""
MADE = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
"""What every workbook says it was made on: the same answer is the same file."""
HIGHEST = 409.0
"""Points of the highest row that there can be."""
LONGEST_IN_FOOTER = 80


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
        self.widths = widths_of(sheet.blocks, looks.currency)
        self.grids = Grids(self.sheet, looks, self.widths)
        self.row = 0
        self.starts = starts_of(sheet.blocks)

    def write(self, heading: Heading) -> None:
        self._page(heading)
        for at, width in enumerate(self.widths):
            self.sheet.set_column(at, at, width)
        for block in self.content.blocks:
            self.row = self.starts[id(block)]
            if isinstance(block, Grid):
                if block.rows:
                    self.grids.write(block, self.row)
            elif isinstance(block, Charts):
                self._charts(block)
            else:
                self._text(block)
        if self.content.box:
            self.row = end_of(self.content.blocks)
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
        self.sheet.set_row(self.row, min(HIGHEST, LINE * size / 11 * text_lines(text, room)))
        last = len(self.widths) - 1
        if last:
            self.sheet.merge_range(self.row, 0, self.row, last, "", look)
        self.sheet.write_string(self.row, 0, text, look)

    def _charts(self, block: Charts) -> None:
        charts = block.charts
        left, room = 0, sum(self.widths) * PIXELS
        width = min(WIDEST_CHART, room // len(charts) - CHART_GAP)
        for chart in charts:
            header = self.starts[id(chart.of)]
            made = drawn(self.book, chart, self.content.name, header)
            made.set_size({"width": width, "height": chart_rows(block) * 20})
            self.sheet.insert_chart(self.row, 0, made, {"x_offset": left, "y_offset": 6})
            left += width + CHART_GAP

    def _box(self, text: str) -> None:
        """A note below the rows that no reader of the cells sees."""
        wide = min(WIDEST_BOX, sum(self.widths) * PIXELS)
        size = {"width": wide, "height": 20 * (text_lines(text, wide / PIXELS) + 1)}
        look = {"fill": {"color": "#FFF8E1"}, "line": {"color": "#E0C060"}, "object_position": 2}
        self.sheet.insert_textbox(self.row, 0, text, {**size, **look, "y_offset": 6})


def _quoted(text: str) -> str:
    """Text in a page's header or footer, where & begins a command."""
    short = text if len(text) <= LONGEST_IN_FOOTER else text[:LONGEST_IN_FOOTER] + "…"
    return short.replace("&", "&&")
