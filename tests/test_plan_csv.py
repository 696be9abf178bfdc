"""A plan written to a file: reading it back gives the same plan, and the same answer to the byte."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plans import SALES, SMALL, plan_of
from running import ROOT
from small_plan import plan_text
from strategies import plans

from allocator import allocate, read_plan
from allocator.answers.whatif import changed_plan
from allocator.columns import COLUMNS
from allocator.plan_csv import number_text, plan_csv
from allocator.reading.changes import Wanted
from allocator.reports.machine import to_json

HOSTILE = (
    "=cmd|' /C calc'!A0", "+1", "-1", "-", "@x", "'=x", "''", 'say "no"', "a, b", "a;b;c;d;e;f;g;h;i",
    "Total", "sep=;", "N/A", "<b>", "Zoë Ångström", "北京", "# not a comment", "hours",
)  # fmt: skip


def said(plan):
    """What a plan says, apart from how it was read."""
    rows = [replace(row, line=0) for row in plan.rows]
    absent = {name: set(places) for name, places in plan.absent.items() if places}
    return rows, plan.facts, plan.capacity, plan.currency, absent


def back(plan, plan_file):
    """The plan after it was written, as the command writes it, and read again."""
    return read_plan(plan_file("\ufeff" + plan_csv(plan, SALES), plan.name), SALES)


@pytest.mark.parametrize("path", sorted((ROOT / "inputs").glob("*.csv")), ids=lambda path: path.stem)
def test_sample_plans(plan_file, path):
    """Every sample plan reads back as it was, with nothing that had to be noted."""
    plan = read_plan(path, SALES)
    again = back(plan, plan_file)
    assert said(again) == said(plan)
    assert again.notes == ()


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(sets=["win_rate[partners] = 40%", "deal_size /= 3"], hours=["Bob = 100.1"]),
        Wanted(sets=["max_hours = 400", "min_hours += 0.1", "skill *= 1.7", "open = 0"]),
        Wanted(add_reps=["=Kim, Jr in North, South = 7.3"], drop_reps=["Cat"]),
        Wanted(sets=["potential *= 1.3", "renewal_rate -= 0.01", "renewals = $7", "cycle_days = 0"]),
    ],
)
def test_the_same_answer(plan_file, wanted):
    """A changed plan that was saved is solved to the same document, to the byte, but for its notes."""
    plan = changed_plan(plan_of(SMALL), SALES, wanted)[1]
    again = back(plan, plan_file)
    assert said(again) == said(plan)
    documents = [json.loads(to_json(allocate(those, SALES))) for those in (plan, again)]
    for document in documents:
        del document["notes"]
    assert json.dumps(documents[0]) == json.dumps(documents[1])


@given(plan=plans())
def test_any_plan(tmp_path_factory, plan):
    """Whatever a plan says reads back as it was."""
    path = tmp_path_factory.mktemp("plan") / "plan.csv"
    path.write_text(plan_csv(plan, SALES), encoding="utf-8")
    assert said(read_plan(path, SALES))[:4] == said(plan)[:4]


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name(plan_file, name):
    """A name that a spreadsheet or a reader could take for something else comes back as it was read."""
    cells = [(at, column, name) for at in range(4) for column in ("territory", "rep")]
    plan = read_plan(plan_file("sep=,\n" + plan_text(cells)), SALES)
    text = plan_csv(plan, SALES)
    body = text.removeprefix("sep=,\n")
    assert not any(
        row["rep"].startswith(("=", "+", "-", "@")) for row in csv.DictReader(io.StringIO(body))
    )
    assert said(back(plan, plan_file)) == said(plan)
    assert plan.reps == (name.removeprefix("'") if name.startswith("'=") else name,)


def test_what_is_written(plan_file):
    """Only columns that say something; facts and capacities once; money with its mark; plain numbers."""
    plan = plan_of(SMALL)
    plan = replace(plan, currency="€", capacity={"Bob": 0.1})
    lines = plan_csv(plan, SALES).splitlines()
    assert lines[0].split(",") == [
        *("territory", "area", "rep", "hours", "capacity", "skill", "opportunities", "open", "win_rate"),
        *("deal_size", "cycle_days", "hours_per_opportunity", "renewals"),
    ]
    assert lines[1] == "North,prospecting,Ann,120,,,30,12,0.2,€20000,45,,"
    assert lines[3] == "North,account_development,Bob,60,0.1,,12,5,0.35,€15000,60,,€400000"
    assert lines[4] == "North,partners,Bob,40,,0.9,8,3,0.3,€25000,30,,"
    assert back(plan, plan_file).currency == "€"


def test_facts_are_given_once():
    """With several reps a fact stands on the first row of its territory and area alone."""
    plan = read_plan(ROOT / "inputs" / "national.csv", SALES)
    rows = list(csv.DictReader(io.StringIO(plan_csv(plan, SALES))))
    facts = [column.name for column in COLUMNS if column.one_fact]
    seen = set()
    for row in rows:
        place = (row["territory"], row["area"])
        assert place not in seen or not any(row[name] for name in facts)
        seen.add(place)


def test_a_zero_and_a_blank_stay_apart(plan_file):
    """A fact that is given as 0 is not one that a default stands in for, nor the other way round."""
    given = plan_of(SMALL.replace("20000,45", "20000,0"))
    missing = plan_of(SMALL.replace("20000,45", "20000,"))
    assert given.facts == missing.facts
    assert ("North", "prospecting") in back(missing, plan_file).absent["cycle_days"]
    assert "cycle_days" not in back(given, plan_file).absent


@given(st.floats(0, 1e12))
def test_numbers_keep_every_digit(value):
    """A number reads back as the same float, and has no exponent while it is short."""
    text = number_text(value)
    assert float(text) == value
    assert "e" not in text or value < 1e-15
    assert not math.isfinite(value) or len(text) <= 60
