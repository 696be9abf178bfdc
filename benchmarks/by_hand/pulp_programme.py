"""The first pass in PuLP's own idioms: dictionaries of variables, `lpSum`, one `+=` a constraint."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import pulp
from pulp import lpSum

from benchmarks.by_hand.facts import Facts, Link

Variables = Mapping[int, Mapping[int, pulp.LpVariable]]
Worked = Mapping[int, Mapping[int, Mapping[int, pulp.LpVariable]]]


def declared(facts: Facts) -> pulp.LpProblem:
    """The programme; its objective is in the plan's currency."""
    problem = pulp.LpProblem("allocation", pulp.LpMaximize)
    steps, depths = range(facts.steps), range(facts.depths)
    sources = range(len(facts.sources))

    def variables(name: str, *numbers: Iterable[int]) -> Variables:
        found: Variables = problem.add_variable_dicts(name, numbers, lowBound=0)
        return found

    x = variables("x", range(len(facts.rows)), steps)
    total = problem.add_variable_dicts("X", range(len(facts.areas)), lowBound=0)
    u = variables("u", range(len(facts.segments)), steps)
    n = variables("n", sources, steps)
    b = variables("b", sources, steps)
    w: Worked = problem.add_variable_dicts("w", (sources, depths, steps), lowBound=0)
    g = variables("g", range(len(facts.renewing_segments)), steps)

    def effective(rows: Sequence[int], t: int) -> pulp.LpAffineExpression:
        return lpSum(facts.rows[i].skill * x[i][t] for i in rows)

    def driver(links: Iterable[Link], t: int) -> pulp.LpAffineExpression:
        return lpSum(
            link.created * n[link.by][t - link.lag]
            + lpSum(link.worked[d] * w[link.by][d][t - link.lag] for d in depths)
            for link in links
            if t >= link.lag
        )

    problem += facts.base + (
        lpSum(
            source.worth[t] * source.win_rates[d] * w[s][d][t]
            for s, source in enumerate(facts.sources)
            for t in steps
            for d in depths
        )
        + lpSum(part.slope * g[j][t] for j, part in enumerate(facts.renewing_segments) for t in steps)
    )

    for rep in facts.reps:
        for t in steps:
            problem += lpSum(x[i][t] for i in rep.rows) <= rep.capacity / facts.steps
    for i, row in enumerate(facts.rows):
        if row.least > 0:
            problem += lpSum(x[i].values()) >= row.least
        if row.most < math.inf:
            problem += lpSum(x[i].values()) <= row.most

    areas_of = defaultdict(list)
    for a, area in enumerate(facts.areas):
        areas_of[area.territory].append(a)
        problem += total[a] == lpSum(x[i][t] for i in area.rows for t in steps)
    for a, area in enumerate(facts.areas):
        whole = lpSum(total[other] for other in areas_of[area.territory])
        problem += total[a] >= area.least * whole
        if area.most < 1:
            problem += total[a] <= area.most * whole

    segments_of, growing = defaultdict(list), defaultdict(list)
    for j, segment in enumerate(facts.segments):
        segments_of[segment.of].append(j)
    for link in facts.grows:
        growing[link.of].append(link)
    for s, source in enumerate(facts.sources):
        for t in steps:
            mine = segments_of[s]
            problem += lpSum(u[j][t] for j in mine) <= effective(source.rows, t)
            problem += n[s][t] == lpSum(facts.segments[j].slope * u[j][t] for j in mine)
            wider = driver(growing[s], t)
            for j in mine:
                width, potential = facts.segments[j].width, facts.segments[j].potential
                problem += u[j][t] <= width / facts.steps + width / potential * wider

    def there(s: int, t: int) -> pulp.LpAffineExpression:
        return (b[s][t - 1] if t else facts.sources[s].open) + n[s][t]

    for s in sources:
        for t in steps:
            worked = lpSum(w[s][d][t] for d in depths)
            problem += b[s][t] == facts.kept * (there(s, t) - worked)
            problem += worked <= there(s, t)
    limiting = defaultdict(list)
    for link in facts.limits:
        limiting[link.of].append(link)
    for allowed in facts.allowed:
        for t in steps:
            problem += n[allowed.of][t] <= allowed.created[t] + driver(limiting[allowed.of], t)

    for territory in facts.territories:
        for t in steps:
            taken = lpSum(territory.effort[d] * w[s][d][t] for s in territory.sources for d in depths)
            problem += taken <= effective(territory.working_rows, t)
        last = steps[-1]
        left = (there(s, last) - lpSum(w[s][d][last] for d in depths) for s in territory.sources)
        problem += lpSum(left) >= territory.pipeline

    pieces_of = defaultdict(list)
    for j, piece in enumerate(facts.renewing_segments):
        pieces_of[piece.of].append(j)
        for t in steps:
            g[j][t].upBound = piece.width / facts.steps
    for m, rows in enumerate(facts.renewing):
        for t in steps:
            problem += lpSum(g[j][t] for j in pieces_of[m]) <= effective(rows, t)
    return problem
