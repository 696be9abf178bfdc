"""The split: its chart, and a table of rows and of reps whose bounds and hours can be edited."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from allocator.charts.splits import by_area
from allocator.session.assumptions import NO_LIMIT, Limits
from allocator.session.views.parts import chart, sentence
from allocator.wording import area_name

if TYPE_CHECKING:
    import pandas

    from allocator.allocation import Allocation
    from allocator.session.desk import Desk

LEAST, MOST, LOCKED, HOURS = "least", "most", "locked", "hours"


def show(found: Allocation, large: bool = False) -> None:
    """Where the hours go, today and as recommended."""
    chart(by_area(found), "split-chart", large)


def edited(desk: Desk, found: Allocation | None) -> None:
    """The rows with their bounds, and the reps with their hours: what is entered changes the plan."""
    rows = f"rows-{desk.editing}"
    sentence(
        "Enter the least and the most hours that a row may have, or leave it as it is today: the others "
        "are then divided anew.",
        "note",
    )
    st.data_editor(
        _rows(desk, found),
        key=rows,
        hide_index=True,
        num_rows="fixed",
        width="stretch",
        height=320,
        disabled=("territory", "area", "rep", "today", "recommended", "change"),
        column_config={
            "territory": "Territory",
            "area": "Area",
            "rep": "Rep",
            "today": _column("Today"),
            "recommended": _column("Recommended"),
            "change": st.column_config.NumberColumn("Change", format="%+.1f"),
            LEAST: _column("Least hours"),
            MOST: _column("Most hours"),
            LOCKED: st.column_config.CheckboxColumn("Leave as it is"),
        },
        on_change=_rows_edited,
        args=(desk, rows),
        alt="Hours by row, with least and most hours to enter",
    )
    reps = f"reps-{desk.editing}"
    with st.expander("Hours of each rep"):
        st.data_editor(
            _reps(desk),
            key=reps,
            hide_index=True,
            num_rows="fixed",
            disabled=("rep", "planned"),
            column_config={
                "rep": "Rep",
                "planned": _column("As planned"),
                HOURS: _column("Hours in the period"),
            },
            on_change=_reps_edited,
            args=(desk, reps),
            alt="Hours by rep, to enter others",
        )


def _column(name: str) -> Any:  # noqa: ANN401 (Streamlit's)
    return st.column_config.NumberColumn(name, min_value=0.0, max_value=NO_LIMIT, format="%.1f")


def _rows(desk: Desk, found: Allocation | None) -> pandas.DataFrame:
    """The plan's rows: hours of both splits as they are, limits as they were when editing began."""
    import pandas

    plan = desk.base.plan
    hours = None if found is None else found.hours_frame()
    limits = [desk.shown.by_row.get((r.territory, r.area, r.rep), Limits()) for r in plan.rows]
    pairs = list(zip(plan.rows, limits, strict=True))
    none = [math.nan] * len(plan.rows)
    return pandas.DataFrame(
        {
            "territory": [row.territory for row in plan.rows],
            "area": [area_name(row.area) for row in plan.rows],
            "rep": [row.rep for row in plan.rows],
            "today": none if hours is None else hours["hours_now"],
            "recommended": none if hours is None else hours["hours"],
            "change": none if hours is None else hours["change"],
            LEAST: [row.min_hours if asked.least is None else asked.least for row, asked in pairs],
            MOST: [_most(row.max_hours if asked.most is None else asked.most) for row, asked in pairs],
            LOCKED: [asked.locked for asked in limits],
        }
    )


def _most(hours: float) -> float:
    """A cell for the most hours, empty where there is no limit."""
    return math.nan if hours >= NO_LIMIT else hours


def _reps(desk: Desk) -> pandas.DataFrame:
    import pandas

    planned = desk.base.plan.hours_by_rep
    hours = [desk.shown.by_rep.get(rep, has) for rep, has in planned.items()]
    return pandas.DataFrame({"rep": list(planned), "planned": list(planned.values()), HOURS: hours})


def _rows_edited(desk: Desk, key: str) -> None:
    """Take up every cell that differs from what stood there when editing began."""
    plan = desk.base.plan
    found = {}
    for at, cells in _edits(key).items():
        row = plan.rows[at]
        place = (row.territory, row.area, row.rep)
        before = desk.shown.by_row.get(place, Limits())
        found[place] = Limits(
            least=_entered(cells, LEAST, before.least, row.min_hours, 0.0),
            most=_entered(cells, MOST, before.most, row.max_hours, NO_LIMIT),
            locked=bool(cells.get(LOCKED, before.locked)),
        )
    untouched = {place: limits for place, limits in desk.shown.limits if place not in found}
    cleared = {place: Limits() for place, _ in desk.asked.limits}
    desk.asked = desk.asked.with_limits({**cleared, **untouched, **found})


def _entered(
    cells: Mapping[str, Any], column: str, before: float | None, planned: float, empty: float
) -> float | None:
    """What is asked for by a cell: None where it is what the plan has anyway."""
    if column not in cells:
        return before
    hours = empty if cells[column] is None else float(cells[column])
    return None if hours == min(planned, NO_LIMIT) else hours


def _reps_edited(desk: Desk, key: str) -> None:
    planned = list(desk.base.plan.hours_by_rep.items())
    hours: dict[str, float | None] = {rep: None for rep, _ in desk.asked.hours}
    hours |= desk.shown.by_rep
    for at, cells in _edits(key).items():
        rep, has = planned[at]
        entered = cells.get(HOURS)
        hours[rep] = None if entered is None or float(entered) == has else float(entered)
    desk.asked = desk.asked.with_hours(hours)


def _edits(key: str) -> Mapping[int, Mapping[str, Any]]:
    """The cells that were entered, by row and column, since editing began."""
    found: Mapping[int, Mapping[str, Any]] = st.session_state[key]["edited_rows"]
    return {int(at): cells for at, cells in found.items()}
