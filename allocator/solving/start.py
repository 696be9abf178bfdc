"""Where solving a plan's programme starts: where its optimum may be."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from allocator.errors import InfeasibleError, SolverError
from allocator.instance import Instance
from allocator.parts import Part, part_of
from allocator.program import InBlocks, Program
from allocator.program.one_step import Statuses, as_in_one_step
from allocator.solving import highs
from allocator.solving.settings import Clock, Settings
from allocator.solving.solution import IDLE, SPENT, Solution, packed


@dataclass(frozen=True)
class Fixed:
    """Hours (row × step) that are held as they are, and the territories whose pipelines they drain."""

    hours: Sequence[Sequence[float]]
    drained: Collection[int]

    @property
    def in_one(self) -> list[list[float]]:
        """The same hours in one step."""
        return [[math.fsum(in_steps)] for in_steps in self.hours]


def start_of(
    case: InBlocks,
    program: Program,
    settings: Settings,
    clock: Clock,
    fixed: Fixed | None = None,
) -> highs.Start | None:
    """A start for the case's `program`: its optimum in one step, or in one step what is guessed.

    None where there is neither, and with CBC. `fixed`: what the programme holds fixed. Nothing depends
    on how near the start is but the time that it takes from there: on plans by week, a third of what it
    takes from nothing.
    """
    if settings.solver != "highs":
        return None
    if case.one_step is None:
        return _guessed(case, program) if case.guess and fixed is None else None
    held = () if fixed is None else (fixed.in_one, fixed.drained)
    one = case.one_step.program(*held)
    near = start_of(case.one_step, one, settings, clock, fixed)
    try:
        found = highs.solve(one.matrix, clock.left, near)
    except InfeasibleError:
        return None
    columns, rows = as_in_one_step(program, one, *_statuses(found), otherwise=IDLE)
    return highs.guessed(columns.tolist(), rows.tolist())


def with_guess(case: InBlocks) -> InBlocks:
    """The same with a guess of the optimum in one step, from one territory of each shape alone."""
    if case.one_step is not None:
        return replace(case, one_step=with_guess(case.one_step))
    alone = (case.part(_alone(case.instance, blocks.territories[0])) for blocks in case.blocks)
    return replace(case, guess=tuple(_optimum(one.program()) for one in alone))


def _alone(whole: Instance, k: int) -> Part:
    """One territory with the hours that reps spend there today."""
    part = part_of(whole, (k,))
    rows = part.instance.rows
    reps = tuple(
        replace(rep, capacity=math.fsum(rows[i].today for i in rep.rows)) for rep in part.instance.reps
    )
    return replace(part, instance=replace(part.instance, reps=reps))


def _optimum(program: Program) -> tuple[Statuses, Statuses]:
    """Where a block of one territory stands in the optimum; idle where there is none."""
    place = program.place(0)
    try:
        columns, rows = _statuses(highs.solve(program.matrix, None))
    except (InfeasibleError, SolverError):
        columns = np.zeros(program.columns, np.uint8)
        rows = np.full(len(program.matrix.row_least), IDLE, np.uint8)
    return columns[place.first_column :], rows[place.first_row :]


def _guessed(case: InBlocks, program: Program) -> highs.Start:
    """All territories of a shape as the one that was looked at; reps spend all of their hours."""
    bounds = len(program.leading) - len(case.instance.reps)
    columns, rows = [], [[SPENT] * len(case.instance.reps), [IDLE] * bounds]
    for blocks, (by_column, by_row) in zip(case.blocks, case.guess, strict=True):
        columns += [by_column.tolist()] * len(blocks.territories)
        rows += [by_row.tolist()] * len(blocks.territories)
    return highs.guessed(list(chain(*columns)), list(chain(*rows)))


def _statuses(found: Solution) -> tuple[Statuses, Statuses]:
    columns, rows = (np.frombuffer(at, np.uint8) for at in packed(found.basis))
    return columns, rows
