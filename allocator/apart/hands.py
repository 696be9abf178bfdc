"""Who answers questions about batches: threads of this process, or a cluster.

Threads do: a solver lets the interpreter go while it works, and what it works on need not be sent to
other processes, which would each take the time to start and the memory of a Python of its own.
"""

from __future__ import annotations

import atexit
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

from allocator.apart.tasks import Question, answer, forget
from allocator.interrupts import STOP_SECONDS, Stop, stop_if_asked, stopped_by, undisturbed
from allocator.solving.settings import Settings

Answered = Callable[[], None]
POLL_SECONDS = 0.1


class Hands(Protocol):
    """Answers questions in their order."""

    def ask(self, questions: Sequence[Question], answered: Answered) -> list[Any]:
        """The answers; `answered` is called after each. Raises what a task raises."""

    def forget(self, run: str) -> None:
        """Let go of all batches of one run."""


class _Answer(NamedTuple):
    at: int
    found: Any
    error: BaseException | None


class Threads:
    """Threads of this process, one batch at a time each."""

    def __init__(self, count: int) -> None:
        self._count = count

    def ask(self, questions: Sequence[Question], answered: Answered) -> list[Any]:
        """See `Hands`; what is under way ends where one raises, or where waiting is interrupted."""
        left, came, stop = deque(enumerate(questions)), queue.SimpleQueue[_Answer](), Stop()
        threads: list[threading.Thread] = []
        answers: list[Any] = [None] * len(questions)
        try:
            with undisturbed():
                for _ in range(min(self._count, len(questions))):
                    threads.append(
                        threading.Thread(
                            target=_work, args=(left, came, stop, time.monotonic()), daemon=True
                        )
                    )
                    threads[-1].start()
            for _ in questions:
                at, answers[at] = _next(came)
                answered()
        except BaseException:
            with undisturbed():
                stop.ask()
                for thread in threads:
                    thread.join(STOP_SECONDS)
            raise
        return answers

    def forget(self, run: str) -> None:
        """See `Hands`."""
        forget(run)


def _work(
    left: deque[tuple[int, Question]], came: queue.SimpleQueue[_Answer], stop: Stop, began: float
) -> None:
    """Answer questions until none is left; those that wait have less time left for it."""
    with stopped_by(stop):
        while left:
            try:
                at, question = left.popleft()
            except IndexError:
                return
            try:
                stop_if_asked()
                found = answer(question.after(time.monotonic() - began))
                came.put(_Answer(at, found, None))
            except BaseException as error:
                came.put(_Answer(at, None, error))
                return


def _next(came: queue.SimpleQueue[_Answer]) -> tuple[int, Any]:
    """The next answer and its place; raises what came of the question instead."""
    while True:
        stop_if_asked()
        try:
            at, found, error = came.get(timeout=POLL_SECONDS)
        except queue.Empty:
            continue
        if error is not None:
            raise error
        return at, found


_clusters: dict[str, Hands] = {}


def hands_for(settings: Settings) -> Hands:
    """Who solves a plan; a cluster that is called in stays until the process ends.

    Raises `UnreachableError` where the settings name a cluster that does not answer.
    """
    if settings.cluster is None:
        return Threads(settings.workers)
    if settings.cluster not in _clusters:
        from allocator.apart.cluster import Cluster

        cluster = _clusters[settings.cluster] = Cluster(settings.cluster)
        atexit.register(cluster.close)
    return _clusters[settings.cluster]
