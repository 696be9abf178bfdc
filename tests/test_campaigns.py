"""The campaigns in short: each script of `scripts/` with few cases, as one runs it."""

from __future__ import annotations

import re
import subprocess
import sys

from running import ROOT, environment

MINUTES = 5
CERTIFICATE_OFF = """
import math, sys
sys.path.insert(0, "scripts")
import corrupt_answers
from allocator import certificate
certificate.TOLERANCE = math.inf
sys.exit(corrupt_answers.main())
"""


def campaign(script: str, cases: int, seed: int = 3) -> dict[str, str]:
    """The figures of a campaign that holds: what was counted → how many."""
    done = run(str(ROOT / "scripts" / script), "--cases", f"{cases}", "--seed", f"{seed}")
    assert done.returncode == 0, done.stdout + done.stderr
    return figures_of(done)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60 * MINUTES,
        check=False,
    )


def figures_of(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    return dict(re.findall(r"^ *(\S.*?)  +(\S.*)$", done.stdout, re.MULTILINE))


def test_damaged_plans():
    """Damaged plans and workbooks are read or refused, by the reader as by the command."""
    figures = campaign("fuzz_reading.py", 300)
    assert figures["files"] == "300"
    assert all(int(figures[what]) for what in ("refused", "read in silence", "read with notes"))


def test_runs_that_are_ended():
    """Signals at random moments, and full disks, leave the earlier output or the whole new one."""
    figures = campaign("kill_runs.py", 9)
    assert [figures[sent] for sent in ("SIGINT", "SIGTERM", "SIGKILL")] == ["3", "3", "3"]


def test_corrupted_answers():
    """Of each kind of corruption one: the certificate, or a refusal before it, stops every one."""
    figures = campaign("corrupt_answers.py", 37)
    assert (figures["corrupted answers"], figures["missed"]) == ("37", "0")
    assert int(figures["caught by the certificate"]) >= 30


def test_corrupted_answers_without_the_certificate():
    """Where no figure is too far off, the same corruptions get through, and the campaign says so."""
    done = run("-c", CERTIFICATE_OFF, "--cases", "20", "--workers", "1")
    assert done.returncode == 1, done.stderr
    assert int(figures_of(done)["missed"]) >= 12, done.stdout


def test_hostile_names():
    """Names made to be obeyed are text in every output, or refused with nothing written."""
    figures = campaign("hostile_names.py", 4)
    assert figures["names"] == "4"
    assert all(int(figures[judge].replace(",", "")) for judge in ("terminal", "sheet", "document"))


def test_impossible_plans():
    """What is said of impossible plans holds in the reference: conflicts, least change, alternatives."""
    figures = campaign("check_repairs.py", 6)
    assert figures["impossible plans"] == figures["explained, as the reference finds"] == "6"
    assert int(figures["conflicts"]) >= 6
    assert int(figures["alternatives"]) > 0


AWKWARD = """
import sys
sys.path.insert(0, "scripts")
import compare_solvers
found = compare_solvers.compared((2026, 2916))
print(found.statuses, found.wrong)
"""


def test_a_plan_that_cbc_finds_awkward():
    """Of the plans tried, one whose figures from CBC hold only when it is asked carefully."""
    done = run("-c", AWKWARD)
    assert done.stdout.strip() == "['optimal', 'optimal'] []", done.stderr
