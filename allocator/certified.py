"""From hours to figures: what a split earns, by the plan's rows and by the programme's proof."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from allocator.certificate import Proof, require, require_shortfall, worst_of
from allocator.errors import CertificateError
from allocator.instance import Instance
from allocator.limits import Check, Checks, limits_on_hours, limits_on_results, no_hours_below_zero
from allocator.outcome import Outcome, Use, outcome
from allocator.program import InBlocks
from allocator.solving.fixed_hours import HoursUsed, hours_used
from allocator.solving.highs import Start
from allocator.solving.passes import Best, best_split
from allocator.solving.settings import Clock, Settings

Found = TypeVar("Found")


@dataclass(frozen=True)
class Certified:
    """What a split leads to, and how far its figures are from perfect: all of them relative.

    `limits_checked` limits were evaluated from the plan's rows, the worst broken by `limits_broken`;
    `revenue_difference`: recomputed against the programme's. `drained`: the territories (by number)
    whose hours can't leave the pipeline asked for.
    """

    outcome: Outcome
    proof: Proof
    limits_checked: int
    limits_broken: float
    revenue_difference: float
    drained: frozenset[int] = frozenset()

    @property
    def revenue(self) -> float:
        """Projected revenue in the plan's currency."""
        return self.outcome.revenue

    @property
    def worst(self) -> float:
        """The worst figure of all."""
        return worst_of((self.proof.worst, self.limits_broken, self.revenue_difference))


def certified_hours(
    case: InBlocks, hours: Sequence[Sequence[float]], settings: Settings, clock: Clock
) -> Certified:
    """What fixed `hours` (row × step) earn, used as well as they can be; bounds and shares are dropped.

    Raises `SolverError` where the solver stops early and `CertificateError` where figures don't agree.
    """
    return _held(
        lambda way: certified_used(case.instance, hours, hours_used(case, hours, way, clock)), settings
    )


def certified_used(case: Instance, hours: Sequence[Sequence[float]], found: HoursUsed) -> Certified:
    """What `hours` (row × step) lead to that a proven programme used as well as they can be."""
    require_shortfall(found.drained, found.shortfall)
    reached = outcome(case, found.solved.use)
    require(0.0, (_as_given(reached, hours),))
    checks = limits_on_results(reached, found.drained)
    return certified(reached, checks, found.proof, found.solved.revenue, found.drained)


def certified_best(
    case: InBlocks, settings: Settings, clock: Clock, start: Start | None = None
) -> tuple[Certified, Best]:
    """The recommended split of a plan, and the programme's word on it.

    `start`: where to start from, where that is known. Raises `InfeasibleError` where no split keeps
    every limit, and what `certified_hours` raises.
    """
    return _held(lambda way: _certified_best(case, way, clock, start), settings)


def _certified_best(
    case: InBlocks, settings: Settings, clock: Clock, start: Start | None
) -> tuple[Certified, Best]:
    best = best_split(case, settings, clock, start)
    floor = (1 - settings.stability) * best.optimum
    reached = outcome(case.instance, best.chosen.use)
    money = best.first.program.money
    promised = promises(reached, best.bound, floor, best.second.bound, money)
    require(best.moves.worst, promised)
    return certified(reached, all_limits(reached), best.first.proof, best.chosen.revenue), best


def _held(ask: Callable[[Settings], Found], settings: Settings) -> Found:
    """What `ask` finds; where CBC's figures do not hold, its careful way is asked."""
    try:
        return ask(settings)
    except CertificateError:
        if settings.solver != "cbc" or settings.careful:
            raise
    return ask(replace(settings, careful=True))


def certified_use(case: Instance, use: Use, proof: Proof, revenue: float) -> Certified:
    """A use of the hours that a proven programme found to earn `revenue`, every limit held to it."""
    reached = outcome(case, use)
    return certified(reached, all_limits(reached), proof, revenue)


def all_limits(reached: Outcome) -> tuple[Checks, ...]:
    """Every limit of the plan and the model, evaluated at one split."""
    return (*limits_on_hours(reached), *limits_on_results(reached), *no_hours_below_zero(reached))


def _as_given(reached: Outcome, hours: Sequence[Sequence[float]]) -> Checks:
    """Fixed hours are used as they were given."""
    given = np.array(hours, np.float64).reshape(reached.by_row.shape)
    moved = np.abs(reached.by_row - given).max(axis=1)
    return Checks("fixed hours", moved, np.zeros(len(moved)), "hours", rows=range(len(moved)))


def promises(
    reached: Outcome, bound: float, floor: float, least_moves: float, money: float = 1.0
) -> Iterator[Check]:
    """What is recommended earns the floor that was asked for, with the fewest moves.

    `bound` is what nothing can exceed; it and `floor` are in the plan's currency, compared in units of
    `money`.
    """
    revenue, unit = reached.revenue / money, f"{money:g} of the currency"
    yield Check("optimum", revenue, bound / money, unit)
    yield Check("stability", -revenue, -floor / money, unit, side="least")
    yield Check("fewest moves", reached.moved, least_moves, "hours")


def certified(
    reached: Outcome,
    checks: Iterable[Check | Checks],
    proof: Proof,
    revenue: float,
    drained: frozenset[int] = frozenset(),
) -> Certified:
    """The figures of one split, once they are known to agree with the programme's `revenue`.

    Raises `CertificateError` where they don't.
    """
    checks = tuple(checks)
    found = Certified(
        outcome=reached,
        proof=proof,
        limits_checked=sum(len(check) for check in checks),
        limits_broken=worst_of(check.violation for check in checks),
        revenue_difference=relative(reached.revenue, revenue),
        drained=drained,
    )
    require(found.worst, checks)
    return found


def relative(value: float, other: float) -> float:
    """How far two figures are apart, relative to the second, or as such where that is below 1."""
    return abs(value - other) / max(1.0, abs(other))
