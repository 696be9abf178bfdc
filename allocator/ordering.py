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
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from allocator.plan import FACT_NAMES, Plan

Colour = int
Colours = npt.NDArray[np.int64]

_OF_FACTS = attrgetter(*FACT_NAMES)


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
    rows, names, reps = plan.rows, plan.territories, plan.reps
    area = np.array([area_at[row.area] for row in rows], np.int64)
    of_territory, of_rep = _numbers(r.territory for r in rows), _numbers(r.rep for r in rows)
    named = [(r.hours, r.skill, r.min_hours, r.max_hours) for r in rows]
    row = _ranks_of(area, *np.array(named, np.float64).reshape(-1, 4).T)
    territory = _ranks(_facts_key(plan, name, area_at) for name in names)
    rep = _ranks(plan.capacity.get(name, -1.0) for name in reps)
    classes = 0
    while (now := sum(int(each.max(initial=-1)) + 1 for each in (row, territory, rep))) > classes:
        classes = now
        rep = _refined(rep, of_rep, row)
        row = _ranks_of(territory[of_territory], row, rep[of_rep])
        territory = _refined(territory, of_territory, row)
        row = _ranks_of(territory[of_territory], row, rep[of_rep])
    # Territories and reps whom no fact tells apart come in one order everywhere, whichever that is.
    territories = np.argsort(territory, kind="stable")
    ordered = np.lexsort((of_rep, row, area, np.argsort(territories)[of_territory]))
    first_row = np.full(len(rep), len(rows))
    np.minimum.at(first_row, of_rep[ordered], np.arange(len(rows)))
    return Order(
        territories=tuple(names[k] for k in territories.tolist()),
        reps=tuple(reps[r] for r in np.lexsort((first_row, rep)).tolist()),
        rows=tuple(ordered.tolist()),
        territory_class=dict(zip(names, territory.tolist(), strict=True)),
        row_class=tuple(row.tolist()),
    )


def _numbers(names: Iterable[str]) -> Colours:
    """A number for each name, the same for the same, in the order of their first appearance."""
    number: dict[str, int] = {}
    return np.array([number.setdefault(name, len(number)) for name in names], np.int64)


def _facts_key(plan: Plan, territory: str, area_at: Mapping[str, int]) -> tuple[Any, ...]:
    """The territory's facts by area, with what adds up over its rows, in the model's order."""
    key = []
    for area in area_at:
        facts = plan.facts.get((territory, area))
        if facts is not None:
            mine = plan.rows_by_place.get((territory, area), ())
            key.append(
                (
                    area_at[area],
                    math.fsum(r.opportunities for r in mine),
                    math.fsum(r.open for r in mine),
                    tuple(-1.0 if value is None else value for value in _OF_FACTS(facts)),
                )
            )
    return tuple(key)


def _refined(colours: Colours, touching: Colours, row: Colours) -> Colours:
    """Colours that also tell apart what rows of other colours touch; `touching`: what, by row."""
    if colours.max(initial=-1) + 1 == len(colours):
        return colours  # all are told apart already
    in_order = np.lexsort((row, touching))
    ends = np.cumsum(np.bincount(touching, minlength=len(colours)))
    touched = np.split(row[in_order], ends[:-1])
    return _ranks(zip(colours.tolist(), (tuple(mine.tolist()) for mine in touched), strict=True))


def _ranks(keys: Iterable[Hashable]) -> Colours:
    """For each key its rank among the distinct keys: equal keys, equal rank."""
    listed = list(keys)
    rank = {key: at for at, key in enumerate(sorted(set(listed)))}  # type: ignore[type-var]
    return np.array([rank[key] for key in listed], np.int64)


def _ranks_of(*keys: npt.NDArray[Any]) -> Colours:
    """The same for keys that are tuples, of which each of `keys` has one part, by key."""
    order = np.lexsort(keys[::-1])
    differs = np.zeros(len(order), np.bool_)
    for part in keys:
        differs[1:] |= part[order[1:]] != part[order[:-1]]
    rank = np.empty(len(order), np.int64)
    rank[order] = np.cumsum(differs)
    return rank
