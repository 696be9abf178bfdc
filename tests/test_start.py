"""Where solving starts changes nothing but how long it takes: counted in steps of the simplex method."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from plans import NATIONAL, PATIENT, case_of
from pytest import approx  # noqa: PT013 (it reads as a word)
from running import large_plan

from allocator.deriving import instance
from allocator.instance import Instance
from allocator.parts import parts
from allocator.program import InBlocks, Program, earning_at_least, in_blocks, moving
from allocator.reading import read_model, read_plan
from allocator.solving import highs
from allocator.solving.fixed_hours import todays_hours
from allocator.solving.passes import most_revenue
from allocator.solving.second_pass import with_moves
from allocator.solving.settings import Settings
from allocator.solving.start import Fixed, _usual, start_of, with_guess


def national(steps: int) -> Instance:
    rules = read_model("sales_execution").with_steps(steps)
    return instance(read_plan(NATIONAL, rules), rules)


def taken(program: Program, start: highs.Start | None) -> tuple[int, float]:
    """Steps of the simplex method to the optimum, and what that is."""
    found = highs._solved(program.matrix, None, highs._Attempt(start, "off"))
    return found.getInfo().simplex_iteration_count, found.getInfo().objective_function_value


def shorter(case: InBlocks, program: Program, part: float, fixed: Fixed | None = None) -> None:
    """From its start the programme takes at most this part of what it takes from nothing."""
    start = start_of(case, program, Settings(), PATIENT, fixed)
    assert start is not None
    near, optimum = taken(program, start)
    far, same = taken(program, None)
    assert optimum == approx(same, rel=1e-9)
    assert near <= part * far


@pytest.mark.parametrize("steps", [3, 6])
def test_steps_start_from_one_step(steps):
    case = in_blocks(national(steps))
    shorter(case, case.program(), 0.5)


def test_todays_hours_start_from_one_step():
    whole = national(6)
    hours = todays_hours(whole)
    case = in_blocks(whole)
    shorter(case, case.program(hours), 0.5, Fixed(hours, ()))


def test_one_step_starts_from_the_most_usual_territory():
    case = case_of(large_plan(40), read_model("sales_execution"))
    guessed = with_guess(in_blocks(case), list(parts(case)), Settings(), PATIENT)
    assert start_of(in_blocks(case), guessed.program(), Settings(), PATIENT) is None
    shorter(guessed, guessed.program(), 0.5)


def test_todays_hours_start_from_the_most_usual_territory():
    """The guess is for hours that are fixed, and for no others."""
    case = case_of(large_plan(40), read_model("sales_execution"))
    held = Fixed(todays_hours(case), ())
    guessed = with_guess(in_blocks(case), list(parts(case)), Settings(), PATIENT, held.hours)
    assert start_of(guessed, guessed.program(), Settings(), PATIENT) is None
    shorter(guessed, guessed.program(held.hours), 0.5, held)
    steps = in_blocks(national(3))
    held = Fixed(todays_hours(steps.instance), ())
    near = with_guess(steps, list(parts(steps.instance)), Settings(), PATIENT, held.hours)
    assert near.one_step is not None
    assert (near.guess is not None, near.one_step.guess) == (True, None), "each step starts from it"
    shorter(near, near.program(held.hours), 0.5, held)


def test_a_wrong_start_changes_no_optimum():
    case = in_blocks(national(3))
    program = case.program()
    columns, rows = program.columns, len(program.matrix.row_least)
    random = np.random.default_rng(5)
    for _ in range(3):
        start = highs.guessed(
            random.integers(0, 3, columns).tolist(), random.integers(0, 3, rows).tolist()
        )
        found = highs.solve(program.matrix, None, start)
        assert found.objective == approx(highs.solve(program.matrix, None).objective, rel=1e-9)


def test_cbc_starts_nowhere():
    case = in_blocks(national(3))
    assert start_of(case, case.program(), Settings("cbc"), PATIENT) is None


def test_the_usual_territory_is_basic_where_most_are():
    """Of four territories two are alike, but for the bounds that they stand at, and the others near."""
    columns = np.array([[1, 0, 1], [1, 2, 1], [1, 1, 0], [0, 0, 1]], np.uint8)
    rows = np.array([[0, 1], [2, 1], [0, 1], [1, 1]], np.uint8)
    blocks = SimpleNamespace(
        stamped=SimpleNamespace(declared=SimpleNamespace(columns=3, limits=range(2))),
        first_columns=np.arange(0, 12, 3),
        first_rows=np.arange(0, 8, 2),
    )
    usual = _usual(blocks, columns.ravel(), rows.ravel())
    assert [at.tolist() for at in usual] == [[1, 0, 1], [0, 1]]
    backwards = _usual(blocks, columns[::-1].ravel(), rows[::-1].ravel())
    assert [at.tolist() for at in backwards] == [[1, 2, 1], [2, 1]]


def test_the_second_pass_starts_where_the_first_ended():
    """With its moves, the first one's vertex is one of the second's: little is left to do from there."""
    case = in_blocks(national(3))
    first = most_revenue(case, Settings(), PATIENT)
    second = earning_at_least(moving(first.program), 0.99 * first.revenue)
    near, moves = taken(second, with_moves(first.program, first.solution))
    far, same = taken(second, None)
    assert moves == approx(same, rel=1e-9)
    assert near <= 0.3 * far
