"""What the campaigns share: many cases over worker processes, progress, a table, a verdict."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing import get_context
from typing import TypeVar

Result = TypeVar("Result")
CHUNK = 4
SECONDS_BETWEEN_LINES = 5.0


def options(purpose: str | None, cases: int) -> argparse.ArgumentParser:
    """The options that every campaign has: how many cases, the seed, how many processes."""
    parser = argparse.ArgumentParser(description=(purpose or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=cases, help=f"how many (default {cases:,})")
    parser.add_argument("--seed", type=int, default=1, help="the same seed tries the same cases")
    workers = min(2, os.cpu_count() or 1)
    parser.add_argument("--workers", type=int, default=workers, help=f"processes (default {workers})")
    return parser


def each(
    check: Callable[[tuple[int, int]], Result], cases: Iterable[tuple[int, int]], workers: int
) -> Iterator[Result]:
    """`check` of every (seed, number), in order; with one worker, in this process.

    Progress goes to stderr.
    """
    listed = list(cases)
    if workers <= 1:
        yield from _watched(map(check, listed), len(listed))
        return
    with get_context("spawn").Pool(workers) as pool:
        yield from _watched(pool.imap(check, listed, CHUNK), len(listed))


def _watched(results: Iterable[Result], total: int) -> Iterator[Result]:
    began = last = time.monotonic()
    for done, result in enumerate(results, start=1):
        if time.monotonic() - last > SECONDS_BETWEEN_LINES or done == total:
            last = time.monotonic()
            print(f"{done:,} of {total:,} in {last - began:,.0f} s", file=sys.stderr, flush=True)
        yield result


def report(figures: Sequence[tuple[str, object]], failures: Sequence[str]) -> int:
    """Print the figures, then what does not hold; the exit code that says so."""
    width = max(len(name) for name, _ in figures)
    for name, value in figures:
        shown = (
            f"{value:.2g}"
            if isinstance(value, float)
            else f"{value:,}"
            if isinstance(value, int)
            else value
        )
        print(f"{name:<{width}}  {shown}")
    for failure in failures[:50]:
        print(f"DOES NOT HOLD  {failure}")
    if len(failures) > 50:
        print(f"… and {len(failures) - 50:,} more")
    return 1 if failures else 0
