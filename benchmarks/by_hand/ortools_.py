"""OR-Tools' model builder, with weighted sums, solved by its own GLOP."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from ortools.linear_solver.python import model_builder as mb

from benchmarks.by_hand.facts import Facts, Link


def best(facts: Facts) -> float:
    """The optimum in the plan's currency."""
    model = declared(facts)
    solver = mb.Solver("GLOP")
    status = solver.solve(model)
    if status != mb.SolveStatus.OPTIMAL:
        raise RuntimeError(str(status))
    return float(solver.objective_value)


def declared(facts: Facts) -> mb.Model:
    """The programme; its objective is in the plan's currency."""
    model = mb.Model()
    steps, depths = range(facts.steps), range(facts.depths)
    sources = range(len(facts.sources))
    sum_of, weighted = mb.LinearExpr.sum, mb.LinearExpr.weighted_sum

    def variables(count: int, most: float = math.inf) -> list[mb.Variable]:
        return [model.new_num_var(0, most, "") for _ in range(count)]

    x = [variables(facts.steps) for _ in facts.rows]
    total = variables(len(facts.areas))
    u = [variables(facts.steps) for _ in facts.segments]
    n, b = [variables(facts.steps) for _ in sources], [variables(facts.steps) for _ in sources]
    w = [[variables(facts.steps) for _ in depths] for _ in sources]
    g = [variables(facts.steps, piece.width / facts.steps) for piece in facts.renewing_segments]

    def effective(rows: Sequence[int], t: int) -> mb.LinearExpr:
        return weighted([x[i][t] for i in rows], [facts.rows[i].skill for i in rows])

    def driver(links: Iterable[Link], t: int) -> mb.LinearExpr:
        before = [(link, t - link.lag) for link in links if t >= link.lag]
        created = [(n[link.by][then], link.created) for link, then in before]
        worked = [(w[link.by][d][then], link.worked[d]) for link, then in before for d in depths]
        terms = [(var, rate) for var, rate in (*created, *worked) if rate]
        return weighted([var for var, _ in terms], [rate for _, rate in terms])

    for rep in facts.reps:
        for t in steps:
            model.add(sum_of([x[i][t] for i in rep.rows]) <= rep.capacity / facts.steps)
    for i, row in enumerate(facts.rows):
        if row.least > 0 or row.most < math.inf:
            model.add_linear_constraint(sum_of(x[i]), row.least, row.most)

    areas_of = defaultdict(list)
    for a, area in enumerate(facts.areas):
        areas_of[area.territory].append(total[a])
        model.add(total[a] == sum_of([x[i][t] for i in area.rows for t in steps]))
    for a, area in enumerate(facts.areas):
        whole = sum_of(areas_of[area.territory])
        model.add(total[a] >= area.least * whole)
        if area.most < 1:
            model.add(total[a] <= area.most * whole)

    segments_of, growing = defaultdict(list), defaultdict(list)
    for j, segment in enumerate(facts.segments):
        segments_of[segment.of].append(j)
    for link in facts.grows:
        growing[link.of].append(link)
    for s, source in enumerate(facts.sources):
        mine = segments_of[s]
        slopes = [facts.segments[j].slope for j in mine]
        for t in steps:
            used = [u[j][t] for j in mine]
            model.add(sum_of(used) <= effective(source.rows, t))
            model.add(n[s][t] == weighted(used, slopes))
            wider = driver(growing[s], t)
            for j in mine:
                width, potential = facts.segments[j].width, facts.segments[j].potential
                model.add(u[j][t] <= width / facts.steps + width / potential * wider)

    def there(s: int, t: int) -> mb.LinearExpr:
        return (b[s][t - 1] if t else facts.sources[s].open) + n[s][t]

    def worked(s: int, t: int) -> mb.LinearExpr:
        return sum_of([w[s][d][t] for d in depths])

    for s in sources:
        for t in steps:
            model.add(b[s][t] == facts.kept * (there(s, t) - worked(s, t)))
            model.add(worked(s, t) <= there(s, t))
    limiting = defaultdict(list)
    for link in facts.limits:
        limiting[link.of].append(link)
    for allowed in facts.allowed:
        for t in steps:
            model.add(n[allowed.of][t] <= allowed.created[t] + driver(limiting[allowed.of], t))

    for territory in facts.territories:
        pairs = [(s, d) for s in territory.sources for d in depths]
        efforts = [territory.effort[d] for _, d in pairs]
        for t in steps:
            taken = weighted([w[s][d][t] for s, d in pairs], efforts)
            model.add(taken <= effective(territory.working_rows, t))
        last = steps[-1]
        left = [there(s, last) - worked(s, last) for s in territory.sources]
        model.add(sum_of(left) >= territory.pipeline)

    pieces_of = defaultdict(list)
    for j, piece in enumerate(facts.renewing_segments):
        pieces_of[piece.of].append(j)
    for m, rows in enumerate(facts.renewing):
        for t in steps:
            model.add(sum_of([g[j][t] for j in pieces_of[m]]) <= effective(rows, t))

    won = [
        (w[s][d][t], source.worth[t] * source.win_rates[d])
        for s, source in enumerate(facts.sources)
        for d in depths
        for t in steps
    ]
    renewed = [(g[j][t], piece.slope) for j, piece in enumerate(facts.renewing_segments) for t in steps]
    terms = won + renewed
    model.maximize(weighted([var for var, _ in terms], [worth for _, worth in terms]) + facts.base)
    return model
