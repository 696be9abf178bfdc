"""Changes to a plan, from what people write: 'win_rate[partners] = 40%', 'Kim in North = 480'."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from allocator.changing.asked import (
    AddRep,
    Change,
    DropRep,
    Operator,
    SetFact,
    SetHours,
    problem_with,
)
from allocator.columns import COLUMN, COLUMNS, Column, stands_on
from allocator.errors import Problem
from allocator.model import Model
from allocator.plan import Plan
from allocator.reading import cells
from allocator.reading.places import place, territories, unknown
from allocator.reading.sheet import Bad, shown
from allocator.reading.table import column_name

OPERATOR = r"(?P<operator>[*+/-]?=)"
SETTING = re.compile(
    rf"(?P<column>[^\[\]=]+?)\s*(\[(?P<place>.*)\])?\s*{OPERATOR}(?P<value>.*)", re.DOTALL
)
HOURS = re.compile(rf"(?P<rep>.+?)\s*{OPERATOR}(?P<value>[^=]*)", re.DOTALL)
NEW_REP = re.compile(r"(?P<rep>.+?)\s+in\s+(?P<where>.+?)(\s*=(?P<hours>[^=]*))?", re.DOTALL)

SETTABLE = tuple(c for c in COLUMNS if c.kind != "text" and c.name not in {"hours", "capacity"})
OF_ROWS = ("min_hours", "max_hours", "skill")
"""Columns that each row has for itself, so that a rep's may differ from the others'."""
FACTOR = Column("factor", "all", "rate", "how many times", "times", "", most=1e9)
Bads = tuple[Bad, ...]


@dataclass(frozen=True)
class Wanted:
    """What is to be different, in words, by the option that they are written for."""

    sets: Sequence[str] = ()
    hours: Sequence[str] = ()
    add_reps: Sequence[str] = ()
    drop_reps: Sequence[str] = ()

    def __bool__(self) -> bool:
        return any((self.sets, self.hours, self.add_reps, self.drop_reps))


def read_changes(
    wanted: Wanted, plan: Plan, model: Model
) -> tuple[tuple[Change, ...], tuple[Problem, ...]]:
    """The changes in the order in which they apply, and what is wrong with any of them.

    Facts come first, then hours, then new reps, then reps who go.
    """
    changes: list[Change] = []
    problems: list[Problem] = []
    reps = list(plan.reps)
    for option, text, read in _readings(wanted, plan, model, reps):
        found = read(text.strip())
        if isinstance(found, tuple):
            problems += (problem_with(option, text, bad.message, bad.remedy) for bad in found)
            continue
        if isinstance(found, AddRep):
            reps.append(found.rep)
        changes.append(found)
    return tuple(changes), tuple(problems)


def _readings(
    wanted: Wanted, plan: Plan, model: Model, reps: Collection[str]
) -> Iterator[tuple[str, str, Callable[[str], Change | Bads]]]:
    """Each text with its option and how to read it; `reps` are those there are when it is read."""
    yield from ((SetFact.option, text, lambda t: _set(t, plan, model)) for text in wanted.sets)
    yield from ((SetHours.option, text, lambda t: _hours(t, reps)) for text in wanted.hours)
    yield from ((AddRep.option, text, lambda t: _add(t, plan, reps)) for text in wanted.add_reps)
    yield from ((DropRep.option, text, lambda t: _drop(t, reps)) for text in wanted.drop_reps)


def _set(text: str, plan: Plan, model: Model) -> SetFact | Bads:
    found = SETTING.fullmatch(text)
    if found is None:
        return (Bad("this is no change to a fact", "Write it as in 'win_rate[partners] = 40%'"),)
    operator = cast("Operator", found["operator"])
    column = _column(found["column"])
    given = found["place"]
    where = (None, None, None) if given is None else place(given, plan, model)
    value = None if isinstance(column, Bad) else _value(found["value"], operator, column)
    if isinstance(column, Bad) or isinstance(where, Bad) or value is None or isinstance(value, Bad):
        return _bads(column, where, value)
    area, territory, rep = where
    if rep is not None and column.name not in OF_ROWS:
        return (Bad(f"{column.name} is not a rep's own", f"Columns that are: {', '.join(OF_ROWS)}"),)
    change = SetFact(text, column, area, territory, operator, value.value, value.currency, rep)
    return change if change.places(plan, model) else (_nowhere(change, plan, model),)


def _column(text: str) -> Column | Bad:
    name = column_name(text)
    if name in {"hours", "capacity"}:
        return Bad(f"{name} can't be set", "Change the hours that a rep has: --hours 'NAME = 300'")
    if name in {"territory", "area", "rep"}:
        remedy = "Change whose hours there are: --hours 'NAME = 300', --add-rep or --drop-rep"
        return Bad(f"{name} can't be set", remedy)
    known = [column.name for column in SETTABLE]
    return COLUMN[name] if name in known else unknown(text, "a column that can be set", known)


def _nowhere(change: SetFact, plan: Plan, model: Model) -> Bad:
    """Why a change is about no row of the plan."""
    column, area = change.column, change.area
    if area is not None and not stands_on(column, model.areas[area]):
        stands = [name for name, declared in model.areas.items() if stands_on(column, declared)]
        remedy = f"It belongs to {', '.join(stands)}" if stands else "No area of the model has it"
        return Bad(f"{column.name} means nothing on rows of {area}", remedy)
    where = f" in {change.territory}" if change.territory else ""
    if change.rep is not None:
        return Bad(f"{change.rep} has no such row{where}", "Name an area and a territory of the rep's")
    present = dict.fromkeys(r.area for r in plan.rows if change.territory in (None, r.territory))
    what = f"rows of {area}" if area else f"rows with {column.name}"
    return Bad(f"the plan has no {what}{where}", f"It has {', '.join(present)}{where}")


def _value(text: str, operator: Operator, column: Column) -> cells.Number | Bad:
    """A value in the column's unit, or a factor; what comes of an addition is judged later."""
    cell = text.strip()
    if not cell:
        return Bad("the value is missing", "Write it behind the =")
    if operator in {"*=", "/="}:
        read = cells.number(cell, FACTOR)
        if isinstance(read, Bad):
            return Bad(read.message, "Write a factor such as 1.1 or 110%")
        if operator == "/=" and not read.value:
            return Bad("nothing can be divided by 0", "Write a factor above 0")
        return read
    if operator == "=":
        return cells.number(cell, column)
    return cells.number(cell, replace(column, least=0.0))


def _hours(text: str, reps: Collection[str]) -> SetHours | Bads:
    found = HOURS.fullmatch(text)
    if found is None:
        return (Bad("this is no change to a rep's hours", "Write it as in 'Dana = 300'"),)
    operator = cast("Operator", found["operator"])
    rep = _rep(found["rep"], reps)
    value = _value(found["value"], operator, COLUMN["capacity"])
    if isinstance(rep, Bad) or isinstance(value, Bad):
        return _bads(rep, value)
    return SetHours(text, rep, operator, value.value)


def _add(text: str, plan: Plan, reps: Collection[str]) -> AddRep | Bads:
    found = NEW_REP.fullmatch(text)
    if found is None:
        remedy = "Write it as in 'Kim in North = 480'; without hours, the average rep's are taken"
        return (Bad("this is no new rep in a territory", remedy),)
    rep = cells.name(found["rep"])
    if rep in reps:
        rep = Bad(f"{shown(found['rep'])} is there already", f"For other hours: --hours '{rep} = 300'")
    where = territories(found["where"], plan.territories)
    given = found["hours"]
    hours = None if given is None else _value(given, "=", COLUMN["capacity"])
    if isinstance(rep, Bad) or isinstance(where, Bad) or isinstance(hours, Bad):
        return _bads(rep, where, hours)
    return AddRep(text, rep, where, None if hours is None else hours.value)


def _drop(text: str, reps: Collection[str]) -> DropRep | Bads:
    rep = _rep(text, reps)
    return (rep,) if isinstance(rep, Bad) else DropRep(text, rep)


def _bads(*read: object) -> Bads:
    """What is wrong with the parts of one change."""
    return tuple(part for part in read if isinstance(part, Bad))


def _rep(text: str, reps: Collection[str]) -> str | Bad:
    name = cells.folded(text)
    return name if name in reps else unknown(name, "a rep of the plan", reps)
