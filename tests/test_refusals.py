"""Refusing a plan: every problem at once, each with its row, column, value and remedy."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from small_plan import HEADER, ROWS, plan_text, row, table_text

from allocator import read_model, read_plan
from allocator.errors import MOST_SHOWN, PlanError, Problem

Refuse = Callable[[str | bytes], Sequence[Problem]]
MODEL = read_model("sales_execution")


@pytest.fixture
def refuse(plan_file) -> Refuse:
    """The problems that a plan is refused with."""

    def problems(content: str | bytes) -> Sequence[Problem]:
        with pytest.raises(PlanError) as caught:
            read_plan(plan_file(content), MODEL)
        assert caught.value.exit_code == 2
        return caught.value.problems

    return problems


def only(problems: Sequence[Problem], row: int | None, column: str, *words: str) -> None:
    """Assert that there is one problem, in that place, whose text holds these words."""
    assert [(p.row, p.column) for p in problems] == [(row, column)], [str(p) for p in problems]
    for word in words:
        assert word in str(problems[0])


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("hours", "lots", ["'lots'", "number"]),
        ("hours", "", ["missing", "0 if there are none"]),
        ("hours", "-5", ["'-5'", "0 or more"]),
        ("hours", "\u22125", ["0 or more"]),
        ("hours", "(1,200)", ["negative"]),
        ("hours", "8:30", ["8.5"]),
        ("hours", "2026-03-05", ["date"]),
        ("hours", "Mar-26", ["date"]),
        ("hours", "45%", ["percentage"]),
        ("hours", "inf", ["'inf'"]),
        ("hours", "NaN", ["'NaN'"]),
        ("hours", "1e308", ["too large"]),
        ("hours", "1e400", ["too large"]),
        ("hours", "1_000", ["'1_000'"]),
        ("hours", "١٢", ["number"]),
        ("hours", "#REF!", ["error value"]),
        ("hours", "=A1*2", ["formula"]),
        ("hours", "4 00", ["number"]),
        ("win_rate", "25", ["Did you mean 25%?", "0.25"]),
        ("win_rate", "250", ["too large"]),
        ("win_rate", "-1%", ["too small"]),
        ("area", "prospcting", ["Did you mean 'prospecting'?", "partners"]),
        ("area", "", ["missing"]),
        ("area", "Marketing", ["'Marketing'", "opportunity_management"]),
        ("territory", "", ["missing"]),
        ("territory", "x" * 201, ["201", "200"]),
        ("rep", "Ada\u202e", ["U+202E"]),
        ("rep", "A\x1bda", ["U+001B"]),
        ("opportunities", "", ["missing"]),
        ("potential", "40", ["40", "not below", "leave it out"]),
        ("potential", "12", ["40", "12"]),
    ],
)
def test_a_bad_cell(refuse: Refuse, column, cell, words):
    """A cell that can't be used is refused with its row, column, what stands there, and a remedy."""
    only(refuse(plan_text([(0, column, cell)])), 2, column, "plan.csv", *words)


def test_per_cent_over_all_is_not_called_a_typing_error(refuse: Refuse):
    """A rate of 120% is refused without the suggestion that 1.2% was meant."""
    (problem,) = refuse(plan_text([(0, "win_rate", "120%")]))
    assert "1.2%" not in str(problem)


@pytest.mark.parametrize("cell", ["1,234", "7,500", "0,250"])
def test_a_comma_between_semicolons_is_ambiguous(refuse: Refuse, cell):
    """In a file with semicolons a comma may be a decimal one, so 1,234 is refused, not guessed."""
    only(refuse(plan_text([(0, "hours", cell)], delimiter=";")), 2, "hours", cell)


def test_renewal_rate_of_all(refuse: Refuse):
    """No remedy for a renewal rate of 100 suggests what would be refused as well."""
    text = plan_text().replace("renewals", "renewal_rate").replace("300000", "100")
    (problem,) = refuse(text)
    assert "Write 100%" not in str(problem)


@pytest.mark.parametrize(
    ("here", "there"), [("0.25", "0.30"), ("12000", "12000.5"), ("1234567", "1234568")]
)
def test_two_values_of_one_fact(refuse: Refuse, here, there):
    """Two values of one fact are refused with both rows, both values as they differ, and a remedy."""
    column = "win_rate" if "." in here else "deal_size"
    more = row(territory="North", area="prospecting", rep="Bo", hours="9", opportunities="1")
    more[HEADER.index(column)] = there
    (problem,) = refuse(plan_text([(0, column, here)], [more]))
    assert (problem.row, problem.column) == (6, column)
    values = re.search(r"is (\S+) here and (\S+) in row 2", str(problem))
    assert values is not None
    assert values[1] != values[2]
    assert "once" in str(problem)


@pytest.mark.parametrize(("least", "most"), [("9", "8"), ("12345678", "12345677")])
def test_minimum_above_maximum(refuse: Refuse, least, most):
    """A row whose least hours are above its most is refused with both, as they differ."""
    rows = [[*HEADER, "min_hours", "max_hours"], *([*cells, "", ""] for cells in ROWS)]
    rows[2][-2:] = [least, most]
    (problem,) = refuse(table_text(rows))
    assert (problem.row, problem.column) == (3, "min_hours")
    values = re.search(r"min_hours (\S+) is above max_hours (\S+)", problem.message)
    assert values is not None
    assert values[1] != values[2]


def test_a_fact_that_nothing_gives(refuse: Refuse):
    """A required fact that no row gives is missed once for its territory and area."""
    only(refuse(plan_text([(0, "win_rate", "")])), 2, "win_rate", "prospecting in North")


def test_the_same_row_twice(refuse: Refuse):
    """One rep, area and territory on two rows are refused, naming the first of them."""
    again = row(territory="North", area="Channel", rep="Ada", hours="1", opportunities="1")
    only(refuse(plan_text(extra=[again])), 6, "rep", "row 5", "Ada")


def test_mixed_currencies(refuse: Refuse):
    """Money in two currencies is refused, naming both."""
    (problem,) = refuse(plan_text([(0, "deal_size", "$12000"), (2, "deal_size", "€11000")]))
    assert "$" in str(problem)
    assert "€" in str(problem)


def test_all_problems_in_one_go(refuse: Refuse):
    """Bad cells all over a file are all reported, with the row numbers that a spreadsheet shows.

    Title rows, blank lines and cells of several lines stand above and between them.
    """
    lines = plan_text(
        [
            (0, "hours", "x"),
            (0, "win_rate", "25"),
            (1, "rep", "Ada\nL."),
            (2, "area", "zz"),
            (3, "open", "-1"),
        ],
    ).split("\n")
    content = "\n".join(["A plan", "", *lines[:2], "", *lines[2:]])
    found = [(problem.row, problem.column) for problem in refuse(content)]
    assert found == [(4, "hours"), (4, "win_rate"), (7, "area"), (8, "open")]


def test_many_problems_are_counted(refuse: Refuse):
    """Beyond fifty problems, the rest are counted, not listed."""
    more = [
        row(territory="T", area="partners", rep=f"r{at}", hours="x", opportunities="1")
        for at in range(80)
    ]
    with pytest.raises(PlanError) as caught:
        raise PlanError(refuse(plan_text(extra=more)))
    lines = str(caught.value).splitlines()
    assert len(lines) == MOST_SHOWN + 1
    assert f"{len(caught.value.problems) - MOST_SHOWN} more" in lines[-1]


def test_structure(refuse: Refuse):
    """Missing and doubled columns, ragged rows and a missing header are refused where they are."""
    names = [name for name in HEADER if name not in {"area", "win_rate"}]
    missing = table_text([[cells[HEADER.index(n)] for n in names] for cells in (HEADER, *ROWS)])
    assert [(p.row, p.column) for p in refuse(missing)] == [(1, "area"), (1, "win_rate")]
    doubled = table_text([[*HEADER, "Hours"], *([*cells, "1"] for cells in ROWS)])
    only(refuse(doubled), 1, "hours", "twice")
    ragged = plan_text() + "North,partners\n" + ",".join(["1"] * 14) + "\n"
    assert [(p.row, p.message.split()[3]) for p in refuse(ragged)] == [(6, "2"), (7, "14")]
    only(refuse("some,notes\nand,more\n"), 1, "", "no header row", "territory, area, hours")


@pytest.mark.parametrize(
    ("content", "row", "word"),
    [
        (b"", None, "empty"),
        (b"\n \r\n\n", None, "empty"),
        (",".join(HEADER).encode() + b"\n", None, "no rows"),
        (plan_text().replace("Ada", '"Ada', 1).encode(), 2, "never closed"),
        ((plan_text().replace("Ada", '"Ada', 1) + "North,a,b\n" * 14_000).encode(), 2, "never closed"),
        (plan_text().replace("North", "Nor\0th", 1).encode(), 2, "NUL"),
        (plan_text().replace("North", "Nor\0th", 1).replace("\n", "\r").encode(), 2, "NUL"),
        (plan_text().replace("Ada", '"A"da', 1).encode(), 2, "quotation marks"),
        (b"territory,area\x81\n", None, "decoded"),
        (plan_text().encode("utf-16")[:-1], None, "decoded"),
        (plan_text([(0, "rep", "x" * 140_000)]).encode(), 2, "131,072"),
        (b"PK\x03\x04" + bytes(range(256)), None, "damaged"),
    ],
)
def test_files_that_are_no_plans(refuse: Refuse, content, row, word):
    """What is not a readable table is refused with one message that says what it is."""
    only(refuse(content), row, "", word)


def test_a_plan_pasted_twice(refuse: Refuse):
    """Each row that is there again is said to be, and nothing of what they add up to."""
    once = plan_text([(0, "potential", "60")])
    problems = refuse(once + once.partition("\n")[2])
    assert [problem.row for problem in problems] == [6, 7, 8, 9]
    assert all("already has a row" in problem.message for problem in problems)


def test_things_that_are_no_files(tmp_path: Path):
    """A folder, a missing file, a FIFO, a device and a file that is too large are refused at once."""
    fifo = tmp_path / "fifo.csv"
    os.mkfifo(fifo)
    large = tmp_path / "large.csv"
    large.write_text(plan_text())
    for path, word in [
        (tmp_path, "folder"),
        (tmp_path / "none.csv", "no such file"),
        (tmp_path / ("x" * 300 + ".csv"), "can't be read"),
        (fifo, "not a regular file"),
        (Path(os.devnull), "not a regular file"),
        (large, "more than"),
    ]:
        with pytest.raises(PlanError, match=word):
            read_plan(path, MODEL, max_mb=0.0001)


@pytest.mark.parametrize("name", ["esc\x1b[31m", "\x1b]0;title\x07"])
def test_no_control_characters_in_messages(refuse: Refuse, name):
    """What a file holds can't send escape sequences to the reader's terminal."""
    problems = refuse(plan_text([(0, "area", name), (1, "hours", name), (2, "rep", name)]))
    assert len(problems) == 3
    assert all(str(problem).isprintable() for problem in problems)


def test_no_control_characters_in_notes(plan_file):
    """What a header holds can't send escape sequences to the reader's terminal."""
    path = plan_file(table_text([[*HEADER, "\x1b[31mred"], *([*cells, "1"] for cells in ROWS)]))
    assert all(note.isprintable() for note in read_plan(path, MODEL).notes)
