"""Run the tool as a user does: in a process of its own, from a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-m", "allocator")
SECONDS = 180
"""After which a run is taken to hang, also where others keep the machine busy."""


@dataclass(frozen=True)
class Run:
    """How a run ended and what it printed."""

    code: int
    out: str
    err: str


def environment(**changes: str | None) -> dict[str, str]:
    """This process's environment without what changes a terminal's output, and with `changes`."""
    decided = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONIOENCODING"}
    kept = {name: value for name, value in os.environ.items() if name not in decided}
    kept |= {"PYTHONUTF8": "1", "TERM": "xterm"}
    kept |= {name: value for name, value in changes.items() if value is not None}
    return kept


def run(
    *arguments: str | Path, folder: Path, command: Sequence[str] = COMMAND, **changes: str | None
) -> Run:
    """Run `allocate` with these arguments in a folder; `changes` are to the environment."""
    done = subprocess.run(
        [*command, *map(str, arguments)],
        cwd=folder,
        env=environment(**changes),
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=SECONDS,
        check=False,
    )
    out, err = (printed.decode("utf-8", "replace") for printed in (done.stdout, done.stderr))
    return Run(done.returncode, out, err)


def script(*lines: str) -> Run:
    """Run a few lines of Python, which have to end well, in a process of their own."""
    done = run("-c", "\n".join(lines), folder=ROOT, command=(sys.executable,))
    assert done.code == 0, done.err
    return done


def still_running(processes: Iterable[int], until: float) -> list[int]:
    """Those of some processes that have not ended by then (`time.monotonic`).

    One that has ended but is not reaped yet, since whoever started it ended before, counts as ended.
    """
    left = list(processes)
    while (left := [pid for pid in left if _running(pid)]) and time.monotonic() < until:
        time.sleep(0.02)
    return left


def _running(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rsplit(")", 1)[1].split()[0] not in "ZX"


def large_plan(territories: int) -> str:
    """A plan of many territories, no two alike, whose reps cover two of them each."""
    columns = "territory,area,rep,hours,opportunities,open,win_rate,deal_size,cycle_days"
    lines = [f"{columns},hours_per_opportunity"]
    for k in range(territories):
        rep, spread = f"R{k // 2}", (k * 7919) % 101
        lines.append(f"T{k},opportunity_management,{rep},{150 + spread},,,,,,{5 + spread / 20}")
        for at, area in enumerate(("prospecting", "account_development", "partners")):
            hours, created = 90 + (spread * (at + 3)) % 83, 8 + (spread * (at + 2)) % 37
            rate, size = 0.1 + ((spread + at * 29) % 25) / 100, 9000 + 331 * ((spread * (at + 5)) % 97)
            facts = f"{created},{1 + spread % 7},{rate:.2f},{size},{20 + spread}"
            lines.append(f"T{k},{area},{rep},{hours},{facts},")
    return "\n".join(lines) + "\n"
