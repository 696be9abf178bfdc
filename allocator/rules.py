"""The model's rules in plain arithmetic on hours and opportunities, apart from any programme.

What happens in one step of territories that are alike (`allocator.alike`): each number is an array with
an entry for each of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from allocator.alike import Alike, Renewals, Sources
from allocator.arrays import Floats, Number
from allocator.curves import brought_by
from allocator.model import Coupling, Model


@dataclass(frozen=True)
class Opportunities:
    """Those of territories of one shape: `created` by source and step, `worked` by depth as well."""

    alike: Alike
    created: Floats
    worked: Floats


def effective_hours(alike: Alike, rows: Sequence[int], hours: Floats, step: int) -> Number:
    """Σ q_i x_it over `rows`, places of a territory: hours weighted by skill."""
    return sum((alike.skill[a] * hours[a, step] for a in rows), 0.0)


def driver(coupling: Coupling, there: Opportunities, step: int) -> Number:
    """What `coupling` counts in one step of each territory, in opportunities or wins."""
    count: dict[str, Callable[[int, Sources], Number]] = {
        "opportunities": lambda s, _: there.created[s, step],
        "worked": lambda s, _: there.worked[s, step].sum(axis=0),
        "wins": lambda s, source: wins(source, there.worked[s, step]),
    }
    counted = (
        count[coupling.by](s, source)
        for s, source in enumerate(there.alike.sources)
        if source.area in coupling.of
    )
    return sum(counted, 0.0)


def market_growth(model: Model, source: Sources, there: Opportunities, step: int) -> Number:
    """By how much couplings widen a source's market in one step: 0 none, 0.1 a tenth wider."""
    assert source.curve is not None
    more = sum(
        (
            coupling.rate * driver(coupling, there, step - coupling.lag)
            for coupling in model.couplings
            if coupling.grows == source.area and step >= coupling.lag
        ),
        0.0,
    )
    return more / (source.curve.potential / model.steps)


def trusted(model: Model, source: Sources, there: Opportunities, step: int) -> Number:
    """The most opportunities that couplings let a source create in one step; inf without any."""
    limiting = [c for c in model.couplings if c.limits == source.area]
    if not limiting:
        return math.inf
    allowed: Number = 0.0
    for coupling in limiting:
        if step >= coupling.lag:
            done = driver(coupling, there, step - coupling.lag)
        else:
            planned = (s.created_today for s in there.alike.sources if s.area in coupling.of)
            done = sum(planned, 0.0) / model.steps
        allowed = allowed + coupling.goodwill * source.created_today / model.steps + coupling.rate * done
    return allowed


def wins(source: Sources, worked: Floats) -> Floats:
    """Wins by territory; `worked` by depth and territory."""
    won: Floats = (np.stack(source.win_rates) * worked).sum(axis=0)
    return won


def creatable(model: Model, source: Sources, hours: Floats, there: Opportunities, step: int) -> Number:
    """The most opportunities that hours (by place and step) create in one step, as the market is."""
    if source.curve is None:
        return np.zeros(len(there.alike.territories))
    growth = market_growth(model, source, there, step)
    effective = effective_hours(there.alike, source.rows, hours, step)
    return brought_by(source.curve.segments, effective, (1 + growth) / model.steps)


def renewed(model: Model, alike: Alike, renewing: Renewals, hours: Floats) -> Number:
    """R·lo + G(e): what renews over the period with these hours, in the plan's currency."""
    brought: Number = renewing.base
    if renewing.curve is not None:
        for step in range(model.steps):
            effective = effective_hours(alike, renewing.rows, hours, step)
            brought = brought + brought_by(renewing.curve.segments, effective, 1 / model.steps)
    return brought
