"""Both passes of a plan in batches: the most revenue, then the fewest moves that keep it.

Where batches share no hours, they have nothing in common but the revenue that may be given up (`price`).
Where they do, the hours have prices first (`hour_prices`), and the whole is solved from there (`joint`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocator.apart import price
from allocator.apart.asking import Asking, asking_batches
from allocator.apart.batch import Weights
from allocator.apart.dividing import Divided
from allocator.apart.fewest_as_one import FEWEST, Fewest, FewestAsOne
from allocator.apart.hour_prices import (
    Begun,
    Forgone,
    Worth,
    as_today,
    common_to,
    price_on_revenue,
    prices_by_step,
    worth_of,
)
from allocator.apart.joint import Joint, earned_by_shared
from allocator.apart.tasks import (
    Floor,
    Kept,
    Optimum,
    Priced,
    find_begun,
    find_optimum,
    find_taken,
    find_worth,
    keep_floor,
    set_weights,
)
from allocator.arrays import Floats
from allocator.errors import InfeasibleError
from allocator.progress import silent
from allocator.solving.optimum import SolvedProgram
from allocator.solving.passes import given_up
from allocator.solving.settings import Settings
from allocator.solving.solution import Solution

HAIR = 1e-12
BEST = "Finding the best split"


@dataclass(frozen=True)
class Found:
    """What the batches came to: money in the plan's currency; no split that earns as much moves less.

    Where they share hours, `first` is the first pass as one programme, and `worth` what these are worth.
    """

    kept: tuple[Kept, ...]
    optimum: float
    bound: float
    least_moves: float
    first: SolvedProgram | None = None
    worth: Worth | None = None


def unshared(settings: Settings, asking: Asking) -> Found:
    """Both passes of batches that have nothing in common but the revenue that may be given up."""
    optima: list[Optimum] = asking.each(BEST, find_optimum, [()] * asking.count)
    optimum = math.fsum(found.revenue for found in optima)
    # A hair is each batch's own, so that it finds its floor again in spite of rounding.
    own = [abs(found.revenue) * HAIR for found in optima]

    def at_weights(asked: Sequence[tuple[int, tuple[Weights, ...]]]) -> list[Priced]:
        return asking.some(FEWEST, set_weights, [(b, (weights,)) for b, weights in asked])

    sharing = price.shared(optima, given_up(optimum, settings) - math.fsum(own), at_weights)
    floors = [
        (Floor(floor - less, weights),)
        for weights, floor, less in zip(sharing.weights, sharing.floors, own, strict=True)
    ]
    return Found(
        kept=tuple(asking.each(FEWEST, keep_floor, floors)),
        optimum=optimum,
        bound=math.fsum(found.bound for found in optima),
        least_moves=sharing.least_moves - sharing.price * math.fsum(own),
    )


def shared(plan: Divided, settings: Settings, asking: Asking) -> Found:
    """Both passes of batches that also share the hours of overlay reps."""
    joint = Joint(plan, asking.clock)
    passes = _joint_passes(joint, plan, settings, asking)
    first, second = passes.first, passes.second
    floors = [
        (Floor(share.floor - abs(share.floor) * HAIR, mine, share.allotted),)
        for share, mine in zip(joint.shares(second.values), second.weights, strict=True)
    ]
    kept: list[Kept] = asking.each(FEWEST, keep_floor, floors)
    bound = first.bound * first.program.money
    return Found(tuple(kept), first.revenue, bound, second.least, first, second.worth)


def begun_from(plan: Divided, guess: Worth, asking: Asking) -> Begun:
    """Where the first pass of a plan whose batches share hours begins, by what these may be worth."""

    def taken(weights: Sequence[tuple[Weights, ...]]) -> list[Floats]:
        return asking.each(BEST, find_taken, [(mine,) for mine in weights])

    return prices_by_step(plan, guess.revenue, taken)


def joint_first(joint: Joint, begun: Begun, asking: Asking) -> tuple[SolvedProgram, list[Solution]]:
    """The first pass as one programme, and where its batches stood before it.

    Raises what `allocator.solving.optimum.solved` does.
    """
    found = asking.each(BEST, find_begun, [(mine,) for mine in begun.weights])
    asking.progress(BEST)
    return joint.most_revenue(found, begun.prices), found


@dataclass(frozen=True)
class _JointPasses:
    """Both passes of the whole."""

    first: SolvedProgram
    second: Fewest


def _joint_passes(joint: Joint, plan: Divided, settings: Settings, asking: Asking) -> _JointPasses:
    """Both passes of a plan whose batches share hours, from what these may be worth."""
    guess = worth_guessed(plan, settings, asking)
    begun = begun_from(plan, guess, asking)
    first, _ = joint_first(joint, begun, asking)

    def at_weights(weights: Sequence[tuple[Weights, ...]]) -> list[Priced]:
        return asking.each(FEWEST, set_weights, [(mine,) for mine in weights])

    budget, moved = given_up(first.revenue, settings), _moved(plan, first)
    forgone = Forgone(budget, first.revenue - budget, moved)
    worth = replace(guess, revenue=earned_by_shared(plan, first))
    weights = price_on_revenue(joint.common, worth, begun, forgone, at_weights)
    second = FewestAsOne(joint, first, worth, forgone, asking).fewest(weights)
    return _JointPasses(first, second)


def worth_guessed(plan: Divided, settings: Settings, asking: Asking) -> Worth:
    """What shared hours may be worth: as in one step, and there as with them divided as today.

    Nothing is known of it where there is no such split; there may be one of the plan all the same.
    """
    case, one_step, common = plan.whole.instance, plan.whole.one_step, common_to(plan)
    nothing = np.zeros(len(common.hours))
    try:
        if one_step is None:
            found = asking.each(BEST, find_worth, [(mine,) for mine in as_today(plan)])
            return Worth(worth_of(common, found), nothing)
        parts = tuple(part.under(one_step.instance.model) for part in plan.parts)
        in_one = replace(plan, whole=one_step, parts=parts)
        with asking_batches(in_one, settings, asking.clock, silent) as asking_one:
            passes = _joint_passes(Joint(in_one, asking.clock), in_one, settings, asking_one)
        return passes.second.worth.in_each(case.steps)
    except InfeasibleError:
        return Worth(nothing, nothing)


def _moved(plan: Divided, first: SolvedProgram) -> float:
    """The hours that the first pass, as found, moves."""
    today = plan.whole.instance.today
    return math.fsum(np.abs(first.program.hours(first.solution.values) - today).tolist())
