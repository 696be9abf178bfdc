"""Random small plans and models for the properties: 1–3 territories, 1–3 reps, 1 or 3 steps."""

from __future__ import annotations

import math
from collections.abc import Callable

from hypothesis import strategies as st
from plans import SALES, changed, numbered, with_lags

from allocator.model import Model
from allocator.plan import Facts, Plan, Row

REPS = ("Ann", "Bob", "Cat")
HOURS = st.integers(2, 40).map(lambda n: 5.0 * n)
AREAS = tuple(SALES.areas)


@st.composite
def models(draw: Callable, steps: int | None = None) -> Model:
    """The sales model with other steps, lags, weights and pipelines."""
    model = changed(
        SALES,
        steps=draw(st.sampled_from([1, 3])) if steps is None else steps,
        objective={"later": draw(st.sampled_from([1.0, 0.6]))},
    )
    pipeline, decay = draw(st.sampled_from([0.0, 0.8, 1.0])), draw(st.sampled_from([0.0, 0.5]))
    model = changed(model, "opportunity_management", end_pipeline=pipeline, decay=decay)
    return with_lags(model, draw(st.integers(0, 1)))


@st.composite
def plans(draw: Callable) -> Plan:
    """A plan: prospecting and opportunity management everywhere, other areas and reps at will."""
    rows: list[Row] = []
    facts = {}
    for territory in ("North", "South", "West")[: draw(st.integers(1, 3))]:
        others = draw(st.sets(st.sampled_from(AREAS[2:])))
        for area in (*AREAS[:2], *(a for a in AREAS[2:] if a in others)):
            facts[territory, area] = draw(_facts(area))
            reps = draw(st.lists(st.sampled_from(REPS), min_size=1, max_size=2, unique=True))
            rows += [draw(_rows(territory, area, rep)) for rep in reps]
    return numbered(rows, facts)


@st.composite
def _rows(draw: Callable, territory: str, area: str, rep: str) -> Row:
    hours = draw(HOURS)
    creates = SALES.areas[area].creates
    return Row(
        territory,
        area,
        rep,
        hours=hours,
        min_hours=draw(st.sampled_from([0.0, 0.0, 0.0, 0.25])) * hours,
        max_hours=draw(st.sampled_from([math.inf, math.inf, 1.5])) * hours,
        skill=draw(st.sampled_from([1.0, 1.0, 0.8, 1.25])),
        opportunities=float(draw(st.integers(1, 40))) if creates else 0.0,
        open=float(draw(st.integers(0, 15))) if creates else 0.0,
    )


@st.composite
def _facts(draw: Callable, area: str) -> Facts:
    if not SALES.areas[area].creates:
        return Facts(hours_per_opportunity=draw(st.sampled_from([1.0, 4.0, 7.5, 20.0])))
    renews = area == "account_development"
    return Facts(
        potential=draw(st.sampled_from([None, None, 100.0, 250.0])),
        win_rate=draw(st.sampled_from([0.05, 0.2, 0.35, 0.6])),
        deal_size=draw(st.sampled_from([2000.0, 12500.0, 40000.0])),
        cycle_days=draw(st.sampled_from([0.0, 30.0, 75.0, 120.0])),
        renewals=draw(st.sampled_from([0.0, 60000.0, 900000.0])) if renews else 0.0,
        renewal_rate=draw(st.sampled_from([None, 0.7])) if renews else None,
    )
