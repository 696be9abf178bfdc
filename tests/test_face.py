"""The fewest moves near the face of the best splits: the same as those of the programme as a whole."""

import math
from dataclasses import replace

import numpy as np
import pytest
from plans import PATIENT, overlaid_national
from whole import as_one

from allocator.apart import face, fewest_as_one
from allocator.apart.together import certified_best
from allocator.errors import OutOfTimeError, SolverError
from allocator.program import earning_at_least, in_blocks, moving
from allocator.program.matrix import Matrix
from allocator.solving import interior
from allocator.solving.optimum import solved
from allocator.solving.settings import Settings


@pytest.fixture
def differing(monkeypatch, small_batches):
    """With three such reps; every plan takes many steps here."""
    monkeypatch.setattr(fewest_as_one, "MANY", -math.inf)
    return overlaid_national(reps=3, steps=3)


@pytest.fixture
def on_face(monkeypatch):
    """The programmes that were solved near the face, as they come."""
    asked, as_it_was = [], interior.solve

    def watched(matrix, seconds):
        asked.append(matrix)
        return as_it_was(matrix, seconds)

    monkeypatch.setattr(interior, "solve", watched)
    return asked


@pytest.fixture
def no_other_way(monkeypatch):
    """Whoever solves the fewest moves as one programme, but for the plan in one step, fails."""
    as_it_was = fewest_as_one.FewestAsOne._from_prices

    def watched(self, weights, price):
        assert self._first.program.instance.steps == 1, "solved as one programme"
        return as_it_was(self, weights, price)

    monkeypatch.setattr(fewest_as_one.FewestAsOne, "_from_prices", watched)


@pytest.mark.usefixtures("no_other_way")
@pytest.mark.parametrize("stability", [1e-6, 0.002, 0.05])
def test_as_few_moves_as_in_the_whole(differing, on_face, stability):
    settings = Settings(stability=stability)
    (apart, best), (one, known) = (
        certified_best(differing, settings, PATIENT),
        as_one(differing, settings),
    )
    assert on_face
    assert best.optimum == pytest.approx(known.optimum, rel=1e-9)
    assert apart.outcome.moved == pytest.approx(one.outcome.moved, rel=5e-7)
    assert apart.outcome.revenue >= (1 - stability) * best.optimum * (1 - 1e-9)
    assert best.moves.gap < 5e-7
    again, _ = certified_best(differing, replace(settings, workers=2), PATIENT)
    assert again.outcome == apart.outcome


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize(("further", "times"), [(0, 0), (-1, 1)])
def test_after_many_steps_of_the_first_pass(on_face, solves_of_the_whole, monkeypatch, further, times):
    """After as many steps as are many, with the territories, it is as any other; after one more, so."""
    case = overlaid_national(reps=3, steps=3)
    certified_best(case, Settings(), PATIENT)
    one_step, _, by_step, _ = (found.solution.steps for found in solves_of_the_whole)
    assert by_step > one_step
    assert not on_face
    monkeypatch.setattr(fewest_as_one, "MANY", by_step - len(case.territories) + further)
    certified_best(case, Settings(), PATIENT)
    assert len(on_face) == times


@pytest.mark.usefixtures("small_batches", "no_other_way")
def test_what_should_not_be_held_is_let_go(on_face, monkeypatch):
    """Where too much is held at first, the batches show what they would use of it."""
    monkeypatch.setattr(fewest_as_one, "MANY", -math.inf)
    monkeypatch.setattr(face, "DEAR_COLUMN", 0.5)
    monkeypatch.setattr(face, "DEAR_LIMIT", 0.5)
    case = overlaid_national(reps=8, steps=3)
    found, _ = certified_best(case, Settings(), PATIENT)
    held = [int((asked.least == asked.most).sum()) for asked in on_face]
    assert len(held) > 1
    assert held == sorted(held, reverse=True)
    assert held[-1] < held[0]
    one, _ = as_one(case, Settings())
    assert found.outcome.moved == pytest.approx(one.outcome.moved, rel=5e-7)


@pytest.mark.usefixtures("small_batches", "no_other_way")
def test_what_is_used_at_prices_beside_is_let_go_first(on_face, monkeypatch):
    """At the price guessed alone, batches leave out what they use at the right one: a round more."""
    monkeypatch.setattr(fewest_as_one, "MANY", -math.inf)
    case, settings, rounds = overlaid_national(reps=6, steps=3), Settings(stability=1e-3), []
    for beside in ((1.0,), fewest_as_one.ASIDE):
        monkeypatch.setattr(fewest_as_one, "ASIDE", beside)
        on_face.clear()
        found, _ = certified_best(case, settings, PATIENT)
        rounds.append((len(on_face), found.outcome.moved))
    (more, moved), (fewer, again) = rounds
    assert fewer < more
    assert again == pytest.approx(moved, rel=5e-7)


def test_limits_stay_spent_until_one_is_not(differing):
    """A limit is held where the first pass leaves nothing of it, and let go once something is left."""
    first = solved(in_blocks(differing).program(), Settings(), PATIENT)
    second = earning_at_least(moving(first.program), 0.0)
    near = face.Face(first, second, 1e6)
    it, rows = first.matrix, len(first.matrix.row_least)

    def spent():
        held = near._held()
        return (held.row_least == held.row_most)[:rows] & (it.row_least < it.row_most)

    before, unused = spent(), np.zeros(second.columns)
    near.let_go(np.concatenate((first.solution.values, np.zeros(2 * len(differing.rows)))))
    assert before.any()
    assert (spent() == before).all()
    near.let_go(unused)
    sides = np.where(np.isfinite(it.row_most), it.row_most, it.row_least)
    assert (spent() == before & (sides == 0)).all()


@pytest.mark.usefixtures("no_other_way")
@pytest.mark.parametrize("factor", [0.05, 20.0])
def test_a_price_that_is_far_off_is_found_again(differing, on_face, monkeypatch, factor):
    """Revenue may be worth more in moves, or less, than a face is looked for between."""
    as_it_was = face.Face.__init__

    def far_off(self, first, second, price):
        as_it_was(self, first, second, factor * price)

    monkeypatch.setattr(face.Face, "__init__", far_off)
    found, _ = certified_best(differing, Settings(), PATIENT)
    one, _ = as_one(differing, Settings())
    assert len(on_face) > 1
    assert found.outcome.moved == pytest.approx(one.outcome.moved, rel=5e-7)


def test_where_it_comes_to_no_proof_the_whole_is_solved(differing, monkeypatch):
    monkeypatch.setattr(fewest_as_one, "PROVEN", -1.0)
    found, best = certified_best(differing, Settings(), PATIENT)
    one, _ = as_one(differing, Settings())
    assert found.outcome.moved == pytest.approx(one.outcome.moved, rel=1e-6)
    assert best.moves.gap < 1e-6


def test_where_the_solver_gives_up_the_whole_is_solved(differing, monkeypatch):
    def gives_up(matrix, seconds):
        raise SolverError("HiGHS stopped without an optimum: Unknown")

    monkeypatch.setattr(interior, "solve", gives_up)
    found, _ = certified_best(differing, Settings(), PATIENT)
    one, _ = as_one(differing, Settings())
    assert found.outcome.moved == pytest.approx(one.outcome.moved, rel=1e-6)


def test_without_time_it_is_not_begun_another_way(differing, monkeypatch):
    def late(matrix, seconds):
        raise OutOfTimeError("The time limit was reached")

    monkeypatch.setattr(interior, "solve", late)
    with pytest.raises(OutOfTimeError):
        certified_best(differing, Settings(), PATIENT)


def triangle(least):
    """Minimize a + b with a + b ≥ `least`, each at most 1."""
    return Matrix(
        maximize=False,
        cost=np.ones(2),
        constant=0.0,
        least=np.zeros(2),
        most=np.ones(2),
        start=np.array([0, 2], np.int32),
        index=np.array([0, 1], np.int32),
        value=np.ones(2),
        row_least=np.array([least]),
        row_most=np.array([np.inf]),
    )


def test_interior_optima_have_duals_and_no_basis():
    found = interior.solve(triangle(1.0), None)
    assert found.objective == pytest.approx(1.0, rel=1e-8)
    assert found.duals == pytest.approx([1.0], rel=1e-6)
    assert found.basis is None


@pytest.mark.parametrize(("fixed", "objective", "dual"), [(0.25, 1.0, 1.0), (1.0, 1.0, 0.0)])
def test_what_can_t_move_counts_in_its_rows(fixed, objective, dual):
    """A column whose bounds are one is not looked at; its row asks for so much less of the others."""
    one = triangle(1.0)
    least, most = np.array([fixed, 0.0]), np.array([fixed, 1.0])
    found = interior.solve(replace(one, least=least, most=most), None)
    assert found.values == pytest.approx([fixed, 1.0 - fixed], abs=1e-8)
    assert found.objective == pytest.approx(objective, rel=1e-8)
    assert found.duals == pytest.approx([dual], abs=1e-6)


def test_interior_of_nothing():
    with pytest.raises(SolverError, match="without an optimum"):
        interior.solve(triangle(3.0), None)
