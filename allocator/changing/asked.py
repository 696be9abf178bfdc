"""The changes that a planning session can ask for, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from allocator.columns import Column, stands_on
from allocator.errors import Problem
from allocator.model import Model
from allocator.plan import Plan

Operator = Literal["=", "*=", "+=", "-=", "/="]
RECKONED: Mapping[Operator, Callable[[float, float], float]] = {
    "=": lambda _, value: value,
    "*=": lambda old, value: old * value,
    "+=": lambda old, value: old + value,
    "-=": lambda old, value: old - value,
    "/=": lambda old, value: old / value,
}

LONGEST_QUOTED = 100

Place = tuple[str, str]
"""Territory and area."""


@dataclass(frozen=True)
class Asked:
    """One change in the words that it was asked for; `option` is where such words are written."""

    option: ClassVar[str] = ""
    text: str


@dataclass(frozen=True)
class SetFact(Asked):
    """A column of the plan, in one area or in all, in one territory or in all.

    `value` is in the column's unit, or a factor where it multiplies or divides; `currency` is the mark
    that it was written with. `rep`: on the rows of one rep, of a column that each row has for itself.
    """

    option = "--set"
    column: Column
    area: str | None
    territory: str | None
    operator: Operator
    value: float
    currency: str = ""
    rep: str | None = None

    def places(self, plan: Plan, model: Model) -> list[Place]:
        """The places of the plan that it is about."""
        reps_at: dict[Place, set[str]] = {}
        if self.rep is not None:
            for row in plan.rows:
                reps_at.setdefault((row.territory, row.area), set()).add(row.rep)
        return [
            (territory, area)
            for territory, area in plan.facts
            if self.territory in (None, territory)
            and self.area in (None, area)
            and stands_on(self.column, model.areas[area])
            and (self.rep is None or self.rep in reps_at[territory, area])
        ]


@dataclass(frozen=True)
class SetHours(Asked):
    """The hours that a rep has in the period; the rows keep those that today's results stand on."""

    option = "--hours"
    rep: str
    operator: Operator
    value: float


@dataclass(frozen=True)
class AddRep(Asked):
    """A new rep in these territories, with `hours` in the period; None for those of the average rep."""

    option = "--add-rep"
    rep: str
    territories: tuple[str, ...]
    hours: float | None


@dataclass(frozen=True)
class DropRep(Asked):
    """A rep whose hours are gone; the rows stay, since today's results stand on them."""

    option = "--drop-rep"
    rep: str


Change = SetFact | SetHours | AddRep | DropRep


@dataclass(frozen=True)
class Value:
    """One figure of the plan before and after a change, in its column's unit; None: there was none."""

    territory: str | None
    area: str | None
    rep: str | None
    before: float | None
    after: float


@dataclass(frozen=True)
class Changed:
    """What one change did: the figures of a column that it changed."""

    change: Change
    column: Column
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Step:
    """A plan, what was changed on the way to it, and the figures that can't become what was asked."""

    plan: Plan
    changed: tuple[Changed, ...] = ()
    problems: tuple[Problem, ...] = ()


def problem_with(option: str, text: str, message: str, remedy: str) -> Problem:
    """Something that is wrong with a change, which is quoted as it was asked for."""
    quoted = "".join(c if c.isprintable() else "�" for c in text[:LONGEST_QUOTED])
    return Problem(message, remedy, file=f"{option} '{quoted}'")


def beyond(change: Change, column: Column, what: str, value: float) -> Problem | None:
    """The problem of a figure that would leave its column's limits."""
    if value < column.least:
        remedy = f"Keep it at {column.least:g} or more"
    elif value > column.most or value >= column.below:
        most = "below" if column.below <= column.most else "at or below"
        remedy = f"Keep it {most} {column.most:g}" + (" (100%)" if column.kind == "rate" else "")
    else:
        return None
    return problem_with(change.option, change.text, f"{what} would be {value:.6g}", remedy)
