"""The campaign: every route on every case, in rounds, within caps and a budget."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import ROOT, Cap, Taken, measured
from benchmarks.plans import write_plan
from benchmarks.prepare import ARRAYS, INSTANCE
from benchmarks.results import FLOOR, OURS, TOOLS, Case, Results, Run

LONG = 60.0
"""Seconds after which a route on a case is long enough for a median of fewer runs."""
FEWEST = 3
"""Runs of ours and the floor, however long they take."""
LONGER, LARGER = 4, 2
"""Ours and the floor may take so many times the cap's seconds and memory."""


@dataclass(frozen=True)
class Limits:
    """How often each route runs on a case, what a run by hand may take, and when to stop at all.

    `tools`: which of those by hand take part.
    """

    rounds: int
    cap: Cap
    until: float
    tools: Sequence[str] = tuple(TOOLS)

    def routes(self, case: Case) -> list[str]:
        """Who takes part: with overlay reps there is no floor, since nothing falls apart any more."""
        return [OURS] if case.size.overlays else [OURS, FLOOR, *self.tools]

    @property
    def spent(self) -> bool:
        """Whether the budget is spent."""
        return time.monotonic() > self.until


def say(text: str) -> None:
    """What is under way, on stderr."""
    print(text, file=sys.stderr, flush=True)


def campaign(cases: Sequence[Case], limits: Limits, results: Results, folder: Path) -> Iterator[None]:
    """Run everything; yields whenever there is more to keep in `results`."""
    for case in sorted(cases, key=_order):
        if limits.spent:
            results.runs += (Run(case, route, None, "not reached") for route in limits.routes(case))
            continue
        say(f"{case.size.name} in {case.steps} steps")
        try:
            files = _prepared(case, folder, FLOOR in limits.routes(case))
        except RuntimeError as error:
            say(f"  {error}")
            continue
        for _ in _rounds(case, files, limits, results):
            yield
        for file in files.iterdir():
            file.unlink()


def _order(case: Case) -> tuple[bool, int, int]:
    """Smaller cases first, those with overlay reps last."""
    size = case.size
    return (
        bool(size.overlays),
        (size.territories + size.overlays * size.cover // 16) * case.steps,
        case.steps,
    )


def _prepared(case: Case, folder: Path, arrays: bool) -> Path:
    """The case's files, in a folder of its own."""
    here = folder / case.name
    here.mkdir(parents=True, exist_ok=True)
    with (here / "plan.csv").open("w", encoding="utf-8", newline="") as file:
        write_plan(case.size, file)
    if arrays:
        prepare = (sys.executable, "-m", "benchmarks.prepare", here / "plan.csv", str(case.steps), here)
        done = measured(prepare, Cap(7200, 1e6))
        if done.verdict != "done":
            raise RuntimeError(f"not prepared: {done.error}")
    return here


def _rounds(case: Case, files: Path, limits: Limits, results: Results) -> Iterator[None]:
    """One run of each route after the other, and again, until all have run often enough."""
    waiting = []
    for route in limits.routes(case):
        if why := _hopeless(case, route, results):
            results.runs.append(Run(case, route, None, why))
        else:
            waiting.append(route)
    for number in range(limits.rounds):
        for route in list(waiting):
            taken = measured(_command(case, route, files), _cap(route, limits.cap))
            results.runs.append(Run(case, route, taken, _why(taken, route, limits.cap)))
            say(f"  {route:<11} {_told(taken)}")
            if _enough(results.of(case, route), route):
                waiting.remove(route)
            yield
        if limits.spent and number + 1 < limits.rounds:
            say("  the budget is spent: no further rounds")
            return


def _hopeless(case: Case, route: str, results: Results) -> str:
    """Why a route is not tried: it did not get through a smaller plan in as many steps.

    One with more overlay reps says nothing: that is another kind of plan.
    """
    for run in results.runs:
        smaller = run.case.size.territories < case.size.territories and run.case.steps == case.steps
        smaller = smaller and run.case.size.overlays <= case.size.overlays
        if run.route == route and smaller and run.taken and run.taken.verdict != "done":
            return run.why
    return ""


def _command(case: Case, route: str, files: Path) -> list[str | Path]:
    python: list[str | Path] = [sys.executable, "-m"]
    if route == OURS:
        return [*python, "benchmarks.ours", files / "plan.csv", str(case.steps)]
    if route == FLOOR:
        return [*python, "benchmarks.floor", files / ARRAYS]
    return [*python, "benchmarks.by_hand", route, files / INSTANCE]


def _cap(route: str, cap: Cap) -> Cap:
    return cap if route in TOOLS else Cap(LONGER * cap.seconds, LARGER * cap.megabytes)


def _why(taken: Taken, route: str, cap: Cap) -> str:
    allowed = _cap(route, cap)
    return {
        "done": "",
        "too slow": f"> {allowed.seconds:,.0f} s",
        "too large": f"> {allowed.megabytes / 1024:,.0f} GB",
        "failed": "failed",
    }[taken.verdict]


def _told(taken: Taken) -> str:
    if taken.verdict != "done":
        return f"{taken.verdict} after {taken.seconds:,.1f} s, {taken.megabytes:,.0f} MB {taken.error}"
    return f"{taken.seconds:9,.2f} s {taken.megabytes:8,.0f} MB"


def _enough(runs: Sequence[Run], route: str) -> bool:
    """Whether another run would tell little: the route failed, or runs are long and there are some."""
    taken = [run.taken for run in runs if run.taken]
    if taken[-1].verdict != "done":
        return True
    least = 1 if route in TOOLS else FEWEST
    return len(taken) >= least and sum(each.seconds for each in taken) > LONG


def startup(rounds: int) -> dict[str, list[float]]:
    """Seconds of the commands that should answer at once, and of two imports beside them."""
    script = Path(sys.executable).with_name("allocate")
    allocate = [str(script)] if script.exists() else [sys.executable, "-m", "allocator"]
    commands = {
        "allocate --help": [*allocate, "--help"],
        "allocate inputs/plan.csv": [*allocate, str(ROOT / "inputs" / "plan.csv")],
        "python -c 'import pandas, pulp'": [sys.executable, "-c", "import pandas, pulp"],
    }
    found: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            found[name].append(measured(command, Cap(60, 8192)).seconds)
    return found
