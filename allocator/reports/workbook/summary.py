"""The sheet that is read first: what the recommended split earns more, why, and where hours go."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from allocator.allocation import Allocation
from allocator.answers.effects import totals
from allocator.answers.explanation import Explanation
from allocator.reports.sentences import how_checked, largest_reason
from allocator.reports.why import why
from allocator.reports.workbook.blocks import (
    Block,
    Cell,
    Chart,
    Charts,
    Column,
    Grid,
    Kind,
    Sheet,
    Text,
    Title,
    clean,
    compared,
    listed,
)
from allocator.wording import area_name, figure, money, per_cent

COUNTED = (1, 5)
"""Lines of figures that are numbers of opportunities and wins: from, and up to."""
RELATIVE = "IF(B{row}=0,0,C{row}/B{row}-1)"


def summary_sheet(found: Allocation, explanation: Explanation | None) -> Sheet:
    """Today against recommended, as figures and as charts."""
    return Sheet("Summary", list(_blocks(found, explanation)))


def _blocks(found: Allocation, explanation: Explanation | None) -> Iterator[Block]:
    yield Title(f"{found.plan.name}: the split of hours that earns the most")
    yield Text(headline(found), bold=True)
    yield from listed("Limits relaxed, since no split kept them all", found.relaxed)
    figures, by_area, credited = _figures(found), _hours(found), _credited(found)
    yield figures
    yield Charts(
        (
            Chart("Hours by area", by_area, (1, 2), "hours", kind="bar"),
            Chart("Revenue by area", credited, (1, 2), _unit(found)),
            Chart("Opportunities and wins", figures, (1, 2), "number", "bar", COUNTED),
        )
    )
    reasons = [largest_reason(found)] if explanation is None else list(why(found, explanation))
    yield from listed("Why this split", reasons)
    yield Title(f"Hours for {figure(found.model.period_days)} days by area", section=True)
    yield by_area
    yield Title("Revenue by area: whose opportunities are won, or that renews", section=True)
    yield credited
    yield from listed("Notes", [*found.notes, *how_checked(found)])


def headline(found: Allocation) -> str:
    """What the recommended split earns, and how much more that is."""
    now, best, currency = found.revenue_now, found.revenue, found.plan.currency
    relative = f" ({per_cent(abs(best / now - 1))})" if now else ""
    gap = (
        f"{money(abs(best - now), currency)}{relative} {'more' if best >= now else 'less'} than today's"
    )
    return f"The recommended split earns {money(best, currency)}{_in_currency(found)}, {gap}."


def _in_currency(found: Allocation) -> str:
    return "" if found.plan.currency else " in the plan's currency"


def _unit(found: Allocation) -> str:
    return found.plan.currency or "the plan's currency"


def _figures(found: Allocation) -> Grid:
    """Revenue, opportunities, wins and moves."""
    now, best = totals(found.today), totals(found.recommended)
    lines: list[tuple[str, float, float, Kind]] = [
        ("Revenue", found.revenue_now, found.revenue, "money"),
        ("Opportunities created", now.created, best.created, "number"),
        ("Opportunities worked", now.worked, best.worked, "number"),
        ("Opportunities left unworked", now.unworked, best.unworked, "number"),
        ("Wins", now.wins, best.wins, "number"),
    ]
    if now.renewed or best.renewed:
        lines.append(("Revenue that renews", now.renewed, best.renewed, "money"))
    cleaned = [(name, (clean(now_of), clean(best_of)), kind) for name, now_of, best_of, kind in lines]
    columns = [
        *compared("", "number", "hours_change", total=False),
        Column("Change, relative", "share_change", live=RELATIVE),
    ]
    rows = [
        (
            name,
            Cell(before, kind),
            Cell(after, kind),
            Cell(after - before, "money_change" if kind == "money" else "hours_change"),
            after / before - 1 if before else 0.0,
        )
        for name, (before, after), kind in cleaned
    ]
    return Grid(columns, rows)


def _hours(found: Allocation) -> Grid:
    """Hours by area over all territories."""

    def added(area: str, hours: Callable[[int], float]) -> float:
        return math.fsum(hours(i) for i, row in enumerate(found.instance.rows) if row.area == area)

    rows = []
    present = {row.area for row in found.instance.rows}
    for area in (area for area in found.model.areas if area in present):
        now = added(area, lambda i: found.instance.rows[i].today)
        best = added(area, found.recommended.total_hours)
        rows.append((area_name(area), now, best, best - now))
    return Grid(compared("Area", "hours", "hours_change"), rows)


def _credited(found: Allocation) -> Grid:
    """Revenue by area."""
    now, best = found.today.credited, found.recommended.credited
    rows = [
        (area_name(area), now[area], best[area], best[area] - now[area])
        for area in found.model.areas
        if now[area] or best[area]
    ]
    return Grid(compared("Area", "money", "money_change"), rows)
