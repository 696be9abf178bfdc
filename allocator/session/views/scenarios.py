"""Scenarios: kept with a name and a note, set side by side, and one of them decided on."""

from __future__ import annotations

import streamlit as st

from allocator.allocation import Allocation
from allocator.errors import AllocatorError
from allocator.reports.session import side_by_side
from allocator.scenarios import this_user
from allocator.session import keeping
from allocator.session.desk import Desk
from allocator.session.underway import finished
from allocator.session.views.parts import refusal, sentence, table

NONE = "None yet"


def show(desk: Desk, found: Allocation | None) -> None:
    """Keep what is on the desk, and compare what was kept."""
    st.header("Scenarios")
    try:
        if found is not None:
            _keep(desk, found)
        scenarios = keeping.kept(desk)
        if not scenarios:
            sentence("Nothing is kept yet. What you keep lies beside the plan.", "note")
            return
        names = [one.name for one in scenarios]
        chosen = st.multiselect("Set side by side", names, names[-4:], key=f"compared-{len(names)}")
        those = [one for one in scenarios if one.name in chosen]
        if those:
            table(*side_by_side(those))
            if len(those) > 1:
                sentence(f"Marked: what differs from {those[0].name}.", "note")
        left, right = st.columns(2)
        with left:
            _decide(desk, names, next((one.name for one in scenarios if one.decided), None))
        with right:
            _open(desk, names)
    except AllocatorError as error:
        refusal("Scenarios can't be kept here:", error)


def _keep(desk: Desk, found: Allocation) -> None:
    with st.form("keep", clear_on_submit=False, border=True):
        first, second, third = st.columns([2, 4, 1])
        name = first.text_input("Name", max_chars=100, key="scenario-name")
        note = second.text_input("Note", max_chars=500, key="scenario-note")
        by = third.text_input("By", this_user(), max_chars=100, key="scenario-by")
        if not st.form_submit_button("Keep as scenario"):
            return
    bar = st.empty()

    def tell(doing: str, done: float | None = None) -> None:  # noqa: ARG001 (a `Progress`)
        with bar:
            sentence(f"{doing} …", "note")

    try:
        label = keeping.Label(name, note, by)
        kept = finished(lambda progress: keeping.keep(desk, label, found, progress), tell)
    except AllocatorError as error:
        refusal("This can't be kept:", error)
    else:
        sentence(f"Kept as {kept.name}.", "note kept")
    finally:
        bar.empty()


def _decide(desk: Desk, names: list[str], decided: str | None) -> None:
    options = [None, *names]
    with st.form("decide", border=True):
        choice = st.selectbox(
            "Decided on",
            options,
            options.index(decided),
            format_func=lambda name: NONE if name is None else name,
            key=f"decided-{decided}",
        )
        if st.form_submit_button("Mark as decided"):
            keeping.decide(desk, choice)
            st.rerun()


def _open(desk: Desk, names: list[str]) -> None:
    with st.form("take-up", border=True):
        st.selectbox("Go on from", names, key="taken-up")
        st.form_submit_button("Put on the desk", on_click=_taken_up, args=(desk,))


def _taken_up(desk: Desk) -> None:
    chosen = st.session_state["taken-up"]
    for scenario in keeping.kept(desk):
        if scenario.name == chosen:
            desk.send(scenario.plan_name, scenario.plan_csv)
