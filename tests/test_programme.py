"""The programme as a file for other solvers: they find the same optimum, and names can be read."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pulp
import pytest
from plans import MONTHS, SALES
from running import ROOT, run

from allocator import allocate, read_plan
from allocator.reports.programme import to_programme

CBC = pulp.PULP_CBC_CMD.pulp_cbc_path


def solved_by_cbc(path: Path) -> float:
    """The optimum that CBC finds for a file."""
    done = subprocess.run([CBC, path, "-solve", "-quit"], capture_output=True, text=True, check=True)
    return float(re.findall(r"Optimal objective (\S+)", done.stdout)[-1])


@pytest.mark.parametrize("name", ["plan.csv", "solo.csv"])
@pytest.mark.parametrize("model", [SALES, MONTHS], ids=["steady", "months"])
def test_another_solver_finds_the_same(tmp_path, name, model):
    """CBC reads both formats and finds our optimum; the MPS file minimizes minus revenue."""
    allocation = allocate(read_plan(ROOT / "inputs" / name, model), model)
    for kind, sign in (("lp", 1), ("mps", -1)):
        path = tmp_path / f"programme.{kind}"
        path.write_bytes(to_programme(allocation, kind))
        assert sign * solved_by_cbc(path) == pytest.approx(allocation.revenue_optimal, rel=1e-8)


def test_names_can_be_read_and_told_apart(tmp_path, plan_file):
    """Columns and rows are called after territories, reps, areas and steps, each once."""
    text = (ROOT / "inputs" / "plan.csv").read_text(encoding="utf-8")
    text = text.replace("River Valley", "N\u00f6rth").replace("Coast", "N-rth")
    allocation = allocate(read_plan(plan_file(text), SALES), SALES)
    text = to_programme(allocation, "mps").decode("ascii")
    assert "x_North_Dana_prospecting_t1" in text
    rows = re.findall(r"^ [LGEN]  (\S+)", text, re.MULTILINE)
    assert len(rows) == len(set(rows)) == len(allocation.optimum.program.limits) + 1
    assert any(name.startswith("working_N_rth") and name.endswith("_2") for name in rows)


def test_the_command(tmp_path):
    """`-o` takes both suffixes for an allocation, and refuses them for other answers."""
    done = run(ROOT / "inputs" / "solo.csv", "-o", "a.lp", "-o", "a.mps", "--quiet", folder=tmp_path)
    assert (done.code, done.out) == (0, "")
    assert solved_by_cbc(tmp_path / "a.lp") == pytest.approx(-solved_by_cbc(tmp_path / "a.mps"))
    refused = run("compare", ROOT / "inputs" / "solo.csv", "-o", "b.lp", folder=tmp_path)
    assert refused.code == 2
    assert not (tmp_path / "b.lp").exists()


def test_parquet(tmp_path):
    """Parquet has the rows of the hours' table, where pyarrow is there."""
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    plan = ROOT / "inputs" / "plan.csv"
    assert run(plan, "-o", "hours.parquet", "--quiet", folder=tmp_path).code == 0
    found = pandas.read_parquet(tmp_path / "hours.parquet")
    expected = allocate(read_plan(plan, SALES), SALES).hours_frame()
    assert list(found.columns) == list(expected.columns)
    assert (found["hours"].to_numpy() == expected["hours"].to_numpy()).all()
