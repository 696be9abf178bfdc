"""Work that takes a while, done beside the page: it says how far it is, and ends when nobody waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from allocator.interrupts import stop_if_asked, stopped_by
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
    thread = _Worker(work)
    began = time.monotonic()
    thread.start()
    try:
        while not thread.done.wait(POLL_SECONDS):
            if time.monotonic() - began > PATIENCE_SECONDS:
                tell(thread.doing, thread.share)
    except BaseException:
        thread.stop()
        raise
    return thread.result()


class _Worker(threading.Thread, Generic[T]):
    def __init__(self, work: Callable[[Progress], T]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._found: list[T] = []
        self._error: BaseException | None = None
        self.doing = "Working"
        self.share: float | None = None
        self.done, self._stopped = threading.Event(), threading.Event()

    def run(self) -> None:
        """Work, and keep what comes of it."""
        try:
            with stopped_by(self._stopped):
                self._found.append(self._work(self._told))
        except BaseException as error:
            self._error = error
        self.done.set()

    def _told(self, doing: str, done: float | None = None) -> None:
        stop_if_asked()
        self.doing, self.share = doing, done

    def stop(self) -> None:
        """Have it end where it next asks: before the next solving, and while there is solving."""
        self._stopped.set()

    def result(self) -> T:
        """What came of it."""
        if self._error is not None:
            raise self._error
        return self._found[0]
