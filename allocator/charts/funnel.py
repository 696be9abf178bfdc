"""The funnel with what is squandered: opportunities there, worked and won, and those nobody works."""

from __future__ import annotations

from allocator.allocation import Allocation
from allocator.answers.effects import Totals, totals
from allocator.charts.bars import Part, stacks
from allocator.charts.look import BLUE, GREEN, RECOMMENDED, TODAY, VERMILION, Drawn, finished
from allocator.reports.compare_sentences import NONE
from allocator.wording import amount

WON, WORKED, UNWORKED = "won", "worked, not won", "left unworked"
COLORS = {WON: GREEN, WORKED: BLUE, UNWORKED: VERMILION}


def funnel(allocation: Allocation) -> Drawn:
    """Opportunities there, worked and won over all territories, today's split and the recommended."""
    now, best = totals(allocation.today), totals(allocation.recommended)
    those, ends = [], {}
    for split, found in ((TODAY, now), (RECOMMENDED, best)):
        name = split.capitalize()
        parts = {
            f"{name}: all": ((WON, WORKED, UNWORKED), found.available),
            f"{name}: worked": ((WON, WORKED), found.worked),
            f"{name}: won": ((WON,), found.wins),
        }
        sizes = {WON: found.wins, WORKED: found.worked - found.wins, UNWORKED: found.unworked}
        for line, (names, whole) in parts.items():
            ends[line] = amount(whole)
            those += [Part(line, part, max(0.0, sizes[part]), amount(sizes[part])) for part in names]
    note = "All: opportunities open at the start or created in the period."
    chart = stacks(those, COLORS, "Opportunities", ends)
    return finished(chart, _point(now, best), note, "Bars of opportunities there, worked and won")


def _point(now: Totals, best: Totals) -> str:
    left = (
        f"Today nobody works {amount(now.unworked)} of {amount(now.available)} opportunities"
        if now.unworked >= NONE
        else f"Today each of {amount(now.available)} opportunities gets worked"
    )
    return (
        f"{left}, and {amount(now.wins)} are won; recommended: {amount(best.worked)} of "
        f"{amount(best.available)} worked, {amount(best.wins)} won"
    )
