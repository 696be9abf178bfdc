"""Where solving a plan's programme starts: where its optimum may be."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocator.arrays import Floats
from allocator.errors import InfeasibleError
from allocator.parts import Part, part_of, parts
from allocator.program import Guess, InBlocks, Program, with_hours_priced
from allocator.program.block import Declaration
from allocator.program.one_step import Statuses, as_in_one_step
from allocator.program.programme import Blocks
from allocator.solving import highs
from allocator.solving.basis import IDLE, SPENT
from allocator.solving.settings import Clock, Settings
from allocator.solving.solution import Solution

Hours = Sequence[Sequence[float]]

LOOKED_AT = 10
"""Territories, or so, whose optimum shows where that of others may be."""


@dataclass(frozen=True)
class Fixed:
    """Hours (row × step) that are held as they are, and the territories whose pipelines they drain."""

    hours: Hours
    drained: Collection[int]

    @property
    def in_one_step(self) -> Fixed:
        """The same hours in one step."""
        return replace(self, hours=[[math.fsum(in_steps)] for in_steps in self.hours])

    def held_in(self, case: InBlocks) -> Program:
        """The programme of a case with these hours."""
        return case.program(self.hours, self.drained)


@dataclass(frozen=True)
class Prices:
    """Prices on the hours of some reps (by number), by step and in the plan's currency."""

    of_reps: Mapping[int, Floats]

    @property
    def in_one_step(self) -> Prices:
        """About the same in one step."""
        return Prices({r: np.mean(by_step, keepdims=True) for r, by_step in self.of_reps.items()})

    def held_in(self, case: InBlocks) -> Program:
        """The programme of a case less what these hours cost."""
        return with_hours_priced(case.program(), self.of_reps)


def start_of(
    case: InBlocks,
    program: Program,
    settings: Settings,
    clock: Clock,
    held: Fixed | Prices | None = None,
) -> highs.Start | None:
    """A start for the case's `program`: what is guessed, or its optimum in one step.

    None where there is neither, and with CBC. `held`: what the programme holds fixed, or the prices that
    are in its costs. Nothing depends on how near the start is but the time that it takes from there: on
    plans by week, a third of what it takes from nothing.
    """
    if settings.solver != "highs":
        return None
    if case.guess is not None and case.guess.fixed == isinstance(held, Fixed):
        return _guessed(case.guess, program)
    if case.one_step is None:
        return None
    in_one = None if held is None else held.in_one_step
    one = in_one.held_in(case.one_step) if in_one else case.one_step.program()
    near = start_of(case.one_step, one, settings, clock, in_one)
    try:
        found = highs.solve(one.matrix, clock.left, near)
    except InfeasibleError:
        return None
    columns, rows = as_in_one_step(program, one, *_statuses(found), otherwise=IDLE)
    return highs.guessed(columns, rows)


def with_guess(
    case: InBlocks,
    batches: Sequence[Part],
    settings: Settings,
    clock: Clock,
    hours: Hours | None = None,
) -> InBlocks:
    """The same with a guess of the optimum: as in the most usual territory of some batches.

    It is of the optimum in one step, but where `hours` (row × step) are fixed: without those to divide,
    territories are alike enough in every step.
    """
    if case.one_step is not None and hours is None:
        return replace(case, one_step=with_guess(case.one_step, batches, settings, clock))
    part = part_of(case.instance, _some(batches))
    here = case.part(part)
    held = None if hours is None else Fixed([hours[i] for i in part.rows], ())
    program = held.held_in(here) if held else here.program()
    try:
        start = start_of(here, program, settings, clock, held)
        statuses = _statuses(highs.solve(program.matrix, clock.left, start))
    except InfeasibleError:
        return case
    usual = {
        id(mine.declared): _usual(it, *statuses)
        for mine, it in zip(here.blocks, program.blocks, strict=True)
    }
    solved = case.blocks if hours is None else case.at_fixed_hours
    of_blocks = tuple(
        usual.get(id(mine.declared)) or _idle(it.declared)
        for mine, it in zip(case.blocks, solved, strict=True)
    )
    return replace(case, guess=Guess(of_blocks, hours is not None))


def _some(batches: Sequence[Part]) -> tuple[int, ...]:
    """The first territories, or so many of them as share no rep with others."""
    some: list[int] = []
    for batch in batches:
        for part in parts(batch.instance):
            some += (batch.territories[k] for k in part.territories)
            if len(some) >= LOOKED_AT:
                return tuple(sorted(some))
    return tuple(sorted(some))


def _idle(declared: Declaration) -> tuple[Statuses, Statuses]:
    """No guess: variables at 0, rows that hold nothing back."""
    return np.zeros(declared.columns, np.uint8), np.full(len(declared.limits), IDLE, np.uint8)


def _usual(blocks: Blocks, columns: Statuses, rows: Statuses) -> tuple[Statuses, Statuses]:
    """Where the columns and rows stand of the territory of a shape that is basic most where others are.

    What is usual for each of them alone would be no vertex at all, and take twice as long from there.
    """
    declared = blocks.stamped.declared
    of_columns = columns[blocks.first_columns[:, None] + np.arange(declared.columns)]
    of_rows = rows[blocks.first_rows[:, None] + np.arange(len(declared.limits))]
    basic = np.concatenate((of_columns, of_rows), axis=1) == IDLE
    as_many = np.where(basic, basic.sum(axis=0), (~basic).sum(axis=0))
    best = int(np.argmax(as_many.sum(axis=1)))
    return of_columns[best], of_rows[best]


def _guessed(guess: Guess, program: Program) -> highs.Start:
    """All territories of a shape as is usual; reps spend all of the hours that they have."""
    reps = min(program.leading, len(program.instance.reps))
    limits = program.matrix.row_most[:reps]
    of_reps = np.where(np.isinf(limits), IDLE, SPENT).astype(np.uint8)
    columns, rows = [], [of_reps, np.full(program.leading - reps, IDLE, np.uint8)]
    for blocks, (by_column, by_row) in zip(program.blocks, guess.of_blocks, strict=True):
        count = len(blocks.stamped.territories)
        columns.append(np.tile(by_column, count))
        rows.append(np.tile(by_row, count))
    return highs.guessed(np.concatenate(columns), np.concatenate(rows))


def _statuses(found: Solution) -> tuple[Statuses, Statuses]:
    return found.vertex.columns, found.vertex.rows
