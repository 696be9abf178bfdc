"""The limits that users set, made elastic: how far a plan is from possible, and what would do.

Capacities, bounds, shares and the next period's pipeline are what users can change; everything else
is arithmetic. Each of those limits gives way by a variable in its own unit (hours, or opportunities
for the pipeline, which count as the hours that working them takes), and their sum is minimized.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from allocator.instance import Instance
from allocator.program.build import build
from allocator.program.declared import Limit
from allocator.program.programme import Program

Kind = Literal["bounds", "shares", "pipeline", "capacity"]
Side = Literal["least", "most"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""What can give way, in the order in which one would rather have it do so."""
PREFERENCE = 1e-7
"""What a rank in that order counts, so that it decides only between changes of the same total."""

FAMILIES: dict[str, Kind] = {
    "bounds": "bounds",
    "shares": "shares",
    "next_period": "pipeline",
    "capacity": "capacity",
}


@dataclass(frozen=True)
class UserLimit:
    """A limit that users set, whichever rows state it: a capacity is one, over all its steps.

    Places are numbers in the instance.
    """

    kind: Kind
    side: Side
    territory: int | None = None
    rep: int | None = None
    area: str | None = None


@dataclass(frozen=True)
class Give:
    """How a limit gives way: by `variable`, each unit of which counts as `hours` hours."""

    limit: UserLimit
    variable: int
    hours: float


@dataclass(frozen=True)
class Elastic:
    """A programme in which the users' limits give way, and how; the total change is minimized."""

    program: Program
    gives: tuple[Give, ...]


def elastic(instance: Instance) -> Elastic:
    """The least total change, in hours, that makes a split possible."""
    program = build(instance)
    rows: dict[UserLimit, list[int]] = {}
    equations = program.matrix.row_least == program.matrix.row_most
    for row, limit in enumerate(program.limits):
        if limit.family in FAMILIES and not equations[row]:
            rows.setdefault(_user_limit(program, row, limit), []).append(row)
    limits = sorted(rows, key=lambda limit: KINDS.index(limit.kind))
    gives = tuple(
        Give(limit, variable, _hours(instance, limit))
        for variable, limit in enumerate(limits, start=program.columns)
    )
    by_one = [(rows[limit], [_by_one(limit, instance.steps)] * len(rows[limit])) for limit in limits]
    loosened = program.with_columns(by_one)
    weights = [0.0] * program.columns + [_weight(give) for give in gives]
    return Elastic(loosened.minimizing(np.array(weights)), gives)


def _weight(give: Give) -> float:
    """The hours that a unit counts, a hair more for kinds that one would rather not have give way."""
    return give.hours * (1 + PREFERENCE * KINDS.index(give.limit.kind))


def _user_limit(program: Program, row: int, limit: Limit) -> UserLimit:
    side: Side = "least" if np.isinf(program.matrix.row_most[row]) else "most"
    return UserLimit(FAMILIES[limit.family], side, limit.territory, limit.rep, limit.area)


def _hours(instance: Instance, limit: UserLimit) -> float:
    """What a unit of change counts: an hour as an hour, an opportunity as the hours to work it."""
    if limit.kind != "pipeline" or limit.territory is None:
        return 1.0
    return instance.territories[limit.territory].hours_per_opportunity or 1.0


def _by_one(limit: UserLimit, steps: int) -> float:
    """What a unit of change does to a row of the limit; a capacity gives way evenly over the steps."""
    amount = 1.0 / steps if limit.kind == "capacity" else 1.0
    return amount if limit.side == "least" else -amount
