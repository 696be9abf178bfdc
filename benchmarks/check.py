"""Hold the tool's speed to the ratios of limits.toml; the exit code says whether they are kept.

    python -m benchmarks.check

With `--set`, limits.toml is written anew from what is measured. Ratios mean the same on a slow machine
and on a fast one. Each is the median of interleaved runs; one that is above its limit is measured again,
since other work on the machine only ever adds.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

from benchmarks.campaign import Limits, campaign, say, startup
from benchmarks.measure import Cap, measured
from benchmarks.plans import Size, write_plan
from benchmarks.results import FLOOR, OURS, Case, Results, exponent

LIMITS = Path(__file__).with_name("limits.toml")
TRIES = 3
ROOM = 1.35
"""What a new limit is of what was measured: above noise, below something that takes twice as long."""
ROUNDS = 3
CAP = Cap(60, 8192)
M_SIZE, MANY, TWICE = Case(Size(30), 13), Case(Size(320), 1), Case(Size(640), 1)
REVENUE_EACH = 1_500_000
"""A number within reach, for each territory of the benchmarks' plans."""

Measure = Callable[[Path], Mapping[str, float]]


def main() -> int:
    """Measure every ratio; print it beside its limit, or write that anew."""
    anew = "--set" in sys.argv[1:]
    kept: dict[str, float] = tomllib.loads(LIMITS.read_text(encoding="utf-8"))
    limits = dict.fromkeys(kept, math.inf) if anew else kept
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = {
            name: value
            for measure in (answering, beside_the_floor, again, many_answers)
            for name, value in within(measure, limits, Path(folder)).items()
        }
    if anew:
        _write(found)
        return 0
    assert found.keys() == limits.keys(), "each ratio has its limit, each limit its ratio"
    width = max(map(len, found))
    for name, value in found.items():
        verdict = "kept" if value <= limits[name] else "NOT KEPT"
        print(f"{name:<{width}}  {value:6.2f}  at most {limits[name]:5.2f}  {verdict}")
    say(f"{time.monotonic() - began:,.0f} seconds")
    return 0 if all(value <= limits[name] for name, value in found.items()) else 1


def within(measure: Measure, limits: Mapping[str, float], folder: Path) -> dict[str, float]:
    """The ratios of a measure, the least of some tries: no more than are needed to keep the limits."""
    best: dict[str, float] = {}
    for _ in range(TRIES):
        best = {name: min(value, best.get(name, math.inf)) for name, value in measure(folder).items()}
        above = [name for name, value in best.items() if not value <= limits.get(name, math.inf)]
        if not above:
            break
        say(f"above its limit: {', '.join(above)}")
    return best


def _write(found: Mapping[str, float]) -> None:
    """Write limits from what was found, under the comment that stands there."""
    comment = [line for line in LIMITS.read_text("utf-8").splitlines() if line.startswith("#")]
    lines = [f'"{name}" = {ROOM * value:.2g}' for name, value in found.items()]
    LIMITS.write_text("\n".join([*comment, "", *lines, ""]), encoding="utf-8")


def answering(_: Path) -> dict[str, float]:
    """The commands that should answer at once, to the imports beside them."""
    help_, plan, imports = (median(seconds) for seconds in startup(3 * ROUNDS).values())
    beside = "to importing pandas and pulp"
    return {f"--help, {beside}": help_ / imports, f"inputs/plan.csv, {beside}": plan / imports}


def beside_the_floor(folder: Path) -> dict[str, float]:
    """Time and memory to the floor's, for a few long programmes and for many short ones; growth."""
    results = Results()
    limits = Limits(ROUNDS, CAP, math.inf, tools=())
    for _ in campaign((M_SIZE, MANY, TWICE), limits, results, folder):
        pass
    found = {}
    for case in (M_SIZE, MANY):
        ours, floor = results.found(case, OURS), results.found(case, FLOOR)
        steps = "1 step" if case.steps == 1 else f"{case.steps} steps"
        at = f"{case.size.territories} territories, {steps}"
        found[f"best split, to the floor: {at}"] = ours.seconds / floor.seconds
        found[f"whole process, to the floor: {at}"] = ours.process / floor.seconds
        found[f"memory, to the floor's: {at}"] = ours.megabytes / floor.megabytes
    processes = [(case.size.territories, results.found(case, OURS).process) for case in (MANY, TWICE)]
    sizes = f"from {MANY.size.territories} to {TWICE.size.territories} territories"
    return found | {f"growth of the whole process {sizes}": exponent(processes)}


def again(folder: Path) -> dict[str, float]:
    """A programme solved again after a change, from its optimum, to solving it from nothing."""
    plan = folder / "plan.csv"
    with plan.open("w", encoding="utf-8", newline="") as file:
        write_plan(M_SIZE.size, file)
    command = (sys.executable, "-m", "benchmarks.warm", plan, str(M_SIZE.steps))
    said = [measured(command, CAP).said for _ in range(ROUNDS)]
    warm, cold = (median(float(str(one.get(name, "nan"))) for one in said) for name in ("warm", "cold"))
    at = f"{M_SIZE.size.territories} territories, {M_SIZE.steps} steps"
    return {f"solving again, to solving: {at}": warm / cold}


def many_answers(folder: Path) -> dict[str, float]:
    """The commands that solve a plan many times over, to the split; with an overlay rep, to without."""
    territories = MANY.size.territories
    alone, joined = (_answered(folder, size) for size in (MANY.size, Size(territories, 1, territories)))
    at = f"{territories} territories, 1 step"
    found = {f"{name}, to the split: {at}": alone[name] / alone["split"] for name in ANSWERS[1:]}
    return found | {f"{name}, overlaid to not: {at}": joined[name] / alone[name] for name in ANSWERS}


ANSWERS = ("split", "compare --moves", "leverage", "reach")


def _answered(folder: Path, size: Size) -> dict[str, float]:
    """Seconds that each of `ANSWERS` takes."""
    plan, seconds = folder / "plan.csv", {}
    with plan.open("w", encoding="utf-8", newline="") as file:
        write_plan(size, file)
    number = "--revenue", str(size.territories * REVENUE_EACH)
    for name in ANSWERS:
        words = () if name == "split" else (*name.split(), *(number if name == "reach" else ()))
        command = (sys.executable, "-m", "allocator", *words, str(plan), "--steps", str(MANY.steps))
        taken = measured(command, CAP)
        assert taken.verdict == "done", taken.error
        seconds[name] = taken.seconds
    return seconds


if __name__ == "__main__":
    sys.exit(main())
