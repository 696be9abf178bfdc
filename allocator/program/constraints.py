"""The constraint families 1–10, one function each; the mathematics is in `allocator.program`.

Reps and rows of hours are taken all at once, territories by the block.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from allocator.alike import Sources
from allocator.arrays import Integers, Number
from allocator.instance import Instance
from allocator.model import Coupling
from allocator.program.block import Block, Family
from allocator.program.declared import Declared, Limit, Term, Terms, at_least, at_most, equal
from allocator.program.matrix import Rows, rows_of

Hours = Integers
"""x: the columns of hours, by row and step."""


def capacity(instance: Instance, x: Hours) -> Rows:
    """1: a rep's hours in a step stay within the rep's capacity; step by step, rep by rep."""
    reps, steps = instance.reps, instance.steps
    rows = [i for rep in reps for i in rep.rows]
    sizes = np.tile([len(rep.rows) for rep in reps], steps)
    most = np.tile([rep.capacity / steps for rep in reps], steps)
    index = x[rows].T.ravel()
    return rows_of(sizes, index, np.ones(len(index)), np.full(len(most), -np.inf), most)


def bounds(instance: Instance, x: Hours) -> Rows:
    """2: a row's hours over the period stay within its own bounds; the least of all, then the most."""
    least, most = instance.bounds
    low, high = np.flatnonzero(least > 0), np.flatnonzero(most < np.inf)
    rows = np.concatenate((low, high))
    index = x[rows].ravel()
    sides = (
        np.concatenate((least[low], np.full(len(high), -np.inf))),
        np.concatenate((np.full(len(low), np.inf), most[high])),
    )
    sizes = np.full(len(rows), instance.steps)
    return rows_of(sizes, index, np.ones(len(index)), *sides)


def about_hours(instance: Instance) -> Iterator[Limit]:
    """What the rows of `capacity`, and then those of `bounds`, are about."""
    for t in range(instance.steps):
        for r in range(len(instance.reps)):
            yield Limit("capacity", rep=r, step=t)
    bounded = [row for row in instance.rows if row.least > 0]
    for row in (*bounded, *(row for row in instance.rows if row.most < np.inf)):
        yield Limit("bounds", row.territory, row.rep, row.area)


def shares(block: Block) -> Iterator[Declared]:
    """3: each area present gets its share of the territory's hours, not less and not more."""
    for area, total in block.X.items():
        terms = [(var, 1.0) for a in block.alike.rows_of(area) for var in block.x[a]]
        yield Limit("shares", area=area), equal([*terms, (total, -1.0)], 0.0)
    for area, total in block.X.items():
        low, high = block.alike.shares[area]
        if low > 0:
            row = at_least([(var, (var == total) - low) for var in block.X.values()], 0.0)
            yield Limit("shares", area=area), row
        if high < 1:
            row = at_most([(var, (var == total) - high) for var in block.X.values()], 0.0)
            yield Limit("shares", area=area), row


def creating(block: Block) -> Iterator[Declared]:
    """4: effective hours fill the response curve's segments, and those create opportunities."""
    for s, source in enumerate(block.alike.sources):
        slopes = source.curve.slope if source.curve else ()
        for t in range(block.steps):
            u, about = block.u[s][t], Limit("creating", area=source.area, step=t)
            if u:
                spent = _effective(block, source.rows, t, -1.0)
                yield about, at_most([*((var, 1.0) for var in u), *spent], 0.0)
            yield about, equal([(block.n[s][t], -1.0), *zip(u, slopes, strict=True)], 0.0)


def market(block: Block) -> Iterator[Declared]:
    """5: a segment is as wide as the market, which couplings can grow; without any, a plain bound."""
    for s, source in enumerate(block.alike.sources):
        if source.curve is None:
            continue
        growing = [c for c in block.model.couplings if c.grows == source.area]
        for t in range(block.steps):
            widening = [
                (var, coupling.rate * amount)
                for coupling in growing
                if t >= coupling.lag
                for var, amount in _driver(block, coupling, t - coupling.lag)
            ]
            for u, of_period in zip(block.u[s][t], source.curve.width, strict=True):
                width = of_period / block.steps
                if not widening:
                    block.bound(u, width)
                    continue
                per_driver = -of_period / source.curve.potential
                row = at_most([(u, 1.0), *((var, per_driver * a) for var, a in widening)], width)
                yield Limit("market", area=source.area, step=t), row


def backlog(block: Block) -> Iterator[Declared]:
    """6: what is not worked stays, less the decay; only what is there can be worked."""
    kept = block.model.kept_per_step
    for s, source in enumerate(block.alike.sources):
        for t in range(block.steps):
            there = [*_before(block, s, t), (block.n[s][t], 1.0)]
            worked = [(var, 1.0) for var in block.w[s][t]]
            start: Number = source.open if t == 0 else 0.0
            left = [*there, *((var, -1.0) for var, _ in worked)]
            about = Limit("backlog", area=source.area, step=t)
            now = [(block.b[s][t], 1.0), *((var, -kept * a) for var, a in left)]
            yield about, equal(now, kept * start)
            yield about, at_most([*worked, *((var, -a) for var, a in there)], start)


def working(block: Block) -> Iterator[Declared]:
    """7: working opportunities takes the working area's effective hours, more the deeper it goes."""
    for t in range(block.steps):
        taken = [
            (var, depth.effort * block.alike.hours_per_opportunity)
            for s, _ in enumerate(block.alike.sources)
            for var, depth in zip(block.w[s][t], block.model.depths, strict=True)
        ]
        row = at_most([*taken, *_effective(block, block.alike.working_rows, t, -1.0)], 0.0)
        yield Limit("working", area=block.model.working_area, step=t), row


def trust(block: Block) -> Iterator[Declared]:
    """8: what an area can create depends on what was done with what came before."""
    for s, source in enumerate(block.alike.sources):
        limiting = [c for c in block.model.couplings if c.limits == source.area]
        for t in range(block.steps if limiting else 0):
            allowed: Number = 0.0
            terms: list[Term] = [(block.n[s][t], 1.0)]
            for coupling in limiting:
                allowed = allowed + coupling.goodwill * source.created_today / block.steps
                if t >= coupling.lag:
                    driver = _driver(block, coupling, t - coupling.lag)
                    terms += ((var, -coupling.rate * amount) for var, amount in driver)
                else:
                    allowed = allowed + coupling.rate * _driver_today(block, coupling) / block.steps
            yield Limit("trust", area=source.area, step=t), at_most(terms, allowed)


def next_period(block: Block) -> Iterator[Declared]:
    """9: the quarter is not made by draining the pipeline that the next one starts from."""
    last, wanted = block.steps - 1, block.alike.pipeline
    if wanted is None:
        return
    left: list[Term] = []
    for s, _ in enumerate(block.alike.sources):
        left += [*_before(block, s, last), (block.n[s][last], 1.0)]
        left += ((var, -1.0) for var in block.w[s][last])
    at_start = sum(source.open for source in block.alike.sources) if last == 0 else 0.0
    yield Limit("next_period"), at_least(left, wanted - at_start)


def renewing(block: Block) -> Iterator[Declared]:
    """10: an area's effective hours renew along their curve as well as they create."""
    for m, renewing in enumerate(block.alike.renewing):
        if renewing.curve is None:
            continue
        for t in range(block.steps):
            g = block.g[m][t]
            for var, width in zip(g, renewing.curve.width, strict=True):
                block.bound(var, width / block.steps)
            spent = _effective(block, renewing.rows, t, -1.0)
            row = at_most([*((var, 1.0) for var in g), *spent], 0.0)
            yield Limit("renewing", area=renewing.area, step=t), row


OF_TERRITORIES: tuple[Family, ...] = (
    shares,
    creating,
    market,
    backlog,
    working,
    trust,
    next_period,
    renewing,
)
EVERY_FAMILY = (capacity, bounds, *OF_TERRITORIES)


def projected_revenue(block: Block) -> Iterator[Term]:
    """The objective, in the plan's currency, but for what renews whatever is done."""
    later = block.model.objective.later
    for s, source in enumerate(block.alike.sources):
        for t, booked in enumerate(source.booked):
            worth = source.deal_size * (booked + later * (1 - booked))
            for var, rate in zip(block.w[s][t], source.win_rates, strict=True):
                yield var, worth * rate
    for m, renewing in enumerate(block.alike.renewing):
        for g in block.g[m] if renewing.curve else ():
            yield from zip(g, renewing.curve.slope, strict=True)  # type: ignore[union-attr]


def _effective(block: Block, rows: Sequence[int], step: int, sign: float) -> Terms:
    """Sign · Σ q_i x_it over `rows`: effective hours."""
    return [(block.x[a][step], sign * block.alike.skill[a]) for a in rows]


def _before(block: Block, s: int, step: int) -> Terms:
    """The backlog that a step starts with; before the first it is a number, not a variable."""
    return [(block.b[s][step - 1], 1.0)] if step else []


def _counted(block: Block, coupling: Coupling) -> Iterator[tuple[int, Sources]]:
    return ((s, source) for s, source in enumerate(block.alike.sources) if source.area in coupling.of)


def _driver(block: Block, coupling: Coupling, step: int) -> Iterator[Term]:
    """What a coupling counts in one step: Σ over its sources that are there."""
    for s, source in _counted(block, coupling):
        if coupling.by == "opportunities":
            yield block.n[s][step], 1.0
        elif coupling.by == "worked":
            yield from ((var, 1.0) for var in block.w[s][step])
        else:
            yield from zip(block.w[s][step], source.win_rates, strict=True)


def _driver_today(block: Block, coupling: Coupling) -> Number:
    """Σ n0 over the coupling's sources: what stands for a driver before the first step, × 1/T."""
    return sum((source.created_today for _, source in _counted(block, coupling)), 0.0)
