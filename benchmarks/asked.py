"""What was asked of the tool's speed, beside what was measured at its worst."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from statistics import median

from benchmarks.results import FLOOR, OURS, Case, Found, Results
from benchmarks.tables import Row, named, table, times

M_SIZE = 100_000
"""Nonzeros from which a programme is of M size."""
WEEKS = 13
AGREE = 1e-6
"""How far optima may be apart, relative: what the certificate allows."""
SOLVES = ("solve", "second pass", "today's split")
FILES = ("read", "check", "write")

Worst = tuple[float, str]
"""A figure and where it was measured; infinite where ours did not get through within its cap."""


def asked(results: Results) -> str:
    """The table: what, the most it may be, what it is at its worst and where."""
    return table(("What", "Asked", "Measured", "At", ""), _rows(results))


def _rows(results: Results) -> Iterator[Row]:
    weekly = [case for case in results.cases if case.steps == WEEKS]
    for what, most, figure in (
        ("Best split, to the floor", 1.25, lambda ours, floor: ours.seconds / floor.seconds),
        ("Whole process, to the floor", 1.5, lambda ours, floor: ours.process / floor.seconds),
        ("Peak memory, to the floor's", 1.5, lambda ours, floor: ours.megabytes / floor.megabytes),
    ):
        for cases, when in (
            (weekly, "by week"),
            ([case for case in results.cases if case not in weekly], "in fewer steps"),
        ):
            worst = _to_the_floor(results, cases, figure)
            yield _row(f"{what}, from M size up, {when}", most, worst, " ×")
    growth = results.growth(WEEKS)
    yield _row(f"Growth in {WEEKS} steps: territories to the power of", 1.1, (growth, ""))
    apart = ((each, f"{named(case)}, {route}") for each, case, route in results.differences())
    yield _row("Same optimum everywhere, relative", AGREE, _worst(apart))
    national = [case for case in results.overlays if case.size.cover == case.size.territories]
    overlays = ((_with_overlays(results, case), named(case)) for case in national)
    yield _row(
        "Best split with overlay reps of the whole country, to without", 4.0, _worst(overlays), " ×"
    )
    gaps = ((s["gap"], named(case)) for case in results.overlays for s in results.said(case, OURS))
    yield _row("Gap with overlay reps", 1e-6, _worst(gaps))
    yield _row("Read, check and write of the largest, to its solves", 1.0, _files(results), " ×")
    if results.startup:
        help_, plan, imports = (median(taken) for taken in results.startup.values())
        yield _row("`allocate --help`, ms", 150, (1000 * help_, f"{times(help_ / imports)} the imports"))
        at = f"{times(plan / imports)} the imports"
        yield _row("`allocate inputs/plan.csv`, ms", 1300, (1000 * plan, at))


def _row(what: str, most: float, worst: Worst, unit: str = "") -> Row:
    value, at = worst
    verdict = "not measured" if math.isnan(value) else "kept" if value <= most else "**missed**"
    shown = f"{value:,.0f}" if value >= 100 else f"{value:,.3g}"
    measured = "–" if math.isnan(value) else "not within its cap" if math.isinf(value) else shown + unit
    return (what, f"≤ {most:,g}{unit}", measured, at, verdict)


def _worst(figures: Iterable[Worst]) -> Worst:
    return max((each for each in figures if not math.isnan(each[0])), default=(math.nan, ""))


def _to_the_floor(
    results: Results, cases: Iterable[Case], figure: Callable[[Found, Found], float]
) -> Worst:
    """The worst ratio of a figure to the floor's among cases of M size and more."""

    def ratio(case: Case) -> float:
        said = results.said(case, FLOOR)
        if not said or said[0]["nonzeros"] < M_SIZE:
            return math.nan
        ours = results.found(case, OURS)
        return figure(ours, results.found(case, FLOOR)) if ours.runs else _unfinished(ours)

    return _worst((ratio(case), named(case)) for case in cases)


def _with_overlays(results: Results, case: Case) -> float:
    ours = results.found(case, OURS)
    return results.with_overlays(case) if ours.runs else _unfinished(ours)


def _unfinished(found: Found) -> float:
    return math.inf if found.why.startswith(">") else math.nan


def _files(results: Results) -> Worst:
    """What reading, checking and writing the largest plan take, to what its solves take."""
    solved = [case for case in results.cases if results.stages(case)]
    largest = max((case.size.territories for case in solved), default=0)

    def ratio(case: Case) -> float:
        taken = results.stages(case)
        files, solves = (sum(taken.get(name, 0.0) for name in names) for names in (FILES, SOLVES))
        # The solves of a single territory may fall between two looks at what is under way.
        return files / solves if solves else math.nan

    return _worst((ratio(case), named(case)) for case in solved if case.size.territories == largest)
