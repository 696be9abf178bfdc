"""One measurement: a process of its own, its time from start to end and the memory that it takes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).parents[1]
LOOK_SECONDS = 0.02
MEGABYTE = 2**20
PAGE = os.sysconf("SC_PAGE_SIZE")
RSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""What getrusage counts ru_maxrss in, in bytes."""

Verdict = Literal["done", "too slow", "too large", "failed"]


@dataclass(frozen=True)
class Cap:
    """What a process may take before it is ended."""

    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Taken:
    """How a process ended, and what it took.

    `seconds` from its start to its end, `megabytes` the peak of what it and its own processes held
    together. `said` is the last line that it printed, where that is JSON.
    """

    verdict: Verdict
    seconds: float
    megabytes: float
    said: Mapping[str, object] = field(default_factory=dict)
    error: str = ""


def measured(command: Sequence[str | Path], cap: Cap) -> Taken:
    """Run a command from the repository's root and measure it.

    The peak is the larger of the process's own high-water mark and of what it and its children were
    seen to hold at once (pages that they share count for each). Where the system shows neither, it is
    what getrusage says, which begins at what this process holds.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env=os.environ | {"PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        watch = _Watch(process.pid, cap, began)
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            _end(process.pid)
            raise
        finally:
            seconds = time.perf_counter() - began
            watch.stop()
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = (watch.peak or usage.ru_maxrss * RSS_UNIT) / MEGABYTE
        if watch.verdict is not None:
            return Taken(watch.verdict, seconds, peak)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            return Taken("failed", seconds, peak, error=err.read().decode("utf-8", "replace")[-2000:])
        return Taken("done", seconds, peak, _last_json(out.read().decode("utf-8", "replace")))


class _Watch(threading.Thread):
    """Looks at a process and its descendants until it is stopped; ends them when they pass the cap."""

    def __init__(self, pid: int, cap: Cap, began: float) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self.verdict: Verdict | None = None
        self._pid, self._cap, self._began = pid, cap, began
        self._over = threading.Event()
        self.start()

    def run(self) -> None:
        """Look, wait, look again."""
        while not self._over.wait(LOOK_SECONDS):
            held = _held(self._pid)
            self.peak = max(self.peak, held, _high_water(self._pid))
            if time.perf_counter() - self._began > self._cap.seconds:
                self.verdict = "too slow"
            elif held > self._cap.megabytes * MEGABYTE:
                self.verdict = "too large"
            if self.verdict is not None:
                _end(self._pid)
                return

    def stop(self) -> None:
        """No more looking: the process has ended."""
        self._over.set()
        self.join()


def _end(pid: int) -> None:
    """End a process and those that it started: they are a group of their own."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _held(pid: int) -> int:
    """Bytes that a process and its descendants hold in memory; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
        threads = Path(f"/proc/{pid}/task").glob("*/children")
        children = [int(child) for thread in threads for child in thread.read_text("ascii").split()]
    except (OSError, IndexError):
        return 0
    return pages * PAGE + sum(map(_held, children))


def _high_water(pid: int) -> int:
    """The most bytes that a process has held since it began; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    except OSError:
        return 0
    kilobytes = re.search(r"^VmHWM:\s*(\d+) kB", status, re.MULTILINE)
    return 1024 * int(kilobytes[1]) if kilobytes else 0


def _last_json(printed: str) -> Mapping[str, object]:
    last = printed.rstrip().rpartition("\n")[2]
    if not last.startswith("{"):
        return {}
    found: dict[str, object] = json.loads(last)
    return found
