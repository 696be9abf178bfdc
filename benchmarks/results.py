"""What was measured: every run, kept as JSON, and the medians, ratios and growth that follow."""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from os import cpu_count
from pathlib import Path
from statistics import median

from benchmarks.measure import Taken
from benchmarks.plans import Size

OURS, FLOOR = "ours", "floor"
TOOLS = {
    "pulp_cbc": "PuLP + CBC",
    "pulp_highs": "PuLP + HiGHS",
    "linopy_": "linopy",
    "pyomo_": "Pyomo",
    "cvxpy_": "cvxpy",
    "ortools_": "OR-Tools",
}
PACKAGES = ("pulp", "highspy", "linopy", "pyomo", "cvxpy", "ortools")
NOT_THE_BEST_SPLIT = ("today's split", "instance", "check")
"""Stages of `allocate` that neither find nor prove the recommended split."""


@dataclass(frozen=True)
class Case:
    """A plan in so many steps."""

    size: Size
    steps: int

    @property
    def name(self) -> str:
        """Its folder."""
        return f"{self.size.name}-{self.steps}"


@dataclass(frozen=True)
class Run:
    """One run of a route on a case; `why` says for a route that was not tried what kept it."""

    case: Case
    route: str
    taken: Taken | None
    why: str = ""


@dataclass(frozen=True)
class Found:
    """The medians of a route's runs on a case, or why there are none.

    `process` is the whole process, `seconds` what the route's own clock counted.
    """

    runs: int
    why: str = ""
    process: float = math.nan
    seconds: float = math.nan
    megabytes: float = math.nan
    optimum: float = math.nan


@dataclass
class Results:
    """All runs, the commands' start-up times in seconds, and where they were made."""

    machine: dict[str, str] = field(default_factory=dict)
    startup: dict[str, list[float]] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)

    @cached_property
    def cases(self) -> list[Case]:
        """The cases without overlay reps, in the order of steps and size."""
        found = {run.case for run in self.runs if not run.case.size.overlays}
        return sorted(found, key=lambda case: (case.steps, case.size.territories))

    @cached_property
    def overlays(self) -> list[Case]:
        """The cases with overlay reps."""
        found = {run.case for run in self.runs if run.case.size.overlays}
        return sorted(found, key=lambda case: (case.size.overlays, case.size.cover))

    def of(self, case: Case, route: str) -> list[Run]:
        """A route's runs on a case."""
        return [run for run in self.runs if run.case == case and run.route == route]

    def said(self, case: Case, route: str) -> list[dict[str, float]]:
        """What a route's complete runs on a case reported."""
        return [dict(taken.said) for taken in self._done(case, route)]  # type: ignore[arg-type]

    def found(self, case: Case, route: str) -> Found:
        """A route's medians on a case."""
        done = self._done(case, route)
        if not done:
            runs = self.of(case, route)
            return Found(0, why=runs[-1].why if runs else "not tried")
        return Found(
            runs=len(done),
            process=median(taken.seconds for taken in done),
            seconds=median(_seconds(route, taken) for taken in done),
            megabytes=median(taken.megabytes for taken in done),
            optimum=median(float(str(taken.said["optimum"])) for taken in done),
        )

    def _done(self, case: Case, route: str) -> list[Taken]:
        return [run.taken for run in self.of(case, route) if run.taken and run.taken.verdict == "done"]

    def stages(self, case: Case) -> dict[str, float]:
        """The medians of our stages on a case, in seconds."""
        said = [dict(taken.said["stages"]) for taken in self._done(case, OURS)]  # type: ignore[call-overload]
        names = dict.fromkeys(name for stages in said for name in stages)
        return {name: median(stages.get(name, 0.0) for stages in said) for name in names}

    def differences(self) -> Iterator[tuple[float, Case, str]]:
        """By how much each route's optimum differs from the floor's, relative to that."""
        for case in self.cases:
            floor = self.found(case, FLOOR).optimum
            for route in (OURS, *TOOLS):
                found = self.found(case, route)
                if found.runs and not math.isnan(floor):
                    yield abs(found.optimum - floor) / max(1.0, abs(floor)), case, route

    def with_overlays(self, case: Case) -> float:
        """Our time for the best split of a case with overlay reps, to that of the same without."""
        without = Case(Size(case.size.territories), case.steps)
        return self.found(case, OURS).seconds / self.found(without, OURS).seconds

    def growth(self, steps: int, least: int = 10) -> float:
        """The exponent of our time for the best split against the number of territories."""
        points = [
            (case.size.territories, self.found(case, OURS).seconds)
            for case in self.cases
            if case.steps == steps and case.size.territories >= least and self.found(case, OURS).runs
        ]
        return exponent(points)

    def save(self, path: Path) -> None:
        """Keep everything as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load(path: Path) -> Results:
    """What was kept."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    runs = [
        Run(
            case=Case(Size(**run["case"]["size"]), run["case"]["steps"]),
            route=run["route"],
            taken=Taken(**run["taken"]) if run["taken"] else None,
            why=run["why"],
        )
        for run in kept["runs"]
    ]
    return Results(kept["machine"], kept["startup"], runs)


def this_machine() -> dict[str, str]:
    """What the figures depend on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": str(cpu_count()),
        "python": platform.python_version(),
        **{package: found for package in PACKAGES if (found := _version(package))},
    }


def _version(package: str) -> str:
    """What is installed; nothing where it is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """The slope of a straight line through the points' logarithms, by least squares."""
    if len(points) < 2:
        return math.nan
    x = [math.log(size) for size, _ in points]
    y = [math.log(seconds) for _, seconds in points]
    middle, height = sum(x) / len(x), sum(y) / len(y)
    across = sum((a - middle) * (b - height) for a, b in zip(x, y, strict=True))
    return across / sum((a - middle) ** 2 for a in x)


def _seconds(route: str, taken: Taken) -> float:
    """The route's own clock: for ours, what finds and proves the recommended split."""
    said = taken.said
    if route != OURS:
        return float(str(said["seconds"]))
    stages: dict[str, float] = dict(said["stages"])  # type: ignore[call-overload]
    beside = sum(stages.get(stage, 0.0) for stage in NOT_THE_BEST_SPLIT)
    return float(str(said["allocate"])) - beside
