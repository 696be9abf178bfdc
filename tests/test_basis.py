"""Where a programme stopped: as HiGHS itself records it, and a vertex to go on from."""

from dataclasses import replace

import highspy
import numpy as np
import pytest
from plans import MONTHS, PATIENT, SALES, SMALL, case_of

from allocator.program import build, fewest_moves
from allocator.program.matrix import Matrix, rows_of
from allocator.solving import highs
from allocator.solving.basis import FREE, IDLE, LOWER, SPENT, Basis
from allocator.solving.optimum import solved
from allocator.solving.settings import Settings
from allocator.solving.solver import DUAL_SIMPLEX, PRIMAL_SIMPLEX, loaded

COLUMNS = 60


def sides_of_all_kinds(chance):
    """Maximize by chance: columns and rows with one side, with two, with the same twice, and without."""
    free = Matrix(
        maximize=True,
        cost=chance.normal(size=COLUMNS),
        constant=0.0,
        least=np.where(chance.random(COLUMNS) < 0.5, 0.0, -3.0),
        most=np.full(COLUMNS, 5.0),
        start=np.zeros(1, np.int32),
        index=np.zeros(0, np.int32),
        value=np.zeros(0),
        row_least=np.zeros(0),
        row_most=np.zeros(0),
    )
    free.most[:5] = free.least[:5]
    free.least[5:8], free.most[5:8], free.cost[5:8] = -np.inf, np.inf, 0.0
    of_rows = [chance.choice(COLUMNS, 6, replace=False) for _ in range(30)]
    least, most = np.full(30, -np.inf), chance.uniform(1.0, 4.0, 30)
    least[:8] = most[:8] = 0.5
    least[8:16] = -1.0
    most[16:20] = np.inf
    least[16:20] = -6.0
    return free.with_rows(
        rows_of(
            [6] * 30,
            np.concatenate(of_rows).astype(np.int32),
            chance.uniform(0.5, 2.0, 180),
            least,
            most,
        )
    )


def stopped(matrix, strategy=DUAL_SIMPLEX, presolve="off", solver="simplex"):
    """HiGHS at the optimum, and the basis that was read there."""
    free = loaded(matrix, strategy, presolve)
    free.setOptionValue("solver", solver)
    free.run_for(None)
    assert free.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return free, highs._solution(matrix, free).vertex


def recorded(free, matrix):
    """HiGHS's own record; what can have one value only stands at its least."""
    record = free.getBasis()
    columns, rows = (np.array(list(map(int, at))) for at in (record.col_status, record.row_status))
    columns[(matrix.least == matrix.most) & (columns != IDLE)] = LOWER
    rows[(matrix.row_least == matrix.row_most) & (rows != IDLE)] = LOWER
    return columns.tolist(), rows.tolist()


@pytest.mark.parametrize("strategy", [PRIMAL_SIMPLEX, DUAL_SIMPLEX])
@pytest.mark.parametrize("seed", range(8))
def test_as_highs_records_it(seed, strategy):
    matrix = sides_of_all_kinds(np.random.default_rng(seed))
    free, basis = stopped(matrix, strategy)
    assert (basis.columns.tolist(), basis.rows.tolist()) == recorded(free, matrix)
    for status in (LOWER, IDLE, SPENT):
        assert status in basis.columns
        assert status in basis.rows


@pytest.mark.parametrize("way", [{}, {"presolve": "on"}, {"solver": "ipm"}])
@pytest.mark.parametrize("model", [SALES, MONTHS], ids=["steady", "months"])
@pytest.mark.parametrize("moves", [False, True])
def test_nothing_is_left_to_do_from_there(way, model, moves):
    """A plan's programmes, solved in each way: the same optimum again, in no step."""
    program = build(case_of(SMALL, model))
    if moves:
        revenue = solved(program, Settings(), PATIENT).revenue
        program = fewest_moves(program, revenue * (1 - 1e-3))
    matrix = program.matrix
    free, basis = stopped(matrix, **way)
    again = loaded(matrix, DUAL_SIMPLEX)
    again.setBasis(basis.handed_over())
    again.run_for(None)
    optimum = free.getInfo().objective_function_value
    assert again.getInfo().objective_function_value == pytest.approx(optimum, rel=1e-9)
    assert again.getInfo().simplex_iteration_count == 0


def test_a_column_without_bounds_that_stays_at_nothing():
    """It stands at no bound, and is not basic."""
    matrix = sides_of_all_kinds(np.random.default_rng(1))
    alone = replace(
        matrix,
        cost=np.append(matrix.cost, 0.0),
        least=np.append(matrix.least, -np.inf),
        most=np.append(matrix.most, np.inf),
    )
    free, basis = stopped(alone)
    assert basis.columns[-1] == FREE
    assert basis.columns.tolist() == recorded(free, alone)[0]


@pytest.mark.parametrize("rows", [0, 3])
def test_rows_that_say_nothing(rows):
    """There is nothing for the simplex method to do, and HiGHS keeps no factors of a basis."""
    matrix = sides_of_all_kinds(np.random.default_rng(0))
    none = np.zeros(0, np.int32)
    empty = rows_of([0] * rows, none, np.zeros(0), np.full(rows, -np.inf), np.ones(rows))
    alone = replace(
        matrix,
        least=np.zeros(COLUMNS),
        most=np.full(COLUMNS, 5.0),
        start=np.zeros(1, np.int32),
        index=none,
        value=np.zeros(0),
        row_least=np.zeros(0),
        row_most=np.zeros(0),
    ).with_rows(empty)
    found = highs.solve(alone, None)
    assert found.values.tolist() == np.where(alone.cost > 0, 5.0, 0.0).tolist()
    assert found.vertex.rows.tolist() == [IDLE] * rows
    standing = highs.Standing(alone, highs.Start(found.vertex))
    assert standing.solve(alone, None).values.tolist() == found.values.tolist()
    assert standing.worth(alone.cost) is None


def test_a_basis_fits_programmes_of_its_size_only():
    matrix = sides_of_all_kinds(np.random.default_rng(0))
    _, basis = stopped(matrix)
    assert highs.where_one_ended(basis, matrix) is not None
    assert highs.where_one_ended(basis, matrix.with_row(matrix.cost)) is None
    assert highs.where_one_ended(Basis(basis.columns[1:], basis.rows), matrix) is None
    assert highs.where_one_ended(None, matrix) is None
