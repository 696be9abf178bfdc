"""The tool itself, from its cold start to the printed table, and how long each stage of it takes.

    python -m benchmarks.ours plan.csv 13

runs `allocate plan.csv --steps 13` and prints what it took as one more line, of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from benchmarks.stages import Watch

if TYPE_CHECKING:
    from allocator.allocation import Allocation


@dataclass
class Ours:
    """What a run took and found.

    `allocate` is the call of that name, in seconds; `stages` are seconds of the whole run. `optimum` and
    `gap` as the certificate has them: the gap is relative, between the optimum and the bound; `proof`
    is the worst figure of the certificate. `moves` in hours.
    """

    allocate: float = 0.0
    optimum: float = 0.0
    moves: float = 0.0
    gap: float = 0.0
    proof: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)


def main() -> None:
    """Run the tool and print what it took."""
    plan, steps = sys.argv[1:]
    taken, watch = Ours(), Watch()
    watch.start()
    _time_the_call(taken, watch)
    sys.argv = ["allocate", plan, "--steps", steps]
    from allocator.__main__ import main as run

    try:
        run()
    except SystemExit as ended:
        taken.stages = watch.stop()
        if ended.code:
            raise
    print(json.dumps(asdict(taken)))


def _time_the_call(taken: Ours, watch: Watch) -> None:
    """Have the call of `allocate` timed, and the watch told what it says of its progress."""
    from allocator import allocation
    from allocator.progress import silent

    allocate = allocation.allocate

    def timed(*arguments: Any, **options: Any) -> Allocation:  # noqa: ANN401 (handed on as they are)
        told = options.pop("progress", silent)

        def progress(doing: str, done: float | None = None) -> None:
            watch.doing = doing
            told(doing, done)

        import_module("allocator.apart.together")  # loading is of the whole process, and of no stage
        began = time.perf_counter()
        found = allocate(*arguments, **options, progress=progress)
        taken.allocate = time.perf_counter() - began
        taken.optimum, taken.moves = found.revenue_optimal, found.recommended.moved
        proof = found.certificate
        taken.gap = abs(proof.bound - found.revenue_optimal) / max(1.0, abs(found.revenue_optimal))
        taken.proof = proof.worst
        return found

    allocation.allocate = timed


if __name__ == "__main__":
    main()
