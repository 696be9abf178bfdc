"""From the plan and the model to the instance: what each fact and each rule comes to in figures."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from allocator.curves import through_today
from allocator.instance import Hours, Instance, Renewing, Rep, Source, Territory
from allocator.model import Area, Model, Renewals
from allocator.ordering import Order, canonical_order
from allocator.plan import Facts, Plan, Row

MOST_LIKELY = 0.95
"""No depth wins more often than this (formulation, "Depths")."""


def instance(plan: Plan, model: Model, order: Order | None = None) -> Instance:
    """The plan's sets and data under the model's rules.

    The plan is one that `allocator.checked.check` has passed for this model. `order`: that of the same
    rows with other facts, where the two are to be compared; the plan's own if none is given.
    """
    order = order or canonical_order(plan, tuple(model.areas))
    territory_at = {name: k for k, name in enumerate(order.territories)}
    rep_at = {name: r for r, name in enumerate(order.reps)}
    rows = tuple(_hours(plan, at, order.row_class[at], territory_at, rep_at) for at in order.rows)
    of_territory: list[list[int]] = [[] for _ in order.territories]
    of_rep: list[list[int]] = [[] for _ in order.reps]
    for i, row in enumerate(rows):
        of_territory[row.territory].append(i)
        of_rep[row.rep].append(i)
    return Instance(
        model=model,
        rows=rows,
        territories=tuple(
            _territory(name, of_territory[k], plan, model, order.territory_class[name])
            for k, name in enumerate(order.territories)
        ),
        reps=tuple(
            Rep(name, tuple(of_rep[r]), _capacity(plan, name, [rows[i] for i in of_rep[r]]))
            for r, name in enumerate(order.reps)
        ),
    )


def _hours(
    plan: Plan, at: int, twin: int, territory_at: dict[str, int], rep_at: dict[str, int]
) -> Hours:
    row = plan.rows[at]
    return Hours(
        territory=territory_at[row.territory],
        rep=rep_at[row.rep],
        area=row.area,
        today=plan.todays_split[at],
        skill=row.skill,
        least=row.min_hours,
        most=row.max_hours,
        plan_row=at,
        twin=twin,
    )


def _capacity(plan: Plan, rep: str, rows: Sequence[Hours]) -> float:
    given = plan.capacity.get(rep)
    return math.fsum(row.today for row in rows) if given is None else given


@dataclass(frozen=True)
class _Present:
    """One area with rows in one territory.

    `effective` e0: the effective hours that the plan's opportunities were created with.
    """

    name: str
    area: Area
    facts: Facts
    effective: float
    plan_rows: Sequence[Row]


def _territory(name: str, rows: Sequence[int], plan: Plan, model: Model, twin: int) -> Territory:
    """A territory; `rows` are its rows in the instance."""
    sources, renewing, stays = [], [], []
    for area_name, area in model.areas.items():
        plan_rows = plan.rows_by_place.get((name, area_name))
        if plan_rows is None:
            continue
        present = _Present(
            name=area_name,
            area=area,
            facts=plan.facts[name, area_name],
            effective=math.fsum(row.hours * row.skill for row in plan_rows),
            plan_rows=plan_rows,
        )
        if area.creates:
            sources.append(_source(present, model))
        if area.renewals is not None and present.facts.renewals:
            renewing.append(_renewing(present, area.renewals))
        if any(plan.capacity.get(row.rep) != 0 for row in plan_rows):
            stays.append(area_name)  # where all have a capacity of 0, they have gone and hold no share
    working = model.working_area
    at_start = math.fsum(source.open for source in sources)
    return Territory(
        name=name,
        rows=tuple(rows),
        sources=tuple(sources),
        renewing=tuple(renewing),
        hours_per_opportunity=(
            plan.facts[name, working].hours_per_opportunity
            if (name, working) in plan.rows_by_place
            else None
        ),
        shares=_shares(model, stays),
        pipeline=model.areas[working].end_pipeline * at_start,
        twin=twin,
    )


def _shares(model: Model, areas: Collection[str]) -> dict[str, tuple[float, float]]:
    """Least and most share by area; the most are left out where together they are less than all."""
    capped = model.upper_shares_hold(areas)
    return {a: (model.areas[a].share[0], model.areas[a].share[1] if capped else 1.0) for a in areas}


def _source(present: _Present, model: Model) -> Source:
    facts = present.facts
    created = math.fsum(row.opportunities for row in present.plan_rows)
    potential = facts.potential
    if potential is None:
        potential = (present.area.potential or 0.0) * created
    has_curve = present.effective > 0 and created > 0
    win_rate = facts.win_rate or 0.0
    return Source(
        area=present.name,
        created_today=created,
        open=math.fsum(row.open for row in present.plan_rows),
        curve=through_today(present.effective, created, potential) if has_curve else None,
        win_rates=tuple(min(MOST_LIKELY, win_rate * depth.win) for depth in model.depths),
        deal_size=facts.deal_size or 0.0,
        booked=booked_shares(model, facts.cycle_days),
    )


def booked_shares(model: Model, cycle_days: float) -> tuple[float, ...]:
    """φ_t by step: the share of the work done in step t that books inside the period.

    Work is spread evenly over its step of L/T days and books `cycle_days` y later
    (formulation, "Booking").
    """
    step_days = model.period_days / model.steps
    return tuple(
        min(1.0, max(0.0, (model.period_days - cycle_days - t * step_days) / step_days))
        for t in range(model.steps)
    )


def _renewing(present: _Present, declared: Renewals) -> Renewing:
    facts = present.facts
    rate = declared.rate if facts.renewal_rate is None else facts.renewal_rate
    low, high = declared.floor * rate, rate + declared.headroom * (1 - rate)
    by_hours, at_most = facts.renewals * (rate - low), facts.renewals * (high - low)
    has_curve = present.effective > 0 and by_hours > 0
    return Renewing(
        area=present.name,
        base=facts.renewals * low,
        curve=through_today(present.effective, by_hours, at_most) if has_curve else None,
    )
