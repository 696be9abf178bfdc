"""Who answers questions about batches: this process, a pool of processes, or a cluster."""

from __future__ import annotations

import atexit
import gc
import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

from allocator.apart.tasks import Question, answer, forget
from allocator.errors import SolverError
from allocator.interrupts import ENDING, undisturbed
from allocator.solving.settings import Settings

Answered = Callable[[], None]
POLL_SECONDS = 0.1


class Hands(Protocol):
    """Answers questions in their order; each batch is kept by whoever was asked about it first."""

    def ask(self, questions: Sequence[Question], answered: Answered) -> list[Any]:
        """The answers; `answered` is called after each. Raises what a task raises."""

    def forget(self, run: str) -> None:
        """Let go of all batches of one run."""

    def stop(self) -> None:
        """Stop what is under way, at once."""

    def close(self) -> None:
        """Be done with; nothing is asked any more."""


class OwnHands:
    """This process does it all."""

    def ask(self, questions: Sequence[Question], answered: Answered) -> list[Any]:
        """See `Hands`."""
        answers = []
        for question in questions:
            answers.append(answer(question))
            answered()
        return answers

    def forget(self, run: str) -> None:
        """See `Hands`."""
        forget(run)

    def stop(self) -> None:
        """Nothing is under way while this process does something else."""

    def close(self) -> None:
        """There is nothing to be done."""


class Pool:
    """Processes on this machine, one batch at a time each; one that is gone is replaced."""

    def __init__(self, count: int) -> None:
        self._workers: list[_Worker | None] = [None] * count
        self._owner: dict[tuple[str, int], int] = {}

    def ask(self, questions: Sequence[Question], answered: Answered) -> list[Any]:
        """See `Hands`; `SolverError` where a batch ends one process after the other."""
        answers: list[Any] = [None] * len(questions)
        asked: list[deque[int]] = [deque() for _ in self._workers]
        free: deque[int] = deque()
        for at, question in enumerate(questions):
            owner = self._owner.get(question.key)
            (free if owner is None else asked[owner]).append(at)
        lost = [0] * len(questions)
        busy: dict[int, int] = {}
        while True:
            for place, mine in enumerate(asked):
                if place not in busy and (mine or free):
                    at = (mine or free).popleft()
                    self._owner[questions[at].key] = place
                    self._worker(place).send(questions[at])
                    busy[place] = at
            if not busy:
                return answers
            for place in self._ready(busy):
                at = busy.pop(place)
                try:
                    raised, found = self._worker(place).receive()
                except (EOFError, OSError):
                    self._replace(place)
                    lost[at] += 1
                    if lost[at] == len(self._workers) + 1:
                        raise SolverError(
                            "A process that solves was ended from outside, again and again"
                        ) from None
                    free.append(at)
                    continue
                if raised:
                    raise found
                answers[at] = found
                answered()

    def forget(self, run: str) -> None:
        """See `Hands`."""
        self._owner = {key: place for key, place in self._owner.items() if key[0] != run}
        for worker in self._workers:
            if worker is not None:
                worker.send(run)

    def stop(self) -> None:
        """End the processes; others take their places when there is something to ask."""
        with undisturbed():
            for worker in self._workers:
                if worker is not None:
                    worker.end()
            self._workers = [None] * len(self._workers)

    def close(self) -> None:
        """See `Hands`."""
        self.stop()

    def _worker(self, place: int) -> _Worker:
        worker = self._workers[place]
        if worker is None:
            with undisturbed():
                worker = self._workers[place] = _Worker()
        return worker

    def _replace(self, place: int) -> None:
        self._owner = {key: other for key, other in self._owner.items() if other != place}
        worker, self._workers[place] = self._workers[place], None
        if worker is not None:
            worker.end()

    def _ready(self, busy: dict[int, int]) -> list[int]:
        """The busy places that have an answer, or have gone."""
        at = {self._worker(place).connection: place for place in busy}
        ready: list[int] = []
        while not ready:  # waking up now and then lets a signal through
            ready = [at[connection] for connection in wait(list(at), POLL_SECONDS)]  # type: ignore[index]
        return ready


class _Worker:
    """A process and the line to it. It ends by itself when the line does."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, other = context.Pipe()
        self._process = context.Process(target=_work, args=(other,), daemon=True)
        self._process.start()
        other.close()

    def send(self, message: Question | str) -> None:
        """A question, or a run to forget; a process that is gone shows when it is to answer."""
        with suppress(OSError):
            self.connection.send(message)

    def receive(self) -> tuple[bool, Any]:
        """Whether it raised, and what; else its answer."""
        raised, found = self.connection.recv()
        return bool(raised), found

    def end(self) -> None:
        """End it, whatever it is doing."""
        self._process.kill()
        self._process.join()
        self.connection.close()


def _work(line: Connection) -> None:
    """Answer what comes along the line until it ends."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    gc.disable()  # programmes are made of many small things and no cycles
    while True:
        try:
            message = line.recv()
        except EOFError:
            return
        if isinstance(message, str):
            forget(message)
            gc.collect()
            continue
        try:
            found: tuple[bool, Any] = (False, answer(message))
        except Exception as error:
            found = (True, error)
        try:
            line.send(found)
        except OSError:
            return


POOL_COLUMNS = 20_000
"""Columns, as `allocator.parts` counts them, that are worth the start of one more process."""
_own = OwnHands()
_others: dict[int | str, Hands] = {}


def hands_for(settings: Settings, columns: int) -> Hands:
    """Who solves a plan of so many columns; who is called in stays until the process ends.

    Raises `UnreachableError` where the settings name a cluster that does not answer.
    """
    count = min(settings.workers, columns // POOL_COLUMNS + 1)
    who = settings.cluster or count
    if who == 1:
        return _own
    if who not in _others:
        if settings.cluster:
            from allocator.apart.cluster import Cluster

            _others[who] = Cluster(settings.cluster)
        else:
            _others[who] = Pool(count)
        atexit.register(_others[who].close)
    return _others[who]
