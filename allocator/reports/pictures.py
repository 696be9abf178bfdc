"""An answer's main charts as one picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from allocator.wording import money

if TYPE_CHECKING:
    from allocator.answers.briefing import Briefing
    from allocator.charts.look import Drawn

Kind = Literal["png", "svg"]
SCALE = 2.0
"""Pixels of a PNG for each of the drawing's: sharp when it is projected."""


def to_picture(briefing: Briefing, kind: Kind) -> bytes:
    """The main charts of the briefing's answers, one below the other, as PNG or SVG."""
    import vl_convert

    from allocator.charts.look import VEGA_LITE, drawing

    spec = drawing(*main_charts(briefing), heading=_heading(briefing)) | {"background": "white"}
    if kind == "svg":
        return vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE).encode("utf-8")
    return vl_convert.vegalite_to_png(spec, vl_version=VEGA_LITE, scale=SCALE)


def _heading(briefing: Briefing) -> str:
    """The plan, and what both splits earn where that was asked for."""
    found, currency = briefing.allocation, briefing.plan.currency
    if found is None:
        return briefing.plan.name
    best, now = money(found.revenue, currency), money(found.revenue_now, currency)
    return f"{briefing.plan.name}: {best} with the recommended split, {now} with today's"


def main_charts(briefing: Briefing) -> Iterator[Drawn]:
    """What each answer is shown by first; where there is an allocation, the others stand beside it."""
    from allocator.charts import comparison, funnel, leverage, reach, splits, whatif

    if briefing.allocation is not None:
        yield splits.by_area(briefing.allocation)
        yield funnel.funnel(briefing.allocation)
        yield splits.by_territory(briefing.allocation)
    if briefing.leverage is not None:
        yield leverage.heat_map(briefing.leverage)
        if briefing.allocation is None:
            yield leverage.territory_map(briefing.leverage)
        yield leverage.tornado(briefing.leverage)
    if briefing.comparison is not None:
        yield comparison.revenue_of_splits(briefing.comparison)
        yield comparison.opportunities_of_splits(briefing.comparison)
        curve = comparison.moves_for_money(briefing.comparison)
        if curve is not None:
            yield curve
    if briefing.reach is not None:
        yield reach.hours_by_case(briefing.reach)
        heads = reach.heads_curve(briefing.reach)
        if heads is not None:
            yield heads
    if briefing.whatif is not None:
        yield whatif.before_and_after(briefing.whatif)
        yield whatif.hours_moved(briefing.whatif)
