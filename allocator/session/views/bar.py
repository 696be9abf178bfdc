"""The bar at the top: which plan is on the desk, another one in its place, and the view to present."""

from __future__ import annotations

import streamlit as st

from allocator.errors import PlanError
from allocator.reports.page.content import subject
from allocator.session.desk import Desk
from allocator.session.views.parts import refusal, sentence

PRESENTING = "presenting"


def show(desk: Desk) -> None:
    """The plan's name and what it is about, and what can be done with it."""
    plan = desk.base.plan
    with st.container(key="bar", horizontal=True, vertical_alignment="center"):
        st.title("Where the hours go", anchor=False)
        sentence(f"{plan.name}: {subject(plan, desk.opened.model)}", "subject")
        with st.popover("Other plan"):
            _upload(desk)
        st.button("Present", key="present-on", on_click=present, args=(True,))


def present(on: bool) -> None:
    """Turn to the view for the projector, or back."""
    st.session_state[PRESENTING] = on


def _upload(desk: Desk) -> None:
    sent = st.file_uploader(
        "A plan as CSV or Excel workbook",
        key=f"sent-{desk.editing}",
        max_upload_size=max(1, round(desk.opened.max_mb)),
    )
    if sent is not None:
        try:
            desk.send(sent.name, sent.getvalue())
        except PlanError as error:
            refusal("This can't be used as a plan:", error)
        else:
            st.rerun()
    if desk.base.sent is not None:
        sentence("Not the plan that the session was opened with.", "note")
        st.button("Back to that", key="own-plan", on_click=desk.send_back)
