"""The funnel: opportunities, wins and revenue by source, with today's split and the recommended one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from allocator.allocation import Allocation
from allocator.reached import SourceOutcome
from allocator.reports.workbook.blocks import (
    Block,
    Column,
    Grid,
    Sheet,
    Text,
    Title,
    Value,
    difference,
)
from allocator.wording import area_name

BY_SOURCE = (
    Column("Territory"),
    Column("Source"),
    Column("Open at the start", "number", total=True),
    Column("Created today", "number", total=True),
    Column("Created, recommended", "number", total=True),
    Column("Worked today", "number", total=True),
    Column("Worked, recommended", "number", total=True),
    Column("Unworked today", "number", total=True),
    Column("Unworked, recommended", "number", total=True),
    Column("Wins today", "number", total=True),
    Column("Wins, recommended", "number", total=True),
    Column("Revenue in the period today", "money", total=True),
    Column("Revenue in the period, recommended", "money", total=True),
    Column("Revenue later today", "money", total=True),
    Column("Revenue later, recommended", "money", total=True),
)
RENEWALS = (
    Column("Territory"),
    Column("Area that renews"),
    Column("Today", "money", total=True),
    Column("Recommended", "money", total=True),
    Column("Change", "money_change", live=difference("C", "D"), total=True),
)
Pair = tuple[SourceOutcome, SourceOutcome]


def funnel_sheet(found: Allocation) -> Sheet:
    """By territory and source, then what renews."""
    return Sheet("Funnel", list(_blocks(found)))


def _blocks(found: Allocation) -> Iterator[Block]:
    yield Title("Opportunities, wins and revenue by source")
    yield Text("Revenue in the period and later is that of the wins, by when they book.")
    at = {territory.name: k for k, territory in enumerate(found.instance.territories)}
    reached = [
        (name, found.today.territories[at[name]], found.recommended.territories[at[name]])
        for name in found.plan.territories
    ]
    rows: list[tuple[Value, ...]] = [
        (name, area_name(pair[0].area), *_figures(pair))
        for name, now, best in reached
        for pair in zip(now.sources, best.sources, strict=True)
    ]
    yield Grid(BY_SOURCE, rows, table="Funnel", frozen=True)
    renewed = [
        (name, area_name(m.area), m.renewed, then.renewed, then.renewed - m.renewed)
        for name, now, best in reached
        for m, then in zip(now.renewing, best.renewing, strict=True)
    ]
    if renewed:
        yield Title("Revenue that renews", section=True)
        yield Grid(RENEWALS, renewed)


def _figures(pair: Pair) -> Sequence[float]:
    """What a source leads to, today's figure before the recommended one."""
    now, best = pair
    return (
        now.open,
        *(now.total_created, best.total_created),
        *(now.total_worked, best.total_worked),
        *(now.unworked, best.unworked),
        *(math.fsum(now.wins), math.fsum(best.wins)),
        *(now.in_period, best.in_period),
        *(now.later, best.later),
    )
