"""An allocation as a person reads it: the headline first, then tables, in 80 columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from allocator.allocation import Allocation
from allocator.answers.explanation import Explanation
from allocator.outcome import Outcome
from allocator.reports.hours import hours_by_area, hours_by_rep, hours_by_step, shown
from allocator.reports.layout import LABEL, WIDTH, listed, printed
from allocator.reports.layout import table as new_table
from allocator.reports.sentences import how_checked, largest_reason, what_binds
from allocator.reports.why import why
from allocator.wording import (
    area_name,
    decimals_for,
    figure,
    money,
    money_change,
    money_scale,
    money_unit,
    per_cent_change,
    share,
)

By = Literal["area", "rep", "step"]
ONE_FUNNEL = 78
WITH_RANGES = 74
MOST_RELAXED = 20
COUNTS = ("Open", "Created", "Worked", "Unworked", "Wins")
BOOKS = ("In period", "Later")


def to_text(
    allocation: Allocation,
    explanation: Explanation | None = None,
    by: By = "area",
    width: int = WIDTH,
    color: bool = False,
) -> str:
    """The whole report, plain or with the terminal's colours."""
    return printed(_report(allocation, explanation, by, width), width, color)


def _report(
    allocation: Allocation, explanation: Explanation | None, by: By, width: int
) -> Iterator[RenderableType]:
    yield _headline(allocation)
    if allocation.relaxed:
        yield from listed(
            "Limits relaxed, since no split kept them all", allocation.relaxed, MOST_RELAXED
        )
    if explanation is None:
        yield Text("\nLargest reason", style="bold")
        yield Padding(Text(largest_reason(allocation)), (0, 0, 0, 2))
    else:
        yield from listed("Why this split", why(allocation, explanation))
    yield Text(f"\n{_hours_title(allocation, by)}", style="bold")
    if by == "area":
        yield hours_by_area(allocation, explanation if width >= WITH_RANGES else None, width)
    else:
        yield {"rep": hours_by_rep, "step": hours_by_step}[by](allocation, width)
    if left_out := len(allocation.plan.territories) - len(shown(allocation)):
        yield Text(_left_out(left_out, len(allocation.plan.territories)), style="dim")
    if by == "area" and explanation is not None and width >= WITH_RANGES:
        yield Text(_how_firm(explanation, len(allocation.plan.territories)), style="dim")
    yield Text(f"\nFunnel (opportunities and wins; {_money_unit(allocation)})", style="bold")
    yield from _funnel(allocation, width)
    yield from listed("Limits that bind", what_binds(allocation))
    yield from listed("Notes", (*allocation.notes, *how_checked(allocation)))


def _hours_title(allocation: Allocation, by: By) -> str:
    days, steps = allocation.model.period_days, allocation.model.steps
    if by != "step":
        return f"Hours for {figure(days)} days, today → recommended"
    each = f" in {steps:,} steps of {days / steps:,.3g} days" if steps > 1 else ""
    return f"Hours for {figure(days)} days{each}, recommended"


def _left_out(count: int, territories: int) -> str:
    return (
        f"Of {territories:,} territories these {territories - count:,} move the most hours; all of them "
        "are in what --format csv prints and -o FILE writes."
    )


def _how_firm(explanation: Explanation, territories: int) -> str:
    within = share(explanation.within)
    said = (
        f"Within {within}: as long as an area has hours between these two, the "
        "others can be divided so that no more of the best revenue is missing."
    )
    if explanation.within * territories < 1:
        return said
    return (
        f"{said} That is {within} of what all {territories:,} territories earn, about what one of them "
        f"does: --within {share(explanation.within / territories)} says more of each."
    )


def _headline(allocation: Allocation) -> Table:
    currency = allocation.plan.currency
    now, best = allocation.revenue_now, allocation.revenue
    relative = f"  ({per_cent_change(best / now - 1)})" if now else ""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    unit = Text("" if currency else "in the plan's currency", style="dim")
    table.add_row("Revenue with today's split", money(now, currency), unit)
    table.add_row(
        Text("Revenue with the recommended split", style="bold"),
        Text(money(best, currency), style="bold"),
    )
    gained = Text(money_change(best - now, currency), style="bold green" if best > now else "bold")
    table.add_row("Difference", gained, relative.strip())
    return table


@dataclass
class _FunnelLine:
    """Sums over territories for one source and one split."""

    open: float = 0.0
    created: float = 0.0
    worked: float = 0.0
    unworked: float = 0.0
    wins: float = 0.0
    in_period: float = 0.0
    later: float = 0.0

    @property
    def counts(self) -> tuple[float, ...]:
        """What is counted in opportunities and wins, in the order of the table."""
        return (self.open, self.created, self.worked, self.unworked, self.wins)


def _funnel(allocation: Allocation, width: int) -> Iterator[RenderableType]:
    """Opportunities and money in one table, or one below the other where the terminal is narrow."""
    if width >= ONE_FUNNEL:
        yield _funnel_table(allocation, counts=True, revenue=True)
    else:
        yield _funnel_table(allocation, counts=True, revenue=False)
        yield Text()
        yield _funnel_table(allocation, counts=False, revenue=True)


def _funnel_table(allocation: Allocation, counts: bool, revenue: bool) -> Table:
    table = new_table()
    table.add_column("Source", overflow="fold", ratio=1, min_width=LABEL)
    for name in (*(COUNTS if counts else ()), *(BOOKS if revenue else ())):
        table.add_column(name, justify="right", no_wrap=True)
    scale = _money_scale(allocation)
    splits = (("  today", allocation.today), ("  recommended", allocation.recommended))
    sources = [area for area in allocation.model.sources if _source_line(allocation.today, {area})]
    whole = [_source_line(outcome, set(sources)) or _FunnelLine() for _, outcome in splits]
    decimals = [decimals_for(column) for column in zip(*(line.counts for line in whole), strict=True)]
    groups = [(area_name(area), {area}) for area in sources]
    if len(sources) > 1:
        groups.append(("All sources", set(sources)))
    for name, areas in groups:
        table.add_row(Text(name, style="bold"))
        for at, (label, outcome) in enumerate(splits):
            line = _source_line(outcome, areas) or _FunnelLine()
            numbers = zip(line.counts, decimals, strict=True) if counts else ()
            books = (line.in_period / scale, line.later / scale) if revenue else ()
            cells = (*(figure(*number) for number in numbers), *(figure(value) for value in books))
            table.add_row(label, *cells, end_section=at == 1)
    if revenue and any(territory.renewing for territory in allocation.instance.territories):
        table.add_row(Text("Renewals", style="bold"))
        for label, outcome in splits:
            renewed = outcome.renewed
            table.add_row(label, *(("",) * len(COUNTS) if counts else ()), figure(renewed / scale), "")
    return table


def _source_line(outcome: Outcome, areas: set[str]) -> _FunnelLine | None:
    found = [s for s in outcome.sources if s.area in areas]
    if not found:
        return None
    add: Callable[[Iterable[float]], float] = math.fsum
    return _FunnelLine(
        open=add(s.open for s in found),
        created=add(s.total_created for s in found),
        worked=add(s.total_worked for s in found),
        unworked=add(s.unworked for s in found),
        wins=add(s.total_wins for s in found),
        in_period=add(s.in_period for s in found),
        later=add(s.later for s in found),
    )


def _money_scale(allocation: Allocation) -> float:
    return money_scale((allocation.revenue, allocation.revenue_now))


def _money_unit(allocation: Allocation) -> str:
    unit = money_unit(_money_scale(allocation), allocation.plan.currency)
    return f"revenue in {unit}, by when it books"
