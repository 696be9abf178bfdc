"""A linear programme's optimum in exact rational arithmetic, from the vertex that a solver ended at.

Every float is a rational number, so the programme that the solver was given has an exact optimum.
The solver's basis is only a hint: the vertex, its prices and every further step (Bland's rule,
which ends) are computed in `fractions`, and the result is optimal because both are feasible, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import highspy
import numpy as np

from allocator.arrays import Floats
from allocator.program.matrix import Matrix

Vector = dict[int, Fraction]
MOST_STEPS = 400


@dataclass
class _Vertex:
    """Columns are the programme's, then one slack per row: A·z − s = 0, all within bounds.

    `basic` are the basic columns, in some order; `at` is the value that each other one is held at.
    """

    columns: list[Vector]
    cost: list[Fraction]
    least: list[Fraction | None]
    most: list[Fraction | None]
    basic: list[int]
    at: dict[int, Fraction]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.basic)


def exact_optimum(matrix: Matrix, basis: highspy.HighsBasis) -> Fraction | None:
    """The exact optimum of the objective; None where Bland's rule takes too long to get there."""
    vertex = _vertex(matrix, basis)
    for _ in range(MOST_STEPS):
        values = _values(vertex)
        prices = _prices(vertex)
        reduced = {j: vertex.cost[j] - _dot(prices, vertex.columns[j]) for j in vertex.at}
        broken = [j for j in sorted(vertex.basic) if _outside(vertex, j, values[j])]
        if broken:
            if any(_improves(vertex, j, d) for j, d in reduced.items()):
                return None
            if not _dual_step(vertex, values, reduced, broken[0]):
                return None
            continue
        better = [j for j in sorted(vertex.at) if _improves(vertex, j, reduced[j])]
        if not better:
            total = sum((vertex.cost[j] * v for j, v in (values | vertex.at).items()), Fraction())
            return (total if matrix.maximize else -total) + Fraction(matrix.constant)
        _primal_step(vertex, values, better[0], reduced[better[0]])
    return None


def _vertex(matrix: Matrix, basis: highspy.HighsBasis) -> _Vertex:
    rows, wide = len(matrix.row_least), len(matrix.cost)
    columns: list[Vector] = [{} for _ in range(wide)]
    for row, column, value in zip(matrix.row_of, matrix.index, matrix.value, strict=True):
        if value:
            columns[int(column)][int(row)] = Fraction(float(value))
    columns += [{row: Fraction(-1)} for row in range(rows)]
    sign = 1 if matrix.maximize else -1
    least = _bounds(np.concatenate((matrix.least, matrix.row_least)))
    most = _bounds(np.concatenate((matrix.most, matrix.row_most)))
    kind = highspy.HighsBasisStatus
    basic, at = [], {}
    for j, status in enumerate((*basis.col_status, *basis.row_status)):
        low, high = least[j], most[j]
        if status == kind.kBasic:
            basic.append(j)
        elif status == kind.kUpper and high is not None:
            at[j] = high
        else:
            at[j] = low if low is not None else high if high is not None else Fraction()
    cost = [sign * Fraction(float(c)) for c in matrix.cost] + [Fraction()] * rows
    return _Vertex(columns, cost, least, most, basic, at)


def _bounds(values: Floats) -> list[Fraction | None]:
    return [Fraction(float(v)) if np.isfinite(v) else None for v in values]


def _values(vertex: _Vertex) -> dict[int, Fraction]:
    right: Vector = {}
    for j, value in vertex.at.items():
        if value:
            for row, entry in vertex.columns[j].items():
                right[row] = right.get(row, Fraction()) - entry * value
    equations: list[Vector] = [{} for _ in range(vertex.rows)]
    for place, j in enumerate(vertex.basic):
        for row, entry in vertex.columns[j].items():
            equations[row][place] = entry
    solved = _solved(equations, [right.get(row, Fraction()) for row in range(vertex.rows)])
    return dict(zip(vertex.basic, solved, strict=True))


def _prices(vertex: _Vertex) -> list[Fraction]:
    return _solved(
        [dict(vertex.columns[j]) for j in vertex.basic], [vertex.cost[j] for j in vertex.basic]
    )


def _solved(equations: list[Vector], right: list[Fraction]) -> list[Fraction]:
    """The solution of a square system, by elimination from the sparsest equation on."""
    equations, order = [dict(e) for e in equations], []
    left = set(range(len(equations)))
    while left:
        at = min(left, key=lambda row: (len(equations[row]), row))
        left.remove(at)
        pivot = min(equations[at])
        order.append((at, pivot))
        for row in left:
            if pivot in equations[row]:
                factor = equations[row].pop(pivot) / equations[at][pivot]
                right[row] -= factor * right[at]
                for column, entry in equations[at].items():
                    if column != pivot:
                        value = equations[row].get(column, Fraction()) - factor * entry
                        equations[row][column] = value
                        if not value:
                            del equations[row][column]
    found: Vector = {}
    for at, pivot in reversed(order):
        known = sum((e * found[c] for c, e in equations[at].items() if c != pivot), Fraction())
        found[pivot] = (right[at] - known) / equations[at][pivot]
    return [found[place] for place in range(len(equations))]


def _dot(prices: list[Fraction], column: Vector) -> Fraction:
    return sum((prices[row] * entry for row, entry in column.items()), Fraction())


def _outside(vertex: _Vertex, j: int, value: Fraction) -> bool:
    least, most = vertex.least[j], vertex.most[j]
    return (least is not None and value < least) or (most is not None and value > most)


def _improves(vertex: _Vertex, j: int, reduced: Fraction) -> bool:
    """Whether moving a held column off its bound would raise the objective."""
    least, most, at = vertex.least[j], vertex.most[j], vertex.at[j]
    return (reduced > 0 and at != most) or (reduced < 0 and at != least)


def _along(vertex: _Vertex, entering: int) -> dict[int, Fraction]:
    """How the basic values fall for each unit more of the entering column."""
    equations: list[Vector] = [{} for _ in range(vertex.rows)]
    for place, j in enumerate(vertex.basic):
        for row, entry in vertex.columns[j].items():
            equations[row][place] = entry
    right = [vertex.columns[entering].get(row, Fraction()) for row in range(vertex.rows)]
    return dict(zip(vertex.basic, _solved(equations, right), strict=True))


def _primal_step(vertex: _Vertex, values: dict[int, Fraction], entering: int, reduced: Fraction) -> None:
    way = 1 if reduced > 0 else -1
    limits: list[tuple[Fraction, int, Fraction]] = []
    own = vertex.most[entering] if way > 0 else vertex.least[entering]
    if own is not None:
        limits.append((abs(own - vertex.at[entering]), entering, own))
    for j, falls in _along(vertex, entering).items():
        bound = vertex.least[j] if way * falls > 0 else vertex.most[j]
        if falls and bound is not None:
            limits.append((abs((values[j] - bound) / falls), j, bound))
    _, leaving, bound = min(limits)
    _exchange(vertex, entering, leaving, bound)


def _dual_step(
    vertex: _Vertex, values: dict[int, Fraction], reduced: dict[int, Fraction], leaving: int
) -> bool:
    """Take a broken column to its bound; false where no column can make up for it."""
    least = vertex.least[leaving]
    low = least is not None and values[leaving] < least
    bound = least if low else vertex.most[leaving]
    assert bound is not None
    ratios = []
    for j in vertex.at:
        slope = -_along(vertex, j)[leaving] * (1 if low else -1)
        can = (slope > 0 and vertex.at[j] != vertex.most[j]) or (
            slope < 0 and vertex.at[j] != vertex.least[j]
        )
        if slope and can:
            ratios.append((abs(reduced[j] / slope), j))
    if not ratios:
        return False
    _exchange(vertex, min(ratios)[1], leaving, bound)
    return True


def _exchange(vertex: _Vertex, entering: int, leaving: int, bound: Fraction) -> None:
    if entering != leaving:
        vertex.basic[vertex.basic.index(leaving)] = entering
        del vertex.at[entering]
    vertex.at[leaving] = bound
