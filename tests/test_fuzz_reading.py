"""Damaged plans, in short: `scripts/fuzz_reading.py` with a few hundred files."""

from __future__ import annotations

import re
import subprocess
import sys

from running import ROOT, SECONDS, environment


def test_a_few_hundred_damaged_files():
    """Damaged plans and workbooks are read or refused, each quickly and with printable messages."""
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "fuzz_reading.py", "--files", "300", "--seed", "3"],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "failures: 0" in done.stdout
    assert {"refused", "read in silence", "read with notes"} == set(
        re.findall(r"^  (re[a-z ]+): ", done.stdout, re.MULTILINE)
    )
