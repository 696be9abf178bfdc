"""PuLP, solved by HiGHS in the same process."""

from __future__ import annotations

import pulp

from benchmarks.by_hand.facts import Facts
from benchmarks.by_hand.pulp_programme import declared


def best(facts: Facts) -> float:
    """The optimum in the plan's currency."""
    problem = declared(facts)
    status = problem.solve(pulp.HiGHS(msg=False))
    if status != pulp.LpStatusOptimal:
        raise RuntimeError(pulp.LpStatus[status])
    return float(pulp.value(problem.objective))
