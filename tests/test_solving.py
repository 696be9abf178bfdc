"""Solvers: duals that mean one thing, failures that are no answers, and silence."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from plans import CASES, MONTHS, SALES, SMALL, best, case_of, plan_of
from pytest import approx  # noqa: PT013 (it reads as a word)

from allocator import allocate, read_model, read_plan
from allocator.deriving import instance
from allocator.errors import InfeasibleError, SolverError
from allocator.instance import Instance
from allocator.program import REVENUE, Limit, Program, build, fewest_moves
from allocator.program.declared import at_most
from allocator.solving import cbc, highs
from allocator.solving.settings import SOLVERS, Clock, Settings
from allocator.solving.solution import Solution

both_solvers = pytest.mark.parametrize("solver", SOLVERS)


def solve(program: Program, solver: str) -> Solution:
    matrix = program.matrix
    return highs.solve(matrix, None) if solver == "highs" else cbc.solve(program, None)


def with_capacity(case: Instance, r: int, more: float) -> Instance:
    rep = replace(case.reps[r], capacity=case.reps[r].capacity + more)
    return replace(case, reps=(*case.reps[:r], rep, *case.reps[r + 1 :]))


@both_solvers
@pytest.mark.parametrize("model", [SALES, MONTHS], ids=["steady", "months"])
def test_duals_are_what_an_hour_more_is_worth(solver, model):
    """A rep's capacity duals lie between what one hour less costs and what one hour more brings."""
    case = case_of(SMALL, model)
    program = build(case)
    found = solve(program, solver)
    for r, _ in enumerate(case.reps):
        dual = (
            sum(
                found.duals[at]
                for at, limit in enumerate(program.limits)
                if (limit.family, limit.rep) == ("capacity", r)
            )
            / case.steps
        )
        less, more = (
            solve(build(with_capacity(case, r, hours)), solver).objective for hours in (-1.0, 1.0)
        )
        slack = 1e-8 * found.objective
        assert dual > 0
        assert more - found.objective - slack <= dual <= found.objective - less + slack


@both_solvers
def test_duals_of_the_second_pass_are_hours_for_money(solver):
    """Asking for more revenue takes more moves, at the price that the revenue's dual says."""
    program = build(case_of(SMALL))
    asked = 0.99 * solve(program, "highs").objective * program.money

    def passed(revenue: float) -> Solution:
        return solve(fewest_moves(program, revenue), solver)

    found = passed(asked)
    dual = found.duals[REVENUE] / program.money
    assert dual > 0
    assert found.objective - passed(asked - 10).objective - 1e-7 <= 10 * dual
    assert passed(asked + 10).objective - found.objective + 1e-7 >= 10 * dual


def test_solvers_agree():
    """HiGHS and CBC find the same optimum, and the same duals where there is one choice of them."""
    one, two = (best(case_of(SMALL, MONTHS), solver=solver) for solver in SOLVERS)
    assert two.optimum == approx(one.optimum, rel=1e-9)
    assert two.bound == approx(one.bound, rel=1e-7)


@both_solvers
def test_out_of_time_is_an_error(solver):
    """A time limit that is too short ends in an error that says so, never in an answer."""
    model = read_model(CASES / "weeks.toml")
    plan = read_plan(CASES / "few.csv", model)
    with pytest.raises(SolverError):
        allocate(plan, model, solver=solver, time_limit=0.001)


@both_solvers
def test_impossible_plans_are_infeasible(solver):
    """Bounds that no share allows end in an error of their own kind."""
    text = """
        territory,area,hours,min_hours,opportunities,win_rate,deal_size,hours_per_opportunity
        North,prospecting,60,90,10,0.2,1000,
        North,opportunity_management,60,,,,,4
    """
    with pytest.raises(InfeasibleError):
        allocate(plan_of(text), SALES, solver=solver)


def test_where_simplex_gives_up(monkeypatch):
    """What simplex leaves undecided, presolved or not, is decided by an interior point, either way."""
    solved = highs._solved
    impossible = build(case_of(SMALL, MONTHS))
    impossible = impossible.with_rows(
        [(Limit("bounds"), at_most([(int(impossible.x[0, 0]), 1.0)], -1.0))]
    )
    possible = build(case_of(SMALL, MONTHS)).matrix
    right = highs.solve(possible, None)

    def giving_up(matrix, seconds, attempt):
        found = solved(matrix, seconds, attempt)
        if attempt.solver == "simplex":
            found.clearSolver()
        return found

    monkeypatch.setattr(highs, "_solved", giving_up)
    assert highs.solve(possible, None).objective == approx(right.objective, rel=1e-7)
    with pytest.raises(InfeasibleError):
        highs.solve(impossible.matrix, None)


def test_an_optimum_that_breaks_rows(monkeypatch):
    """What is called optimal and is not proven is worked out anew, then solved otherwise; or stays."""
    matrix = build(case_of(SMALL, MONTHS)).matrix
    right, read, off = highs.solve(matrix, None), highs._solution, []

    def breaking(times):
        off.clear()

        def once(matrix, ended):
            found = read(matrix, ended)
            off.append(found)
            return replace(found, values=found.values * (1 + 1e-5)) if len(off) <= times else found

        return once

    for times in (1, 2, 4):
        monkeypatch.setattr(highs, "_solution", breaking(times))
        assert highs.solve(matrix, None).objective == approx(right.objective, rel=1e-9)
        assert len(off) == times + 1
    monkeypatch.setattr(highs, "_solution", breaking(9))
    assert highs.solve(matrix, None).values == approx(right.values * (1 + 1e-5))
    assert len(off) == 6


@pytest.mark.parametrize(
    ("off", "clean", "times"), [(1e-8, False, 1), (1e-8, True, 2), (1e-5, False, 2)]
)
def test_figures_of_a_kept_solver_are_worked_out_anew(monkeypatch, off, clean, times):
    """Where they prove nothing, or break rows by more than they should in a split that is shown."""
    matrix = build(case_of(SMALL, MONTHS)).matrix
    right, as_read, read = highs.solve(matrix, None), highs._solution, []

    def rounded(*arguments):
        read.append(as_read(*arguments))
        return replace(read[0], values=read[0].values * (1 + off)) if len(read) == 1 else read[-1]

    standing = highs.Standing(matrix, highs.Start(right.vertex))
    monkeypatch.setattr(highs, "_solution", rounded)
    found = standing.solve(matrix, None, clean=clean)
    assert len(read) == times
    assert found.objective == approx(right.objective, rel=1e-9 if times > 1 else 2 * off)


@both_solvers
@pytest.mark.parametrize("plan", ["one.csv", "few.csv"])
@pytest.mark.parametrize("model", ["steady.toml", "weeks.toml"])
def test_no_revenue_need_be_traded(plan, model, solver):
    """With a stability of 0, all of the optimum is kept, and rounding does not make it impossible."""
    declared = read_model(CASES / model)
    found = allocate(read_plan(CASES / plan, declared), declared, stability=0.0, solver=solver)
    assert found.revenue == approx(found.revenue_optimal, rel=1e-9)


def test_clock_and_settings():
    """A clock runs down to 0 and no further; settings out of range are refused."""
    assert Clock(None).left is None
    assert Clock(1e-12).left == 0
    assert 0 < Clock(60).left <= 60
    for wrong in ({"solver": "glpk"}, {"stability": 1.0}, {"stability": -0.1}, {"time_limit": 0.0}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Settings(**wrong)


@both_solvers
def test_solvers_are_silent(solver):
    """Neither solver writes anything to the terminal, not even from outside Python."""
    code = (
        "from allocator import allocate, read_model, read_plan; "
        f"model = read_model({str(CASES / 'months.toml')!r}); "
        f"allocate(read_plan({str(CASES / 'few.csv')!r}, model), model, solver={solver!r})"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=CASES.parents[1], timeout=60
    )
    assert (ran.stdout, ran.stderr) == (b"", b"")


def test_cbc_leaves_nothing_behind(tmp_path, monkeypatch):
    """CBC's files are gone when it has ended: with an answer, without one, or out of time."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    program = build(case_of(SMALL, MONTHS))
    cbc.solve(program, None)
    nowhere = build(case_of(SMALL, MONTHS))
    nowhere = nowhere.with_rows([(Limit("bounds"), at_most([(int(nowhere.x[0, 0]), 1.0)], -1.0))])
    with pytest.raises(InfeasibleError):
        cbc.solve(nowhere, None)
    model = read_model(CASES / "weeks.toml")
    large = build(instance(read_plan(CASES / "few.csv", model), model))
    with pytest.raises(SolverError):
        cbc.solve(large, 0.01)
    assert list(Path(tmp_path).iterdir()) == []


@pytest.mark.parametrize(
    ("option", "share"), [("-solution", 0), ("-saveSolution", 0.0), ("-saveSolution", 0.9)]
)
def test_cbc_without_room_for_its_answer(monkeypatch, option, share):
    """An answer that CBC could not write whole, as on a full disk, is no answer."""
    run = cbc._run

    def cut_short(command: list[str], seconds: float | None) -> None:
        run(command, seconds)
        answer = Path(command[command.index(option) + 1])
        os.truncate(answer, int(share * answer.stat().st_size))

    monkeypatch.setattr(cbc, "_run", cut_short)
    program = build(case_of(SMALL))
    with pytest.raises(SolverError, match="room for temporary files"):
        cbc.solve(program, None)
