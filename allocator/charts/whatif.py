"""A change to a plan in pictures: both splits' revenue before and after, and the hours that move."""

from __future__ import annotations

from allocator.answers.whatif import WhatIf
from allocator.charts.bars import Bar, bars
from allocator.charts.look import BLUE, GREY, Drawn, finished
from allocator.reports.whatif import headline
from allocator.wording import area_name, change, decimals_for, figure, money, money_unit

COLORS = {"before": GREY, "after": BLUE}


def before_and_after(found: WhatIf) -> Drawn:
    """Revenue of today's split and of the recommended one, before and after the changes."""
    currency = found.after.plan.currency
    before, after = COLORS
    those = [
        Bar(split, when, revenue, money(revenue, currency))
        for split, revenues in (
            ("Today's split", (found.before.revenue_now, found.after.revenue_now)),
            ("Recommended split", (found.before.revenue, found.after.revenue)),
        )
        for when, revenue in zip((before, after), revenues, strict=True)
    ]
    chart = bars(those, COLORS, f"Revenue in {money_unit(1.0, currency)}")
    return finished(chart, headline(found), "", "Bars of revenue by split, before and after")


def hours_moved(found: WhatIf) -> Drawn:
    """Recommended hours by area, before and after the changes."""
    areas = [moved for moved in found.moved if moved.area]
    decimals = decimals_for(value for moved in areas for value in (moved.before, moved.after))
    before, after = COLORS
    those = []
    for moved in areas:
        name, more = area_name(moved.area or ""), change(moved.after - moved.before, decimals)
        those.append(Bar(name, before, moved.before, figure(moved.before, decimals)))
        those.append(Bar(name, after, moved.after, f"{figure(moved.after, decimals)} ({more})"))
    unit = f"Hours for {figure(found.after.model.period_days)} days"
    return finished(
        bars(those, COLORS, unit),
        "Recommended hours by area, before and after the changes",
        "",
        "Bars of recommended hours by area, before and after",
    )
