"""What a number takes: the least hours that earn it, as planned and with better facts."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass, replace

from allocator.answers.heads import Heads, heads_for
from allocator.apart.dividing import divided
from allocator.apart.least_hours import least_hours as least_hours_apart
from allocator.apart.together import certified_best
from allocator.certificate import Solves, require
from allocator.certified import Certified, certified_use
from allocator.checked import check
from allocator.deriving import instance
from allocator.errors import (
    InfeasibleError,
    OutOfReachError,
    OutOfTimeError,
    PlanError,
    Problem,
    SolverError,
)
from allocator.improving import scaled
from allocator.infeasible import never_possible
from allocator.instance import Instance
from allocator.model import Model
from allocator.notes import notes_before_solving
from allocator.outcome import Outcome, outcome
from allocator.plan import Plan
from allocator.program import any_hours, in_blocks, least_hours
from allocator.progress import Progress, silent
from allocator.solving.optimum import SolvedProgram, solved
from allocator.solving.settings import Clock, Settings
from allocator.solving.solution import OUT_OF_TIME

NUDGE = 1e-9
"""Hours may be raised by this much, relative, where rounding keeps them from earning the number."""


@dataclass(frozen=True)
class Case:
    """A plan as it is (no `lever`), or with one fact times `factor` in every area."""

    name: str
    lever: str | None = None
    factor: float = 1.0


CASES = (
    Case("as planned"),
    Case("win rates x 1.5", "win_rate", 1.5),
    Case("win rates x 2", "win_rate", 2.0),
    Case("deal sizes x 1.5", "deal_size", 1.5),
    Case("deal sizes x 2", "deal_size", 2.0),
    Case("hours per opportunity x 0.5", "hours_per_opportunity", 0.5),
)


@dataclass(frozen=True)
class Needed:
    """What the number takes in one case.

    `theta`: the least multiple of every rep's hours with which some split earns it, and `outcome`
    that split's, whose revenue is recomputed from the plan's rows; `hours` are those of all reps for
    the period, `heads` the same at today's hours for each rep. Where no amount of hours earns it,
    these are None and `largest` is what endless hours earn, in the plan's currency.
    """

    case: Case
    theta: float | None
    hours: float | None
    heads: float | None
    outcome: Outcome | None
    largest: float | None = None

    @property
    def revenue(self) -> float | None:
        """Projected revenue in the plan's currency."""
        return None if self.outcome is None else self.outcome.revenue

    @property
    def opportunities(self) -> float | None:
        """Opportunities that get worked."""
        return None if self.outcome is None else self.outcome.worked

    @property
    def created(self) -> float | None:
        """Opportunities that the hours create."""
        return None if self.outcome is None else self.outcome.created


@dataclass(frozen=True)
class Reach:
    """What it takes to earn `target`, in the plan's currency: a row for each of `CASES`.

    `hours_now`: today's hours of all reps for the period; `heads_now`: how many reps have any.
    `heads`: what whole people bring, where that was asked for. `certificate` counts every
    programme that was solved for it.
    """

    plan: Plan
    model: Model
    settings: Settings
    target: float
    hours_now: float
    heads_now: int
    rows: tuple[Needed, ...]
    heads: Heads | None
    certificate: Solves
    notes: tuple[str, ...]

    @property
    def as_planned(self) -> Needed:
        """The row of the plan's own facts; the number is in its reach."""
        return self.rows[0]


def reach(  # noqa: PLR0913 (three of them are options by name)
    plan: Plan,
    model: Model,
    target: float,
    *,
    heads: bool = False,
    settings: Settings = Settings(),  # noqa: B008 (frozen)
    progress: Progress = silent,
) -> Reach:
    """The least hours with which some split earns `target`, in the plan's currency.

    Every rep's hours grow or shrink alike; bounds, shares and the pipeline for the next period hold.
    The split is the one of the fewest moves that earns the number, whatever `settings.stability`.
    With `heads`, also the fewest whole people who earn it.

    Raises `OutOfReachError` where endless hours do not earn it, `InfeasibleError` where no amount of
    hours makes a split possible, and what `allocate` raises.
    """
    check(plan, model)
    settings, clock = replace(settings, stability=0.0), Clock(settings.time_limit)
    case = instance(plan, model)
    working = [rep.capacity for rep in case.reps if rep.capacity > 0]
    if not working:
        raise PlanError([_no_hours(plan)])
    each = math.fsum(working) / len(working)
    asked = _Asked(plan, model, target, each, settings, clock)
    rows: list[Needed] = []
    certificate = Solves()
    for at, one in enumerate(CASES):
        progress(f"Finding the least hours: {one.name}", at / len(CASES))
        row, solves = _needed(asked, one)
        rows.append(row)
        certificate += solves
    found = heads_for(plan, model, target, each, settings, clock, progress) if heads else None
    return Reach(
        plan=plan,
        model=model,
        settings=settings,
        target=target,
        hours_now=math.fsum(working),
        heads_now=len(working),
        rows=tuple(rows),
        heads=found,
        certificate=certificate + (found.certificate if found else Solves()),
        notes=(*plan.notes, *notes_before_solving(case)),
    )


def at_times(plan: Plan, case: Instance, theta: float) -> Plan:
    """The plan with every rep's hours `theta` times those of its `case`; curves stay."""
    return replace(plan, capacity={rep.name: theta * rep.capacity for rep in case.reps})


@dataclass(frozen=True)
class _Asked:
    """What is asked: the number `target` of a plan, a head being `each` hours, and how to solve."""

    plan: Plan
    model: Model
    target: float
    each: float
    settings: Settings
    clock: Clock


def _needed(asked: _Asked, one: Case) -> tuple[Needed, Solves]:
    """What the number takes in one case, or the most that is within reach of it."""
    plan, model = asked.plan, asked.model
    if one.lever is not None:
        plan, model = scaled(plan, model, one.lever, one.factor, model.areas)
    case = instance(plan, model)
    if known := _in_batches(asked, plan, model, case):
        theta, found, worst = known
        return _row(asked, one, case, theta, found), Solves(1, worst).and_one(found.worst)
    try:
        least = solved(least_hours(in_blocks(case), asked.target).program, asked.settings, asked.clock)
    except InfeasibleError:
        most = _most(case, asked)
        if one.lever is None:
            raise _out_of_reach(plan, asked.target, most.revenue) from None
        return Needed(one, None, None, None, None, most.revenue), Solves(1, most.proof.worst)
    theta, found = _earning(asked, plan, model, least)
    row = _row(asked, one, case, theta, found)
    return row, Solves(1, least.proof.worst).and_one(found.worst)


def _row(asked: _Asked, one: Case, case: Instance, theta: float, found: Certified) -> Needed:
    hours = theta * math.fsum(rep.capacity for rep in case.reps)
    return Needed(one, theta, hours, hours / asked.each, found.outcome)


def _in_batches(
    asked: _Asked, plan: Plan, model: Model, case: Instance
) -> tuple[float, Certified, float] | None:
    """The least multiple of today's hours, the split at it, and how far the first's proofs are off.

    None where the plan has to be looked at as one.
    """
    apart = divided(case, asked.settings)
    if not apart.parts:
        return None
    least = least_hours_apart(apart, asked.target, asked.settings, asked.clock)
    split = least and _split_at(asked, plan, model, least.theta)
    return (*split, least.worst) if least and split else None


def _most(case: Instance, asked: _Asked) -> SolvedProgram:
    """What endless hours earn; the error that says why, where no amount of them is possible."""
    try:
        return solved(any_hours(in_blocks(case)).program, asked.settings, asked.clock)
    except InfeasibleError:
        raise never_possible(case, asked.clock) from None


def _earning(asked: _Asked, plan: Plan, model: Model, least: SolvedProgram) -> tuple[float, Certified]:
    """The least multiple of today's hours, and the split at it, certified to earn the number.

    Where these hours are the least that keep every limit, they leave no room for rounding: the passes
    may find no split, or lose it, and are asked once more with a nudge. If that does not do, the
    split is the one that the least hours were found with.
    """
    case = least.program.instance
    theta = max(0.0, least.solution.objective) / math.fsum(rep.capacity for rep in case.reps)
    if split := _split_at(asked, plan, model, theta):
        return split
    if asked.clock.left == 0:
        raise OutOfTimeError(OUT_OF_TIME)
    reps = tuple(replace(rep, capacity=theta * rep.capacity) for rep in case.reps)
    there = replace(case, reps=reps)
    found = certified_use(there, least.use, least.proof, outcome(there, least.use).revenue)
    return theta, _earns(asked, found)


def _split_at(asked: _Asked, plan: Plan, model: Model, theta: float) -> tuple[float, Certified] | None:
    """The multiple of today's hours, nudged if need be, and the split at it; None if none is found."""
    for times in (theta, theta * (1 + NUDGE)):
        with suppress(InfeasibleError, SolverError):
            return times, _certified(asked, plan, model, times)
    return None


def _certified(asked: _Asked, plan: Plan, model: Model, theta: float) -> Certified:
    """The best split at `theta` times today's hours, which earns the number."""
    case = instance(at_times(plan, instance(plan, model), theta), model)
    found, _ = certified_best(case, asked.settings, asked.clock)
    return _earns(asked, found)


def _earns(asked: _Asked, found: Certified) -> Certified:
    """The same, once it is known to earn the number."""
    require(max(0.0, asked.target - found.revenue) / max(1.0, abs(asked.target)), ())
    return found


def _no_hours(plan: Plan) -> Problem:
    return Problem(
        "no rep has any hours, so there is nothing to take a multiple of",
        "Give today's hours, or a capacity",
        file=plan.name,
    )


def _out_of_reach(plan: Plan, target: float, largest: float) -> OutOfReachError:
    """The sentence with the largest number, rounded down so that it is within reach itself."""
    return OutOfReachError(
        f"{plan.currency}{target:,.15g} is out of reach: with these facts, shares and bounds, endless "
        f"hours earn {plan.currency}{math.floor(largest):,} at most. Give --revenue up to that",
        largest,
    )
