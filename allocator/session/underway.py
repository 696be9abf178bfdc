"""Work that takes a while, done beside the page: it says how far it is, and ends when nobody waits."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from allocator.progress import Progress

T = TypeVar("T")

POLL_SECONDS = 0.05
PATIENCE_SECONDS = 0.4
"""What is done by then needs no word on how far it is."""


class _StoppedError(BaseException):
    """Raised inside work that nobody waits for any more; solvers end at it as they do at Ctrl-C."""


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
        self.done = threading.Event()

    def run(self) -> None:
        """Work, and keep what comes of it."""
        try:
            self._found.append(self._work(self._told))
        except BaseException as error:
            self._error = error
        self.done.set()

    def _told(self, doing: str, done: float | None = None) -> None:
        self.doing, self.share = doing, done

    def stop(self) -> None:
        """Have it end at its next step of Python, however deep inside its work it is."""
        if self.ident is not None and not self.done.is_set():
            stopped = ctypes.py_object(_StoppedError)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.ident), stopped)

    def result(self) -> T:
        """What came of it."""
        if self._error is not None:
            raise self._error
        return self._found[0]
