"""A briefing as an Excel workbook: a sheet for each answer, and the plan with the recommended hours.

`blocks` says what a sheet is made of, `paper` puts it there; a module for each sheet words its answer.
Names are only ever text: no formula, link or sheet name is made from one.
"""

from __future__ import annotations

from collections.abc import Iterator

from allocator.answers.briefing import Briefing
from allocator.reports.workbook.allocation import allocation_sheets
from allocator.reports.workbook.assumptions import assumptions_sheet
from allocator.reports.workbook.blocks import Sheet
from allocator.reports.workbook.compare import compare_sheet
from allocator.reports.workbook.funnel import funnel_sheet
from allocator.reports.workbook.leverage import leverage_sheet
from allocator.reports.workbook.limits import limits_sheet
from allocator.reports.workbook.paper import Heading, written
from allocator.reports.workbook.plan import plan_sheet
from allocator.reports.workbook.reach import reach_sheet
from allocator.reports.workbook.summary import summary_sheet
from allocator.reports.workbook.whatif import whatif_sheet
from allocator.wording import figure


def to_xlsx(briefing: Briefing) -> bytes:
    """The workbook of the answers that the briefing has; the same answers give the same bytes."""
    plan, days = briefing.plan, figure(briefing.model.period_days)
    money = plan.currency or "the plan's currency"
    units = f"Hours and revenue for {days} days; revenue in {money}"
    return written(list(_sheets(briefing)), Heading(plan.name, units), plan.currency)


def _sheets(briefing: Briefing) -> Iterator[Sheet]:
    found = briefing.allocation
    if found is not None:
        yield summary_sheet(found, briefing.explanation)
        yield from allocation_sheets(found, briefing.explanation)
        yield funnel_sheet(found)
        yield limits_sheet(found, briefing.explanation)
    if briefing.whatif is not None:
        yield whatif_sheet(briefing.whatif)
    if briefing.reach is not None:
        yield reach_sheet(briefing.reach)
    if briefing.leverage is not None:
        yield leverage_sheet(briefing.leverage)
    if briefing.comparison is not None:
        yield compare_sheet(briefing.comparison)
    yield assumptions_sheet(briefing)
    recommended = briefing.whatif.after if briefing.whatif is not None else found
    if recommended is not None:
        yield plan_sheet(recommended)
