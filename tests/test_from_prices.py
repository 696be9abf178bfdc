"""Optima from vertices best with prices on some limits: by hand, and beside those from nothing."""

from dataclasses import replace

import numpy as np
import pytest

from allocator.errors import InfeasibleError, SolverError
from allocator.program.matrix import Matrix, rows_of
from allocator.solving import from_prices, highs, sifting
from allocator.solving.basis import IDLE
from allocator.solving.from_prices import Priced, solve
from allocator.solving.solver import DUAL_SIMPLEX, loaded


def program(worth, most, own, shared):
    """Maximize Σ worth × hours, each at most `most` and Σ over each of `own` its side; one limit last.

    `own` has (columns, side) of the limits that are a part's own, `shared` the side of the one on all.
    """
    columns, free = (
        len(worth),
        Matrix(
            maximize=True,
            cost=np.array(worth, float),
            constant=0.0,
            least=np.zeros(len(worth)),
            most=np.array(most, float),
            start=np.zeros(1, np.int32),
            index=np.zeros(0, np.int32),
            value=np.zeros(0),
            row_least=np.zeros(0),
            row_most=np.zeros(0),
        ),
    )
    of_rows = [*(mine for mine, _ in own), list(range(columns))]
    sides = np.array([*(side for _, side in own), shared], float)
    return free.with_rows(
        rows_of(
            [len(mine) for mine in of_rows],
            np.concatenate([np.array(mine, np.int32) for mine in of_rows]),
            np.ones(sum(map(len, of_rows))),
            np.full(len(sides), -np.inf),
            sides,
        )
    )


def priced(matrix, price):
    """Where its columns and rows stand with a price on the last row in its place."""
    last = len(matrix.row_least) - 1
    mine = matrix.index[matrix.start[last] : matrix.start[last + 1]]
    cost = matrix.cost.copy()
    cost[mine] -= price * matrix.value[matrix.start[last] : matrix.start[last + 1]]
    most = matrix.row_most.copy()
    most[last] = np.inf
    alone = replace(matrix, cost=cost, row_most=most)
    found = highs.solve(alone, None)
    assert found.vertex.rows[last] == IDLE
    return Priced(found.vertex, np.array([last], np.int32), np.array([float(price)]), found.duals)


# Two parts: of 8 and 6 in the first, 10 hours; of 5 and 3 in the second, 10 hours.
TWO = {"worth": [8, 6, 5, 3], "most": [6, np.inf, 7, np.inf], "own": [([0, 1], 10), ([2, 3], 10)]}


@pytest.mark.parametrize("price", [0.5, 2.0, 4.0, 5.5, 7.0, 100.0])
@pytest.mark.parametrize(
    ("shared", "values", "dual"),
    [(5, [5, 0, 0, 0], 8), (8, [6, 2, 0, 0], 6), (14, [6, 4, 4, 0], 5), (19, [6, 4, 7, 2], 3)],
)
def test_the_optimum_and_its_dual_whatever_the_price_was(price, shared, values, dual):
    matrix = program(**TWO, shared=shared)
    found = solve(matrix, priced(matrix, price), None)
    assert found.values == pytest.approx(values)
    assert found.duals[-1] == pytest.approx(dual)


@pytest.fixture
def steps_taken(monkeypatch):
    """The simplex steps of each programme that HiGHS was given, as they come."""
    steps = []
    as_it_was = sifting.loaded

    def watched(*arguments, **options):
        solver, at = as_it_was(*arguments, **options), len(steps)
        run_for = solver.run_for
        steps.append(0)

        def counted(seconds):
            run_for(seconds)
            steps[at] += solver.getInfo().simplex_iteration_count

        monkeypatch.setattr(solver, "run_for", counted)
        return solver

    monkeypatch.setattr(sifting, "loaded", watched)
    return steps


def test_steps_are_counted(steps_taken):
    """Those with prices, and those that are left once what is not worth its price is let go."""
    counted = []
    for shared in (14, 30):
        matrix = program(**TWO, shared=shared)
        counted.append(solve(matrix, priced(matrix, 7.0), None).steps)
    assert counted == steps_taken
    assert min(counted) > 0


@pytest.mark.parametrize("price", [0.0, 1.0, 100.0])
def test_a_limit_that_is_not_reached_is_let_go(price):
    """All that may be had is less than the limit: it holds nothing back, whatever its price was."""
    matrix = program(**TWO, shared=30)
    found = solve(matrix, priced(matrix, price), None)
    assert found.values == pytest.approx([6, 4, 7, 3])
    assert found.duals[-1] == 0


def test_a_limit_that_is_just_reached():
    matrix = program(**TWO, shared=20)
    for price in (0.0, 1.0, 4.0):
        found = solve(matrix, priced(matrix, price), None)
        assert found.values == pytest.approx([6, 4, 7, 3])
        _is_a_vertex(matrix, found)


def _is_a_vertex(matrix, found):
    """As many basic as there are rows, and the solver agrees in no step."""
    basis = found.vertex
    assert np.sum(basis.columns == IDLE) + np.sum(basis.rows == IDLE) == len(matrix.row_least)
    again = loaded(matrix, DUAL_SIMPLEX)
    again.setBasis(basis.handed_over())
    again.run_for(None)
    assert again.getInfo().simplex_iteration_count == 0
    assert np.array(again.getSolution().col_value) == pytest.approx(found.values)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("little", [np.inf, 0.1, 0.0])
def test_as_from_nothing(monkeypatch, little, seed):
    """Programmes of a few parts and one limit, by chance: the optimum is the same, and a vertex.

    Whatever is left out at first, be it all that is not as good as what is used.
    """
    monkeypatch.setattr(from_prices, "MANY", 1)
    monkeypatch.setattr(from_prices, "LITTLE", little)
    chance = np.random.default_rng(seed)
    worth = chance.integers(1, 9, 12)
    own = [([at, at + 1, at + 2], chance.integers(2, 9)) for at in range(0, 12, 3)]
    matrix = program(worth, chance.integers(1, 6, 12), own, shared=int(chance.integers(1, 30)))
    found = solve(matrix, priced(matrix, float(chance.integers(0, 9))), None)
    assert found.objective == pytest.approx(highs.solve(matrix, None).objective)
    _is_a_vertex(matrix, found)


@pytest.fixture
def looked_at(monkeypatch):
    """How many columns HiGHS is given, each time that it is given some."""
    counts, as_it_was = [], sifting.loaded

    def watched(matrix, *arguments, **options):
        counts.append(len(matrix.cost))
        return as_it_was(matrix, *arguments, **options)

    monkeypatch.setattr(sifting, "loaded", watched)
    return counts


@pytest.mark.parametrize(
    ("little", "asked", "counts"),
    [
        # At 5.5 what earns 8 and what earns 3 are far from a change; one column is for the limit.
        (0.2, {"price": 5.5, "shared": 14}, [3]),
        # At 4 only what earns 6 may give way; the duals then say that what earns 5 should.
        (0.1, {"price": 4.0, "shared": 14}, [2, 3]),
        # As much as that is not used but by what earns 3.
        (0.2, {"price": 5.5, "shared": 19}, [3, 5]),
    ],
)
def test_what_is_far_from_a_change_is_left_out(monkeypatch, looked_at, little, asked, counts):
    """Unless the duals want it, or the limit can't be kept without."""
    monkeypatch.setattr(from_prices, "MANY", 1)
    monkeypatch.setattr(from_prices, "LITTLE", little)
    matrix = program(**TWO, shared=asked["shared"])
    found = solve(matrix, priced(matrix, asked["price"]), None)
    assert found.objective == pytest.approx(highs.solve(matrix, None).objective)
    assert looked_at == counts
    _is_a_vertex(matrix, found)


@pytest.mark.parametrize("maximize", [True, False])
def test_what_becomes_worth_more_is_looked_at(monkeypatch, looked_at, maximize):
    """Of the limit the second takes a tenth of what the first does: the dearer it is, the better."""
    monkeypatch.setattr(from_prices, "MANY", 1)
    matrix = program(worth=[8, 4], most=[np.inf, np.inf], own=[([0, 1], 10)], shared=5)
    matrix.value[-1] = 0.1
    start = priced(matrix, 4.0)
    if not maximize:
        matrix = replace(matrix, maximize=False, cost=-matrix.cost)
        start = replace(start, prices=-start.prices, duals=-start.duals)
    found = solve(matrix, start, None)
    assert found.values == pytest.approx([40 / 9, 50 / 9])
    assert looked_at == [2, 3]
    _is_a_vertex(matrix, found)


def test_with_few_limits_all_is_looked_at(looked_at):
    matrix = program(**TWO, shared=14)
    solve(matrix, priced(matrix, 4.0), None)
    assert looked_at == [5]


@pytest.mark.parametrize(("times", "from_nothing"), [(1, 0), (2, 1)])
def test_figures_with_too_much_rounding_in_them_are_worked_out_anew(monkeypatch, times, from_nothing):
    """What breaks limits by rounding alone is not looked for from nothing, which takes long."""
    matrix, read, asked = program(**TWO, shared=14), [], []
    start, as_read, as_solved = priced(matrix, 100.0), from_prices._found, highs.solve

    def rounded(*arguments):
        found = as_read(*arguments)
        read.append(found)
        return replace(found, values=found.values * (1 + 1e-5)) if len(read) <= times else found

    def watched(*arguments):
        asked.append(arguments)
        return as_solved(*arguments)

    monkeypatch.setattr(from_prices, "_found", rounded)
    monkeypatch.setattr(highs, "solve", watched)
    assert solve(matrix, start, None).values == pytest.approx([6, 4, 4, 0], rel=1e-9)
    assert (len(read), len(asked)) == (2, from_nothing)


def test_what_nothing_keeps_is_said_to_be_impossible():
    matrix = program(**TWO, shared=8)
    matrix = replace(matrix, least=np.array([5.0, 0, 5, 0]))
    with pytest.raises(InfeasibleError):
        solve(matrix, priced(matrix, 4.0), None)


def test_out_of_time():
    matrix = program(**TWO, shared=8)
    with pytest.raises(SolverError, match="time limit"):
        solve(matrix, priced(matrix, 4.0), 0.0)
