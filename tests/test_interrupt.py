"""Interrupted: the tool stops at once and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from running import COMMAND, environment, large_plan, still_running

PATIENCE = 30
SOON = 5
"""Seconds: it takes less than one, but other tests run beside it."""


def descendants(pid: int) -> set[int]:
    """The processes that a process has started, and those that they have."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(int(after_name[1]), []).append(int(stat.parent.name))
    found, ahead = set(), [pid]
    while ahead:
        new = children.get(ahead.pop(), [])
        found.update(new)
        ahead += new
    return found


def solving(process: subprocess.Popen[bytes], solver: str) -> bool:
    """Whether the solver is at work: CBC as a process, HiGHS as a thread beside Python's own."""
    if solver == "cbc":
        return bool(descendants(process.pid))
    return (
        "highs" in Path(f"/proc/{process.pid}/maps").read_text()
        and len(list(Path(f"/proc/{process.pid}/task").iterdir())) > 1
    )


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="looks at processes through /proc")
@pytest.mark.parametrize("solver", ["highs", "cbc"])
@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_while_solving(tmp_path: Path, solver, how, code):
    """A long solve ends soon after a signal, without a process, file or traceback left."""
    (tmp_path / "large.csv").write_text(large_plan(60))
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in what a shell starts in the background
        signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [*COMMAND, "large.csv", "--steps", "52", "--solver", solver, "-o", "result.csv"],
        cwd=tmp_path,
        env=environment(TMPDIR=str(temporary)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    started: set[int] = set()
    try:
        deadline = time.monotonic() + PATIENCE
        while not solving(process, solver) and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)
        started = descendants(process.pid)
        assert process.poll() is None, "the solve is long enough to be interrupted"
        process.send_signal(how)
        sent = time.monotonic()
        out, err = process.communicate(timeout=PATIENCE)
        assert time.monotonic() - sent < SOON
        assert still_running(started, sent + SOON) == []
        assert process.returncode in {code, -how if how == signal.SIGTERM else code}
        assert out == b""
        assert b"Traceback" not in err
        assert (b"Interrupted" in err) or how == signal.SIGTERM
        assert list(temporary.iterdir()) == []
        assert {path.name for path in tmp_path.iterdir()} == {"large.csv", "tmp"}
    finally:
        process.kill()
        process.wait()
        for pid in started:
            if Path(f"/proc/{pid}").exists():
                os.kill(pid, signal.SIGKILL)
