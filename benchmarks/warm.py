"""Solving again after a change of some costs: from the optimum found before, and from nothing.

python -m benchmarks.warm plan.csv 13
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path

from allocator.instance import Instance
from allocator.program import build
from allocator.solving.optimum import SolvedProgram, solved
from allocator.solving.settings import Clock, Settings
from benchmarks.prepare import case_of

EVERY, BETTER = 20, 1.05
"""Deals get larger in one of so many territories, by this factor."""


def changed(case: Instance) -> Instance:
    """The same instance with larger deals in some territories."""
    territories = tuple(
        replace(k, sources=tuple(replace(s, deal_size=s.deal_size * BETTER) for s in k.sources))
        if at % EVERY == 0
        else k
        for at, k in enumerate(case.territories)
    )
    return replace(case, territories=territories)


def timed(case: Instance, near: SolvedProgram | None) -> tuple[float, SolvedProgram]:
    """Seconds until the optimum of a built programme is found and proven, and that."""
    program = build(case)
    began = time.perf_counter()
    found = solved(program, Settings(), Clock(None), near)
    return time.perf_counter() - began, found


def main() -> None:
    """Print the seconds of both as a line of JSON."""
    case = case_of(Path(sys.argv[1]), int(sys.argv[2]))
    _, before = timed(case, None)
    cold, found = timed(changed(case), None)
    warm, again = timed(changed(case), before)
    assert abs(found.revenue - again.revenue) <= 1e-9 * found.revenue, "both are the same optimum"
    print(json.dumps({"cold": cold, "warm": warm}))


if __name__ == "__main__":
    main()
