"""The certificate passes what is right, and nothing that has been tampered with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from plans import MONTHS, SALES, SMALL, best, case_of, plan_of, today
from pytest import approx  # noqa: PT013 (it reads as a word)

from allocator import allocate, certified
from allocator.certificate import TOLERANCE, Solves, prove, weak_duality
from allocator.errors import CertificateError, InfeasibleError, SolverError
from allocator.program import build
from allocator.program.matrix import Matrix
from allocator.solving import cbc, highs, optimum
from allocator.solving.solution import Solution, solution

PROGRAM = build(case_of(SMALL, MONTHS))
MATRIX = PROGRAM.matrix


@pytest.fixture(scope="module")
def honest() -> Solution:
    """The optimum as HiGHS finds it."""
    return highs.solve(MATRIX, None)


def hour_moved(matrix: Matrix, found: Solution) -> Solution:
    """One hour more for the first row of the plan, in the first step."""
    values = found.values.copy()
    values[0] += 1.0
    return replace(found, values=values)


def dual_flipped(matrix: Matrix, found: Solution) -> Solution:
    """The largest dual with the other sign."""
    duals = found.duals.copy()
    duals[np.abs(duals).argmax()] *= -1
    return replace(found, duals=duals)


def revenue_raised(matrix: Matrix, found: Solution) -> Solution:
    """An objective that is off by a tenth of a per cent."""
    return replace(found, objective=found.objective * 1.001)


def work_made_up(matrix: Matrix, found: Solution) -> Solution:
    """Every value a tenth of a per cent larger, with the objective that they have then."""
    values = found.values * 1.001
    return replace(found, values=values, objective=float(matrix.cost @ values) + matrix.constant)


def dual_not_a_number(matrix: Matrix, found: Solution) -> Solution:
    """The first dual is no number, and with it every figure that it is part of."""
    duals = found.duals.copy()
    duals[0] = np.nan
    return replace(found, duals=duals)


CORRUPTIONS = (hour_moved, dual_flipped, revenue_raised, work_made_up, dual_not_a_number)


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_an_optimum_is_proven(solver, honest):
    """Either solver's optimum passes, and its duals prove a bound that is the optimum."""
    found = honest if solver == "highs" else cbc.solve(PROGRAM, None)
    proof, bound = prove(MATRIX, found)
    assert proof.worst <= 1e-7
    assert bound == approx(found.objective, rel=1e-7)


@pytest.mark.parametrize("corrupt", CORRUPTIONS)
def test_corrupted_answers_are_caught(corrupt, honest):
    """An hour moved, a dual flipped or lost, revenue or work made up: the proof shows each of them."""
    proof, _ = prove(MATRIX, corrupt(MATRIX, honest))
    assert not proof.worst <= 100 * TOLERANCE


def test_each_figure_of_the_proof_finds_its_own(honest):
    """A broken row shows as primal, a wrong sign as dual, a wrong revenue as gap."""
    assert prove(MATRIX, hour_moved(MATRIX, honest))[0].primal > TOLERANCE
    assert prove(MATRIX, dual_flipped(MATRIX, honest))[0].dual > TOLERANCE
    proof, _ = prove(MATRIX, revenue_raised(MATRIX, honest))
    assert (proof.primal, proof.dual) == approx((0, 0), abs=1e-8)
    assert proof.gap == approx(0.001, rel=0.01)


def test_useless_duals_prove_nothing(honest):
    """Duals that are all 0 are no proof of an optimum."""
    idle = replace(honest, duals=np.zeros_like(honest.duals))
    proof, _ = prove(MATRIX, idle)
    assert proof.worst > TOLERANCE


def test_duals_give_a_bound_and_say_how_far_they_fall_short(honest):
    """As the whole proof has it; what pushes to a side that is not there is no proof of anything."""
    reduced = MATRIX.cost - MATRIX.priced(honest.duals)
    bound, wrong = weak_duality(MATRIX, honest.duals, reduced)
    assert bound == approx(prove(MATRIX, honest)[1], rel=1e-12)
    assert wrong < 1e-9
    endless = int(np.flatnonzero(np.isinf(MATRIX.most))[0])
    reduced[endless] = 0.5
    assert weak_duality(MATRIX, honest.duals, reduced)[1] == approx(0.5)
    duals = honest.duals.copy()
    duals[np.flatnonzero(np.isinf(MATRIX.row_least))[0]] = -0.25
    assert weak_duality(MATRIX, duals, MATRIX.cost - MATRIX.priced(duals))[1] >= 0.25


@pytest.mark.parametrize("corrupt", CORRUPTIONS)
@pytest.mark.parametrize("model", [SALES, MONTHS], ids=["steady", "months"])
def test_nothing_corrupted_is_handed_out(corrupt, model, monkeypatch):
    """If the solver's answers were tampered with, there is an error and no allocation."""
    solve = highs.solve

    def tampered(matrix, *limits):
        return corrupt(matrix, solve(matrix, *limits))

    monkeypatch.setattr(optimum.highs, "solve", tampered)
    with pytest.raises(CertificateError, match="did not pass its own check"):
        allocate(plan_of(SMALL, model), model)


def test_hours_are_numbers(monkeypatch):
    """A split with hours that are no number keeps no limit."""
    honest = best(case_of(SMALL))
    hours = [[float("nan")], *honest.chosen.use.hours[1:]]
    use = replace(honest.chosen.use, hours=hours)
    refused(monkeypatch, replace(honest, chosen=replace(honest.chosen, use=use)), "limit '")


def test_what_was_asked_is_earned(monkeypatch):
    """A possible split that earns less than was asked is refused, honest as its revenue may be."""
    case = case_of(SMALL)
    honest, cheaper = best(case), best(case, stability=0.05)
    assert cheaper.chosen.revenue < 0.99 * honest.optimum
    refused(monkeypatch, replace(honest, chosen=cheaper.chosen), "'stability' is broken")


def test_no_more_moves_than_needed(monkeypatch):
    """A split that earns the optimum with more moves than it takes is refused."""
    honest = best(case_of(SMALL), stability=0.05)
    chosen = replace(honest.chosen, use=honest.first.use, revenue=honest.optimum)
    refused(monkeypatch, replace(honest, chosen=chosen), "'fewest moves' is broken", stability=0.05)


def refused(monkeypatch, answer, message, **settings):
    """Hand this to the certificate in place of the best split: it is refused with the message."""
    monkeypatch.setattr(certified, "best_split", lambda *_: answer)
    with pytest.raises(CertificateError, match=message):
        allocate(plan_of(SMALL), SALES, **settings)


def test_what_drains_is_proven(monkeypatch):
    """Too much is open in the South for its hours to keep: that is proven. Nothing is of the North."""
    text = SMALL.replace("South,Bob,prospecting,80,1,14,6,", "South,Bob,prospecting,80,1,14,600,")
    case = case_of(text, MONTHS)
    honest = today(case)
    (south,) = honest.drained
    assert case.territories[south].name == "South"
    assert honest.shortfall[south] > 1
    claimed = replace(honest, drained=frozenset(range(2)))
    monkeypatch.setattr(certified, "hours_used", lambda *_: claimed)
    with pytest.raises(CertificateError, match="nothing proves that it must be"):
        allocate(plan_of(text, MONTHS), MONTHS)


def test_fixed_hours_stay_fixed(monkeypatch):
    """What today's split earns is worked out at today's hours, and at no others that earn the same."""
    honest = today(case_of(SMALL))
    first, second, *others = honest.solved.use.hours
    hours = [[first[0] - 1], [second[0] + 1], *others]
    moved = replace(honest.solved, use=replace(honest.solved.use, hours=hours))
    monkeypatch.setattr(certified, "hours_used", lambda *_: replace(honest, solved=moved))
    with pytest.raises(CertificateError, match="'fixed hours' is broken by 1"):
        allocate(plan_of(SMALL), SALES)


def test_todays_hours_are_never_impossible(monkeypatch):
    """A solver that finds no use of today's hours is at fault: no limits are blamed for it."""

    def said(*_):
        raise InfeasibleError("no split of the hours keeps every limit")

    monkeypatch.setattr(optimum.highs, "solve", said)
    with pytest.raises(SolverError, match="found no way"):
        today(case_of(SMALL))


def test_certificate_of_an_honest_answer():
    """An honest answer carries its figures: limits checked, and a bound that is the optimum."""
    found = allocate(plan_of(SMALL, MONTHS), MONTHS)
    assert found.certificate.worst <= 1e-7
    assert found.certificate.limits_checked > 100
    assert found.certificate.bound == approx(found.revenue_optimal, rel=1e-7)


def test_a_count_of_proofs_hides_no_nan():
    """A figure that is no number stays the worst, whatever is counted after or before it."""
    bad = Solves().and_one(1e-12).and_one(float("nan"))
    for counted in (bad, bad.and_one(1e-9), Solves(2, 1e-9) + bad, bad + Solves(2, 1e-9)):
        assert np.isnan(counted.worst)
    assert (bad + Solves(2, 1e-9)).solves == 4


def corrupted_cbc(monkeypatch, ways: set[bool]) -> None:
    """CBC as it is, but 1% off in its values when asked in one of these ways (careful or not)."""
    honest = optimum.cbc.solve

    def solve(program, seconds, careful=False):
        found = honest(program, seconds, careful)
        if careful not in ways:
            return found
        return solution(program.matrix, found.values * 1.01, found.duals, found.basis)

    monkeypatch.setattr(optimum.cbc, "solve", solve)


def test_cbc_is_asked_once_more(monkeypatch):
    """Where CBC's figures do not hold, its careful way is asked, and its answer is as good as any."""
    plan = plan_of(SMALL)
    corrupted_cbc(monkeypatch, {False})
    found = allocate(plan, SALES, solver="cbc")
    assert found.revenue_optimal == pytest.approx(allocate(plan, SALES).revenue_optimal, rel=1e-9)
    corrupted_cbc(monkeypatch, {True})
    with pytest.raises(CertificateError):
        allocate(plan, SALES, solver="cbc")


def test_a_proof_is_of_these_numbers_alone():
    """What was proven of an optimum is said of no other programme, and of no changed copy."""
    found = highs.solve(MATRIX, None)
    proof, bound = prove(MATRIX, found)
    assert proof.worst < 1e-9
    dearer = replace(MATRIX, cost=MATRIX.cost * 2)
    assert prove(dearer, found)[0].worst > 0.1
    assert prove(MATRIX, found) == (proof, bound)
    assert prove(MATRIX, replace(found, values=found.values * 1.01))[0].worst > 1e-3
