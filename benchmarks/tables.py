"""The results as tables in Markdown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import median

from benchmarks.results import FLOOR, OURS, TOOLS, Case, Found, Results
from benchmarks.stages import STAGES

Row = Sequence[str]


def document(results: Results, asked: str) -> str:
    """The text of results.md: what was asked, and all tables."""
    machine = ", ".join(f"{name} {value}" for name, value in results.machine.items())
    parts = [
        "# Results",
        f"Written by `python -m benchmarks`; every run is in `results.json`. {machine}.",
        "## Asked and measured",
        asked,
        "## Beside the floor",
        beside_the_floor(results),
        "## The first pass by hand",
        by_hand(results),
        "### Peak memory, MB",
        memory(results),
        "## Stages",
        stages(results),
        "## Overlay reps",
        overlays(results),
        "## Start-up",
        startup(results),
        "![Time and memory by size](results.svg)",
    ]
    return "\n\n".join(parts) + "\n"


def for_readme(results: Results) -> str:
    """What the README shows."""
    return "\n\n".join((beside_the_floor(results), by_hand(results), overlays(results)))


def table(header: Row, rows: Iterable[Row], words: int = 1) -> str:
    """A table; all columns but the first `words` are numbers."""
    rule = ["---" if at < words else "---:" for at in range(len(header))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (header, rule, *rows))


def seconds(value: float) -> str:
    """Three digits, or milliseconds."""
    if math.isnan(value):
        return "–"
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 0.1 else 3
    return f"{value:,.{digits}f}"


def times(value: float) -> str:
    """A ratio."""
    return "–" if math.isnan(value) else f"{value:,.0f} ×" if value >= 20 else f"{value:.2f} ×"


def beside_the_floor(results: Results) -> str:
    """Ours and the floor: time and memory, case by case."""
    header = (
        *("Territories", "Steps", "Nonzeros", "Parts", "Floor, s", "Best split, s", "to the floor"),
        *("Whole process, s", "to the floor", "Floor, MB", "Ours, MB", "to the floor"),
        "Moves to the floor's",
    )
    rows = []
    for case in results.cases:
        floor, ours = results.found(case, FLOOR), results.found(case, OURS)
        said = results.said(case, FLOOR)
        size = (f"{said[0]['nonzeros']:,}", f"{said[0]['components']:,}") if said else ("–", "–")
        rows.append(
            (
                *(f"{case.size.territories:,}", str(case.steps), *size, _time(floor), _time(ours)),
                times(ours.seconds / floor.seconds),
                *(seconds(ours.process), times(ours.process / floor.seconds)),
                *(_megabytes(floor), _megabytes(ours), times(ours.megabytes / floor.megabytes)),
                _moves(results, case),
            )
        )
    return table(header, rows, 0)


def by_hand(results: Results) -> str:
    """The first pass: the floor's, and that of each tool with its ratio to it."""
    tried = [case for case in results.cases if any(results.of(case, tool) for tool in TOOLS)]

    def row(case: Case) -> Row:
        first = _first(results, case)
        cells = [f"{case.size.territories:,}", str(case.steps), seconds(first)]
        for tool in TOOLS:
            found = results.found(case, tool)
            ratio = f" ({times(found.seconds / first)})" if found.runs and not math.isnan(first) else ""
            cells.append(f"{_time(found)}{ratio}")
        return cells

    return table(("Territories", "Steps", "Floor, s", *TOOLS.values()), map(row, tried), 0)


def memory(results: Results) -> str:
    """Peak memory of every route."""
    routes = (FLOOR, OURS, *TOOLS)
    rows = (
        (
            f"{case.size.territories:,}",
            str(case.steps),
            *(_megabytes(results.found(case, route)) for route in routes),
        )
        for case in results.cases
    )
    return table(("Territories", "Steps", "Floor", "Ours", *TOOLS.values()), rows, 0)


def stages(results: Results) -> str:
    """Our seconds by stage, case by case."""
    measured = [case for case in results.cases if results.stages(case)]
    there = [name for name in STAGES if any(name in results.stages(case) for case in measured)]
    rows = (
        (
            f"{case.size.territories:,}",
            str(case.steps),
            *(seconds(results.stages(case).get(name, 0.0)) for name in there),
        )
        for case in measured
    )
    return table(("Territories", "Steps", *there), rows, 0)


def overlays(results: Results) -> str:
    """What reps who cover many territories cost: ours with and without them."""

    def row(case: Case) -> Row:
        ours = results.found(case, OURS)
        said = results.said(case, OURS)
        return (
            *(f"{case.size.territories:,}", str(case.steps), f"{case.size.overlays:,}"),
            *(f"{case.size.cover:,}", _time(ours), times(results.with_overlays(case))),
            f"{max(each['gap'] for each in said):.0e}" if said else "–",
        )

    header = (
        "Territories",
        "Steps",
        "Overlay reps",
        "Each covers",
        "Best split, s",
        "to without",
        "Gap",
    )
    return table(header, map(row, results.overlays), 0)


def at_scale(results: Results, steps: int) -> str:
    """What the largest plans take: measured as far as it was, from there by the measured growth."""
    measured = [case for case in results.cases if case.steps == steps and results.found(case, OURS).runs]
    last = measured[-1]
    found, growth = results.found(last, OURS), max(1.0, results.growth(steps))

    def row(territories: int) -> Row:
        larger = territories / last.size.territories
        times_as_long = larger**growth
        return (
            f"{territories:,}",
            f"{REPS * territories:,}",
            *(_minutes(taken * times_as_long) for taken in (found.seconds, found.process)),
            f"{found.megabytes * larger / 1024:,.1f}",
            "measured" if territories == last.size.territories else "by the growth",
        )

    header = ("Territories", "Reps, about", "Best split, min", "Whole process, min", "Memory, GB", "")
    return table(header, map(row, sorted({last.size.territories, *LARGE})), 0)


LARGE, REPS = (5_000, 20_000, 100_000), 4


def _minutes(value: float) -> str:
    return f"{value / 60:,.1f}"


def startup(results: Results) -> str:
    """The commands that should answer at once."""
    imports = median(results.startup.get("python -c 'import pandas, pulp'", [math.nan]))
    rows = (
        (f"`{name}`", f"{1000 * median(taken):,.0f}", times(median(taken) / imports))
        for name, taken in results.startup.items()
    )
    return table(("Command", "ms", "To the imports"), rows)


def _first(results: Results, case: Case) -> float:
    """The floor's first pass in seconds."""
    said = results.said(case, FLOOR)
    return median(each["first"] for each in said) if said else math.nan


def named(case: Case) -> str:
    """A case in a few words."""
    size = case.size
    overlays = f", {size.overlays:,} overlay reps on {size.cover:,}" if size.overlays else ""
    return f"{size.territories:,} × {case.steps}{overlays}"


def _time(found: Found) -> str:
    return seconds(found.seconds) if found.runs else found.why


def _moves(results: Results, case: Case) -> str:
    """Hours that our split moves, to the floor's, which keeps the revenue part by part."""
    ours, floor = results.said(case, OURS), results.said(case, FLOOR)
    return f"{ours[0]['moves'] / floor[0]['moves']:.4f}" if ours and floor else "–"


def _megabytes(found: Found) -> str:
    return f"{found.megabytes:,.0f}" if found.runs else found.why
