"""The other solver's answer, and the certificate written whole."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from plans import MONTHS, SALES, SMALL, plan_of
from running import run

from allocator import allocate
from allocator.answers.cross_check import cross_checked
from allocator.model import Model

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("model", [SALES, MONTHS], ids=["steady", "months"])
def test_either_solver_shows_the_same_split(model: Model):
    """Of many equally good splits, HiGHS and CBC show the same one, row by row."""
    plan = plan_of(SMALL, model)
    hours = [allocate(plan, model, solver=solver).hours_frame()["hours"] for solver in ("highs", "cbc")]
    assert hours[0].to_list() == pytest.approx(hours[1].to_list(), abs=1e-4)


def test_cross_check_states_the_difference():
    """The other solver is named, agrees on the best revenue and on how much moves."""
    found = cross_checked(allocate(plan_of(SMALL), SALES)).certificate.cross_check
    assert found is not None
    assert found.solver == "cbc"
    assert abs(found.difference) <= 1e-7
    assert found.moved == pytest.approx(found.moved_here, rel=1e-6)


def test_the_certificate_file_is_whole(tmp_path: Path):
    """The file lists every limit that was checked, and prices from which the bound follows."""
    (tmp_path / "plan.csv").write_bytes((ROOT / "inputs" / "plan.csv").read_bytes())
    done = run("plan.csv", "--certificate", "proof.json", "--cross-check", folder=tmp_path)
    assert done.code == 0
    assert "Cross-checked with cbc" in done.out
    proof = json.loads((tmp_path / "proof.json").read_text(encoding="utf-8"))
    assert proof["certificate"]["cross_check"]["solver"] == "cbc"
    assert all(limit["broken"] <= 1e-6 for limit in proof["limits"])
    names = {limit["limit"] for limit in proof["limits"]}
    assert names >= {"capacity", "shares", "working", "backlog", "next_period", "trust", "bounds"}
    capacity = math.fsum(p["worth"] for p in proof["prices"] if p["limit"] == "capacity")
    assert capacity > 0


def test_the_certificate_is_not_written_over_a_result(tmp_path: Path):
    """One file can't be both the result and the certificate."""
    (tmp_path / "plan.csv").write_bytes((ROOT / "inputs" / "solo.csv").read_bytes())
    done = run("plan.csv", "-o", "a.json", "--certificate", "a.json", folder=tmp_path)
    assert done.code == 2
    assert not (tmp_path / "a.json").exists()


def test_hours_that_stand_in_no_limit():
    """Hours of an area that brings nothing today stand in no row of today's programme; CBC takes it."""
    text = SMALL.replace("North,Bob,partners,40,0.9,8,3,", "North,Bob,partners,40,0.9,0,0,")
    plan = plan_of(text)
    found = [allocate(plan, SALES, solver=solver) for solver in ("highs", "cbc")]
    assert found[0].revenue_now == pytest.approx(found[1].revenue_now, rel=1e-7)
    assert found[0].revenue == pytest.approx(found[1].revenue, rel=1e-7)
