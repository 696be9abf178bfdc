"""How reports are laid out: tables and lists as text of a given width, plain or with colours."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from rich import box
from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

WIDTH = 80
LABEL = 13


def printed(parts: Iterable[RenderableType], width: int = WIDTH, color: bool = False) -> str:
    """The parts one below the other, plain or with the terminal's colours.

    A table that loses names or figures in `width` is as wide as it needs, up to `WIDTH`: a terminal
    continues its lines below.
    """
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=color,
        no_color=not color,
        color_system="256" if color else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for part in parts:
        console.width = width
        if width < WIDTH and isinstance(part, Table) and part.show_header:
            console.width = max(width, min(_needed(console, part), WIDTH))
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _needed(console: Console, table: Table) -> int:
    """The columns that a table takes with figures in full, and names no narrower than a label."""
    options, between = console.options.update(max_width=WIDTH), 1 + table.padding[1]
    needed = -between
    for column in table.columns:
        each = [Measurement.get(console, options, cell) for cell in (column.header, *column.cells)]
        figures = max(one.maximum for one in each)
        words = max(min(max(one.minimum for one in each), LABEL), column.min_width or 0)
        needed += (figures if column.no_wrap else words) + between
    return needed


def table(tight: bool = False) -> Table:
    """An empty table in the reports' style, as wide as the report; `tight`: columns one space apart."""
    padding = (0, 0 if tight else 1, 0, 0)
    return Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=padding, expand=True, show_edge=False)


def listed(title: str, sentences: Iterable[str], most: int | None = None) -> Iterator[RenderableType]:
    """A title and sentences below it, each with a bullet; at most so many, and how many more."""
    yield Text(f"\n{title}", style="bold")
    said = list(sentences)
    shown = said[:most]
    if more := len(said) - len(shown):
        shown.append(f"And {more:,} more: all of them are in what --format json prints")
    for sentence in shown:
        line = Table.grid(padding=(0, 1, 0, 0))
        line.add_column(no_wrap=True)
        line.add_column(ratio=1, overflow="fold")
        line.add_row("  •", Text(sentence + "."))
        yield line
