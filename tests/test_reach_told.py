"""What a number takes, told: the headline, and text, JSON and CSV on the command line."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

from plans import SALES, SMALL, plan_of, renamed
from pytest import approx  # noqa: PT013 (it reads as a word)
from running import ROOT, run
from small_plan import ROWS, plan_text

from allocator import read_plan
from allocator.answers import reach as module
from allocator.answers.reach import reach
from allocator.reports.reach import to_csv, to_text

EXAMPLE = read_plan(ROOT / "inputs" / "plan.csv", SALES)


def test_text(five_million):
    """The headline says times, hours and heads; nothing is wider than 80 columns."""
    text = to_text(five_million)
    assert text.startswith("5.0m takes 1.22 times today's hours: 5,380")
    said = " ".join(text.split())
    assert " in place of 4,400, " in said
    assert "With win rates doubled it takes 0." in said
    assert "The fewest that reach 5.0m: 3 more heads (13 in place of 10), " in said
    assert max(map(len, text.splitlines())) <= 80


def test_limits_that_allow_no_fewer_hours_are_told_of():
    """Where limits decide the hours and not the number, the headline says so, and what they earn."""
    found = reach(EXAMPLE, SALES, 100.0)
    needed = found.as_planned
    said = " ".join(to_text(found).split())
    assert said.startswith(f"Limits allow no fewer hours than {needed.theta:.3f} times today's, ")
    assert f"and these earn {needed.revenue:,.0f}, more than 100." in said
    assert needed.revenue > 1000 * 100
    ben = [replace(row, min_hours=500.0) if row.min_hours == 40 else row for row in EXAMPLE.rows]
    said = " ".join(to_text(reach(replace(EXAMPLE, rows=tuple(ben)), SALES, 5e6)).split())
    assert said.startswith("5.0m takes ")
    assert "With win rates doubled, limits allow no fewer than 1.14 times. " in said


def test_command_line(plan_file):
    """Text, JSON and CSV tell of the same rows; files are written as for other commands."""
    path = plan_file(plan_text())
    asked = ("reach", path, "--revenue", "$0.9m", "--heads")
    text = run(*asked, folder=path.parent)
    assert (text.code, text.err) == (0, "")
    assert text.out.startswith("900k takes 5.51 times")
    done = run(*asked, "--format", "json", "-o", "rows.csv", "--quiet", folder=path.parent)
    assert (done.code, done.out) == (0, "")
    rows = list(csv.DictReader(io.StringIO((path.parent / "rows.csv").read_text("utf-8-sig"))))
    found = json.loads(run(*asked, "--format", "json", folder=path.parent).out)
    assert found["target"] == 900_000
    assert [row["case"] for row in found["rows"]] == [case.name for case in module.CASES]
    assert {"case", "theta", "hours", "opportunities", "revenue"} <= set(found["rows"][0])
    assert {"head", "territory", "revenue", "gain"} <= set(found["heads"][0])
    for said, row in zip([*found["rows"], *found["heads"]], rows, strict=True):
        assert float(row["revenue"]) == said["revenue"]
        assert float(row["opportunities"]) == said["opportunities"]
    planned = found["rows"][0]
    assert [line["area"] for line in planned["allocation"]] == [cells[1] for cells in ROWS]
    assert sum(line["hours"] for line in planned["allocation"]) <= planned["hours"] * (1 + 1e-9)
    assert sum(line["hours_now"] for line in planned["allocation"]) == approx(1000)
    assert len(found["fewest_heads"]["allocation"]) == 8
    assert " ".join(text.out.split()).startswith(found["headline"])


def test_out_of_reach_on_the_command_line(plan_file):
    """It ends with code 3 and one sentence, and the number in that sentence is within reach."""
    path = plan_file(plan_text())
    done = run("reach", path, "--revenue", "1bn", "--format", "json", folder=path.parent)
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("Error: 1,000,000,000 is out of reach")
    largest = done.err.split(" at most")[0].rsplit(" ", 1)[1]
    assert run("reach", path, "--revenue", largest, folder=path.parent).code == 0


def test_names_that_look_like_formulas():
    """A territory's name that a spreadsheet would run is inert in the CSV."""
    plan = renamed(plan_of(SMALL), lambda name: f"={name}", lambda name: name)
    found = to_csv(reach(plan, SALES, 7e5, heads=True))
    assert ",'=North," in found
    assert ",=North" not in found
