"""A plan with one of its facts better or worse: what levers and other cases are made of."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace

from allocator.columns import COLUMN, stands_on
from allocator.model import Model
from allocator.plan import Facts, Plan, Row

MOST_LIKELY = 0.95
"""Rates are not raised above this."""
NEAREST = 0.99
"""Opportunities are not raised above this share of their potential: where response curves end."""

LOWER_IS_BETTER = ("hours_per_opportunity", "cycle_days", "decay")
LEVERS = (
    "win_rate",
    "deal_size",
    "opportunities",
    "potential",
    "hours_per_opportunity",
    "renewal_rate",
    "cycle_days",
    "decay",
)
"""The facts that an improvement can be about; `decay` is the model's, the others are the plan's."""


def has_lever(plan: Plan, model: Model, lever: str, area: str) -> bool:
    """Whether the fact means anything in that area of this plan."""
    declared = model.areas[area]
    rows = [row for row in plan.rows if row.area == area]
    if lever == "decay":
        return declared.works and declared.decay > 0 and bool(rows)
    if not rows or not stands_on(COLUMN[lever], declared):
        return False
    if lever in {"opportunities", "potential"}:
        return any(row.opportunities for row in rows)
    facts = [given for (_, of), given in plan.facts.items() if of == area]
    if lever == "renewal_rate":
        return any(given.renewals for given in facts)
    return any(getattr(given, lever) for given in facts)


def earns(model: Model, lever: str) -> bool:
    """Whether revenue can depend on the fact under this model.

    Cycle days only say when a win books, and decay what is there in a later step.
    """
    return {"cycle_days": model.objective.later < 1, "decay": model.steps > 1}.get(lever, True)


def scaled(
    plan: Plan, model: Model, lever: str, factor: float, areas: Collection[str]
) -> tuple[Plan, Model]:
    """Plan and model with a fact times `factor` in these areas of every territory.

    What the model gives where the plan doesn't is scaled as well. Rates rise to 0.95 at most, and
    opportunities to 0.99 of their potential, which stays as it was; what is above that already stays.
    """
    if lever == "decay":
        changed = {
            name: area.model_copy(update={"decay": area.decay * factor}) if name in areas else area
            for name, area in model.areas.items()
        }
        return plan, model.model_copy(update={"areas": changed})
    facts = {
        key: _facts(plan, model, key, lever, factor) if key[1] in areas else given
        for key, given in plan.facts.items()
    }
    if lever != "opportunities":
        return replace(plan, facts=facts), model
    rows = tuple(_with_more(plan, model, row, factor) if row.area in areas else row for row in plan.rows)
    return replace(plan, facts=facts, rows=rows), model


def potential_of(plan: Plan, model: Model, key: tuple[str, str]) -> float:
    """Opportunities that endless hours would create in one (territory, area)."""
    given = plan.facts[key].potential
    return (model.areas[key[1]].potential or 0.0) * _created(plan, key) if given is None else given


def _created(plan: Plan, key: tuple[str, str]) -> float:
    territory, area = key
    return math.fsum(r.opportunities for r in plan.rows_by_territory[territory] if r.area == area)


def _facts(plan: Plan, model: Model, key: tuple[str, str], lever: str, factor: float) -> Facts:
    given, area = plan.facts[key], model.areas[key[1]]
    if not stands_on(COLUMN[lever], area):
        return given
    if lever in {"potential", "opportunities"}:
        if not _created(plan, key):
            return given
        potential = potential_of(plan, model, key)
        return replace(given, potential=potential * (factor if lever == "potential" else 1.0))
    value = getattr(given, lever)
    if lever == "renewal_rate" and value is None and area.renewals is not None:
        value = area.renewals.rate
    if not value:
        return given
    return replace(
        given, **{lever: _rate(value, factor) if COLUMN[lever].kind == "rate" else value * factor}
    )


def _rate(value: float, factor: float) -> float:
    return value * factor if factor <= 1 else max(value, min(MOST_LIKELY, value * factor))


def _with_more(plan: Plan, model: Model, row: Row, factor: float) -> Row:
    key = (row.territory, row.area)
    created = _created(plan, key)
    if not created:
        return row
    most = max(1.0, NEAREST * potential_of(plan, model, key) / created)
    return replace(row, opportunities=row.opportunities * min(factor, most))
