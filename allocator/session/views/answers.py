"""What the split earns, what becomes of the opportunities, where the next hour pays, and why."""

from __future__ import annotations

import streamlit as st

from allocator.allocation import Allocation
from allocator.answers.explanation import worth_explaining
from allocator.charts import funnel as funnel_charts
from allocator.charts import leverage as leverage_charts
from allocator.charts import ranges as ranges_charts
from allocator.reports import whatif as whatif_report
from allocator.reports.page import tables
from allocator.reports.page.content import revenues
from allocator.reports.sentences import how_checked, largest_reason, what_binds
from allocator.reports.why import why
from allocator.session.assumptions import Assumptions
from allocator.session.desk import Desk
from allocator.session.views.parts import chart, numbers, sentence, sentences, table
from allocator.session.views.waiting import answer


def headline(desk: Desk, found: Allocation, large: bool = False) -> None:
    """What both splits earn, and how much of it is due to what was changed."""
    numbers(revenues(found))
    kind = "headline large" if large else "headline"
    sentence(largest_reason(found), kind)
    if desk.asked.solved != Assumptions():
        whatif = answer(desk, "whatif", desk.whatif)
        if whatif is not None:
            sentence(whatif_report.headline(whatif), kind)


def by_territory(found: Allocation) -> None:
    """What both splits earn in each territory."""
    with st.expander("By territory"):
        table(tables.revenue(found))


def funnel(found: Allocation, large: bool = False) -> None:
    """The funnel, with what is squandered."""
    chart(funnel_charts.funnel(found), "funnel-chart", large)


def leverage(desk: Desk, large: bool = False) -> None:
    """Where the next hour pays."""
    found = answer(desk, "leverage", desk.leverage)
    if found is not None and found.hours:
        chart(leverage_charts.heat_map(found), "leverage-chart", large)


def improvements(desk: Desk, large: bool = False) -> None:
    """Which better fact pays."""
    found = answer(desk, "leverage", desk.leverage)
    if found is not None and found.levers:
        chart(leverage_charts.tornado(found), "levers-chart", large)


def reasons(desk: Desk, found: Allocation) -> None:
    """Why this split, how firm it is, and how it was checked."""
    explanation = None
    if worth_explaining(found):
        explanation = answer(desk, "explanation", desk.explanation)
    if explanation is not None:
        sentences(why(found, explanation), "Why this split")
        chart(ranges_charts.ranges(found, explanation), "ranges-chart")
    sentences(what_binds(found), "Limits that bind")
    sentences((*found.notes, *how_checked(found)), "Notes and proof")
