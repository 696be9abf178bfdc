"""The limits that users set, made elastic: how far a plan is from possible, and what would do.

Capacities, bounds, shares and the next period's pipeline are what users can change; everything else
is arithmetic. Each of those limits gives way by a variable in its own unit (hours, or opportunities
for the pipeline, which count as the hours that working them takes), and their sum is minimized.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import pulp

from allocator.instance import Instance
from allocator.program.build import build
from allocator.program.constraints import bounds, capacity, next_period, shares
from allocator.program.declared import Limit, Program, at_most

Kind = Literal["bounds", "shares", "pipeline", "capacity"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""What can give way, in the order in which one would rather have it do so."""

ELASTIC: dict[Kind, Callable[[Program], Iterator[Limit]]] = {
    "bounds": bounds,
    "shares": shares,
    "pipeline": next_period,
    "capacity": capacity,
}


@dataclass(frozen=True)
class Give:
    """One limit that can give way: by `variable`, each unit of which counts as `hours` hours."""

    kind: Kind
    limit: Limit
    variable: pulp.LpVariable
    hours: float


@dataclass(frozen=True)
class Elastic:
    """A programme in which the users' limits can give way, and how."""

    program: Program
    gives: tuple[Give, ...]


def elastic(instance: Instance, kinds: Collection[Kind] = KINDS) -> Elastic:
    """The least total change that makes a split possible, if limits of these kinds may give way."""
    program = build(instance, without=[ELASTIC[kind].__name__ for kind in kinds])
    gives: list[Give] = []
    by_rep: dict[int, Give] = {}
    for kind in (kind for kind in KINDS if kind in kinds):
        for limit in ELASTIC[kind](program):
            if limit.row.sense != pulp.LpConstraintEQ:
                give = by_rep.get(limit.rep) if kind == "capacity" and limit.rep is not None else None
                if give is None:
                    give = Give(kind, limit, program.variable("give"), _hours(instance, kind, limit))
                    gives.append(give)
                    if kind == "capacity" and limit.rep is not None:
                        by_rep[limit.rep] = give
                _loosen(limit.row, give, instance.steps)
            program.add(limit)
    program.problem.sense = pulp.LpMinimize
    program.problem.setObjective(
        pulp.LpAffineExpression([(give.variable, give.hours) for give in gives])
    )
    return Elastic(program, tuple(gives))


def preferred(asked: Elastic, total: float) -> Program:
    """Among the changes of that total (hours), those that one would rather make."""
    program = asked.program
    terms = [(give.variable, give.hours) for give in asked.gives]
    program.add(Limit("total_change", at_most(terms, total)))
    weights = {kind: 1.0 + rank for rank, kind in enumerate(KINDS)}
    program.problem.setObjective(
        pulp.LpAffineExpression(
            [(give.variable, weights[give.kind] * give.hours) for give in asked.gives]
        )
    )
    return program


def _hours(instance: Instance, kind: Kind, limit: Limit) -> float:
    """What a unit of change counts: an hour as an hour, an opportunity as the hours to work it."""
    if kind != "pipeline" or limit.territory is None:
        return 1.0
    return instance.territories[limit.territory].hours_per_opportunity or 1.0


def _loosen(row: pulp.LpConstraint, give: Give, steps: int) -> None:
    """Let the row give way by the variable; a capacity gives way evenly over the steps."""
    amount = 1.0 / steps if give.kind == "capacity" else 1.0
    sign = 1.0 if row.sense == pulp.LpConstraintGE else -1.0
    row.addInPlace(pulp.LpAffineExpression([(give.variable, sign * amount)]))


def user_limits(program: Program, rows: Sequence[int]) -> list[Limit]:
    """Of these rows, the limits that users set."""
    families = {family.__name__ for family in ELASTIC.values()}
    limits = (program.limits[row] for row in rows)
    return [limit for limit in limits if limit.family in families and limit.row.sense != 0]
