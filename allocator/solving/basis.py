"""Where the columns and rows of a programme stand at a vertex, kept in a byte for each.

HiGHS's own record hands out a Python object for each of them, which takes longer than many a step from
one vertex to the next. Which are basic its simplex method tells as an array; the others stand at a
bound, and their values say at which.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from allocator.arrays import Floats, Integers
from allocator.program.matrix import Matrix
from allocator.program.one_step import Statuses

Status = highspy.HighsBasisStatus
LOWER, IDLE, SPENT, FREE = map(int, (Status.kLower, Status.kBasic, Status.kUpper, Status.kZero))
"""At its least; between its bounds, so that a row holds nothing back; at its most, so that nothing is
left; at 0, where it has no bounds."""
STATUSES = np.array([Status(number) for number in range(5)], dtype=object)


@dataclass(frozen=True, eq=False)
class Basis:
    """The status of each column, then of each row, as HiGHS numbers them."""

    columns: Statuses
    rows: Statuses

    def fits(self, matrix: Matrix) -> bool:
        """Whether a programme has as many columns and rows."""
        return (len(matrix.cost), len(matrix.row_least)) == (len(self.columns), len(self.rows))

    def handed_over(self, certain: bool = True) -> highspy.HighsBasis:
        """The same for HiGHS, which makes sure that it is a vertex unless that is `certain`."""
        basis = highspy.HighsBasis()
        basis.col_status = STATUSES[self.columns].tolist()
        basis.row_status = STATUSES[self.rows].tolist()
        basis.valid, basis.alien = True, not certain
        return basis


def basis_of(free: highspy.Highs, matrix: Matrix, values: Floats, activity: Floats) -> Basis:
    """Where HiGHS stopped in `matrix`: the values of its columns, the activities of its rows.

    What can have one value only stands at its least; in HiGHS's own record, which is read where it has
    no factors of a basis, it may stand at its most.
    """
    if not has_factors(free, matrix):
        record = free.getBasis()
        return Basis(
            *(np.array(list(map(int, at)), np.uint8) for at in (record.col_status, record.row_status))
        )
    basic: Integers = np.asarray(free.getBasicVariables()[1], np.int32)
    columns = _at_bounds(values, matrix.least, matrix.most)
    rows = _at_bounds(activity, matrix.row_least, matrix.row_most)
    columns[basic[basic >= 0]] = IDLE
    rows[-1 - basic[basic < 0]] = IDLE
    return Basis(columns, rows)


def has_factors(free: highspy.Highs, matrix: Matrix) -> bool:
    """Whether HiGHS, at an optimum of `matrix`, has the factors of its basis.

    It has where its simplex method solved the programme as it is, and not where it presolved it, solved
    it by another method, or saw that no row says anything. Asked for what it would need them for, it may
    then end the process.
    """
    by = [free.getOptionValue(name)[1] for name in ("solver", "presolve")]
    return by == ["simplex", "off"] and len(matrix.value) > 0


def _at_bounds(values: Floats, least: Floats, most: Floats) -> Statuses:
    """At which of its bounds each value is, if it is at one."""
    with np.errstate(invalid="ignore"):  # endless on both sides
        upper = (least < most) & (most - values < values - least)
    statuses = np.where(upper, np.uint8(SPENT), np.uint8(LOWER))
    statuses[np.isinf(least) & np.isinf(most)] = FREE
    return statuses
