"""Changing whose hours there are: another capacity, a rep more, a rep less."""

from __future__ import annotations

import math
from dataclasses import replace

from allocator.changing.asked import (
    RECKONED,
    AddRep,
    Changed,
    DropRep,
    SetHours,
    Step,
    Value,
    beyond,
)
from allocator.columns import COLUMN
from allocator.plan import Plan, Row


def with_hours(plan: Plan, change: SetHours) -> Step:
    """The plan with other hours of a rep in the period."""
    before = plan.hours_by_rep[change.rep]
    return _with_capacity(plan, change, before, RECKONED[change.operator](before, change.value))


def with_rep(plan: Plan, change: AddRep) -> Step:
    """The plan with a row for a new rep in each area that the territories have, without hours today.

    A rep whose hours are not said gets the average of the reps who have any.
    """
    last = max(row.line for row in plan.rows)
    new = [
        (name, area)
        for name in change.territories
        for area in dict.fromkeys(row.area for row in plan.rows_by_territory.get(name, ()))
    ]
    rows = tuple(Row(*place, change.rep, 0.0, line=last + at) for at, place in enumerate(new, 1))
    hours = average_hours(plan) if change.hours is None else change.hours
    return _with_capacity(replace(plan, rows=plan.rows + rows), change, None, hours)


def without_rep(plan: Plan, change: DropRep) -> Step:
    """The plan in which a rep has no hours, and no minimums to spend them on."""
    rows = tuple(replace(row, min_hours=0.0) if row.rep == change.rep else row for row in plan.rows)
    return _with_capacity(replace(plan, rows=rows), change, plan.hours_by_rep[change.rep], 0.0)


def average_hours(plan: Plan) -> float:
    """The hours of the average rep, of those who have any."""
    hours = [has for has in plan.hours_by_rep.values() if has]
    return math.fsum(hours) / len(hours) if hours else 0.0


def _with_capacity(
    plan: Plan, change: SetHours | AddRep | DropRep, before: float | None, after: float
) -> Step:
    """The plan with a rep's capacity, which goes unsaid where it is the sum of the rows' hours."""
    column, rep = COLUMN["capacity"], change.rep
    if problem := beyond(change, column, f"the hours of {rep}", after):
        return Step(plan, problems=(problem,))
    capacity = {name: hours for name, hours in plan.capacity.items() if name != rep}
    if after != math.fsum(row.hours for row in plan.rows if row.rep == rep):
        capacity[rep] = after
    done = Changed(change, column, (Value(None, None, rep, before, after),))
    return Step(replace(plan, capacity=capacity), (done,))
