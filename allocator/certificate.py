"""The certificate: a proof of the answer that does not take the solver's word for anything.

Three questions are answered apart from the solver: does the split keep every limit, evaluated from
the plan's own rows (`allocator.limits`)? Does the revenue, recomputed from the plan, agree with
the programme's? Can anything earn more? The last is weak duality: any row duals, with the right
sign, bound the revenue of every possible split from above; the gap to that bound is what could at
most be missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from allocator.errors import CertificateError
from allocator.limits import Check
from allocator.solving.matrix import Floats, Matrix
from allocator.solving.solution import Solution

TOLERANCE = 1e-6


@dataclass(frozen=True)
class Proof:
    """How well one programme's optimum is proven; every figure is relative and should be near 0.

    `primal`: the most by which a row or a bound of the programme is broken. `dual`: the most by
    which a dual or reduced cost has the wrong sign. `complementary`: the largest product of a
    dual and the slack it should not have, relative to the objective. `gap`: between the objective
    and the bound that the duals prove.
    """

    primal: float
    dual: float
    complementary: float
    gap: float

    @property
    def worst(self) -> float:
        """The worst of the four."""
        return max(self.primal, self.dual, self.complementary, self.gap)


@dataclass(frozen=True)
class CrossCheck:
    """What the other solver found for the same plan.

    `revenue_optimal` in the plan's currency; `difference` is relative to the first solver's.
    `moved` is the hours that its recommended split moves, and `moved_here` those of the first:
    many splits can be equally good, and then solvers may choose different ones.
    """

    solver: str
    revenue_optimal: float
    difference: float
    moved: float
    moved_here: float


@dataclass(frozen=True)
class Certificate:
    """What was checked, and how far the answer is from perfect: every figure is relative.

    `limits_checked` limits of the plan were evaluated, the worst broken by `limits_broken`.
    `revenue_difference`: recomputed from the plan against the programme's. `bound`: no split earns
    more than this, in the plan's currency.
    """

    limits_checked: int
    limits_broken: float
    revenue_difference: float
    bound: float
    optimum: Proof
    today: Proof
    cross_check: CrossCheck | None = None

    @property
    def worst(self) -> float:
        """The worst figure of all."""
        return max(self.limits_broken, self.revenue_difference, self.optimum.worst, self.today.worst)


def prove(matrix: Matrix, solution: Solution) -> tuple[Proof, float]:
    """The proof of an optimum, and the bound on the objective that its duals give.

    Rows and bounds are taken as declared; signs follow the sense: when maximizing, a row held at
    its upper side has a dual ≥ 0, one held at its lower side ≤ 0, and so for reduced costs.
    """
    z, sign = solution.values, 1.0 if matrix.maximize else -1.0
    y = sign * solution.duals
    reduced = sign * matrix.cost - matrix.priced(y)
    activity = matrix.activity(z)
    size = max(1.0, abs(solution.objective))
    primal = max(
        _broken(activity, matrix.row_least, matrix.row_most),
        _broken(z, matrix.least, matrix.most),
    )
    row_bound, row_dual, row_slack = _against(y, activity, matrix.row_least, matrix.row_most)
    column_bound, column_dual, column_slack = _against(reduced, z, matrix.least, matrix.most)
    bound = sign * (row_bound + column_bound) + matrix.constant
    proof = Proof(
        primal=primal,
        dual=max(row_dual, column_dual),
        complementary=max(row_slack, column_slack) / size,
        gap=abs(bound - solution.objective) / size,
    )
    return proof, bound


def _broken(value: Floats, least: Floats, most: Floats) -> float:
    low, high = np.isfinite(least), np.isfinite(most)
    below = (least[low] - value[low]) / np.maximum(1.0, np.abs(least[low]))
    above = (value[high] - most[high]) / np.maximum(1.0, np.abs(most[high]))
    return float(max(below.max(initial=0.0), above.max(initial=0.0)))


def _against(price: Floats, value: Floats, least: Floats, most: Floats) -> tuple[float, float, float]:
    """What prices prove over a box: Σ price · (the side it pushes to), wrong signs, slack."""
    side = np.where(price > 0, most, least)
    wrong = np.where(np.isfinite(side), 0.0, np.abs(price))
    held = np.where(np.isfinite(side), side, value)
    bound = float(np.dot(price, np.where(price == 0, 0.0, held)))
    slack = np.abs(price * (held - value))
    return bound, float(wrong.max(initial=0.0)), float(slack.max(initial=0.0))


def require(figure: float, checks: Iterable[Check]) -> None:
    """Raise `CertificateError` unless the worst figure, and every limit, is within tolerance."""
    worst = max(checks, key=lambda check: check.violation, default=None)
    if worst is not None and not worst.violation <= TOLERANCE:
        raise _failed(f"the limit '{worst.family}' is broken by {worst.violation:.2g}")
    if not figure <= TOLERANCE:
        raise _failed(f"the recomputed figures are off by {figure:.2g}")


def require_proof(proof: Proof) -> None:
    """Raise `CertificateError` unless the optimum is proven to the tolerance."""
    if not proof.worst <= TOLERANCE:
        raise _failed(f"the proof of the optimum is off by {proof.worst:.2g}")


def _failed(detail: str) -> CertificateError:
    return CertificateError(
        f"The answer did not pass its own check ({detail}, relative; {TOLERANCE:g} is allowed). "
        "Nothing was written. Try the other solver with --solver cbc or --solver highs"
    )
