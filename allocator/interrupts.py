"""Signals that end the tool: Ctrl-C, and what a shell or a system sends to stop it.

They raise wherever the program is, so that solvers stop and temporary files go. What must not be cut
in two, such as putting a file in place or starting a process, is done first.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

INTERRUPTED = 130
ENDING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


def leave_on_signals() -> None:
    """Have each of them end the process at once, while it is loading and there is nothing to tidy up.

    What loads solvers takes an exception for a solver that is not there, so none is raised yet.
    Signals that `nohup` or a shell has turned off stay off.
    """
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _leave)


def _leave(number: int, _: object) -> NoReturn:
    if number == signal.SIGINT:
        with suppress(OSError):
            os.write(2, b"Interrupted.\n")
    os._exit(128 + number)


def end_on_signals() -> None:
    """From now on have them raise: what is under way then can be ended in good order."""
    for number in ENDING:
        if signal.getsignal(number) is _leave:
            interrupt = number == signal.SIGINT
            signal.signal(number, signal.default_int_handler if interrupt else _end)


def stay() -> None:
    """Have none of them matter any more: all is done, and only the process's own end is to come."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)


def _end(number: int, _: object) -> NoReturn:
    """End as Ctrl-C does, with the signal's own exit code."""
    raise SystemExit(128 + number)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let those that would raise wait until the block is done; also for use as a decorator.

    Only the main thread is ever interrupted, so in others there is nothing to do.
    """
    held = {}
    if threading.current_thread() is threading.main_thread():
        held = {number: handler for number in ENDING if callable(handler := signal.getsignal(number))}
    waiting: list[int] = []
    try:
        for number in held:
            signal.signal(number, lambda late, _: waiting.append(late))
        yield
    finally:
        for number, handler in held.items():
            signal.signal(number, handler)
        for number in waiting[:1]:
            signal.raise_signal(number)


class StoppedError(BaseException):
    """What a thread is doing is not waited for any more: what Ctrl-C is to the main thread."""


_asked = threading.local()


@contextmanager
def stopped_by(event: threading.Event) -> Iterator[None]:
    """While the block is run, `event` stops what this thread does, where it asks whether to."""
    _asked.event = event
    try:
        yield
    finally:
        _asked.event = None


def stop_if_asked() -> None:
    """Raise `StoppedError` where what this thread does should stop."""
    event: threading.Event | None = getattr(_asked, "event", None)
    if event is not None and event.is_set():
        raise StoppedError
