"""An order of the plan's territories, reps and rows that depends on their facts, not their names.

Two plans that differ in names or in the order of rows are one problem, so they must get one
answer. Territories, reps and rows are sorted by *colour*: a number that stands for the facts
themselves and, refined round by round, for the facts of what they touch (colour refinement, as in
graph isomorphism). What still has one colour at the end can't be told apart by any fact, and
averaging over it keeps every limit and every total of a linear programme (Grohe, Kersting,
Mladenov, Selman 2014, "Dimension reduction via colour refinement").
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import Any

from allocator.plan import Plan

Colour = int


@dataclass(frozen=True)
class Order:
    """Names of territories and reps, and row numbers of the plan, in canonical order.

    `territory_class` and `row_class` (by plan row) are equal for what no fact can tell apart.
    """

    territories: tuple[str, ...]
    reps: tuple[str, ...]
    rows: tuple[int, ...]
    territory_class: Mapping[str, Colour]
    row_class: tuple[Colour, ...]


def canonical_order(plan: Plan, areas: tuple[str, ...]) -> Order:
    """The order of `plan`; `areas` are the model's, whose order is given, not derived.

    Rows are grouped by territory and, inside, by area.
    """
    area_at = {name: at for at, name in enumerate(areas)}
    own = _ranks(
        (area_at[row.area], row.hours, row.skill, row.min_hours, row.max_hours) for row in plan.rows
    )
    facts = {name: _facts_key(plan, name, area_at) for name in plan.territories}
    territory = dict(zip(facts, _ranks(facts.values()), strict=True))
    rep = dict(zip(plan.reps, _ranks(plan.capacity.get(name, -1.0) for name in plan.reps), strict=True))
    row = own
    classes = 0
    while (now := len(set(row)) + len(set(territory.values())) + len(set(rep.values()))) > classes:
        classes = now
        rep = _refined(rep, ((r.rep, row[at]) for at, r in enumerate(plan.rows)))
        row = _ranks((territory[r.territory], row[at], rep[r.rep]) for at, r in enumerate(plan.rows))
        territory = _refined(territory, ((r.territory, row[at]) for at, r in enumerate(plan.rows)))
        row = _ranks((territory[r.territory], row[at], rep[r.rep]) for at, r in enumerate(plan.rows))
    territories = sorted(territory, key=territory.__getitem__)
    territory_at = {name: k for k, name in enumerate(territories)}
    # Reps whom no fact tells apart come in one order in every area, whichever order that is.
    rep_at = {name: at for at, name in enumerate(rep)}
    rows = sorted(
        range(len(plan.rows)),
        key=lambda at: (
            territory_at[plan.rows[at].territory],
            area_at[plan.rows[at].area],
            row[at],
            rep_at[plan.rows[at].rep],
        ),
    )
    first_row: dict[str, int] = {}
    for place, at in enumerate(rows):
        first_row.setdefault(plan.rows[at].rep, place)
    reps = sorted(rep, key=lambda name: (rep[name], first_row[name]))
    return Order(tuple(territories), tuple(reps), tuple(rows), territory, tuple(row))


def _facts_key(plan: Plan, territory: str, area_at: Mapping[str, int]) -> tuple[Any, ...]:
    """The territory's facts by area, with what adds up over its rows, in the model's order."""
    key = []
    for area in area_at:
        facts = plan.facts.get((territory, area))
        if facts is not None:
            mine = [r for r in plan.rows_by_territory[territory] if r.area == area]
            key.append(
                (
                    area_at[area],
                    math.fsum(r.opportunities for r in mine),
                    math.fsum(r.open for r in mine),
                    tuple(-1.0 if value is None else value for value in astuple(facts)),
                )
            )
    return tuple(key)


def _refined(colours: Mapping[str, Colour], touches: Iterable[tuple[str, Colour]]) -> dict[str, Colour]:
    """Colours that also tell apart what touches rows of other colours."""
    touched: dict[str, list[Colour]] = {name: [] for name in colours}
    for name, colour in touches:
        touched[name].append(colour)
    keys = ((colours[name], tuple(sorted(touched[name]))) for name in colours)
    return dict(zip(colours, _ranks(keys), strict=True))


def _ranks(keys: Iterable[Hashable]) -> list[Colour]:
    """For each key its rank among the distinct keys: equal keys, equal rank."""
    listed = list(keys)
    rank = {key: at for at, key in enumerate(sorted(set(listed)))}  # type: ignore[type-var]
    return [rank[key] for key in listed]
