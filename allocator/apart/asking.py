"""A run of questions, such as about the batches of a plan: who is asked, what goes along, how far."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from allocator.apart.batch import Batch
from allocator.apart.dividing import Divided
from allocator.apart.hands import hands_for
from allocator.apart.tasks import Begin, NotHeld, Question, Task
from allocator.progress import Progress, silent
from allocator.solving.settings import Clock, Settings

BEST, FEWEST = "Finding the best split", "Finding the fewest moves"

_runs = itertools.count()


class Asking:
    """One run of questions; `progress` is told how far it is."""

    def __init__(
        self,
        sizes: Sequence[int],
        begin: Callable[[int], Begin],
        settings: Settings,
        clock: Clock,
        progress: Progress,
    ) -> None:
        """Who is asked, by number: `sizes` says how much there is to do for each, `begin` makes it."""
        self._hands = hands_for(settings)
        self._run = f"{os.getpid()}.{next(_runs)}"
        self._settings, self.clock, self.progress = settings, clock, progress
        self._sizes, self._begin = sizes, begin
        self.count = len(sizes)
        self._sent: set[int] = set()

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, *_: object) -> None:
        self._hands.forget(self._run)

    def each(self, doing: str, task: Task, arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
        """The task's answer for every one."""
        return self.some(doing, task, list(enumerate(arguments)))

    def some(self, doing: str, task: Task, asked: Sequence[tuple[int, tuple[Any, ...]]]) -> list[Any]:
        """The task's answers for some, each of them once, in the order in which they are named."""
        done = itertools.count(1)

        def answered() -> None:
            self.progress(doing, next(done) / max(1, len(asked)))

        answers: dict[int, Any] = {}
        # The largest first, so that none of them is waited for in the end.
        left = dict(sorted(asked, key=lambda one: -self._sizes[one[0]]))
        while left:
            questions = [self._question(b, task, arguments) for b, arguments in left.items()]
            found = self._hands.ask(questions, answered)
            for b, answer in zip(list(left), found, strict=True):
                if isinstance(answer, NotHeld):
                    self._sent.discard(b)
                else:
                    answers[b] = answer
                    del left[b]
        return [answers[b] for b, _ in asked]

    def _question(self, b: int, task: Task, arguments: tuple[Any, ...]) -> Question:
        begin = None if b in self._sent else self._begin(b)
        self._sent.add(b)
        return Question((self._run, b), task, arguments, self._settings, self.clock.left, begin)


def asking_batches(
    plan: Divided, settings: Settings, clock: Clock, progress: Progress = silent
) -> Asking:
    """One run of questions about the batches of a plan."""
    sizes = [len(part.rows) for part in plan.parts]
    return Asking(sizes, lambda b: partial(Batch, plan.piece(b)), settings, clock, progress)
