"""Solve an instance with one of the tools, and say how long that took.

    python -m benchmarks.by_hand pulp_cbc instance.pickle

The clock runs from the facts in memory to the optimum: building, handing over, solving, reading back.
What importing the tool takes is not counted.
"""

from __future__ import annotations

import importlib
import json
import pickle
import sys
import time
from pathlib import Path

from benchmarks.by_hand.facts import facts_of


def main() -> None:
    """Print what it took, and the optimum, as a line of JSON."""
    tool, path = sys.argv[1], Path(sys.argv[2])
    best = importlib.import_module(f"benchmarks.by_hand.{tool}").best
    with path.open("rb") as file:
        facts = facts_of(pickle.load(file))  # noqa: S301 (written by this run)
    began = time.perf_counter()
    optimum = best(facts)
    print(json.dumps({"seconds": time.perf_counter() - began, "optimum": optimum}))


if __name__ == "__main__":
    main()
