"""Splits side by side, told: as text of any width, JSON and CSV, and on the command line."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from running import ROOT, run

from allocator import read_model, read_plan
from allocator.answers.compare import compare
from allocator.reports.compare import to_json, to_text

REGION = read_plan(ROOT / "inputs" / "plan.csv", read_model("sales_execution"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the example plan, and a copy of it in which Dana prospects less."""
    shutil.copy(ROOT / "inputs" / "plan.csv", tmp_path)
    text = (tmp_path / "plan.csv").read_text(encoding="utf-8")
    (tmp_path / "b.csv").write_text(text.replace("Dana,230", "Dana,130"), encoding="utf-8")
    return tmp_path


def test_json(folder, region):
    """`--format json` prints the splits and the moves, each with the keys that are promised."""
    done = run("compare", "plan.csv", "b.csv", "--moves", "--format", "json", folder=folder)
    assert (done.code, done.err) == (0, "")
    document = json.loads(done.out)
    assert [split["name"] for split in document["splits"]] == [
        "today",
        "equal split",
        *(f"all in on {area}" for area in region.model.areas),
        "recommended",
        "b.csv",
    ]
    wanted = {"name", "revenue", "created", "worked", "unworked", "wins", "hours"}
    assert all(wanted <= set(split) for split in document["splits"])
    for split, same in zip(document["splits"], region.splits[:-1], strict=False):
        assert split["revenue"] == pytest.approx(same.revenue, rel=1e-9)
        assert split["against_today"] == pytest.approx(same.revenue - region.today.revenue, abs=1e-3)
        assert split["hours_per_win"] == pytest.approx(same.hours / same.wins, rel=1e-6)
    assert [set(point) >= {"share", "moves", "revenue"} for point in document["moves"]] == [True] * 6
    assert document["moves"][0]["revenue"] is None
    assert document["least_moves"]["moves"] > document["moves"][1]["moves"]
    points = [point for point in document["moves"] if point["revenue"] is not None]
    assert document["certificate"]["solves"] == len(document["splits"]) + len(points) + 1
    assert document["certificate"]["worst"] <= 1e-6
    assert any("4,300 hours, 100 fewer than plan.csv" in note for note in document["notes"])


def test_json_without_moves(region):
    """Nobody who did not ask for the moves gets them."""
    document = json.loads(to_json(region))
    assert (document["moves"], document["least_moves"]) == (None, None)


def test_csv(folder):
    """`--format csv` has a row a split and a point, and is what -o writes; names are no formulas."""
    (folder / "b.csv").rename(folder / "=b.csv")
    asked = ("compare", "plan.csv", "=b.csv", "--moves", "--format", "csv")
    done = run(*asked, "-o", "out.csv", folder=folder)
    assert done.code == 0
    assert (folder / "out.csv").read_text(encoding="utf-8-sig") == done.out
    rows = list(csv.DictReader(io.StringIO(done.out)))
    kinds = ["today", "equal", *["all_in"] * 4, "recommended", "other", *["moves"] * 6]
    assert [row["kind"] for row in rows] == kinds
    assert rows[7]["name"] == "'=b.csv"
    assert (rows[8]["name"], rows[8]["revenue"]) == ("0% of the moves", "")
    assert rows[-1]["name"] == "100% of the moves"
    assert float(rows[-1]["revenue"]) == pytest.approx(float(rows[6]["revenue"]), rel=2e-6)
    assert float(rows[-1]["moves"]) == pytest.approx(float(rows[6]["moves"]), rel=1e-6)


def test_text(folder):
    """The headline comes first, nothing is wider than 80 columns, and the table holds every split."""
    done = run("compare", "plan.csv", "b.csv", "--moves", folder=folder)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("All in on prospecting creates the most opportunities")
    assert max(len(line) for line in done.out.splitlines()) <= 80
    lines = done.out.splitlines()
    starts = ("Today", "Equal split", "  Prospecting", "  Partners", "Recommended", "b.csv")
    assert all(any(line.startswith(start) and "%" in line for line in lines) for start in starts)
    assert "50% of the moves bring 72% of the gain." in done.out
    assert "Of b.csv only the hours count; the facts are those of plan.csv" in " ".join(done.out.split())


@pytest.mark.parametrize("width", [30, 40, 55, 66, 79, 120])
def test_any_width(region, width):
    """On any terminal each figure is whole, in as many tables as it takes."""
    text = to_text(compare(REGION, region.model, moves=True), width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "…" not in text
    for split in region.splits[:-1]:
        assert f"{split.revenue:,.0f}" in text
        assert f"{split.unworked:,.1f}" in text


def test_large_money_is_in_thousands(region):
    """Revenue that would burst the table is shown in thousands, which the table's title says."""
    facts = {
        key: replace(fact, deal_size=fact.deal_size and 1000 * fact.deal_size)
        for key, fact in REGION.facts.items()
    }
    found = compare(replace(REGION, facts=facts), region.model, moves=True)
    text = to_text(found)
    assert "revenue in thousands of the" in text
    assert f"{found.recommended.revenue / 1000:,.0f}" in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_the_command_line_refuses(folder):
    """Strange rows, shares that are none and outputs that are inputs are refused; nothing is written."""
    text = (folder / "b.csv").read_text(encoding="utf-8")
    (folder / "strange.csv").write_text(text.replace("Dana", "Dora"), encoding="utf-8")
    done = run("compare", "plan.csv", "strange.csv", folder=folder)
    assert (done.code, done.out) == (2, "")
    assert "strange.csv, row 2, column rep: plan.csv has no row of Dora for prospecting" in done.err
    for arguments, words in (
        (["--lean", "101%"], "at most 100%"),
        (["none.csv"], "no such file"),
        (["b.csv", "-o", "b.csv", "--force"], "this is the plan itself"),
    ):
        done = run("compare", "plan.csv", *arguments, folder=folder)
        assert (done.code, done.out) == (2, "")
        assert words in done.err
    assert (folder / "b.csv").read_text(encoding="utf-8") == text
    assert run("compare", "plan.csv", "--lean", "100%", "--format", "csv", folder=folder).code == 0
