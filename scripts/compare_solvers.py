"""HiGHS against CBC on random plans, and small ones against exact rational arithmetic.

For every plan: the same status from both; where there is an optimum, the same revenue_optimal to 1e-7
(relative to it, to one win, or to 1, whichever is largest), and every figure of both certificates
within 1e-6. One in twenty plans is tiny: its optimum in exact arithmetic agrees to 1e-9.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field

import highspy
from campaign import each, options, report
from exact import exact_optimum
from random_plans import Case, random_case

from allocator.allocation import allocate
from allocator.certificate import TOLERANCE
from allocator.deriving import instance
from allocator.errors import AllocatorError, InfeasibleError
from allocator.program import build
from allocator.solving import highs
from allocator.solving.settings import SOLVERS, SolverName

AGREE = 1e-7
AGREE_EXACTLY = 1e-9
TINY_EVERY = 20


@dataclass
class Compared:
    """What was found for one plan; `wrong` says what does not hold, `exact` is None if not tried."""

    number: int
    statuses: list[str] = field(default_factory=list)
    difference: float = 0.0
    worst: float = 0.0
    exact: float | None = None
    undecided: bool = False
    wrong: list[str] = field(default_factory=list)


def compared(case_at: tuple[int, int]) -> Compared:
    """Both solvers on the case of this seed and number."""
    seed, number = case_at
    tiny = number % TINY_EVERY == 0
    case = random_case(seed, number, tiny)
    found = Compared(number)
    revenues = []
    for solver in SOLVERS:
        status, revenue, worst = _answer(case, solver)
        found.statuses.append(status)
        revenues.append(revenue)
        found.worst = max(found.worst, worst)
    if len(set(found.statuses)) > 1 or found.statuses[0] not in {"optimal", "infeasible"}:
        found.wrong.append(f"statuses {' and '.join(found.statuses)}")
        return found
    size = _size(case, revenues[0])
    found.difference = abs(revenues[0] - revenues[1]) / size
    if not found.difference <= AGREE:
        found.wrong.append(f"revenue_optimal {revenues[0]!r} and {revenues[1]!r}")
    if not found.worst <= TOLERANCE:
        found.wrong.append(f"certificate off by {found.worst:.2g}")
    if tiny and found.statuses[0] == "optimal":
        _exactly(found, case, revenues, size)
    return found


def _answer(case: Case, solver: SolverName) -> tuple[str, float, float]:
    """Status, revenue_optimal, and the certificate's worst figure."""
    try:
        allocation = allocate(case.plan, case.model, solver=solver)
    except InfeasibleError:
        return "infeasible", 0.0, 0.0
    except AllocatorError as error:
        return f"{type(error).__name__} ({solver}: {error})", 0.0, 0.0
    except (KeyError, ValueError, AssertionError, IndexError, ArithmeticError) as error:
        return f"{type(error).__name__} ({solver}: {error!r})", 0.0, 0.0
    return "optimal", allocation.revenue_optimal, allocation.certificate.worst


def _size(case: Case, revenue: float) -> float:
    return max(1.0, abs(revenue), *(facts.deal_size or 0.0 for facts in case.plan.facts.values()))


def _exactly(found: Compared, case: Case, revenues: list[float], size: float) -> None:
    program = build(instance(case.plan, case.model))
    matrix = program.matrix
    basis = highs.solve(matrix, None).basis
    assert isinstance(basis, highspy.HighsBasis)
    optimum = exact_optimum(matrix, basis)
    if optimum is None:
        found.undecided = True
        return
    found.exact = max(abs(float(optimum) * program.money - revenue) for revenue in revenues) / size
    if not found.exact <= AGREE_EXACTLY:
        found.wrong.append(f"exact {float(optimum) * program.money!r}, found {revenues}")


def main() -> int:
    """Run the comparison; the exit code says whether everything agreed."""
    arguments = options(__doc__, 10_000).parse_args()
    numbers = [(arguments.seed, at) for at in range(arguments.cases)]
    results = list(each(compared, numbers, arguments.workers))
    return verdict(results, arguments.seed)


def verdict(results: list[Compared], seed: int) -> int:
    """The table of a comparison, and whether it holds."""
    statuses = Counter(found.statuses[0] for found in results if len(set(found.statuses)) == 1)
    exact = [found.exact for found in results if found.exact is not None]
    undecided = sum(found.undecided for found in results)
    figures: list[tuple[str, object]] = [
        ("plans", len(results)),
        ("  optimal with both solvers", statuses["optimal"]),
        ("  infeasible with both", statuses["infeasible"]),
        ("  different statuses, or errors", sum(any("status" in w for w in f.wrong) for f in results)),
        ("largest relative difference", max(found.difference for found in results)),
        ("worst figure of any certificate", max(found.worst for found in results)),
        ("against exact arithmetic", len(exact)),
        ("  largest relative difference", max(exact, default=0.0)),
        ("  exact steps not finished", undecided),
    ]
    return report(figures, [f"seed {seed}, plan {f.number}: {w}" for f in results for w in f.wrong])


if __name__ == "__main__":
    sys.exit(main())
