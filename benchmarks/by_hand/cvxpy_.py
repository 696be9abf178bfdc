"""cvxpy in matrix form: one variable a symbol, sparse matrices that say who belongs to whom; HiGHS."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cvxpy as cp
import numpy as np
import numpy.typing as npt
from scipy import sparse

from benchmarks.by_hand.facts import Facts, Link

Entry = tuple[int, int, float]


def best(facts: Facts) -> float:
    """The optimum in the plan's currency."""
    problem = declared(facts)
    problem.solve(solver=cp.HIGHS)
    if problem.status != cp.OPTIMAL:
        raise RuntimeError(problem.status)
    return float(problem.value)


def matrix(entries: Iterable[Entry], rows: int, columns: int) -> sparse.csr_array:
    """The matrix with these (row, column, value)."""
    found = list(entries)
    at, of, value = zip(*found, strict=True) if found else ((), (), ())
    return sparse.csr_array((value, (at, of)), shape=(rows, columns))


def column(figures: Iterable[float]) -> npt.NDArray[np.float64]:
    """Figures that hold in every step."""
    return np.array(list(figures))[:, np.newaxis]


def declared(facts: Facts) -> cp.Problem:
    """The programme: a row for each number of a symbol, a column a step; in the plan's currency."""
    steps, depths = facts.steps, range(facts.depths)
    rows, sources, segments = len(facts.rows), len(facts.sources), len(facts.segments)
    areas, territories = len(facts.areas), len(facts.territories)
    pieces = len(facts.renewing_segments)

    x = cp.Variable((rows, steps), nonneg=True)
    total = cp.Variable(areas, nonneg=True)
    u = cp.Variable((segments, steps), nonneg=True)
    n = cp.Variable((sources, steps), nonneg=True)
    b = cp.Variable((sources, steps), nonneg=True)
    w = [cp.Variable((sources, steps), nonneg=True) for _ in depths]
    g = cp.Variable((pieces, steps), nonneg=True)

    def effective(rows_of: Sequence[Sequence[int]]) -> cp.Expression:
        skills = ((at, i, facts.rows[i].skill) for at, mine in enumerate(rows_of) for i in mine)
        return matrix(skills, len(rows_of), rows) @ x

    def driver(links: Sequence[Link]) -> cp.Expression:
        """By source and step, what its links add."""
        found: cp.Expression = cp.Constant(np.zeros((sources, steps)))
        for lag in {link.lag for link in links}:
            of_lag = [link for link in links if link.lag == lag]
            later = sparse.eye_array(steps, k=lag, format="csr")
            found += matrix(((c.of, c.by, c.created) for c in of_lag), sources, sources) @ n @ later
            for d in depths:
                rates = matrix(((c.of, c.by, c.worked[d]) for c in of_lag), sources, sources)
                found += rates @ w[d] @ later
        return found

    hours = cp.sum(x, axis=1)
    least, most = np.array([r.least for r in facts.rows]), np.array([r.most for r in facts.rows])
    low, high = np.flatnonzero(least > 0), np.flatnonzero(most < np.inf)
    of_reps = matrix(
        ((r, i, 1.0) for r, rep in enumerate(facts.reps) for i in rep.rows), len(facts.reps), rows
    )
    of_areas = matrix(
        ((a, i, 1.0) for a, area in enumerate(facts.areas) for i in area.rows), areas, rows
    )
    area_in = matrix(
        ((area.territory, a, 1.0) for a, area in enumerate(facts.areas)), territories, areas
    )
    whole = area_in.T @ area_in @ total
    capped = np.flatnonzero([area.most < 1 for area in facts.areas])

    of_source = matrix(((e.of, j, 1.0) for j, e in enumerate(facts.segments)), sources, segments)
    creates = matrix(((e.of, j, e.slope) for j, e in enumerate(facts.segments)), sources, segments)
    widths = column(e.width / steps for e in facts.segments)
    grown = matrix(
        ((j, e.of, e.width / e.potential) for j, e in enumerate(facts.segments)), segments, sources
    )

    opened = np.zeros((sources, steps))
    opened[:, 0] = [source.open for source in facts.sources]
    there = opened + b @ sparse.eye_array(steps, k=1, format="csr") + n
    worked = sum(w)
    limited = [allowed.of for allowed in facts.allowed]
    in_territory = [(k, s) for k, territory in enumerate(facts.territories) for s in territory.sources]
    taken = sum(
        matrix(((k, s, facts.territories[k].effort[d]) for k, s in in_territory), territories, sources)
        @ w[d]
        for d in depths
    )
    left = matrix(((k, s, 1.0) for k, s in in_territory), territories, sources) @ (there - worked)[:, -1]
    of_renewing = matrix(
        ((piece.of, j, 1.0) for j, piece in enumerate(facts.renewing_segments)),
        len(facts.renewing),
        pieces,
    )

    limits = [
        of_reps @ x <= column(rep.capacity / steps for rep in facts.reps),
        hours[low] >= least[low],
        hours[high] <= most[high],
        total == of_areas @ hours,
        total >= cp.multiply([area.least for area in facts.areas], whole),
        total[capped] <= cp.multiply([facts.areas[a].most for a in capped], whole[capped]),
        of_source @ u <= effective([source.rows for source in facts.sources]),
        n == creates @ u,
        u <= widths + grown @ driver(facts.grows),
        b == facts.kept * (there - worked),
        worked <= there,
        taken <= effective([territory.working_rows for territory in facts.territories]),
        n[limited] <= np.array([a.created for a in facts.allowed]) + driver(facts.limits)[limited],
        left >= np.array([territory.pipeline for territory in facts.territories]),
        of_renewing @ g <= effective(facts.renewing),
        g <= column(piece.width / steps for piece in facts.renewing_segments),
    ]
    worth = np.array([source.worth for source in facts.sources])
    won = sum(
        cp.sum(cp.multiply(worth * column(s.win_rates[d] for s in facts.sources), w[d])) for d in depths
    )
    renewed = cp.sum(np.array([piece.slope for piece in facts.renewing_segments]) @ g)
    return cp.Problem(cp.Maximize(facts.base + won + renewed), limits)
