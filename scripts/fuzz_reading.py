"""Damaged and doctored plans: each is read, or refused as a plan, in bounded time and memory.

Every sample plan, as CSV and as a workbook, is changed by bytes, by cells or by the parts of the
workbook. Nothing but `PlanError` may leave `read_plan`, no file may take ten seconds or 500 MB, and
no message or note may hold what a terminal would obey. A file that is refused is given to the command
as well: it ends with 2, says why and prints no answer, and the folder holds what it held before. The
same seed makes the same files.
"""

from __future__ import annotations

import io
import random
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from campaign import options, report
from damage import damaged

from allocator import cli, read_model, read_plan
from allocator.errors import PlanError

MOST_SECONDS = 10.0
MOST_MEGABYTES = 500.0
CHUNK = 100
REFUSED = 2


@dataclass
class Figures:
    """What came of a number of files; `failures` name the seed and number that make the file again."""

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: float = 0.0
    megabytes: float = 0.0

    def add(self, other: Figures) -> None:
        """Take the figures of other files in."""
        self.outcomes += other.outcomes
        self.failures += other.failures
        self.slowest = max(self.slowest, other.slowest)
        self.megabytes = max(self.megabytes, other.megabytes)


def read_many(seed: int, numbers: Sequence[int]) -> Figures:
    """Read the files of these numbers one after the other."""
    figures = Figures()
    signal.signal(signal.SIGALRM, _too_slow)
    with tempfile.TemporaryDirectory() as folder:
        for number in numbers:
            _read_one(seed, number, Path(folder), figures)
    scale = 1 if sys.platform == "darwin" else 1024
    figures.megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e6
    return figures


def _read_one(seed: int, number: int, folder: Path, figures: Figures) -> None:
    name, content = damaged(random.Random(f"{seed}/{number}"))  # noqa: S311 (not for secrets)
    path = folder / name
    path.write_bytes(content)
    started = time.perf_counter()
    signal.setitimer(signal.ITIMER_REAL, MOST_SECONDS)
    try:
        outcome = _outcome(path)
        if outcome == "refused":
            _refused_by_the_command(path, content)
    except BaseException as error:
        outcome = f"failed with {type(error).__name__}"
        figures.failures.append(f"seed {seed}, file {number} ({name}): {type(error).__name__}: {error}")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    path.unlink()
    figures.outcomes[outcome] += 1
    figures.slowest = max(figures.slowest, time.perf_counter() - started)


def _outcome(path: Path) -> str:
    try:
        plan = read_plan(path, read_model("sales_execution"))
    except PlanError as error:
        texts = [str(problem) for problem in error.problems]
        outcome = "refused"
    else:
        texts = list(plan.notes)
        outcome = "read with notes" if texts else "read in silence"
    unprintable = next((text for text in texts if not text.isprintable()), None)
    if unprintable is not None:
        raise ValueError(f"a message that a terminal would obey: {unprintable!r}")
    return outcome


def _refused_by_the_command(path: Path, content: bytes) -> None:
    """Give the command a plan that `read_plan` refuses, and hold it to what it promises then."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.run([str(path), "-o", str(path.with_name("result.csv")), "--format", "json"])
    said = err.getvalue()
    if code != REFUSED or out.getvalue() or path.name not in said or "Traceback" in said:
        raise ValueError(f"the command ended with {code}, printed {out.getvalue()!r}, said {said!r}")
    if not all(line.isprintable() for line in said.splitlines()):
        raise ValueError(f"the command said what a terminal would obey: {said!r}")
    if [*path.parent.iterdir()] != [path] or path.read_bytes() != content:
        raise ValueError(f"the folder holds {sorted(path.parent.iterdir())} now, or another plan")


def _too_slow(*_: object) -> None:
    raise TimeoutError(f"not read after {MOST_SECONDS:g} seconds")


def fuzz(files: int, seed: int, workers: int) -> Figures:
    """Read that many files in worker processes; a worker that dies is a failure."""
    figures = Figures()
    chunks = [range(at, min(at + CHUNK, files)) for at in range(0, files, CHUNK)]
    with ProcessPoolExecutor(workers) as pool:
        running = [pool.submit(read_many, seed, chunk) for chunk in chunks]
        for chunk, future in zip(chunks, running, strict=True):
            try:
                figures.add(future.result())
            except BrokenProcessPool as error:
                figures.failures.append(f"seed {seed}, files from {chunk[0]}: a worker died ({error})")
                break
    if figures.megabytes > MOST_MEGABYTES:
        figures.failures.append(f"{figures.megabytes:,.0f} MB in a worker, above {MOST_MEGABYTES:,.0f}")
    return figures


def main() -> int:
    """Fuzz, print the figures, and end with 1 if anything failed."""
    arguments = options(__doc__, 100_000).parse_args()
    started = time.perf_counter()
    figures = fuzz(arguments.cases, arguments.seed, arguments.workers)
    lines: list[tuple[str, object]] = [
        ("files", arguments.cases),
        *((f"  {outcome}", count) for outcome, count in figures.outcomes.most_common()),
        ("seconds in all", round(time.perf_counter() - started)),
        ("  slowest file", f"{figures.slowest:.2f}"),
        ("most memory, MB", round(figures.megabytes)),
    ]
    return report(lines, figures.failures)


if __name__ == "__main__":
    sys.exit(main())
