"""Building the programme of an instance: blocks of territories that are alike, laid side by side."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from allocator.alike import Alike
from allocator.arrays import Integers
from allocator.instance import Instance
from allocator.model import Model
from allocator.parts import Part
from allocator.program.block import Block, Stamped, stamped
from allocator.program.constraints import OF_TERRITORIES, bounds, capacity, projected_revenue
from allocator.program.matrix import Matrix, Rows
from allocator.program.one_step import Statuses, in_one_step
from allocator.program.programme import Blocks, Program

Hours = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Guess:
    """Where the columns and rows of each block's territories may stand in the optimum.

    `fixed`: where the hours are.
    """

    of_blocks: tuple[tuple[Statuses, Statuses], ...]
    fixed: bool

    def of(self, blocks: Collection[int]) -> Guess:
        """That of some of the blocks, by place."""
        return replace(self, of_blocks=tuple(self.of_blocks[at] for at in blocks))


@dataclass(frozen=True)
class InBlocks:
    """An instance, and what is declared of its territories, in numbers: a line for each.

    `one_step`: the same planned in one step, where there are more. `guess`: where its optimum may be,
    where somebody has looked.
    """

    instance: Instance
    blocks: tuple[Stamped, ...]
    one_step: InBlocks | None = None
    guess: Guess | None = None

    def program(self, hours: Hours | None = None, drained: Collection[int] = ()) -> Program:
        """The programme of the instance; `hours` and `drained`: see `build`."""
        blocks = self.blocks if hours is None else self.at_fixed_hours
        if drained:
            less = {k: self.instance.territories[k].pipeline for k in drained}
            blocks = tuple(mine.asking_less("next_period", less) for mine in blocks)
        return _laid_out(self.instance, blocks, hours)

    @cached_property
    def at_fixed_hours(self) -> tuple[Stamped, ...]:
        """The blocks where hours are fixed: without limits on shares."""
        return tuple(mine.without("shares") for mine in self.blocks)

    def part(self, part: Part) -> InBlocks:
        """A part of the plan alone."""
        one_step = self.one_step
        if one_step is not None:
            one_step = one_step.part(part.under(one_step.instance.model))
        mine: list[list[tuple[int, int]]] = [[] for _ in self.blocks]
        for number, k in enumerate(part.territories):
            at, line = self._places[k]
            mine[at].append((line, number))
        return InBlocks(
            part.instance,
            tuple(
                blocks.of([line for line, _ in lines], [number for _, number in lines])
                for blocks, lines in zip(self.blocks, mine, strict=True)
                if lines
            ),
            one_step,
            self.guess and self.guess.of([at for at, lines in enumerate(mine) if lines]),
        )

    @cached_property
    def _places(self) -> dict[int, tuple[int, int]]:
        """Where a territory is: in which block, and in which line."""
        return {
            k: (at, line)
            for at, blocks in enumerate(self.blocks)
            for line, k in enumerate(blocks.territories)
        }


def build(instance: Instance, hours: Hours | None = None, drained: Collection[int] = ()) -> Program:
    """The programme of `instance`.

    With `hours` (row × step), every x is fixed there, and capacities, bounds and shares are dropped:
    what these hours earn, used as well as they can be. `drained` are the territories (by number) in
    which the next period's pipeline is not asked for.
    """
    return in_blocks(instance).program(hours, drained)


def in_blocks(instance: Instance) -> InBlocks:
    """The instance with the blocks of its programme: those of the first territory's shape first."""
    alike, one_step = instance.alike, None
    if instance.steps > 1:
        in_one = replace(instance, model=instance.model.in_one_step())
        one_step = InBlocks(in_one, _stamped(map(in_one_step, alike), in_one.model))
    return InBlocks(instance, _stamped(alike, instance.model), one_step)


def _stamped(alike: Iterable[Alike], model: Model) -> tuple[Stamped, ...]:
    return tuple(stamped(Block(those, model), OF_TERRITORIES, projected_revenue) for those in alike)


def _laid_out(instance: Instance, blocks: Sequence[Stamped], hours: Hours | None) -> Program:
    """The blocks side by side, and the limits on reps and on rows of hours above them."""
    x, places = _columns(instance, blocks)
    leading = () if hours is not None else (capacity(instance, x), bounds(instance, x))
    leads = above = sum(len(rows.least) for rows in leading)
    placed = []
    for mine, first_columns in zip(blocks, places, strict=True):
        size = len(mine.declared.limits)
        first_rows = above + size * np.arange(len(mine.territories), dtype=np.int32)
        placed.append(Blocks(mine, first_columns, first_rows))
        above += size * len(mine.territories)
    money, matrix = money_unit(blocks), _matrix(placed, leading)
    matrix = replace(matrix, cost=matrix.cost / money, constant=renewed_anyway(instance) / money)
    if hours is not None:
        given = np.array(hours, np.float64).reshape(x.shape)
        matrix.least[x] = matrix.most[x] = given
    return Program(
        instance=instance,
        money=money,
        matrix=matrix,
        x=x,
        blocks=tuple(placed),
        leading=leads,
    )


def money_unit(blocks: Iterable[Stamped]) -> float:
    """The power of ten of the currency at or above the largest coefficient of the objective."""
    largest = max((float(mine.cost.distinct.max(initial=0.0)) for mine in blocks), default=0.0)
    return 10.0 ** math.ceil(math.log10(largest)) if largest > 0 else 1.0


def renewed_anyway(instance: Instance) -> float:
    """What renews whatever is done, in the plan's currency."""
    return math.fsum(m.base for territory in instance.territories for m in territory.renewing)


def _columns(instance: Instance, blocks: Sequence[Stamped]) -> tuple[Integers, list[Integers]]:
    """The columns of hours by row and step, and by block the first column of each territory."""
    x = np.zeros((len(instance.rows), instance.steps), np.int32)
    places, columns = [], 0
    for mine in blocks:
        size, many = mine.declared.columns, len(mine.territories)
        first = columns + size * np.arange(many, dtype=np.int32)
        rows = np.array([instance.territories[k].rows for k in mine.territories], np.int32)
        of_hours = np.arange(rows.shape[1] * instance.steps, dtype=np.int32)
        x[rows.ravel()] = (first[:, None] + of_hours).reshape(-1, instance.steps)
        places.append(first)
        columns += size * many
    return x, places


def _matrix(blocks: Sequence[Blocks], leading: Sequence[Rows]) -> Matrix:
    """The rows of both, maximizing in the plan's currency; columns are 0 or more."""
    declared = [(mine.stamped, mine.stamped.declared) for mine in blocks]
    sizes = [np.tile(np.diff(shape.start), len(mine.territories)) for mine, shape in declared]
    index = [(mine.first_columns[:, None] + mine.stamped.declared.index).ravel() for mine in blocks]
    most = _joined(mine.most.joined for mine, _ in declared)
    return Matrix(
        maximize=True,
        cost=_joined(mine.cost.joined for mine, _ in declared),
        constant=0.0,
        least=np.zeros(len(most)),
        most=most,
        start=np.cumsum(_joined([[0], *(np.diff(rows.start) for rows in leading), *sizes])).astype(
            np.int32
        ),
        index=_joined([*(rows.index for rows in leading), *index]).astype(np.int32),
        value=_joined([*(rows.value for rows in leading), *(m.value.joined for m, _ in declared)]),
        row_least=_joined(
            [*(rows.least for rows in leading), *(m.row_least.joined for m, _ in declared)]
        ),
        row_most=_joined([*(rows.most for rows in leading), *(m.row_most.joined for m, _ in declared)]),
    )


def _joined(arrays: Iterable[npt.ArrayLike]) -> npt.NDArray[Any]:
    listed = list(arrays)
    return np.concatenate(listed) if listed else np.zeros(0)
