"""A change to a plan as a sentence: what it is about, and its figures before and after."""

from __future__ import annotations

import math
from collections.abc import Sequence

from allocator.changing.asked import AddRep, Changed, DropRep, SetFact, SetHours, Value
from allocator.columns import Column
from allocator.wording import amount, area_name, in_sentence, names, plural

MOST_PLACES = 3
"""Places up to which each gets its own figures."""


def in_words(done: Changed, currency: str) -> str:
    """One change in words: its figures before and after, by place."""
    asked = done.change
    if isinstance(asked, AddRep):
        after = done.values[0].after
        hours = amount(after) if asked.hours is None else value_text(done.column, after, currency)
        return f"{asked.rep} joins in {names(asked.territories)}: {hours} hours"
    if isinstance(asked, DropRep):
        return f"{asked.rep} goes: {_figures(done.values[0], done.column, currency)} hours"
    if isinstance(asked, SetHours):
        return f"{asked.rep}: {_figures(done.values[0], done.column, currency)} hours"
    return f"{_subject(asked)}: {_by_place(done, currency)}"


def _subject(asked: SetFact) -> str:
    area = f" of {in_sentence(asked.area)}" if asked.area else ""
    where = f" in {asked.territory}" if asked.territory else ""
    return f"{area_name(asked.column.name)}{area}{where}{f' for {asked.rep}' if asked.rep else ''}"


def _by_place(done: Changed, currency: str) -> str:
    """A figure and where it holds, for a few; the ranges before and after, for many."""
    if not done.values:
        return "nothing to change, since none is given and the model has no default"
    if len(done.values) == 1:
        return _figures(done.values[0], done.column, currency)
    if len(done.values) <= MOST_PLACES:
        return "; ".join(
            f"{_figures(value, done.column, currency)} ({_where(value, done)})" for value in done.values
        )
    before = [math.inf if value.before is None else value.before for value in done.values]
    sides = (
        _range(done.column, before, currency),
        _range(done.column, [value.after for value in done.values], currency),
    )
    return f"{' → '.join(sides)} in {plural(len(done.values), 'place')}"


def _where(value: Value, done: Changed) -> str:
    """What tells one place of a change from the others."""
    asked = done.change
    given = isinstance(asked, SetFact) and (asked.area, asked.territory)
    area, territory = given or (None, None)
    parts = (value.rep, None if territory else value.territory, None if area else value.area)
    return ", ".join(in_sentence(part) if part == value.area else part for part in parts if part)


def _range(column: Column, values: Sequence[float], currency: str) -> str:
    least, most = (value_text(column, value, currency) for value in (min(values), max(values)))
    return least if least == most else f"{least} to {most}"


def _figures(value: Value, column: Column, currency: str) -> str:
    before = math.inf if value.before is None else value.before
    return f"{value_text(column, before, currency)} → {value_text(column, value.after, currency)}"


def value_text(column: Column, value: float, currency: str) -> str:
    """A figure of the plan with the digits that tell it from another."""
    if math.isinf(value):
        return "none"
    if column.kind == "rate":
        return f"{100 * value:,.6g}%"
    return (currency if column.kind == "money" else "") + f"{value:,.9g}"
