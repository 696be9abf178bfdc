"""Files by their suffix: what answers are written as, beside the text that a command prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from allocator.allocation import Allocation
    from allocator.answers.briefing import Briefing
    from allocator.reports.pictures import Kind

Made = str | bytes


def _parquet(allocation: Allocation) -> bytes:
    from allocator.reports.parquet import to_parquet

    return to_parquet(allocation)


def _programme(kind: str, allocation: Allocation) -> bytes:
    from allocator.reports.programme import to_programme

    return to_programme(allocation, kind)


def _workbook(briefing: Briefing) -> bytes:
    from allocator.reports.workbook import to_xlsx

    return to_xlsx(briefing)


def _page(briefing: Briefing) -> str:
    from allocator.reports.page import to_html

    return to_html(briefing)


def _picture(kind: Kind, briefing: Briefing) -> bytes:
    from allocator.reports.pictures import to_picture

    return to_picture(briefing, kind)


MAKERS: Mapping[str, Callable[[Briefing], Made]] = {
    ".xlsx": _workbook,
    ".html": _page,
    ".png": partial(_picture, "png"),
    ".svg": partial(_picture, "svg"),
}
"""By suffix what makes such a file of a briefing; it loads what it needs when it is called."""

ALLOCATION_MAKERS: Mapping[str, Callable[[Allocation], Made]] = {
    ".lp": partial(_programme, "lp"),
    ".mps": partial(_programme, "mps"),
    ".parquet": _parquet,
}
"""Likewise for files that only an allocation can be written as."""

BRIEFED = tuple(MAKERS)
ALLOCATED = tuple(ALLOCATION_MAKERS)


def file_writers(briefing: Briefing) -> dict[str, Callable[[], Made]]:
    """By suffix how to make each file that the answers of a briefing can be written as."""
    writers: dict[str, Callable[[], Made]] = {
        suffix: partial(make, briefing) for suffix, make in MAKERS.items()
    }
    if briefing.allocation is not None:
        for suffix, make in ALLOCATION_MAKERS.items():
            writers[suffix] = partial(make, briefing.allocation)
    return writers
