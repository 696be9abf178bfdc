"""A solved programme, kept: what is asked of it further is asked of its blocks, on all hands.

The questions about a block go out some at a time, each lot to a solver of its own, so what is answered
depends on the plan alone and not on who answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import numpy as np

from allocator.apart.asking import Asking
from allocator.arrays import Integers
from allocator.certificate import Solves
from allocator.program.matrix import Sides
from allocator.progress import Progress, silent
from allocator.solving import highs
from allocator.solving.basis import Basis
from allocator.solving.block import Asked, Block, Optimal, find_extremes, find_optima
from allocator.solving.optimum import SolvedProgram
from allocator.solving.settings import Clock, Settings

AT_ONCE = 6
"""Questions that one solver is asked: fewer leave more to hand over, more are waited for in the end."""

Of = TypeVar("Of")
Found = TypeVar("Found")
Those = tuple[tuple[int, tuple[float, float]], ...]
"""Other sides of rows of a block, by the block's own numbers."""


class Kept:
    """A solved programme by its blocks. `solves` says what stands behind the answers so far."""

    def __init__(self, whole: SolvedProgram, settings: Settings, clock: Clock) -> None:
        """`clock` is the time that all further solving may take."""
        self.whole = whole
        self.solves = Solves()
        self._settings, self._clock = settings, clock
        self._of_column, self._of_row = whole.matrix.blocks()
        self._columns, self._rows = _members(self._of_column), _members(self._of_row)
        self._column_at, self._row_at = _places(self._columns), _places(self._rows)
        self._basis = whole.solution.basis or highs.solve(whole.matrix, clock.left).vertex
        self._blocks: dict[int, Optimal] = {}

    def in_blocks_of(self, rows: Sequence[int], among: Sequence[int]) -> list[int]:
        """Those rows `among` some that are in a block of one of `rows`."""
        blocks = {int(self._of_row[row]) for row in rows}
        return [row for row in among if int(self._of_row[row]) in blocks]

    def gains(
        self, asked: Sequence[Sides], doing: str, progress: Progress = silent
    ) -> list[float | None]:
        """What the optimum gains, in the plan's currency, for each of these other sides of rows.

        None where nothing keeps them. Blocks without any of the rows gain nothing.
        """
        apart = [self._by_block(sides) for sides in asked]
        alone = list(dict.fromkeys(one for those in apart for one in those))
        questions = [(label, dict(sides)) for label, sides in alone]
        optima = dict(zip(alone, self._asked(find_optima, questions, doing, progress), strict=True))

        def gain(those: Sequence[tuple[int, Those]]) -> float | None:
            gained = 0.0
            for one in those:
                optimum = optima[one]
                if optimum is None:
                    return None
                gained += optimum - self._block(one[0]).objective
            return gained * self.whole.program.money

        return [gain(those) for those in apart]

    def extremes(
        self, columns: Sequence[int], given_up: float, doing: str, progress: Progress = silent
    ) -> list[tuple[float, float]]:
        """The least and the most that each column can be while at most `given_up` revenue is given up.

        Revenue is in the plan's currency; what is given up can be given up in the column's block.
        """
        questions = []
        for column in columns:
            label = int(self._of_column[column])
            floor = self._block(label).objective - given_up / self.whole.program.money
            questions.append((label, Asked(int(self._column_at[column]), floor)))
        return self._asked(find_extremes, questions, doing, progress)

    def _asked(
        self,
        task: Callable[[Block, Sequence[Of]], tuple[list[Found], Solves]],
        questions: Sequence[tuple[int, Of]],
        doing: str,
        progress: Progress,
    ) -> list[Found]:
        """The task's answers to questions, each with the block that it is about."""
        about: dict[int, list[int]] = defaultdict(list)
        for number, (label, _) in enumerate(questions):
            about[label].append(number)
        lots = [
            (label, numbers[first : first + AT_ONCE])
            for label, numbers in about.items()
            for first in range(0, len(numbers), AT_ONCE)
        ]
        sizes = [len(numbers) * len(self._rows[label]) for label, numbers in lots]
        found: dict[int, Found] = {}
        with Asking(
            sizes, lambda lot: self._begin(lots[lot][0]), self._settings, self._clock, progress
        ) as asking:
            asked = [([questions[number][1] for number in numbers],) for _, numbers in lots]
            for (_, numbers), (answers, solves) in zip(
                lots, asking.each(doing, task, asked), strict=True
            ):
                self.solves += solves
                found.update(zip(numbers, answers, strict=True))
        return [found[number] for number in range(len(questions))]

    def _begin(self, label: int) -> Callable[[Settings], Block]:
        return partial(Block, self._block(label))

    def _block(self, label: int) -> Optimal:
        if label not in self._blocks:
            columns, rows, solution = self._columns[label], self._rows[label], self.whole.solution
            self._blocks[label] = Optimal(
                self.whole.matrix.cut(columns, rows),
                solution.values[columns],
                solution.duals[rows],
                Basis(self._basis.columns[columns], self._basis.rows[rows]),
            )
        return self._blocks[label]

    def _by_block(self, sides: Sides) -> list[tuple[int, Those]]:
        """Other sides of rows by the block that they are in, by the block's own numbers."""
        found: dict[int, dict[int, tuple[float, float]]] = defaultdict(dict)
        for row, side in sides.items():
            if (label := int(self._of_row[row])) in self._columns:  # others have no entries
                found[label][int(self._row_at[row])] = side
        return [(label, tuple(those.items())) for label, those in found.items()]


def _members(labels: Integers) -> dict[int, Integers]:
    """The numbers of those with each label, in order."""
    order = np.argsort(labels, kind="stable").astype(np.int32)
    called, first = np.unique(labels[order], return_index=True)
    return dict(zip(called.tolist(), np.split(order, first[1:]), strict=True))


def _places(members: dict[int, Integers]) -> Integers:
    """The place of each number among those with its label."""
    places = np.zeros(sum(map(len, members.values())), np.int32)
    for numbers in members.values():
        places[numbers] = np.arange(len(numbers), dtype=np.int32)
    return places
