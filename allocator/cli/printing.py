"""The terminal: printing to it, how wide it is, and progress on it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from allocator.progress import Progress, silent

WIDEST = 120


def print_text(text: str) -> None:
    """Write to stdout; whoever closes it early has seen enough, which is no error."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        nowhere()


def nowhere() -> None:
    """Nothing more can go to stdout, not even what the interpreter would flush at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def screen() -> tuple[int, bool]:
    """How many columns a report may take, and whether colours reach anyone."""
    from allocator.reports.layout import WIDTH

    if sys.stdout is None or not sys.stdout.isatty():
        return WIDTH, False
    columns = os.get_terminal_size(sys.stdout.fileno()).columns or WIDTH
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return min(columns, WIDEST), not plain


@contextmanager
def shown_progress(quiet: bool) -> Iterator[Progress]:
    """A line on the terminal that says what is under way, where there is a terminal to say it on."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("Starting", total=None)

        def show(doing: str, done: float | None = None) -> None:
            bars.update(
                task, description=doing, completed=done or 0.0, total=None if done is None else 1
            )

        yield show
