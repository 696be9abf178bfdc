"""Work that takes a while, done beside the page: it says how far it is, and ends when nobody waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from allocator.interrupts import Beside, stop_if_asked
from allocator.progress import Progress

T = TypeVar("T")

POLL_SECONDS = 0.05
PATIENCE_SECONDS = 0.4
"""What is done by then needs no word on how far it is."""


def finished(work: Callable[[Progress], T], tell: Progress) -> T:
    """What `work` results in, or raises; from a while on, `tell` is told again and again how far it is.

    If `tell` raises, as Streamlit does when the page is to be drawn anew, the work is ended and that is
    raised on.
    """
    now: tuple[str, float | None] = ("Working", None)

    def told(doing: str, done: float | None = None) -> None:
        nonlocal now
        stop_if_asked()
        now = doing, done

    beside, began = Beside(lambda: work(told)), time.monotonic()
    beside.start()
    try:
        while not beside.wait(POLL_SECONDS):
            if time.monotonic() - began > PATIENCE_SECONDS:
                tell(*now)
    except BaseException:
        beside.stop()
        raise
    return beside.result()
