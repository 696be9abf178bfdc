"""Scenarios side by side, as a planning session compares them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from allocator.columns import COLUMN
from allocator.reports.history import called, shown, where
from allocator.reports.page.parts import Table
from allocator.scenarios import Scenario
from allocator.scenarios.differences import differences
from allocator.wording import area_name, figure, money, money_change

SHOWN = 40
"""Figures of the plans that differ, up to which each is shown."""
NOTHING = "–"
Line = tuple[str, list[str]]


def side_by_side(those: Sequence[Scenario]) -> tuple[Table, list[list[bool]]]:
    """A column for each scenario: what it earns, who kept it, and what its plan says that others don't.

    And for each line of figures which cells differ from the first scenario's.
    """
    about, lines = list(_about(those)), [*_results(those), *_inputs(those)]
    header = ("", *map(called, those))
    marked: list[list[bool]] = [[] for _ in about]
    marked += [[cell != cells[0] for cell in cells] for _, cells in lines]
    rows = [(name, *cells) for name, cells in (*about, *lines)]
    return Table("Scenarios side by side", header, rows), marked


def _about(those: Sequence[Scenario]) -> Iterator[Line]:
    yield "Plan", [one.plan_name for one in those]
    yield "Note", [" ".join(one.note.split()) or NOTHING for one in those]
    yield "Kept", [f"{one.at.replace('T', ' ').removesuffix('Z')} UTC, {one.by}" for one in those]


def _results(those: Sequence[Scenario]) -> Iterator[Line]:
    """What each earns, and its recommended hours by area."""
    yield "Revenue today", [money(one.revenue_now, _currency(one)) for one in those]
    yield "Revenue recommended", [money(one.revenue, _currency(one)) for one in those]
    yield (
        "Difference",
        [money_change(one.revenue - one.revenue_now, _currency(one)) for one in those],
    )
    areas = dict.fromkeys(row["area"] for one in those for row in one.figures["allocation"])
    for area in areas:
        yield f"Recommended hours: {area_name(area)}", [figure(_hours(one, area)) for one in those]


def _currency(one: Scenario) -> str:
    return str(one.figures["currency"])


def _hours(one: Scenario, area: str) -> float:
    return math.fsum(row["hours"] for row in one.figures["allocation"] if row["area"] == area)


def _inputs(those: Sequence[Scenario]) -> Iterator[Line]:
    """What the plans, models or settings say differently."""
    currency = _currency(those[0])
    found = differences(*(one.inputs for one in those))
    for one in found[:SHOWN]:
        what = area_name(one.column) if one.column in COLUMN else one.column
        yield f"{what} ({where(one)})", [shown(one.column, value, currency) for value in one.values]
    if len(found) > SHOWN:
        more = len(found) - SHOWN
        yield f"… and {more:,} more figures of the plans", [NOTHING for _ in those]
