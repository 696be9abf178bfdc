"""What a declared programme consists of, and how its rows are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pulp

from allocator.instance import Instance

Terms = Iterable[tuple[pulp.LpVariable, float]]


@dataclass(frozen=True)
class Limit:
    """One row of the programme: which family it belongs to and whom it is about."""

    family: str
    row: pulp.LpConstraint
    territory: int | None = None
    rep: int | None = None
    area: str | None = None
    step: int | None = None


@dataclass(frozen=True)
class Program:
    """A built programme: the PuLP problem, its variables by index, and what each row is about.

    `columns` are all variables and `limits` all rows, both in the order of declaration.
    """

    instance: Instance
    problem: pulp.LpProblem
    money: float
    columns: list[pulp.LpVariable] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    x: list[list[pulp.LpVariable]] = field(default_factory=list)
    X: list[dict[str, pulp.LpVariable]] = field(default_factory=list)
    u: list[list[list[list[pulp.LpVariable]]]] = field(default_factory=list)
    n: list[list[list[pulp.LpVariable]]] = field(default_factory=list)
    w: list[list[list[list[pulp.LpVariable]]]] = field(default_factory=list)
    b: list[list[list[pulp.LpVariable]]] = field(default_factory=list)
    g: list[list[list[list[pulp.LpVariable]]]] = field(default_factory=list)

    def variable(self, symbol: str, least: float = 0.0, most: float | None = None) -> pulp.LpVariable:
        """A new variable with a generated name; meaning lives in the indexes, never in names."""
        made = self.problem.add_variable(f"{symbol}{len(self.columns)}", least, most)
        self.columns.append(made)
        return made

    def add(self, limit: Limit) -> None:
        """Put one row into the programme."""
        self.problem.addConstraint(limit.row, f"{limit.family}_{len(self.limits)}")
        self.limits.append(limit)


def again(program: Program, sense: int) -> Program:
    """A programme with the same limits and variables, to which more can be added."""
    problem = program.problem.copy()
    problem.sense = sense
    return Program(
        program.instance,
        problem,
        program.money,
        list(program.columns),
        list(program.limits),
        *(getattr(program, symbol) for symbol in ("x", "X", "u", "n", "w", "b", "g")),
    )


def _expression(terms: Terms) -> pulp.LpAffineExpression:
    """Σ coefficient · variable; a variable may stand in several terms."""
    listed = list(terms)
    expression = pulp.LpAffineExpression(listed)
    if len(expression) < len(listed):
        expression = pulp.LpAffineExpression(dict.fromkeys(expression, 0.0))
        for var, coefficient in listed:
            expression[var] += coefficient
    return expression


def at_most(terms: Terms, limit: float) -> pulp.LpConstraint:
    """Σ terms ≤ limit."""
    return pulp.LpConstraint(_expression(terms), pulp.LpConstraintLE, rhs=limit)


def at_least(terms: Terms, limit: float) -> pulp.LpConstraint:
    """Σ terms ≥ limit."""
    return pulp.LpConstraint(_expression(terms), pulp.LpConstraintGE, rhs=limit)


def equal(terms: Terms, value: float) -> pulp.LpConstraint:
    """Σ terms = value."""
    return pulp.LpConstraint(_expression(terms), pulp.LpConstraintEQ, rhs=value)
