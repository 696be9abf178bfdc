"""Random plans that no split can keep: random plans, with up to three of their limits spoilt."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

from random_plans import WORKING, Case, random_case

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import reference

MOST_TRIES = 50
ENOUGH = 1e-3
"""A plan is impossible for certain if it lacks so many hours."""


def impossible_case(seed: int, number: int) -> tuple[Case, float]:
    """A case of this seed and number that the reference finds impossible, and the hours it lacks."""
    random = Random(f"spoil {seed}/{number}")  # noqa: S311 (cases, not secrets)
    for attempt in range(MOST_TRIES):
        case = random_case(seed, number + 1_000_000 * (attempt + 1))
        for spoil in random.choices(SPOILS, k=random.choice((1, 1, 2, 3))):
            case = spoil(case, random)
        lacks = reference.least_change(case.plan, case.model)
        if lacks is not None and lacks > ENOUGH:
            return case, lacks
    raise AssertionError(f"no impossible plan in {MOST_TRIES} tries")


def _minimums(case: Case, random: Random) -> Case:
    """A rep's minimums add up to more than the rep has."""
    rep, more = random.choice(case.plan.reps), random.uniform(1.01, 2)
    rows = tuple(
        replace(r, min_hours=r.hours * more, max_hours=math.inf) if r.rep == rep else r
        for r in case.plan.rows
    )
    return replace(case, plan=replace(case.plan, rows=rows))


def _maximums(case: Case, random: Random) -> Case:
    """In one territory, an area may get so little that shares, or minimums elsewhere, can't hold."""
    territory = random.choice(case.plan.territories)
    area = random.choice([r.area for r in case.plan.rows if r.territory == territory])
    rows = tuple(
        replace(r, min_hours=0.0, max_hours=random.uniform(0, 1))
        if (r.territory, r.area) == (territory, area)
        else replace(r, min_hours=max(r.min_hours, r.hours * 0.5), max_hours=math.inf)
        if r.territory == territory
        else r
        for r in case.plan.rows
    )
    least = max(case.model.areas[area].share[0], 0.15)
    spoilt = _with_area(case, area, share=(least, max(least, case.model.areas[area].share[1])))
    return replace(spoilt, plan=replace(case.plan, rows=rows))


def _frozen(case: Case, random: Random) -> Case:
    """A territory's hours are frozen at today's, and an area is to get more than its part of them."""
    territory = random.choice(case.plan.territories)
    area = random.choice([r.area for r in case.plan.rows if r.territory == territory])
    rows = tuple(
        replace(r, min_hours=r.hours, max_hours=r.hours) if r.territory == territory else r
        for r in case.plan.rows
    )
    here = [r for r in rows if r.territory == territory]
    whole = math.fsum(r.hours for r in here) or 1.0
    part = math.fsum(r.hours for r in here if r.area == area) / whole
    least = min(0.95, part + random.uniform(0.01, 0.2))
    spoilt = _with_area(case, area, share=(least, max(least, case.model.areas[area].share[1])))
    return replace(spoilt, plan=replace(case.plan, rows=rows))


def _pipeline(case: Case, random: Random) -> Case:
    """More open opportunities are to be left than anyone can find."""
    return _with_area(case, WORKING, end_pipeline=random.uniform(5, 500))


def _with_area(case: Case, area: str, **facts: object) -> Case:
    areas = {**case.model.areas, area: case.model.areas[area].model_copy(update=facts)}
    return replace(case, model=case.model.model_copy(update={"areas": areas}))


SPOILS: tuple[Callable[[Case, Random], Case], ...] = (_minimums, _maximums, _frozen, _pipeline)
