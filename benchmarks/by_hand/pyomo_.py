"""A concrete Pyomo model with a rule for each family, solved by HiGHS through its APPSI interface."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import pyomo.environ as pyo

from benchmarks.by_hand.facts import Facts, Link

Model: TypeAlias = pyo.ConcreteModel
Linear: TypeAlias = Any
"""An expression, a relation of two, or `Skip`: Pyomo has no types."""


def best(facts: Facts) -> float:
    """The optimum in the plan's currency."""
    model = declared(facts)
    found = pyo.SolverFactory("appsi_highs").solve(model)
    pyo.assert_optimal_termination(found)
    return float(pyo.value(model.revenue))


def declared(facts: Facts) -> pyo.ConcreteModel:
    """The programme; its objective is in the plan's currency."""
    m = pyo.ConcreteModel()
    m.T = pyo.RangeSet(0, facts.steps - 1)
    m.D = pyo.RangeSet(0, facts.depths - 1)
    m.I = pyo.RangeSet(0, len(facts.rows) - 1)
    m.R = pyo.RangeSet(0, len(facts.reps) - 1)
    m.A = pyo.RangeSet(0, len(facts.areas) - 1)
    m.K = pyo.RangeSet(0, len(facts.territories) - 1)
    m.S = pyo.RangeSet(0, len(facts.sources) - 1)
    m.J = pyo.RangeSet(0, len(facts.segments) - 1)
    m.M = pyo.RangeSet(0, len(facts.renewing) - 1)
    m.G = pyo.RangeSet(0, len(facts.renewing_segments) - 1)
    m.L = pyo.RangeSet(0, len(facts.allowed) - 1)
    last = facts.steps - 1

    m.x = pyo.Var(m.I, m.T, within=pyo.NonNegativeReals)
    m.X = pyo.Var(m.A, within=pyo.NonNegativeReals)
    m.u = pyo.Var(m.J, m.T, within=pyo.NonNegativeReals)
    m.n = pyo.Var(m.S, m.T, within=pyo.NonNegativeReals)
    m.w = pyo.Var(m.S, m.D, m.T, within=pyo.NonNegativeReals)
    m.b = pyo.Var(m.S, m.T, within=pyo.NonNegativeReals)

    def piece(_: Model, j: int, t: int) -> tuple[float, float]:  # noqa: ARG001 (Pyomo gives both)
        return (0, facts.renewing_segments[j].width / facts.steps)

    m.g = pyo.Var(m.G, m.T, bounds=piece)

    def numbered_by(owners: Iterable[int]) -> dict[int, list[int]]:
        found = defaultdict(list)
        for number, owner in enumerate(owners):
            found[owner].append(number)
        return found

    areas_of = numbered_by(area.territory for area in facts.areas)
    segments_of = numbered_by(segment.of for segment in facts.segments)
    pieces_of = numbered_by(segment.of for segment in facts.renewing_segments)
    growing, limiting = defaultdict(list), defaultdict(list)
    for link in facts.grows:
        growing[link.of].append(link)
    for link in facts.limits:
        limiting[link.of].append(link)

    def effective(rows: Sequence[int], t: int) -> Linear:
        return pyo.quicksum(facts.rows[i].skill * m.x[i, t] for i in rows)

    def driver(links: Iterable[Link], t: int) -> Linear:
        return pyo.quicksum(
            link.created * m.n[link.by, t - link.lag]
            + pyo.quicksum(link.worked[d] * m.w[link.by, d, t - link.lag] for d in m.D)
            for link in links
            if t >= link.lag
        )

    def there(s: int, t: int) -> Linear:
        return (m.b[s, t - 1] if t else facts.sources[s].open) + m.n[s, t]

    def worked(s: int, t: int) -> Linear:
        return pyo.quicksum(m.w[s, d, t] for d in m.D)

    @m.Objective(sense=pyo.maximize)
    def revenue(m: Model) -> Linear:
        won = (
            source.worth[t] * source.win_rates[d] * m.w[s, d, t]
            for s, source in enumerate(facts.sources)
            for d in m.D
            for t in m.T
        )
        renewed = (facts.renewing_segments[j].slope * m.g[j, t] for j in m.G for t in m.T)
        return facts.base + pyo.quicksum(won) + pyo.quicksum(renewed)

    @m.Constraint(m.R, m.T)
    def capacity(m: Model, r: int, t: int) -> Linear:
        rep = facts.reps[r]
        return pyo.quicksum(m.x[i, t] for i in rep.rows) <= rep.capacity / facts.steps

    @m.Constraint(m.I)
    def bounds(m: Model, i: int) -> Linear:
        row = facts.rows[i]
        if row.least <= 0 and row.most == math.inf:
            return pyo.Constraint.Skip
        most = row.most if row.most < math.inf else None
        return (row.least, pyo.quicksum(m.x[i, t] for t in m.T), most)

    @m.Constraint(m.A)
    def area_hours(m: Model, a: int) -> Linear:
        return m.X[a] == pyo.quicksum(m.x[i, t] for i in facts.areas[a].rows for t in m.T)

    @m.Constraint(m.A)
    def least_share(m: Model, a: int) -> Linear:
        area = facts.areas[a]
        return m.X[a] >= area.least * pyo.quicksum(m.X[other] for other in areas_of[area.territory])

    @m.Constraint(m.A)
    def most_share(m: Model, a: int) -> Linear:
        area = facts.areas[a]
        if area.most >= 1:
            return pyo.Constraint.Skip
        return m.X[a] <= area.most * pyo.quicksum(m.X[other] for other in areas_of[area.territory])

    @m.Constraint(m.S, m.T)
    def spending(m: Model, s: int, t: int) -> Linear:
        return pyo.quicksum(m.u[j, t] for j in segments_of[s]) <= effective(facts.sources[s].rows, t)

    @m.Constraint(m.S, m.T)
    def creating(m: Model, s: int, t: int) -> Linear:
        return m.n[s, t] == pyo.quicksum(facts.segments[j].slope * m.u[j, t] for j in segments_of[s])

    @m.Constraint(m.J, m.T)
    def market(m: Model, j: int, t: int) -> Linear:
        segment = facts.segments[j]
        wider = driver(growing[segment.of], t)
        return m.u[j, t] <= segment.width / facts.steps + segment.width / segment.potential * wider

    @m.Constraint(m.S, m.T)
    def backlog(m: Model, s: int, t: int) -> Linear:
        return m.b[s, t] == facts.kept * (there(s, t) - worked(s, t))

    @m.Constraint(m.S, m.T)
    def only_what_is_there(m: Model, s: int, t: int) -> Linear:  # noqa: ARG001
        return worked(s, t) <= there(s, t)

    @m.Constraint(m.K, m.T)
    def working(m: Model, k: int, t: int) -> Linear:
        territory = facts.territories[k]
        taken = (territory.effort[d] * m.w[s, d, t] for s in territory.sources for d in m.D)
        return pyo.quicksum(taken) <= effective(territory.working_rows, t)

    @m.Constraint(m.L, m.T)
    def trust(m: Model, c: int, t: int) -> Linear:
        allowed = facts.allowed[c]
        return m.n[allowed.of, t] <= allowed.created[t] + driver(limiting[allowed.of], t)

    @m.Constraint(m.K)
    def next_period(m: Model, k: int) -> Linear:  # noqa: ARG001
        territory = facts.territories[k]
        left = (there(s, last) - worked(s, last) for s in territory.sources)
        return pyo.quicksum(left) >= territory.pipeline

    @m.Constraint(m.M, m.T)
    def renewing(m: Model, area: int, t: int) -> Linear:
        spent = pyo.quicksum(m.g[j, t] for j in pieces_of[area])
        return spent <= effective(facts.renewing[area], t)

    return m
