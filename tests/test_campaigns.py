"""The campaigns in short: each script of `scripts/` with few cases, as one runs it."""

from __future__ import annotations

import re
import subprocess
import sys

from running import ROOT, environment

MINUTES = 5


def campaign(script: str, cases: int, seed: int = 3) -> dict[str, str]:
    """The figures of a campaign that holds: what was counted → how many."""
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / script, "--cases", f"{cases}", "--seed", f"{seed}"],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60 * MINUTES,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
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
