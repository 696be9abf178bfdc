"""The constraint families 1–10, one function each; the mathematics is in `allocator.program`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

from allocator.instance import Source, Territory
from allocator.model import Coupling
from allocator.program.declared import Declared, Limit, Program, Term, Terms, at_least, at_most, equal


def capacity(program: Program) -> Iterator[Declared]:
    """1: a rep's hours in a step stay within the rep's capacity."""
    for r, rep in enumerate(program.instance.reps):
        for t in range(program.instance.steps):
            row = at_most(
                [(program.x[i][t], 1.0) for i in rep.rows], rep.capacity / program.instance.steps
            )
            yield Limit("capacity", rep=r, step=t), row


def bounds(program: Program) -> Iterator[Declared]:
    """2: a row's hours over the period stay within its own bounds."""
    for i, hours in enumerate(program.instance.rows):
        total = [(var, 1.0) for var in program.x[i]]
        about = {"territory": hours.territory, "rep": hours.rep, "area": hours.area}
        if hours.least > 0:
            yield Limit("bounds", **about), at_least(total, hours.least)  # type: ignore[arg-type]
        if hours.most < math.inf:
            yield Limit("bounds", **about), at_most(total, hours.most)  # type: ignore[arg-type]


def shares(program: Program) -> Iterator[Declared]:
    """3: each area present gets its share of the territory's hours, not less and not more."""
    for k, territory in enumerate(program.instance.territories):
        areas = program.X[k]
        for area, total in areas.items():
            rows = program.instance.rows_of(territory, area)
            terms = [(var, 1.0) for i in rows for var in program.x[i]]
            yield Limit("shares", territory=k, area=area), equal([*terms, (total, -1.0)], 0.0)
        for area, total in areas.items():
            low, high = territory.shares[area]
            if low > 0:
                row = at_least([(var, (var == total) - low) for var in areas.values()], 0.0)
                yield Limit("shares", territory=k, area=area), row
            if high < 1:
                row = at_most([(var, (var == total) - high) for var in areas.values()], 0.0)
                yield Limit("shares", territory=k, area=area), row


def creating(program: Program) -> Iterator[Declared]:
    """4: effective hours fill the response curve's segments, and those create opportunities."""
    for k, s, source in _sources(program):
        slopes = [segment.slope for segment in source.curve.segments] if source.curve else []
        for t in range(program.instance.steps):
            u, n = program.u[k][s][t], program.n[k][s][t]
            about = {"territory": k, "area": source.area, "step": t}
            if u:
                spent = _effective(program, source.rows, t, -1.0)
                row = at_most([*((var, 1.0) for var in u), *spent], 0.0)
                yield Limit("creating", **about), row  # type: ignore[arg-type]
            row = equal([(n, -1.0), *zip(u, slopes, strict=True)], 0.0)
            yield Limit("creating", **about), row  # type: ignore[arg-type]


def market(program: Program) -> Iterator[Declared]:
    """5: a segment is as wide as the market, which couplings can grow; without any, a plain bound."""
    steps = program.instance.steps
    for k, s, source in _sources(program):
        growing = [c for c in program.instance.model.couplings if c.grows == source.area]
        for t in range(steps):
            widening = [
                (var, coupling.rate * amount)
                for coupling in growing
                if t >= coupling.lag
                for var, amount in _driver(program, coupling, k, t - coupling.lag)
            ]
            for j, segment in enumerate(source.curve.segments if source.curve else ()):
                assert source.curve is not None
                u, width = program.u[k][s][t][j], segment.width / steps
                if not widening:
                    program.bound(u, 0.0, width)
                    continue
                per_driver = -segment.width / source.curve.potential
                row = at_most([(u, 1.0), *[(var, per_driver * a) for var, a in widening]], width)
                yield Limit("market", territory=k, area=source.area, step=t), row


def backlog(program: Program) -> Iterator[Declared]:
    """6: what is not worked stays, less the decay; only what is there can be worked."""
    kept = program.instance.model.kept_per_step
    for k, s, source in _sources(program):
        for t in range(program.instance.steps):
            there = [*_before(program, k, s, t), (program.n[k][s][t], 1.0)]
            worked = [(var, 1.0) for var in program.w[k][s][t]]
            start = source.open if t == 0 else 0.0
            left = [*there, *((var, -1.0) for var, _ in worked)]
            row = equal(
                [(program.b[k][s][t], 1.0), *((var, -kept * a) for var, a in left)], kept * start
            )
            yield Limit("backlog", territory=k, area=source.area, step=t), row
            row = at_most([*worked, *((var, -a) for var, a in there)], start)
            yield Limit("backlog", territory=k, area=source.area, step=t), row


def working(program: Program) -> Iterator[Declared]:
    """7: working opportunities takes the working area's effective hours, more the deeper it goes."""
    efforts = [depth.effort for depth in program.instance.model.depths]
    for k, territory in enumerate(program.instance.territories):
        # With nobody to work them, every opportunity takes more than the 0 hours that there are.
        each = territory.hours_per_opportunity or 1.0
        for t in range(program.instance.steps):
            taken = [
                (var, effort * each)
                for s in range(len(territory.sources))
                for var, effort in zip(program.w[k][s][t], efforts, strict=True)
            ]
            row = at_most([*taken, *_effective(program, territory.working_rows, t, -1.0)], 0.0)
            yield Limit("working", territory=k, area=program.instance.model.working_area, step=t), row


def trust(program: Program) -> Iterator[Declared]:
    """8: what an area can create depends on what was done with what came before."""
    steps = program.instance.steps
    for k, s, source in _sources(program):
        limiting = [c for c in program.instance.model.couplings if c.limits == source.area]
        if not limiting:
            continue
        for t in range(steps):
            allowed = 0.0
            terms = [(program.n[k][s][t], 1.0)]
            for coupling in limiting:
                allowed += coupling.goodwill * source.created_today / steps
                if t >= coupling.lag:
                    driver = _driver(program, coupling, k, t - coupling.lag)
                    terms += ((var, -coupling.rate * amount) for var, amount in driver)
                else:
                    allowed += (
                        coupling.rate * driver_today(program.instance.territories[k], coupling) / steps
                    )
            yield Limit("trust", territory=k, area=source.area, step=t), at_most(terms, allowed)


def driver_today(territory: Territory, coupling: Coupling) -> float:
    """Σ n0 over the coupling's sources: what stands for a driver before the first step, × 1/T."""
    return math.fsum(s.created_today for s in territory.sources if s.area in coupling.of)


def next_period(program: Program) -> Iterator[Declared]:
    """9: the quarter is not made by draining the pipeline that the next one starts from."""
    last = program.instance.steps - 1
    for k, territory in enumerate(program.instance.territories):
        if not territory.pipeline:
            continue
        left: list[Term] = []
        for s in range(len(territory.sources)):
            left += [*_before(program, k, s, last), (program.n[k][s][last], 1.0)]
            left += ((var, -1.0) for var in program.w[k][s][last])
        at_start = territory.open if last == 0 else 0.0
        yield Limit("next_period", territory=k), at_least(left, territory.pipeline - at_start)


def renewing(program: Program) -> Iterator[Declared]:
    """10: an area's effective hours renew along their curve as well as they create."""
    steps = program.instance.steps
    for k, territory in enumerate(program.instance.territories):
        for m, renewing in enumerate(territory.renewing):
            if renewing.curve is None:
                continue
            for t in range(steps):
                g = program.g[k][m][t]
                for var, segment in zip(g, renewing.curve.segments, strict=True):
                    program.bound(var, 0.0, segment.width / steps)
                spent = _effective(program, renewing.rows, t, -1.0)
                row = at_most([*((var, 1.0) for var in g), *spent], 0.0)
                yield Limit("renewing", territory=k, area=renewing.area, step=t), row


FAMILIES_AT_FIXED_HOURS: tuple[Callable[[Program], Iterator[Declared]], ...] = (
    creating,
    market,
    backlog,
    working,
    trust,
    next_period,
    renewing,
)
EVERY_FAMILY = (capacity, bounds, shares, *FAMILIES_AT_FIXED_HOURS)


def _sources(program: Program) -> Iterator[tuple[int, int, Source]]:
    for k, territory in enumerate(program.instance.territories):
        for s, source in enumerate(territory.sources):
            yield k, s, source


def _effective(program: Program, rows: Iterable[int], step: int, sign: float) -> Terms:
    """Sign · Σ q_i x_it over `rows`: effective hours."""
    return [(program.x[i][step], sign * program.instance.rows[i].skill) for i in rows]


def _before(program: Program, k: int, s: int, step: int) -> Terms:
    """The backlog that a step starts with; before the first it is a number, not a variable."""
    return [(program.b[k][s][step - 1], 1.0)] if step else []


def _driver(program: Program, coupling: Coupling, k: int, step: int) -> Iterator[Term]:
    """What a coupling counts in territory k in one step: Σ over its sources that are there."""
    for s, source in enumerate(program.instance.territories[k].sources):
        if source.area not in coupling.of:
            continue
        if coupling.by == "opportunities":
            yield program.n[k][s][step], 1.0
        elif coupling.by == "worked":
            yield from ((var, 1.0) for var in program.w[k][s][step])
        else:
            yield from zip(program.w[k][s][step], source.win_rates, strict=True)
