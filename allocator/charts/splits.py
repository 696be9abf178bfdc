"""Where the hours go, today and as recommended: by area, and by area within each territory."""

from __future__ import annotations

import math

from allocator.allocation import Allocation
from allocator.answers.effects import difference
from allocator.charts.bars import Bar, Part, bars, stacks
from allocator.charts.look import RECOMMENDED, SPLITS, TODAY, Drawn, area_colors, finished
from allocator.charts.movers import Place, area_hours, places
from allocator.reports.sentences import moves_in_words
from allocator.wording import area_name, change, decimals_for, figure, per_cent

LITTLE = 0.05
"""Hours that are shown as none."""


def by_area(allocation: Allocation) -> Drawn:
    """Hours of each area over all territories, today's beside the recommended."""
    every = range(len(allocation.instance.territories))
    hours = {area: area_hours(allocation, every, area) for area in allocation.model.areas}
    decimals = decimals_for(math.fsum(split) for split in zip(*hours.values(), strict=True))
    those = []
    for area, (now, best) in hours.items():
        if not now and not best:
            continue
        moved = f" ({change(best - now, decimals)})" if abs(best - now) >= LITTLE else ""
        those.append(Bar(area_name(area), TODAY, now, figure(now, decimals)))
        those.append(Bar(area_name(area), RECOMMENDED, best, figure(best, decimals) + moved))
    unit = f"Hours for {figure(allocation.model.period_days)} days"
    point = moves_in_words(difference(allocation))
    return finished(bars(those, SPLITS, unit), point, "", "Bars of hours by area")


def by_territory(allocation: Allocation) -> Drawn:
    """Shares of each territory's hours by area, today's above the recommended."""
    shown = places(allocation)
    those = [part for place in shown for part in _shares(allocation, place)]
    used = {part.part for part in those}
    named = {area_name(area): color for area, color in area_colors(allocation.model).items()}
    colors = {area: color for area, color in named.items() if area in used}
    note = "Upper bar, paler: today. Lower bar: recommended."
    if len(shown) < len(allocation.plan.territories):
        note += " The territories from and to which most hours move, and all others together."
    chart = stacks(those, colors, "Share of the hours (%)")
    point = "What each territory's hours are for, today and recommended"
    return finished(chart, point, note, "Bars of shares of hours by territory and area")


def _shares(allocation: Allocation, place: Place) -> list[Part]:
    hours = {area: area_hours(allocation, place.numbers, area) for area in allocation.model.areas}
    parts = []
    for at, split in enumerate(SPLITS):
        whole = sum(pair[at] for pair in hours.values())
        for area, pair in hours.items():
            if pair[at] and whole:
                share = pair[at] / whole
                parts.append(Part(place.name, area_name(area), 100 * share, per_cent(share, 0), split))
    return parts
