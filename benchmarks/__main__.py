"""Measure the tool, the floor and six ways to write it by hand; README.md here says what is what.

python -m benchmarks --quick
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.asked import AGREE, WEEKS, asked
from benchmarks.campaign import Limits, campaign, say, startup
from benchmarks.measure import Cap
from benchmarks.picture import draw
from benchmarks.plans import Size
from benchmarks.results import TOOLS, Case, Results, load, this_machine
from benchmarks.tables import beside_the_floor, by_hand, document, overlays

HERE = Path(__file__).parent
SIZES, STEPS = (1, 10, 100, 1000, 5000), (1, 3, 13)
OVERLAID = 1000
INTERRUPTED = 130
OVERLAYS, MANY_OVERLAYS = (1, 10, 100), 100
"""Overlay reps; of so many also such as cover a tenth of the territories."""
QUICK_SIZES, QUICK_OVERLAID = (1, 10, 100), 30


def main() -> int:
    """Run the campaign; the exit code says whether all reached the same optimum."""
    options = _options()
    began = time.monotonic()
    cap = Cap(options.cap, options.cap_mb)
    limits = Limits(options.rounds, cap, began + 60 * options.budget, options.tools)
    kept = options.into / "results.json"
    results = load(kept) if options.more else Results(this_machine())
    interrupted = False
    options.into.mkdir(parents=True, exist_ok=True)
    try:
        if not options.more:
            say("start-up")
            results.startup = startup(2 * options.rounds - 1)
        with tempfile.TemporaryDirectory() as folder:
            for _ in campaign(cases(options), limits, results, Path(folder)):
                results.save(kept)
    except KeyboardInterrupt:
        interrupted = True
        say("Interrupted: the tables are of what was measured until now")
    write(results, options.into)
    for made in (beside_the_floor, by_hand, overlays, asked):
        print(made(results), end="\n\n")
    apart = [each for each in results.differences() if each[0] > AGREE]
    for difference, case, route in apart:
        say(f"{route} found another optimum for {case.name}: {difference:.2g} apart")
    say(f"{(time.monotonic() - began) / 60:,.0f} minutes; written to {options.into}/results.*")
    return INTERRUPTED if interrupted else 1 if apart else 0


def write(results: Results, folder: Path) -> None:
    """The results as JSON, as tables and as a picture."""
    results.save(folder / "results.json")
    (folder / "results.md").write_text(document(results, asked(results)), encoding="utf-8")
    draw(results, max((case.steps for case in results.cases), default=WEEKS), folder / "results.svg")


def cases(options: argparse.Namespace) -> list[Case]:
    """Every size in every number of steps; then overlay reps over one size in weeks."""
    found = [Case(Size(size), steps) for size in options.sizes for steps in options.steps]
    if size := options.overlaid:
        base = Case(Size(size), WEEKS)
        found += [] if base in found or options.more else [base]
        for overlay in options.overlays:
            covers = (size,) if overlay < MANY_OVERLAYS else (max(1, size // 10), size)
            found += (Case(Size(size, overlay, cover), WEEKS) for cover in covers)
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=(__doc__ or "").splitlines()[0]
    )
    add = parser.add_argument
    add("--sizes", type=_numbers, help="territories (default 1,10,100,1000,5000)")
    add("--steps", type=_numbers, default=list(STEPS), help="steps (default 1,3,13)")
    add("--overlaid", type=int, help="territories with overlay reps in weeks; 0 for none (default 1000)")
    add("--overlays", type=_numbers, default=list(OVERLAYS), help="overlay reps (default 1,10,100)")
    add("--more", action="store_true", help="add to the results that are there, in place of new ones")
    add("--quick", action="store_true", help="up to 100 territories; overlay reps over 30")
    add("--tools", type=_tools, default=list(TOOLS), help=f"by hand (default {','.join(TOOLS)})")
    add("--rounds", type=int, default=3, help="runs of each route on a case (default 3)")
    add(
        "--cap",
        type=float,
        default=40,
        help="seconds for a run by hand (default 40); ours and the floor may take 4 times as long",
    )
    add("--cap-mb", type=float, default=8192, help="MB for a run by hand (default 8192), twice for ours")
    add("--budget", type=float, default=120, help="minutes after which no case is begun (default 120)")
    add("--into", type=Path, default=HERE, help="folder for results.json, .md and .svg")
    options = parser.parse_args()
    if options.sizes is None:
        options.sizes = list(QUICK_SIZES if options.quick else SIZES)
    if options.overlaid is None:
        options.overlaid = QUICK_OVERLAID if options.quick else OVERLAID
    return options


def _tools(text: str) -> list[str]:
    named = [name for name in text.split(",") if name]
    if unknown := sorted(set(named) - set(TOOLS)):
        raise argparse.ArgumentTypeError(f"no such tool: {', '.join(unknown)}")
    return named


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part]


if __name__ == "__main__":
    sys.exit(main())
