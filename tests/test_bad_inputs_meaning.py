"""What ops teams hand over, 55 to 68: what the rows say. Numbers as in the tests' ids."""

from __future__ import annotations

import json

import pytest
from running import run
from small_plan import HEADER, ROWS, plan_text, row, table_text
from understanding import understood

BO = {"territory": "North", "area": "partners", "rep": "Bo", "hours": "1", "opportunities": "1"}
AREAS = "The areas are prospecting, opportunity_management, account_development, partners."
ONCE = "It is one fact of the territory and area: give it once, or alike on every row."
ANEW = "Type the name anew without it."
IDLE = row(territory="South", area="partners", rep="Cy", hours="0", opportunities="0",
           win_rate="0.3", deal_size="9000")  # fmt: skip


def bounds(least: str, most: str) -> str:
    """The plan with bounds on its first row."""
    rows = [[*cells, "", ""] for cells in ROWS]
    rows[0][-2:] = [least, most]
    return table_text([[*HEADER, "min_hours", "max_hours"], *rows])


CASES = [
    (
        "55 areas and columns",
        plan_text([(1, "area", "Opportunity  Mgmt")]).replace("win_rate", "Win Rate"),
        [
            "N",
            "Columns read in another writing: 'Win Rate' as win_rate",
            "area: 'Opportunity Mgmt' was read as opportunity_management (1 cell)",
        ],
    ),
    (
        "56 near miss",
        plan_text([(0, "area", "prospcting")]),
        [
            "R",
            "plan.csv, row 2, column area: 'prospcting' is not an area of the model. "
            f"Did you mean 'prospecting'? {AREAS}",
        ],
    ),
    (
        "58 duplicate",
        plan_text(extra=[row(**{**BO, "rep": "Ada"})]),
        [
            "R",
            "plan.csv, row 6, column rep: Ada already has a row for partners in North (row 5). "
            "Add the two rows up into one.",
        ],
    ),
    (
        "59 two values of a fact",
        plan_text(extra=[row(**BO, win_rate="0.4")]),
        [
            "R",
            "plan.csv, row 6, column win_rate: win_rate of partners in North is 0.4 here "
            f"and 0.3 in row 5. {ONCE}",
        ],
    ),
    (
        "60 min above max",
        bounds("9", "8"),
        [
            "R",
            "plan.csv, row 2, column min_hours: min_hours 9 is above max_hours 8. "
            "Lower the one or raise the other.",
        ],
    ),
    (
        "62 no hours",
        plan_text(extra=[IDLE]),
        [
            "N",
            "No hours in South: only reps of other territories can work there",
            "No hours for Cy: there is nothing of theirs to move",
        ],
    ),
    (
        "more hours than the period has",
        plan_text([(0, "hours", "5000")]),
        [
            "N",
            "Ada has 5,600 hours, more than the 2,184 that 91 days have: "
            "right for several people, not for one",
        ],
    ),
    (
        "63 potential",
        plan_text([(0, "potential", "40")]),
        [
            "R",
            "plan.csv, row 2, column potential: opportunities of prospecting in North add up to 40, "
            "not below their potential of 40. Raise potential (what endless hours would create) "
            "above today's, or leave it out.",
        ],
    ),
    (
        "64 25",
        plan_text([(0, "win_rate", "25")]),
        [
            "R",
            "plan.csv, row 2, column win_rate: '25' is above 1, and a rate is a share of 1. "
            "Did you mean 25%? Write 25% or 0.25.",
        ],
    ),
    (
        "64 120%",
        plan_text([(0, "win_rate", "120%")]),
        [
            "R",
            "plan.csv, row 2, column win_rate: '120%' is too large for a rate: 100% at most. "
            "Write a share such as 0.25 or 25%.",
        ],
    ),
    (
        "65 deal size",
        plan_text([(0, "deal_size", "13000000")]),
        [
            "N",
            "Row 2: the deal_size of prospecting in North is 13,000,000, "
            "1,000 times the column's median of 13,000",
        ],
    ),
    (
        "65 rate",
        plan_text([(0, "win_rate", "0.0003")]),
        [
            "N",
            "Row 2: the win_rate of prospecting in North is 0.0003, "
            "1,000 times below the column's median of 0.3",
        ],
    ),
    ("66 formula", plan_text([(at, "rep", "=cmd|' /C calc'!A0") for at in range(4)]), ["A"]),
    ("67 HTML", plan_text([(at, "rep", "<b onclick=x>Ada</b>") for at in range(4)]), ["A"]),
    (
        "68 bidi",
        plan_text([(0, "rep", "Ada\u202e")]),
        [
            "R",
            "plan.csv, row 2, column rep: 'Ada�' has an invisible or control character (U+202E). "
            + ANEW,
        ],
    ),
    (
        "68 control",
        plan_text([(0, "rep", "A\x1fda")]),
        [
            "R",
            "plan.csv, row 2, column rep: 'A�da' has an invisible or control character (U+001F). "
            + ANEW,
        ],
    ),
    (
        "68 long",
        plan_text([(0, "rep", "x" * 201)]),
        [
            "R",
            f"plan.csv, row 2, column rep: '{'x' * 40}…' is a name of 201 characters. "
            "Shorten it to 200 at most.",
        ],
    ),
    (
        "near names",
        plan_text([(0, "rep", "ada"), (1, "rep", "A da")]),
        ["N", "'A da' and 'Ada' and 'ada' differ only in case or spacing, and are read as 3 reps"],
    ),
]


@pytest.mark.parametrize(("content", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_meaning(plan_file, content, expected):
    """What rows say, however odd, is understood or refused as the list says."""
    assert understood(plan_file(content)) == expected


def test_57_an_area_without_a_row(plan_file, tmp_path):
    """An area of the model without a row in a territory is noted: it gets no hours there."""
    plan_file(table_text([HEADER, *ROWS[:3]]))
    note = "No row for partners in North: it gets no hours there"
    for command in (("plan.csv",), ("check", "plan.csv")):
        done = run(*command, "--format", "json", folder=tmp_path)
        assert (done.code, done.err) == (0, "")
        assert note in json.loads(done.out)["notes"]


def test_61_minimums_above_capacity(plan_file, tmp_path):
    """Minimums that add up to more than there are hours end with 3, explained by rep and figures."""
    plan_file(bounds("1200", ""))
    done = run("plan.csv", "-o", "result.csv", folder=tmp_path)
    assert (done.code, done.out) == (3, "")
    assert "Ada" in done.err
    assert "1,200" in done.err
    assert not (tmp_path / "result.csv").exists()


def test_66_a_formula_is_harmless_in_output(plan_file, tmp_path):
    """A name that starts like a formula reaches no spreadsheet as one."""
    plan_file(plan_text([(at, "rep", "=cmd|' /C calc'!A0") for at in range(4)]))
    done = run("plan.csv", "--format", "csv", folder=tmp_path)
    assert "'=cmd|" in done.out
    assert ",=cmd|" not in done.out


def test_refused_by_the_command(plan_file, tmp_path):
    """A refused plan ends with 2, its problems on stderr, and nothing is printed or written."""
    plan_file(plan_text([(0, "hours", "8:30"), (2, "win_rate", "25")]))
    for command in (("plan.csv", "-o", "result.csv"), ("check", "plan.csv")):
        done = run(*command, folder=tmp_path)
        assert (done.code, done.out) == (2, "")
        assert [line.split(":")[0] for line in done.err.splitlines()] == [
            "plan.csv, row 2, column hours",
            "plan.csv, row 4, column win_rate",
        ]
    assert [path.name for path in tmp_path.iterdir()] == ["plan.csv"]
