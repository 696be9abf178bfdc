"""The sheet of limits: which bind and what they cost, what an hour is worth, what holds back today."""

from __future__ import annotations

from collections.abc import Iterator

from allocator.allocation import Allocation
from allocator.answers.bottlenecks import Bottleneck
from allocator.answers.explanation import Explanation
from allocator.answers.worth import Costly
from allocator.reports.sentences import what_binds
from allocator.reports.workbook.blocks import (
    Block,
    Cell,
    Column,
    Grid,
    Sheet,
    Text,
    Title,
    Value,
    listed,
)
from allocator.wording import area_name

COSTS = (
    Column("Limit"),
    Column("Territory"),
    Column("Least or most", "share"),
    Column("Earned more without it", "money"),
)
HOURS = (
    Column("Rep"),
    Column("Hours", "hours"),
    Column("One hour more earns", "cents"),
    Column("One hour less costs", "cents"),
)
STUCK = (
    Column("Territory"),
    Column("What holds it back today"),
    Column("Opportunities open or created", "number", total=True),
    Column("Left unworked today", "number", total=True),
    Column("To be kept for the next period", "number", total=True),
)


def limits_sheet(found: Allocation, explanation: Explanation | None) -> Sheet:
    """What binds, in sentences; what it costs, in figures, where that was asked."""
    return Sheet("Limits", list(_blocks(found, explanation)))


def _blocks(found: Allocation, explanation: Explanation | None) -> Iterator[Block]:
    yield Title("What holds the recommended split back")
    yield from listed("Limits relaxed, since no split kept them all", found.relaxed)
    yield from listed("Limits that bind", list(what_binds(found)))
    if explanation is None:
        yield Text("What limits and hours are worth was not asked: --within 1% asks for it.")
        return
    yield Title("Limits that cost the most", section=True)
    if explanation.limits:
        yield Text("What the best split would earn more without the limit, everywhere and in one place.")
        yield Grid(COSTS, [row for one in explanation.limits for row in _costs(one)])
    else:
        yield Text("No share limit and no bound costs revenue.")
    yield Title("What holds territories back with today's split", section=True)
    yield Grid(STUCK, [_stuck(found, one) for one in explanation.bottlenecks])
    if explanation.hours:
        yield Title("What an hour is worth, by rep", section=True)
        yield Text(
            "Revenue gained by each of the next 1% of the rep's hours, and lost with each of the last "
            "1%; empty where no split is possible without them."
        )
        hours = [(one.rep, one.capacity, one.more, one.less) for one in explanation.hours]
        yield Grid(HOURS, hours, table="WorthOfHours")


def _costs(one: Costly) -> Iterator[tuple[Value, ...]]:
    """A line for the limit as a whole, and for each place if there are several."""
    of = f" of {one.rep}" if one.rep is not None else ""
    name = (
        f"{one.side.capitalize()} {'share' if one.rep is None else 'hours'}{of}, {area_name(one.area)}"
    )
    limit = Cell(one.limit, "share" if one.rep is None else "hours")
    several = len(one.territories) > 1
    yield name, "All together" if several else one.territories[0][0], limit, one.cost
    if several:
        for territory, cost in one.territories:
            yield name, territory, limit, cost


def _stuck(found: Allocation, one: Bottleneck) -> tuple[Value, ...]:
    """A territory's bottleneck in words, and its opportunities."""
    called = ", ".join(c.name for c in found.model.couplings if c.limits == one.area)
    words = {
        "working": f"{area_name(one.area)}: every hour is used",
        "trust": f"{called} limits {area_name(one.area).lower()}",
        "creating": "Too few opportunities: there are hours to work more",
    }
    return one.territory, words[one.kind], one.available, one.unworked, one.kept
