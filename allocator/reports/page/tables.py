"""The page's tables: the figures behind its charts, for who wants to read or to hear them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from allocator.allocation import Allocation
from allocator.answers.compare import Comparison
from allocator.answers.explanation import Explanation
from allocator.answers.leverage import Leverage
from allocator.answers.reach import Reach
from allocator.answers.whatif import WhatIf
from allocator.charts.movers import area_hours
from allocator.reports import leverage_sentences
from allocator.reports.compare_sentences import label
from allocator.reports.page.parts import Table
from allocator.reports.reach_sentences import case_name
from allocator.wording import (
    amount,
    area_name,
    change,
    decimals_for,
    figure,
    money,
    money_change,
    per_cent,
    share,
    times,
)

MANY = 8
"""Lines from which a table can be searched."""
MISSING = "–"
SPLITS = ("today", "recommended")


def by_area(found: Allocation) -> Table:
    """Hours by area, today and recommended, and as shares."""
    every = range(len(found.instance.territories))
    hours = {area_name(area): area_hours(found, every, area) for area in found.model.areas}
    whole = (math.fsum(now for now, _ in hours.values()), math.fsum(best for _, best in hours.values()))
    hours["All areas"] = whole
    decimals = decimals_for(whole)
    rows = [
        (
            name,
            *(figure(value, decimals) for value in pair),
            change(pair[1] - pair[0], decimals),
            *(per_cent(part / of, 0) if of else "" for part, of in zip(pair, whole, strict=True)),
        )
        for name, pair in hours.items()
    ]
    header = ("Area", "Today", "Recommended", "Change", "Share today", "Share recommended")
    return Table("Hours by area", header, rows, folded=False)


def by_territory(found: Allocation) -> Table:
    """A line per territory, a column per area: hours today → recommended."""
    number = {territory.name: k for k, territory in enumerate(found.instance.territories)}
    areas = list(found.model.areas)
    rows = [
        (name, *(_moved(area_hours(found, (number[name],), area)) for area in areas))
        for name in found.plan.territories
    ]
    return Table(
        "Hours by territory, today → recommended",
        ("Territory", *map(area_name, areas)),
        rows,
        filtered=len(rows) > MANY,
    )


def _moved(pair: Sequence[float]) -> str:
    decimals = decimals_for(pair)
    return " → ".join(figure(value, decimals) for value in pair) if any(pair) else MISSING


def revenue(found: Allocation) -> Table:
    """A line per territory: revenue with both splits, and the difference."""
    later, currency = found.model.objective.later, found.plan.currency
    number = {territory.name: k for k, territory in enumerate(found.instance.territories)}
    rows = []
    for name in found.plan.territories:
        now, best = (
            split.territories[number[name]].revenue(later) for split in (found.today, found.recommended)
        )
        rows.append(
            (name, money(now, currency), money(best, currency), money_change(best - now, currency))
        )
    header = ("Territory", "Today", "Recommended", "Difference")
    return Table("Revenue by territory", header, rows)


def funnel(found: Allocation) -> Table:
    """A line per source and split: opportunities and wins."""
    rows = []
    for source in found.model.sources:
        for split, outcome in zip(SPLITS, (found.today, found.recommended), strict=True):
            mine = [s for s in outcome.sources if s.area == source]
            if mine:
                sums = (
                    math.fsum(s.open for s in mine),
                    math.fsum(s.total_created for s in mine),
                    math.fsum(s.total_worked for s in mine),
                    math.fsum(s.unworked for s in mine),
                    math.fsum(s.total_wins for s in mine),
                )
                rows.append((f"{area_name(source)}, {split}", *map(amount, sums)))
    header = ("Source and split", "Open", "Created", "Worked", "Unworked", "Wins")
    return Table("Opportunities and wins by source", header, rows)


def levers(found: Leverage) -> Table:
    """A line per lever: what it gains, and what of it elsewhere."""
    currency = found.plan.currency
    rows = [
        (
            leverage_sentences.label(found, lever),
            *(
                MISSING if gain is None else money_change(gain, currency)
                for gain in (lever.gain_today, lever.gain_best, lever.elsewhere)
            ),
        )
        for lever in found.levers
    ]
    return Table(
        "What better facts earn", ("Fact", "Today's split", "Best split", "In other areas"), rows
    )


def splits(found: Comparison) -> Table:
    """A line per split: revenue, funnel and hours per win."""
    currency = found.plan.currency
    rows = [
        (
            label(split),
            money(split.revenue, currency),
            money_change(found.against_today(split.revenue), currency),
            *map(amount, (split.created, split.worked, split.unworked, split.wins)),
            MISSING if split.hours_per_win is None else figure(split.hours_per_win, 1),
        )
        for split in found.splits
    ]
    return Table(
        "Splits of the same hours",
        ("Split", "Revenue", "Against today", "Created", "Worked", "Unworked", "Wins", "Hours per win"),
        rows,
    )


def ranges(found: Explanation) -> Table:
    """A line per territory and area: least, recommended and most hours."""
    rows = [
        (f"{one.territory}, {area_name(one.area)}", *map(amount, (one.least, one.hours, one.most)))
        for one in found.ranges
    ]
    caption = f"Hours within {share(found.within)} of the best revenue"
    header = ("Territory and area", "Least", "Recommended", "Most")
    return Table(caption, header, rows, filtered=len(rows) > MANY)


def cases(found: Reach) -> Table:
    """A line per case: what the number takes."""
    currency = found.plan.currency
    rows: list[Sequence[str]] = []
    for row in found.rows:
        if row.theta is None or row.hours is None or row.heads is None:
            rows.append((case_name(row), MISSING, MISSING, MISSING, MISSING, MISSING))
            continue
        counted = (row.opportunities or 0.0, row.created or 0.0)
        needed = (times(row.theta), figure(row.hours), figure(row.heads, 1))
        rows.append((case_name(row), *needed, *map(amount, counted), money(row.revenue or 0, currency)))
    header = ("Case", "Times today's hours", "Hours", "Heads", "Worked", "Created", "Revenue")
    return Table("Hours, heads and opportunities by case", header, rows, folded=False)


def heads(found: Reach) -> Table:
    """A line per added head: where it goes and what it brings."""
    currency = found.plan.currency
    rows = [
        (
            f"{head.number}",
            head.territory,
            money(head.revenue, currency),
            MISSING if head.gain is None else money_change(head.gain, currency),
        )
        for head in (found.heads.steps if found.heads else ())
    ]
    return Table("One head at a time", ("Head", "Territory", "Revenue", "Gain"), rows)


def moved(found: WhatIf) -> Table:
    """A line per area and territory: recommended hours before and after."""
    lines: Iterable[tuple[str, float, float]] = (
        (one.territory or area_name(one.area or ""), one.before, one.after) for one in found.moved
    )
    rows = [
        (name, amount(before), amount(after), change(after - before, decimals_for([before, after])))
        for name, before, after in lines
    ]
    header = ("Area or territory", "Before", "After", "Change")
    return Table("Recommended hours", header, rows, filtered=len(rows) > MANY)
