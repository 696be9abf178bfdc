"""`allocate check`: what was understood of a plan, what it says about today, and what looks off."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import ROOT, run
from small_plan import HEADER, ROWS, plan_text, table_text
from workbooks import small_rows, workbook

from allocator import read_model, read_plan
from allocator.answers.reconciliation import Check, LooksOff, StandsIn, check_plan
from allocator.reports.checking import to_json, to_text

MODEL = read_model("sales_execution")
WIDTH = 80


def checked(path: Path) -> Check:
    """The check of a plan under sales_execution."""
    return check_plan(read_plan(path, MODEL), MODEL)


def four(**changes: str) -> str:
    """The small plan in four territories; `changes` are to the first row of the last of them."""
    rows = [list(HEADER)]
    for name in ("East", "North", "South", "West"):
        rows += [[name, *cells[1:]] for cells in ROWS]
    for column, cell in changes.items():
        rows[13][HEADER.index(column)] = cell
    return table_text(rows)


def test_today_by_the_plans_own_facts(plan_file):
    """Opportunities, wins, revenue and what can be worked are the plan's figures multiplied by hand."""
    (north,) = checked(plan_file(plan_text())).territories
    assert (north.created, north.open) == (40 + 12 + 8, 5 + 3 + 2)
    assert north.wins == pytest.approx(40 * 0.25 + 12 * 0.30 + 8 * 0.30)
    assert north.revenue == pytest.approx(10 * 12000 + 3.6 * 11000 + 2.4 * 13000)
    assert north.workable == 300 / 12
    assert (north.hours, north.renewals) == (1000, 300000)
    assert north.renewed == pytest.approx(300000 * MODEL.areas["account_development"].renewals.rate)


def test_facts_add_up_over_reps(plan_file):
    """With several reps, opportunities and effective hours add up, and facts count once."""
    more = [
        ["North", "prospecting", "Bo", "100", "10", *[""] * 6],
        ["North", "opportunity_management", "Bo", "60", *[""] * 7],
    ]
    (north,) = checked(plan_file(plan_text(extra=more))).territories
    assert north.sources[0].wins == pytest.approx(50 * 0.25)
    assert north.workable == 360 / 12


def test_defaults_are_said(plan_file):
    """Each default that stands in for a fact is listed by column, area, value and territory."""
    stand_ins = checked(plan_file(four(potential=""))).stand_ins
    assert StandsIn("potential", "prospecting", 2.5, True, ("West",)) in stand_ins
    everywhere = ("East", "North", "South", "West")
    assert StandsIn("potential", "partners", 2.0, True, everywhere) in stand_ins
    assert StandsIn("cycle_days", "partners", 0.0, False, everywhere) in stand_ins
    assert StandsIn("renewal_rate", "account_development", 0.9, False, everywhere) in stand_ins
    assert not any(found.column == "open" for found in stand_ins)


@pytest.mark.parametrize(
    ("changes", "off"),
    [
        ({}, ()),
        ({"win_rate": "0.75"}, ()),
        ({"win_rate": "0.76"}, (LooksOff("win_rate", "West", "prospecting", 0.76, 0.25),)),
        ({"win_rate": "0.08"}, (LooksOff("win_rate", "West", "prospecting", 0.08, 0.25),)),
        ({"deal_size": "1100"}, (LooksOff("deal_size", "West", "prospecting", 1100, 12000),)),
        ({"deal_size": "110000"}, ()),
    ],
)
def test_far_from_the_other_territories(plan_file, changes, off):
    """A win rate over 3 times the median of its area, or a deal size over 10 times, looks off."""
    assert checked(plan_file(four(**changes))).looks_off == off


def test_three_territories_are_too_few_to_compare(plan_file):
    """With fewer than four territories nothing is called far from the others."""
    text = four(win_rate="0.9").splitlines()
    assert checked(plan_file("\n".join([text[0], *text[5:]]))).looks_off == ()


@pytest.mark.parametrize(("hours_each", "off"), [("50", ()), ("51", (300 / 51,))])
def test_hours_that_can_work_next_to_nothing(plan_file, hours_each, off):
    """Hours per opportunity by which today works under a tenth of what it creates look off."""
    found = checked(plan_file(plan_text([(1, "hours_per_opportunity", hours_each)]))).looks_off
    assert tuple(one.value for one in found) == off
    assert all(one.column == "hours_per_opportunity" for one in found)


def test_the_text(plan_file):
    """The text says what was read, today's figures, what looks off, the defaults, and the notes."""
    plan = checked(plan_file(four(win_rate="90%", deal_size="$900")))
    text = to_text(plan)
    assert all(len(line) <= WIDTH for line in text.splitlines())
    assert "\x1b" not in text
    for words in (
        "plan.csv: 16 rows, 4 territories, 1 rep, 4,000 hours for 91 days",
        "Read as UTF-8 text, cells separated by commas; model Sales execution.",
        "Win rate of prospecting in West is 90.0%, 3.6 times the territories' median of 25.0%.",
        "Deal size of prospecting in West is $900, 13.3 times below the territories' median of $12,000.",
        "potential of account development and partners in all territories: 2 × today's",
        "win_rate: per cent were read as shares (1 cell).",
    ):
        assert words in " ".join(text.split())


def test_what_renews_has_a_column_of_its_own(plan_file):
    """What is renewed stands beside the wins' revenue, where anything is up for renewal at all."""
    some = to_text(checked(plan_file(plan_text())))
    assert next(line for line in some.splitlines() if line.startswith("North")).split()[-2:] == [
        "190,800",
        "270,000",
    ]
    assert "Renewed" not in to_text(checked(plan_file(plan_text([(2, "renewals", "0")]))))


def test_the_json_has_every_digit(plan_file):
    """The JSON has the same figures, unrounded, and no errors."""
    plan = checked(plan_file(four()))
    found = json.loads(to_json(plan))
    assert (found["status"], found["rows"], found["errors"]) == ("usable", 16, [])
    assert [k["revenue"] for k in found["today"]] == [k.revenue for k in plan.territories]
    assert found["today"][0]["sources"][0]["area"] == "prospecting"


def test_the_command(plan_file, tmp_path):
    """The command reads CSV and workbooks, prints text or JSON, and solves nothing."""
    plan_file(plan_text())
    plan_file(workbook(small_rows(), small_rows(), names=["Plan", "Old"]), "plan.xlsx")
    text = run("check", "plan.csv", folder=tmp_path)
    assert (text.code, text.err) == (0, "")
    assert text.out == to_text(checked(tmp_path / "plan.csv"))
    book = run("check", "plan.xlsx", "--sheet", "plan", "--format", "json", folder=tmp_path)
    assert json.loads(book.out)["source"] == "Excel workbook, sheet 'Plan'"
    assert run("check", "plan.xlsx", folder=tmp_path).code == 2
    assert run("plan.xlsx", "--sheet", "Plan", folder=tmp_path).code == 0


def test_a_refused_plan_as_json(plan_file, tmp_path):
    """A refused plan ends with 2 and a JSON document of every problem, beyond fifty as well."""
    more = [["North", "partners", f"r{at}", "x", "1", *[""] * 6] for at in range(60)]
    plan_file(plan_text([(0, "hours", "8:30")], more))
    done = run("check", "plan.csv", "--format", "json", folder=tmp_path)
    assert (done.code, done.err) == (2, "")
    found = json.loads(done.out)
    assert (found["status"], len(found["errors"])) == ("refused", 61)
    assert found["errors"][0] == {
        "file": "plan.csv",
        "row": 2,
        "column": "hours",
        "message": "'8:30' is a time of day",
        "remedy": "Write hours as a decimal number, such as 8.5",
    }


def test_a_refused_model_as_json(plan_file, tmp_path):
    """A model that is refused ends with 2 and valid JSON as well."""
    plan_file(plan_text())
    done = run("check", "plan.csv", "--model", "velocty", "--format", "json", folder=tmp_path)
    assert done.code == 2
    assert "velocity" in json.loads(done.out)["errors"][0]["remedy"]


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "inputs").glob("*.csv")))
def test_samples_look_right(name):
    """Nothing in a sample plan looks off."""
    assert checked(ROOT / "inputs" / name).looks_off == ()
