"""Splits of the hours that are decided rather than found: equal, all in on one area, another plan's.

Each is a list of hours for the period, by row of the instance. Hours stay with the rep and in the
territory that they are in today; only another plan moves them freely.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from allocator.errors import PlanError, Problem
from allocator.instance import Instance
from allocator.plan import Plan, Row
from allocator.wording import in_sentence, names

SAME_HOURS = 1e-6
Key = tuple[str, str, str]


def equal_split(case: Instance) -> list[float]:
    """Each rep's hours in a territory divided evenly over the rep's rows there."""
    hours = [row.today for row in case.rows]
    for mine in _rows_of_reps(case).values():
        total = math.fsum(case.rows[i].today for i in mine)
        for i in mine:
            hours[i] = total / len(mine)
    return hours


def all_in(case: Instance, area: str, lean: float) -> list[float]:
    """The share `lean` of each rep's hours in a territory on one area, the rest as today's others.

    The rest is divided in proportion to today's hours of the rep's other rows there, evenly where
    those are 0. A rep without a row in that area, or without any other, keeps today's hours.
    """
    hours = [row.today for row in case.rows]
    for mine in _rows_of_reps(case).values():
        chosen = [i for i in mine if case.rows[i].area == area]
        others = [i for i in mine if case.rows[i].area != area]
        if not chosen or not others:
            continue
        total = math.fsum(case.rows[i].today for i in mine)
        rest = math.fsum(case.rows[i].today for i in others)
        for i in chosen:
            hours[i] = lean * total
        for i in others:
            part = case.rows[i].today / rest if rest else 1 / len(others)
            hours[i] = (1 - lean) * total * part
    return hours


def without_a_choice(case: Instance, area: str) -> tuple[str, ...]:
    """The reps, each with the territory, who have rows there but none in that area; in plan order."""
    without = {
        min(case.rows[i].plan_row for i in mine): (case.reps[rep].name, case.territories[k].name)
        for (rep, k), mine in _rows_of_reps(case).items()
        if all(case.rows[i].area != area for i in mine)
    }
    return tuple(f"{rep} in {territory}" for _, (rep, territory) in sorted(without.items()))


def _rows_of_reps(case: Instance) -> Mapping[tuple[int, int], list[int]]:
    """The rows of each rep in each territory, by their numbers."""
    found: dict[tuple[int, int], list[int]] = {}
    for i, row in enumerate(case.rows):
        found.setdefault((row.rep, row.territory), []).append(i)
    return found


def hours_of(other: Plan, plan: Plan, case: Instance) -> list[float]:
    """Today's split of another plan on the rows of this one; a row that it leaves out has 0 hours."""
    given = {_key(row): hours for row, hours in zip(other.rows, other.todays_split, strict=True)}
    return [given.get(_key(plan.rows[row.plan_row]), 0.0) for row in case.rows]


def refuse_strangers(others: Sequence[Plan], plan: Plan) -> None:
    """Raise `PlanError` with every row of another plan that this one does not have."""
    problems = [problem for other in others for problem in _strangers(other, plan)]
    if problems:
        raise PlanError(problems)


def _strangers(other: Plan, plan: Plan) -> Iterator[Problem]:
    known = {_key(row) for row in plan.rows}
    areas = {(row.territory, row.area) for row in plan.rows}
    for row in (row for row in other.rows if _key(row) not in known):
        if row.territory not in plan.rows_by_territory:
            column, missing = "territory", f"no territory '{row.territory}'"
        elif (row.territory, row.area) not in areas:
            column, missing = "area", f"no {row.area} in {row.territory}"
        else:
            column, missing = "rep", f"no row of {row.rep} for {row.area} in {row.territory}"
        yield Problem(
            f"{plan.name} has {missing}, so these hours have no facts to be read on",
            f"Leave the row out, or add it to {plan.name}, with 0 hours if it has none today",
            file=other.name,
            row=row.line,
            column=column,
        )


def differences(other: Plan, plan: Plan) -> Iterator[str]:
    """What a reader should know before comparing another plan's hours with this one's: sentences."""
    given = {_key(row) for row in other.rows}
    left_out = [row for row in plan.rows if _key(row) not in given]
    if left_out:
        listed = names(f"{row.rep}, {in_sentence(row.area)} in {row.territory}" for row in left_out)
        rows = "1 row" if len(left_out) == 1 else f"{len(left_out):,} rows"
        yield f"{other.name} leaves out {rows} of {plan.name}, which count 0 hours: {listed}"
    here, there = math.fsum(plan.todays_split), math.fsum(other.todays_split)
    if abs(there - here) > SAME_HOURS * max(1.0, here):
        more = "more" if there > here else "fewer"
        yield (
            f"{other.name} has {round(there, 6):,.15g} hours, {round(abs(there - here), 6):,.15g} "
            f"{more} than {plan.name}, so part of the difference is that"
        )


def _key(row: Row) -> Key:
    return row.territory, row.area, row.rep
