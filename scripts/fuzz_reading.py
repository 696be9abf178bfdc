"""Damaged and doctored plans: each is read, or refused as a plan, in bounded time and memory.

    python scripts/fuzz_reading.py --files 100000 --seed 1

Every sample plan, as CSV and as a workbook, is changed by bytes, by cells or by the parts of the
workbook. Nothing but `PlanError` may leave `read_plan`, no file may take ten seconds or 500 MB, and
no message or note may hold what a terminal would obey. The same seed makes the same files.
"""

from __future__ import annotations

import argparse
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
from dataclasses import dataclass, field
from pathlib import Path

from damage import damaged

from allocator import read_model, read_plan
from allocator.errors import PlanError

MOST_SECONDS = 10.0
MOST_MEGABYTES = 500.0
CHUNK = 100


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
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    started = time.perf_counter()
    figures = fuzz(given.files, given.seed, given.workers)
    print(f"{given.files:,} files, seed {given.seed}, {time.perf_counter() - started:,.0f} seconds")
    for outcome, count in figures.outcomes.most_common():
        print(f"  {outcome}: {count:,}")
    print(f"  slowest: {figures.slowest:.2f} s; most memory: {figures.megabytes:,.0f} MB")
    print(f"  failures: {len(figures.failures)}")
    for failure in figures.failures[:20]:
        print(f"    {failure}")
    return 1 if figures.failures else 0


if __name__ == "__main__":
    sys.exit(main())
