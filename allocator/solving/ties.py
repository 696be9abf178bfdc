"""Of all optima of a programme, one that is settled by the model and not by the solver."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from allocator.arrays import Floats
from allocator.errors import InfeasibleError
from allocator.program import Program
from allocator.solving import highs
from allocator.solving.optimum import SolvedProgram
from allocator.solving.settings import Clock

PRICED = 1e-9
"""A reduced cost or a dual of less, in the programme's money, is none."""


def credited_in_order(found: SolvedProgram, clock: Clock) -> SolvedProgram:
    """The same optimum with revenue credited, where it could be to several areas, to the first of them.

    With areas in the model's order, Σ_a 2^(−a)·(revenue credited to a) is maximized over all optima.
    Those are, by complementary slackness, whatever keeps the limits and leaves each column with a
    reduced cost, and each row with a dual, where it stands. HiGHS does this, whichever solver found
    the optimum.
    """
    matrix, solution = found.matrix, found.solution
    values, activity = solution.values, matrix.activity(solution.values)
    held = np.abs(matrix.cost - matrix.priced(solution.duals)) > PRICED
    tight = np.abs(solution.duals) > PRICED
    optima = replace(
        matrix,
        cost=matrix.cost * _preference(found.program),
        least=np.where(held, values, matrix.least),
        most=np.where(held, values, matrix.most),
        row_least=np.where(tight, activity, matrix.row_least),
        row_most=np.where(tight, activity, matrix.row_most),
    )
    start = highs.Start(solution.basis) if solution.basis is not None else None
    try:
        chosen = highs.solve(optima, clock.left, start)
    except InfeasibleError:  # the optimum itself is off by rounding
        return found
    return replace(found, solution=replace(solution, values=chosen.values))


def _preference(program: Program) -> Floats:
    """2^(−a) for the columns that earn revenue for the model's area number a, 0 for the others."""
    weight = {area: 0.5**at for at, area in enumerate(program.instance.model.areas)}
    preference = np.zeros(program.columns)
    for k, territory in enumerate(program.instance.territories):
        mine = program.variables(k)
        for source, by_step in zip(territory.sources, mine.w, strict=True):
            for var in (var for by_depth in by_step for var in by_depth):
                preference[var] = weight[source.area]
        for renewing, by_step in zip(territory.renewing, mine.g, strict=True):
            for var in (var for by_segment in by_step for var in by_segment):
                preference[var] = weight[renewing.area]
    return preference
