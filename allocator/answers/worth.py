"""What an hour of each rep is worth, and which limits cost revenue: by solving again without them."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

from allocator.allocation import Allocation
from allocator.apart.kept import Kept
from allocator.progress import Progress

STEP = 0.01
"""The share of a rep's hours that is added and taken away."""
DEAREST = 5
UNPRICED = 1e-9
FREE = (-math.inf, math.inf)


@dataclass(frozen=True)
class HoursWorth:
    """What hours of one rep are worth, in the plan's currency per hour.

    `more`: gained by each of the next 1% of hours; `less`: lost with each of the last 1%, None where
    no split is possible without them.
    """

    rep: str
    capacity: float
    more: float
    less: float | None


@dataclass(frozen=True)
class Costly:
    """A limit that costs revenue, in the plan's currency: what the best split earns more without it.

    A share limit is the model's for an area, and `territories` are those in which it costs, each with
    its cost. A bound is the plan's for one row of a `rep`. `limit` is a share of 1, or hours.
    """

    family: str
    side: str
    area: str
    limit: float
    cost: float
    territories: tuple[tuple[str, float], ...]
    rep: str | None = None


def worth_of_hours(allocation: Allocation, kept: Kept, progress: Progress) -> tuple[HoursWorth, ...]:
    """By rep in the plan's order: the optimum with 1% more and with 1% less of the rep's hours."""
    program = kept.whole.program
    rows: dict[int, list[int]] = defaultdict(list)
    for at, limit in enumerate(program.limits):
        if limit.family == "capacity" and limit.rep is not None:
            rows[limit.rep].append(at)
    number_of = {rep.name: r for r, rep in enumerate(program.instance.reps)}
    with_hours, asked = [], []
    for name in allocation.plan.reps:
        number = number_of[name]
        capacity = program.instance.reps[number].capacity
        if capacity:
            with_hours.append((name, capacity))
            each = capacity / program.instance.steps
            asked += [
                dict.fromkeys(rows[number], (-math.inf, each * (1 + sign * STEP))) for sign in (1, -1)
            ]
    gains = kept.gains(asked, "Asking what an hour is worth", progress)
    found = []
    for (name, capacity), more, less in zip(with_hours, gains[::2], gains[1::2], strict=True):
        step = capacity * STEP
        gained, lost = max(0.0, more or 0.0) / step, None if less is None else max(0.0, -less) / step
        found.append(HoursWorth(name, capacity, gained, lost))
    return tuple(found)


def costly_limits(allocation: Allocation, kept: Kept, progress: Progress) -> tuple[Costly, ...]:
    """The share limits and bounds that cost the most, at most five, dearest first.

    A limit without a price in the optimum's proof costs nothing, so only the others are left out and
    the programme solved again. A share limit of the model's is left out in all territories that share
    reps with one in which it has a price, for there another may take its place.
    """
    program, matrix = kept.whole.program, kept.whole.matrix
    duals = kept.whole.solution.duals
    limits: dict[tuple[str, str, str, int | None], list[int]] = defaultdict(list)
    for at, limit in enumerate(program.limits):
        if limit.family in {"shares", "bounds"} and matrix.row_least[at] != matrix.row_most[at]:
            side = "least" if math.isinf(matrix.row_most[at]) else "most"
            row = at if limit.family == "bounds" else None
            limits[limit.family, side, limit.area or "", row].append(at)
    priced = {of: [at for at in rows if abs(duals[at]) > UNPRICED] for of, rows in limits.items()}
    asked = {of: rows for of, rows in priced.items() if rows}
    whole = {of: tuple(kept.in_blocks_of(rows, limits[of])) for of, rows in asked.items()}
    freed = [*whole.values(), *((at,) for rows in asked.values() for at in rows)]
    without = [dict.fromkeys(rows, FREE) for rows in freed]
    gains = kept.gains(without, "Asking which limits cost revenue", progress)
    gain_of = dict(zip(freed, gains, strict=True))
    found = []
    for of, rows in asked.items():
        family, side, area, row = of
        costs: dict[str, float] = defaultdict(float)
        for at in rows:
            territory = program.limits[at].territory
            assert territory is not None
            costs[program.instance.territories[territory].name] += gain_of[at,] or 0.0
        together = gain_of[whole[of]] or 0.0
        if together <= UNPRICED * max(1.0, abs(kept.whole.revenue)):
            continue
        most = allocation.model.areas[area].share[side == "most"]
        rep = None
        if row is not None:
            most = float(matrix.row_least[row] if side == "least" else matrix.row_most[row])
            number = program.limits[row].rep
            rep = program.instance.reps[number].name if number is not None else None
        places = tuple(sorted(costs.items(), key=lambda place: (-place[1], place[0])))
        found.append(Costly(family, side, area, most, together, places, rep))
    return tuple(sorted(found, key=lambda one: (-one.cost, one.family, one.area, one.side))[:DEAREST])
