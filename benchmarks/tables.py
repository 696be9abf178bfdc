"""The results as tables in Markdown, and what was asked beside what was measured."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from statistics import median

from benchmarks.results import FLOOR, OURS, TOOLS, Case, Found, Results
from benchmarks.stages import STAGES

M_SIZE = 100_000
"""Nonzeros from which a programme is of M size."""
WEEKS = 13
AGREE = 1e-6

Row = Sequence[str]


def document(results: Results) -> str:
    """All tables: the text of results.md."""
    machine = ", ".join(f"{name} {value}" for name, value in results.machine.items())
    parts = [
        "# Results",
        f"Written by `python -m benchmarks`; every run is in `results.json`. {machine}.",
        "## Asked and measured",
        asked(results),
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
    """Three digits or so."""
    if math.isnan(value):
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def times(value: float) -> str:
    """A ratio."""
    return "–" if math.isnan(value) else f"{value:,.0f} ×" if value >= 20 else f"{value:.2f} ×"


def beside_the_floor(results: Results) -> str:
    """Ours and the floor: time and memory, case by case."""
    header = (
        *("Territories", "Steps", "Nonzeros", "Parts", "Floor, s", "Best split, s", ""),
        *("Whole process, s", "", "Floor, MB", "Ours, MB", ""),
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
            *(f"{case.size.cover:,}", _time(ours), times(_with_overlays(results, case))),
            f"{max(each['gap'] for each in said):.0e}" if said else "–",
        )

    header = ("Territories", "Steps", "Overlay reps", "Each covers", "Best split, s", "", "Gap")
    return table(header, map(row, results.overlays), 0)


def startup(results: Results) -> str:
    """The commands that should answer at once."""
    imports = median(results.startup.get("python -c 'import pandas, pulp'", [math.nan]))
    rows = (
        (f"`{name}`", f"{1000 * median(taken):,.0f}", times(median(taken) / imports))
        for name, taken in results.startup.items()
    )
    return table(("Command", "ms", "To the imports"), rows)


def asked(results: Results) -> str:
    """What was asked, what was measured at its worst, and whether that is within."""
    large = [case for case in results.cases if _nonzeros(results, case) >= M_SIZE]
    both = [case for case in large if results.found(case, OURS).runs]

    def worst(figure: Callable[[Found, Found], float], cases: Sequence[Case]) -> tuple[float, str]:
        found = [
            (figure(results.found(case, OURS), results.found(case, FLOOR)), _named(case))
            for case in cases
        ]
        known = [each for each in found if not math.isnan(each[0])]
        return max(known, default=(math.nan, ""))

    rows = [
        _line("Best split, to the floor, from M size up", 1.25, *worst(_best, both), " ×"),
        _line("Whole process, to the floor, from M size up", 1.5, *worst(_process, both), " ×"),
        _line("Peak memory, to the floor's, from M size up", 1.5, *worst(_held, both), " ×"),
        _line(f"Growth at {WEEKS} steps: territories to the power of", 1.1, results.growth(WEEKS), "", ""),
    ]
    differences = [(each, f"{route}, {_named(case)}") for each, case, route in results.differences()]
    rows.append(_line("Same optimum, relative", AGREE, *max(differences, default=(math.nan, "")), ""))
    overlaid = [(_with_overlays(results, case), _named(case)) for case in results.overlays]
    unknown = [each for each in overlaid if math.isnan(each[0])]
    rows.append(_line("Overlay reps, to without", 4.0, *max(unknown or overlaid, default=(math.nan, "")), " ×"))
    gaps = [(s["gap"], _named(case)) for case in results.overlays for s in results.said(case, OURS)]
    rows.append(_line("Gap with overlay reps", 1e-6, *max(gaps, default=(math.nan, "")), ""))
    rows.append(_line("Read, check and write, to the solves", 1.0, *_files(results), " ×"))
    help_, plan, imports = (median(each) for each in list(results.startup.values()) or [[math.nan]] * 3)
    rows.append(_line("`allocate --help`, ms", 150, 1000 * help_, times(help_ / imports), ""))
    rows.append(_line("`allocate inputs/plan.csv`, ms", 1300, 1000 * plan, times(plan / imports), ""))
    unfinished = [case for case in large if not results.found(case, OURS).runs]
    note = f"\n\nNot within its cap: ours at {', '.join(map(_named, unfinished))}." if unfinished else ""
    return table(("What", "Asked", "Measured", "At", ""), rows) + note


def _line(what: str, most: float, value: float, at: str, unit: str) -> Row:
    verdict = "not measured" if math.isnan(value) else "kept" if value <= most else "**missed**"
    return (what, f"≤ {most:,g}{unit}", "–" if math.isnan(value) else f"{value:,.3g}{unit}", at, verdict)


def _best(ours: Found, floor: Found) -> float:
    return ours.seconds / floor.seconds


def _process(ours: Found, floor: Found) -> float:
    return ours.process / floor.seconds


def _held(ours: Found, floor: Found) -> float:
    return ours.megabytes / floor.megabytes


def _files(results: Results) -> tuple[float, str]:
    """Reading, checking and writing of the largest plan to its solves, at its worst."""
    solved = [case for case in results.cases if results.stages(case)]
    largest = max((case.size.territories for case in solved), default=0)

    def ratio(case: Case) -> float:
        taken = results.stages(case)
        solves = sum(taken.get(name, 0.0) for name in ("solve", "second pass", "today's split"))
        return sum(taken.get(name, 0.0) for name in ("read", "check", "write")) / solves

    found = [(ratio(case), _named(case)) for case in solved if case.size.territories == largest]
    return max(found, default=(math.nan, ""))


def _with_overlays(results: Results, case: Case) -> float:
    """Our time for the best split with overlay reps to that without them."""
    without = [
        other
        for other in results.cases
        if (other.size.territories, other.steps) == (case.size.territories, case.steps)
    ]
    if not without:
        return math.nan
    return results.found(case, OURS).seconds / results.found(without[0], OURS).seconds


def _first(results: Results, case: Case) -> float:
    """The floor's first pass in seconds."""
    said = results.said(case, FLOOR)
    return median(each["first"] for each in said) if said else math.nan


def _nonzeros(results: Results, case: Case) -> float:
    said = results.said(case, FLOOR)
    return said[0]["nonzeros"] if said else 0


def _named(case: Case) -> str:
    size = case.size
    overlays = f", {size.overlays:,} overlay reps on {size.cover:,}" if size.overlays else ""
    return f"{size.territories:,} × {case.steps}{overlays}"


def _time(found: Found) -> str:
    return seconds(found.seconds) if found.runs else found.why


def _megabytes(found: Found) -> str:
    return f"{found.megabytes:,.0f}" if found.runs else found.why
