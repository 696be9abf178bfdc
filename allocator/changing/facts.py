"""Setting a column of the plan: facts of a place, what adds up over its rows, what each row has."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from allocator.changing.asked import (
    RECKONED,
    Changed,
    Place,
    SetFact,
    Step,
    Value,
    beyond,
    problem_with,
)
from allocator.columns import Column
from allocator.errors import Problem
from allocator.improving import potential_of
from allocator.model import Model
from allocator.plan import Plan, Row

ADDED_UP = ("opportunities", "open")


def with_fact(plan: Plan, model: Model, change: SetFact) -> Step:
    """The plan with a column set, multiplied or added to wherever the change says."""
    if change.currency and plan.currency not in ("", change.currency):
        message = f"the plan's money is in {plan.currency}, and this is in {change.currency}"
        return Step(plan, problems=(problem_with(change.option, change.text, message, "Convert it"),))
    column, places = change.column, change.places(plan, model)
    if column.one_fact:
        step = _facts(plan, model, change, places)
    elif column.name in ADDED_UP:
        step = _totals(plan, change, places)
    else:
        step = _rows(plan, change, places)
    given = {(value.territory, value.area) for done in step.changed for value in done.values}
    absent = dict(plan.absent)
    if column.name in absent:
        absent[column.name] = tuple(place for place in absent[column.name] if place not in given)
    currency = plan.currency or change.currency
    return replace(step, plan=replace(step.plan, absent=absent, currency=currency))


def _facts(plan: Plan, model: Model, change: SetFact, places: Sequence[Place]) -> Step:
    """One fact of each place; one that is not given changes from the model's default, if it has one."""
    column = change.column
    facts = dict(plan.facts)
    values: list[Value] = []
    problems: list[Problem] = []
    for place in places:
        before = _known(plan, model, column, place)
        if before is None and change.operator != "=":
            continue
        after = RECKONED[change.operator](before or 0.0, change.value)
        if problem := beyond(change, column, _words(column, place), after):
            problems.append(problem)
            continue
        facts[place] = replace(facts[place], **{column.name: after})
        values.append(Value(*place, None, before, after))
    done = Changed(change, column, tuple(values))
    return Step(replace(plan, facts=facts), (done,), tuple(problems))


def _known(plan: Plan, model: Model, column: Column, place: Place) -> float | None:
    """A fact as the plan gives it, or else the default that stands in; None without one."""
    value: float | None = getattr(plan.facts[place], column.name)
    if value is None and column.name == "potential":
        return potential_of(plan, model, place) or None
    renewals = model.areas[place[1]].renewals
    if value is None and column.name == "renewal_rate" and renewals is not None:
        return renewals.rate
    return value


def _totals(plan: Plan, change: SetFact, places: Sequence[Place]) -> Step:
    """The sum over the rows of each place; every row keeps its part of it."""
    column = change.column
    rows = list(plan.rows)
    of_place: dict[Place, list[int]] = {place: [] for place in places}
    for at, row in enumerate(rows):
        if (row.territory, row.area) in of_place:
            of_place[row.territory, row.area].append(at)
    values: list[Value] = []
    problems: list[Problem] = []
    for place, mine in of_place.items():
        before = math.fsum(getattr(rows[at], column.name) for at in mine)
        after = RECKONED[change.operator](before, change.value)
        if problem := beyond(change, column, _words(column, place), after):
            problems.append(problem)
            continue
        parts = _parts([(getattr(rows[at], column.name), rows[at].hours) for at in mine])
        for at, part in zip(mine, parts, strict=True):
            rows[at] = _with(rows[at], column, after * part)
        values.append(Value(*place, None, before, after))
    done = Changed(change, column, tuple(values))
    return Step(replace(plan, rows=tuple(rows)), (done,), tuple(problems))


def _parts(rows: Sequence[tuple[float, float]]) -> list[float]:
    """Each row's part of a sum: as it had of it, or, where there was none, as it has hours."""
    for weights in zip(*rows, strict=True):
        if any(weights):
            return [weight / math.fsum(weights) for weight in weights]
    return [1 / len(rows)] * len(rows)


def _rows(plan: Plan, change: SetFact, places: Sequence[Place]) -> Step:
    """What each row has for itself; where there is no limit, it takes '=' to set one."""
    column, there = change.column, set(places)
    rows = list(plan.rows)
    values: list[Value] = []
    problems: list[Problem] = []
    for at, row in enumerate(plan.rows):
        place, before = (row.territory, row.area), getattr(row, column.name)
        if place not in there or change.rep not in (None, row.rep):
            continue
        if before == math.inf and change.operator != "=":
            continue
        after = RECKONED[change.operator](before, change.value)
        if problem := beyond(change, column, f"{_words(column, place)} for {row.rep}", after):
            problems.append(problem)
            continue
        rows[at] = _with(row, column, after)
        values.append(Value(*place, row.rep, None if before == math.inf else before, after))
    done = Changed(change, column, tuple(values))
    return Step(replace(plan, rows=tuple(rows)), (done,), tuple(problems))


def _with(row: Row, column: Column, value: float) -> Row:
    figure: dict[str, Any] = {column.name: value}
    return replace(row, **figure)


def _words(column: Column, place: Place) -> str:
    territory, area = place
    return f"{column.name} of {area} in {territory}"
