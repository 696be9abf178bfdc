"""The sheet that is a plan: plan.csv's columns with the recommended hours, ready to be solved again."""

from __future__ import annotations

from allocator.adopting import adopted
from allocator.allocation import Allocation
from allocator.columns import Column as PlanColumn
from allocator.plan_csv import plan_table
from allocator.reports.workbook.blocks import Column, Grid, Kind, Sheet

KINDS: dict[str, Kind] = {
    "hours": "hours", "capacity": "hours", "min_hours": "hours", "max_hours": "hours",
    "opportunities": "number", "potential": "number", "open": "number", "deal_size": "money",
    "renewals": "money", "win_rate": "rate", "renewal_rate": "rate",
}  # fmt: skip
WHAT_IT_MEANS = (
    "This sheet is a plan: allocate FILE.xlsx --sheet Plan runs as it is. hours are the recommended "
    "ones, so today's split of this plan is the split that was recommended for the one before. What "
    "hours bring is told at these hours, on the same response curves: opportunities and renewal_rate "
    "are those of the curves at the recommended hours, and potential is given, so that each curve of "
    "opportunities stays where it was. All other facts are as they were."
)
RELAXED = " Limits were relaxed to find this split, so it may need --relax again."


def plan_sheet(found: Allocation) -> Sheet:
    """The plan in which the recommended split is today's; what that means stands in a box below."""
    plan = adopted(found)
    columns, rows = plan_table(plan, found.model)
    grid = Grid([_column(column) for column in columns], rows, table="Plan", frozen=True)
    return Sheet("Plan", [grid], box=WHAT_IT_MEANS + (RELAXED if found.relaxed else ""))


def _column(column: PlanColumn) -> Column:
    return Column(column.name, "text" if column.kind == "text" else KINDS.get(column.name, "exact"))
