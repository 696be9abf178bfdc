"""The limits that users set, made elastic: how far a plan is from possible, and what would do.

Capacities, bounds, shares and the next period's pipeline are what users can change; everything else
is arithmetic. Each of those limits gives way by a variable in its own unit (hours, or opportunities
for the pipeline, which count as the hours that working them takes), and their sum is minimized.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from allocator.instance import Instance
from allocator.program.build import build
from allocator.program.constraints import bounds, capacity, next_period, shares
from allocator.program.declared import Declared, Limit, Program, Row

Kind = Literal["bounds", "shares", "pipeline", "capacity"]
Side = Literal["least", "most"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""What can give way, in the order in which one would rather have it do so."""
PREFERENCE = 1e-7
"""What a rank in that order counts, so that it decides only between changes of the same total."""

ELASTIC: dict[Kind, Callable[[Program], Iterator[Declared]]] = {
    "bounds": bounds,
    "shares": shares,
    "pipeline": next_period,
    "capacity": capacity,
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
    program = build(instance, without=[family.__name__ for family in ELASTIC.values()])
    gives: dict[UserLimit, Give] = {}
    for kind, family in ELASTIC.items():
        for limit, row in family(program):
            if row.sense != "=":
                set_by_user = _user_limit(kind, limit, row)
                give = gives.get(set_by_user)
                if give is None:
                    hours = _hours(instance, set_by_user)
                    give = gives[set_by_user] = Give(set_by_user, program.variable(), hours)
                program.add(limit, _loosened(row, give, instance.steps))
            else:
                program.add(limit, row)
    program.minimize((give.variable, _weight(give)) for give in gives.values())
    return Elastic(program, tuple(gives.values()))


def _weight(give: Give) -> float:
    """The hours that a unit counts, a hair more for kinds that one would rather not have give way."""
    return give.hours * (1 + PREFERENCE * KINDS.index(give.limit.kind))


def _user_limit(kind: Kind, limit: Limit, row: Row) -> UserLimit:
    side: Side = "least" if row.sense == ">=" else "most"
    return UserLimit(kind, side, limit.territory, limit.rep, limit.area)


def _hours(instance: Instance, limit: UserLimit) -> float:
    """What a unit of change counts: an hour as an hour, an opportunity as the hours to work it."""
    if limit.kind != "pipeline" or limit.territory is None:
        return 1.0
    return instance.territories[limit.territory].hours_per_opportunity or 1.0


def _loosened(row: Row, give: Give, steps: int) -> Row:
    """The row that gives way by the variable; a capacity gives way evenly over the steps."""
    amount = 1.0 / steps if give.limit.kind == "capacity" else 1.0
    sign = 1.0 if give.limit.side == "least" else -1.0
    return row.and_term(give.variable, sign * amount)
