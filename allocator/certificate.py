"""The certificate: a proof of the answer that does not take the solver's word for anything.

Four questions are answered apart from the solver: does the split keep every limit, evaluated from
the plan's own rows (`allocator.limits`)? Does the revenue, recomputed from the plan, agree with
the programme's? Can anything earn more, or as much with fewer moves? Could today's hours leave the
pipeline where they are said to drain it? The last two are weak duality: any row duals, with the right
sign, bound the objective of everything that is possible; the gap to that bound is what could at most
be missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from weakref import ref

import numpy as np

from allocator.arrays import Floats
from allocator.errors import CertificateError
from allocator.limits import Check, Checks
from allocator.program.matrix import Matrix
from allocator.solving.solution import Solution

TOLERANCE = 1e-6


def worst_of(figures: Iterable[float]) -> float:
    """The largest, at least 0; a figure that is no number is worse than any."""
    return float(np.max([0.0, *figures]))


@dataclass(frozen=True)
class Proof:
    """How well one programme's optimum is proven; every figure is relative and should be near 0.

    `primal`: the most by which a row or a bound of the programme is broken. `dual`: the most by
    which a dual or reduced cost has the wrong sign, relative to the terms that a reduced cost is the
    sum of. `complementary`: the largest product of a dual and the slack it should not have, relative
    to the objective. `gap`: between the objective and the bound that the duals prove.
    """

    primal: float
    dual: float
    complementary: float
    gap: float

    @property
    def worst(self) -> float:
        """The worst of the four."""
        return worst_of((self.primal, self.dual, self.complementary, self.gap))


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
    more than this, in the plan's currency. `moves` proves that no split that earns as much as was asked
    moves fewer hours.
    """

    limits_checked: int
    limits_broken: float
    revenue_difference: float
    bound: float
    optimum: Proof
    moves: Proof
    today: Proof
    cross_check: CrossCheck | None = None

    @property
    def worst(self) -> float:
        """The worst figure of all."""
        proofs = (self.optimum, self.moves, self.today)
        return worst_of(
            (self.limits_broken, self.revenue_difference, *(proof.worst for proof in proofs))
        )


@dataclass(frozen=True)
class Solves:
    """How many programmes stand behind an answer, solved and proven, and the worst relative figure."""

    solves: int = 0
    worst: float = 0.0

    def and_one(self, worst: float) -> Solves:
        """These and one more, with its worst figure."""
        return Solves(self.solves + 1, worst_of((self.worst, worst)))

    def __add__(self, other: Solves) -> Solves:
        return Solves(self.solves + other.solves, worst_of((self.worst, other.worst)))


def prove(matrix: Matrix, solution: Solution) -> tuple[Proof, float]:
    """The proof of an optimum, and the bound on the objective that its duals give.

    Rows and bounds are taken as declared; signs follow the sense: when maximizing, a row held at
    its upper side has a dual ≥ 0, one held at its lower side ≤ 0, and so for reduced costs.
    """
    for programme, proven in solution.proofs:
        if programme() is matrix:
            return proven  # type: ignore[no-any-return]
    proven = _proven(matrix, solution)
    solution.proofs.append((ref(matrix), proven))
    return proven


def weak_duality(matrix: Matrix, duals: Floats, reduced: Floats) -> tuple[float, float]:
    """The bound on the objective that duals and reduced costs give, and by how much they fall short.

    That is the largest of those that push to a side which is not there: 0 in a proof.
    """
    sign = 1.0 if matrix.maximize else -1.0
    row_bound, row_dual, _ = _against(
        sign * duals, np.zeros(len(duals)), matrix.row_least, matrix.row_most
    )
    column_bound, column_dual, _ = _against(
        sign * reduced, np.zeros(len(reduced)), matrix.least, matrix.most
    )
    bound = sign * (row_bound + column_bound) + matrix.constant
    return bound, worst_of((row_dual, column_dual))


def _proven(matrix: Matrix, solution: Solution) -> tuple[Proof, float]:
    z, sign = solution.values, 1.0 if matrix.maximize else -1.0
    y = sign * solution.duals
    priced, at_most = matrix.priced_with_size(y)
    reduced = sign * matrix.cost - priced
    activity = matrix.activity(z)
    size = max(1.0, abs(solution.objective))
    primal = worst_of(
        (
            _broken(activity, matrix.row_least, matrix.row_most),
            _broken(z, matrix.least, matrix.most),
        )
    )
    row_bound, row_dual, row_slack = _against(y, activity, matrix.row_least, matrix.row_most)
    column_bound, column_dual, column_slack = _against(
        reduced, z, matrix.least, matrix.most, np.abs(matrix.cost) + at_most
    )
    bound = sign * (row_bound + column_bound) + matrix.constant
    proof = Proof(
        primal=primal,
        dual=worst_of((row_dual, column_dual)),
        complementary=worst_of((row_slack, column_slack)) / size,
        gap=abs(bound - solution.objective) / size,
    )
    return proof, bound


def _broken(value: Floats, least: Floats, most: Floats) -> float:
    low, high = np.isfinite(least), np.isfinite(most)
    below = (least[low] - value[low]) / np.maximum(1.0, np.abs(least[low]))
    above = (value[high] - most[high]) / np.maximum(1.0, np.abs(most[high]))
    return worst_of((below.max(initial=0.0), above.max(initial=0.0)))


def _against(
    price: Floats, value: Floats, least: Floats, most: Floats, size: Floats | float = 1.0
) -> tuple[float, float, float]:
    """What prices prove over a box: Σ price · (the side it pushes to), wrong signs, slack.

    Signs are relative to `size` where that is above 1.
    """
    side = np.where(price > 0, most, least)
    wrong = np.where(np.isfinite(side), 0.0, np.abs(price)) / np.maximum(1.0, size)
    held = np.where(np.isfinite(side), side, value)
    bound = float(np.dot(price, np.where(price == 0, 0.0, held)))
    slack = np.abs(price * (held - value))
    return bound, float(wrong.max(initial=0.0)), float(slack.max(initial=0.0))


def require(figure: float, checks: Iterable[Check | Checks]) -> None:
    """Raise `CertificateError` unless the worst figure, and every limit, is within tolerance."""
    for check in checks:
        if not check.violation <= TOLERANCE:
            raise _off(f"the limit '{check.family}' is broken by", check.violation)
    if not figure <= TOLERANCE:
        raise _off("the recomputed figures are off by", figure)


def require_proof(proof: Proof) -> None:
    """Raise `CertificateError` unless the optimum is proven to the tolerance."""
    if not proof.worst <= TOLERANCE:
        raise _off("the proof of the optimum is off by", proof.worst)


def require_shortfall(drained: Collection[int], least: Mapping[int, float]) -> None:
    """Raise `CertificateError` unless each territory said to be drained has a proven shortfall."""
    if not all(least.get(k, 0.0) > 0 for k in drained):
        raise _failed("a pipeline is said to be drained, and nothing proves that it must be")


def _off(what: str, figure: float) -> CertificateError:
    return _failed(f"{what} {figure:.2g}, relative; {TOLERANCE:g} is allowed")


def _failed(detail: str) -> CertificateError:
    return CertificateError(
        f"The answer did not pass its own check ({detail}). "
        "Nothing was written. Try the other solver with --solver cbc or --solver highs"
    )
