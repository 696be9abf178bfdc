"""How much room things take: rows of blocks, widths of columns, lines of text."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from allocator.reports.workbook.blocks import Block, Cell, Charts, Column, Grid, Title, plain
from allocator.reports.workbook.looks import shown_width, text_width

PIXELS = 7
"""Of a character's width."""
WIDEST, NARROWEST, MARGIN, BUTTON = 44, 9, 2, 3
"""Characters of a column, at its sides, and of a filter's button."""
SHORT = 13
"""Characters up to which a header stands on one line."""
LEAST_SPAN = 126
"""Characters over which paragraphs go at least."""
PROPORTION = 0.87
"""How wide the characters of text are, beside those of figures, with room to spare."""
CHART_ROWS, BARS_BESIDE, ROWS_OF_BARS = 14, 8, 1.5
"""Rows of a chart; at least those beside its bars, and so many for each line of them."""
LINE = 15.75
"""Points of a line."""


def text_lines(text: str, room: float) -> int:
    """The lines of a paragraph where so many figures fit in one."""
    return max(1, math.ceil(text_width(text) * PROPORTION / room))


def starts_of(blocks: Sequence[Block]) -> dict[int, int]:
    """By block the row that it begins on."""
    starts, row = {}, 0
    for block in blocks:
        row += isinstance(block, Title) and block.section
        starts[id(block)] = row
        row += _rows_of(block)
    return starts


def end_of(blocks: Sequence[Block]) -> int:
    """The row below the last block."""
    return starts_of(blocks)[id(blocks[-1])] + _rows_of(blocks[-1])


def _rows_of(block: Block) -> int:
    """The rows that a block takes, with one below a grid and around charts."""
    if isinstance(block, Grid):
        return 1 + len(block.rows) + block.totals + 1 if block.rows else 0
    return chart_rows(block) + 2 if isinstance(block, Charts) else 1


def chart_rows(block: Charts) -> int:
    """How high charts are, so that each line of bars has its name."""
    lines = [chart.lines or (0, len(chart.of.rows)) for chart in block.charts if chart.kind == "bar"]
    most = max((last - first for first, last in lines), default=0)
    return max(CHART_ROWS, math.ceil(BARS_BESIDE + ROWS_OF_BARS * most))


def widths_of(blocks: Sequence[Block], currency: str) -> list[int]:
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


def lines_of(header: str, room: int) -> int:
    """The lines that a header takes where so many characters fit in one."""
    lines, used = 1, 0
    for word in header.split():
        if used and used + 1 + text_width(word) > room:
            lines, used = lines + 1, 0
        used += text_width(word) + (1 if used else 0)
    return lines
