"""Signals that end the tool: Ctrl-C, and what a shell or a system sends to stop it.

They raise wherever the program is, so that solvers stop and temporary files go. What must not be cut
in two, such as putting a file in place or starting a process, is done first.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Generic, NoReturn, TypeVar

T = TypeVar("T")

INTERRUPTED = 130
LOOK_SECONDS = 0.05
STOP_SECONDS = 1.5
"""How long what is stopped is waited for."""
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


class EndedError(SystemExit):
    """A signal other than Ctrl-C ends the process, with the exit code that belongs to it."""

    code: int


def _end(number: int, _: object) -> NoReturn:
    raise EndedError(128 + number)


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


class Stop:
    """Asks threads to stop what they are doing; any thread may ask, once and for all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[Callable[[], object]] = []
        self.asked = False

    def ask(self) -> None:
        """Ask them to stop; what was to be told of it is told now."""
        with self._lock:
            self.asked = True
            for call in self._calls:
                call()

    @contextmanager
    def telling(self, call: Callable[[], object]) -> Iterator[None]:
        """While the block is run, being asked calls `call` as well."""
        with self._lock:
            if self.asked:
                raise StoppedError
            self._calls.append(call)
        try:
            yield
        finally:
            with self._lock:
                self._calls.remove(call)


_stops = threading.local()


@contextmanager
def stopped_by(stop: Stop) -> Iterator[None]:
    """While the block is run, `stop` ends what this thread does, where it asks whether to."""
    before, _stops.mine = getattr(_stops, "mine", None), stop
    try:
        yield
    finally:
        _stops.mine = before


def stop_if_asked() -> None:
    """Raise `StoppedError` where what this thread does should stop."""
    stop: Stop | None = getattr(_stops, "mine", None)
    if stop is not None and stop.asked:
        raise StoppedError


def stoppable(work: Callable[[], T], stop_it: Callable[[], object]) -> T:
    """What `work` results in, in code that hears of no signal; `stop_it` makes it return at once.

    In the main thread it is done beside it, so that signals are heard meanwhile; in any other, by that
    thread, whose `Stop` then calls `stop_it`. Either way what is stopped raises.
    """
    stop: Stop | None = getattr(_stops, "mine", None)
    if stop is not None:
        with stop.telling(stop_it):
            found = work()
        stop_if_asked()
        return found
    if threading.current_thread() is not threading.main_thread():
        return work()
    return Beside(lambda: stoppable(work, stop_it)).result()


class Beside(threading.Thread, Generic[T]):
    """Work in a thread of its own, which ends when whoever waits for it does not any more."""

    def __init__(self, work: Callable[[], T]) -> None:
        """It is begun by `start`, or where its result is asked for."""
        super().__init__(daemon=True)
        self._work, self._stop_asked, self._done = work, Stop(), threading.Event()
        self._found: list[T] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        """Work, and keep what comes of it."""
        try:
            with stopped_by(self._stop_asked):
                self._found.append(self._work())
        except BaseException as error:
            self._error = error
        self._done.set()

    @property
    def _begun(self) -> bool:
        return self.ident is not None

    def wait(self, seconds: float) -> bool:
        """Wait so long for the end of it; whether it has come."""
        return self._done.wait(seconds)

    def stop(self) -> None:
        """Have it end where it next asks whether to, or where it can be told."""
        self._stop_asked.ask()

    def result(self) -> T:
        """Wait for what comes of it, and return or raise that.

        Where that is interrupted, it is stopped, and has ended before what interrupted is raised: the
        solver that it works with is about to be used again, or to go with the process.
        """
        try:
            with undisturbed():
                if not self._begun:
                    self.start()
            while not self.wait(LOOK_SECONDS):
                stop_if_asked()
        except BaseException:
            with undisturbed():
                self.stop()
                if self._begun:
                    self.join(STOP_SECONDS)
            raise
        if self._error is not None:
            raise self._error
        return self._found[0]
