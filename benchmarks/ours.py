"""The tool itself, from its cold start to the printed table, and how long each stage of it takes.

    python -m benchmarks.ours plan.csv 13

runs `allocate plan.csv --steps 13` and prints what it took as one more line, of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, dataclass, field

from allocator import allocation, cli
from benchmarks.stages import Watch

Found = allocation.Allocation


@dataclass
class Ours:
    """What a run took and found.

    `allocate` is the call of that name, in seconds; `stages` are seconds of the whole run. `optimum` and
    `gap` as the certificate has them: the gap is relative, between what is earned and the bound; `proof`
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
    taken, allocate, watch = Ours(), allocation.allocate, Watch()

    def timed(*arguments: object, **options: object) -> Found:
        began = time.perf_counter()
        found = allocate(*arguments, **options)  # type: ignore[arg-type]
        taken.allocate = time.perf_counter() - began
        taken.optimum, taken.moves = found.revenue_optimal, found.recommended.moved
        proof = found.certificate
        taken.gap = abs(proof.bound - found.revenue_optimal) / max(1.0, abs(found.revenue_optimal))
        taken.proof = proof.worst
        return found

    allocation.allocate = timed
    sys.argv = ["allocate", plan, "--steps", steps]
    watch.start()
    try:
        cli.main()
    except SystemExit as ended:
        taken.stages = watch.stop()
        if ended.code:
            raise
    print(json.dumps(asdict(taken)))


if __name__ == "__main__":
    main()
