"""Leverage, told: as text, JSON and CSV, and on the command line."""

from __future__ import annotations

import csv
import io
import json

from plans import DRAINED, SALES, SMALL, plan_of
from running import ROOT, run
from small_plan import plan_text

from allocator import read_plan
from allocator.answers.leverage import leverage
from allocator.reports.leverage import to_csv, to_json, to_text

EXAMPLE = ROOT / "inputs" / "plan.csv"


def test_formats_agree():
    """JSON and CSV hold the same figures, digit for digit, under the keys that were promised."""
    found = leverage(plan_of(SMALL.replace("North", "=North()")), SALES)
    document = json.loads(to_json(found))
    assert document["hours"][0].keys() >= {"area", "credited", "per_hour"}
    assert document["territories"][0].keys() >= {"territory", "area", "per_hour"}
    assert document["levers"][0].keys() >= {"lever", "area", "gain_today", "gain_best", "credited"}
    rows = list(csv.DictReader(io.StringIO(to_csv(found))))
    value = {
        tuple(row[k] for k in ("kind", "territory", "area", "lever", "credited_to")): row for row in rows
    }
    assert len(value) == len(rows)
    for hour in document["hours"]:
        assert float(value["per_hour", "", hour["area"], "", ""]["value"]) == hour["per_hour"]
        for to, credit in hour["credited"].items():
            assert float(value["credited", "", hour["area"], "", to]["value"]) == credit
    for one in document["territories"]:
        name = one["territory"].replace("=", "'=")
        assert float(value["per_hour", name, one["area"], "", ""]["value"]) == one["per_hour"]
    for lever in document["levers"]:
        at = ("", lever["area"], lever["lever"])
        assert float(value["gain_today", *at, ""]["value"]) == lever["gain_today"]
        assert float(value["gain_best", *at, ""]["value"]) == lever["gain_best"]
    assert {row["unit"] for row in rows} == {"revenue", "revenue per hour"}


def test_text():
    """The sentence names what the tables mark as largest; on a narrow terminal nothing is cut."""
    found = leverage(read_plan(EXAMPLE, SALES), SALES)
    text = to_text(found)
    sentence = " ".join(text.split("\n\n")[0].split())
    assert "the next hour has the most leverage in opportunity management" in sentence
    assert "all of it in the other areas" in sentence
    assert "fewer hours per opportunity (+" in sentence
    matrix = text.split("\n\n")[1].splitlines()
    (marked,) = (line for line in matrix if line.count("▲") == 2)
    assert marked.startswith("Opportunity management")
    bars = [line.count("█") for line in text.splitlines() if "█" in line]
    assert bars[0] == 12
    assert bars == sorted(bars, reverse=True)
    for width in (80, 120):
        assert max(map(len, to_text(found, width).splitlines())) <= width
    narrow = [line for line in to_text(found, 40).splitlines() if line.startswith("Prospecting ")]
    assert [len(line.split()) for line in narrow] == [6]
    assert "\x1b" not in text
    assert "\x1b[38;5;16;48;5;" in to_text(found, color=True)


def test_command(tmp_path, plan_file):
    """The command prints text, JSON or CSV, writes files, and refuses what has no best split."""
    plan = plan_file(plan_text())
    text = run("leverage", plan, folder=tmp_path)
    assert (text.code, text.err) == (0, "")
    assert text.out.startswith("With today's split, the next hour")
    best = run("leverage", plan, "--at", "best", "--format", "json", folder=tmp_path)
    document = json.loads(best.out)
    assert document["at"] == "best"
    assert document["revenue"] > document["revenue_now"]
    written = run("leverage", plan, "--format", "csv", "-o", "out.json", folder=tmp_path)
    assert written.out.startswith("kind,territory,area,lever,credited_to,value,unit\n")
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["at"] == "today"
    drained = plan_file("\n".join(line.strip() for line in DRAINED.strip().splitlines()), "drained.csv")
    refused = run("leverage", drained, "--steps", "3", "--at", "best", folder=tmp_path)
    assert (refused.code, refused.out) == (3, "")
    assert "No split of these hours keeps every limit" in refused.err
