"""Changes to a plan as a planning session asks for them, and the plan that they make."""

from __future__ import annotations

from collections.abc import Sequence

from allocator.changing.asked import AddRep, Change, SetFact, SetHours, Step
from allocator.changing.facts import with_fact
from allocator.changing.reps import with_hours, with_rep, without_rep
from allocator.model import Model
from allocator.plan import Plan


def with_changes(plan: Plan, model: Model, changes: Sequence[Change]) -> Step:
    """The plan that `changes` make of a checked plan, one after the other.

    The plan that results is still to be checked as a whole.
    """
    step = Step(plan)
    for change in changes:
        done = _with_change(step.plan, model, change)
        step = Step(done.plan, step.changed + done.changed, step.problems + done.problems)
    return step


def _with_change(plan: Plan, model: Model, change: Change) -> Step:
    if isinstance(change, SetFact):
        return with_fact(plan, model, change)
    if isinstance(change, SetHours):
        return with_hours(plan, change)
    return with_rep(plan, change) if isinstance(change, AddRep) else without_rep(plan, change)
