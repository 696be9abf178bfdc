"""Both passes of a plan whose batches share the hours of overlay reps.

The hours have prices first (`hour_prices`), and the whole is solved from there (`joint`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocator.apart.asking import BEST, FEWEST, Asking, asking_batches
from allocator.apart.batch import Weights
from allocator.apart.both_passes import HAIR, Found
from allocator.apart.dividing import Divided, Near
from allocator.apart.fewest_as_one import Fewest, FewestAsOne
from allocator.apart.hour_prices import (
    Begun,
    Forgone,
    Worth,
    as_today,
    begun_at,
    common_to,
    price_on_revenue,
    prices_by_step,
    worth_of,
)
from allocator.apart.joint import Joint, earned_by_shared
from allocator.apart.tasks import (
    Floor,
    Kept,
    Priced,
    find_begun,
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
    joint.begins(asking, BEST)
    return joint.most_revenue(found, begun.prices), found


def most_as_one(
    plan: Divided, settings: Settings, asking: Asking, near: Near | None
) -> tuple[SolvedProgram, Near]:
    """The first pass of batches that share hours, from what these were worth, or may be.

    Raises what `allocator.solving.optimum.solved` does.
    """
    joint = Joint(plan, asking.clock)
    if near and len(near.prices) == len(joint.common.hours):
        begun = begun_at(joint.common, near.prices)
    else:
        begun = begun_from(plan, worth_guessed(plan, settings, asking), asking)
    first, batches = joint_first(joint, begun, asking)
    return first, Near(tuple(each.basis for each in batches), earned_by_shared(plan, first))


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
