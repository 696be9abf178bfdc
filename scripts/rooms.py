"""Rooms to run the tool in: a folder with a plan and an earlier output, and one for temporary files."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import running

EARLIER = b"territory,rep,area\nearlier,earlier,earlier\n"
OURS = {"plan.csv", "out.csv", "tmp", "disk"}


@dataclass(frozen=True)
class Job:
    """A plan's text, the steps that it is planned in, and the exit code that it ends with."""

    plan: str
    steps: int
    code: int = 0


def _impossible(plan: str) -> str:
    """The same plan with least hours in its first row that nobody has."""
    header, first, *others = plan.splitlines()
    return "\n".join([f"{header},min_hours", f"{first},9999", *(f"{line}," for line in others)]) + "\n"


JOBS = {
    "small": Job(running.large_plan(2), 1),
    "large": Job(running.large_plan(10), 8),
    "impossible": Job(_impossible(running.large_plan(10)), 8, code=3),
}


@dataclass(frozen=True)
class Room:
    """Where one run takes place: its folder, and the one that it is given for temporary files."""

    folder: Path
    temporary: Path

    @property
    def output(self) -> Path:
        """Where the result goes, in place of an earlier one."""
        return self.folder / "out.csv"

    def start(self, job: Job, solver: str, **how: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401
        """The tool at work here, reached by Ctrl-C even where this process is not."""
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        words = ["plan.csv", "--steps", f"{job.steps}", "--by", "step", "--solver", solver, "--force"]
        where = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        return subprocess.Popen(  # noqa: S603 (the tool itself)
            [*running.COMMAND, *words, "-o", str(self.output)],
            cwd=self.folder,
            env=running.environment(TMPDIR=str(self.temporary)),
            **{**where, **how},
        )

    def strays(self) -> list[str]:
        """What lies in both folders that was not put there."""
        here = {path.name for path in self.folder.iterdir()} - OURS
        return sorted(here | {path.name for path in self.temporary.iterdir()})

    def processes(self) -> list[int]:
        """The processes of this room, known by their folder for temporary files."""
        found, mark = [], f"TMPDIR={self.temporary}\0".encode()
        for environ in Path("/proc").glob("[0-9]*/environ"):
            with suppress(OSError):
                if mark in environ.read_bytes():
                    found.append(int(environ.parent.name))
        return found


@contextmanager
def room(job: Job) -> Iterator[Room]:
    """A new room; whatever is left in it at the end goes, processes too."""
    folder = Path(tempfile.mkdtemp(prefix="room-"))
    made = Room(folder, folder / "tmp")
    made.temporary.mkdir()
    (folder / "plan.csv").write_text(job.plan, encoding="utf-8")
    made.output.write_bytes(EARLIER)
    try:
        yield made
    finally:
        for pid in made.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def small_disk(where: Path, kilobytes: int) -> Iterator[Path | None]:
    """A disk of that size, or None where mounting one is not permitted."""
    where.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(where)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:  # noqa: S603
        yield None
        return
    try:
        yield where
    finally:
        subprocess.run(["umount", str(where)], check=False)  # noqa: S603, S607
