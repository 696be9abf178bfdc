"""The number to reach: what it takes in hours, as planned and with better facts."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from allocator.charts.reach import hours_by_case
from allocator.errors import InfeasibleError
from allocator.reading.amount import read_amount
from allocator.reading.sheet import Bad
from allocator.reports.page import tables
from allocator.reports.reach_sentences import notes
from allocator.session.desk import Desk
from allocator.session.views.parts import chart, refusal, sentence, table
from allocator.session.views.waiting import answer
from allocator.wording import money_in_short


def ask(desk: Desk) -> None:
    """Where the number is entered."""
    st.header("The number to reach")
    target, key = desk.asked.target, f"number-{desk.editing}"
    st.text_input(
        "Revenue in the period",
        "" if target is None else money_in_short(target, ""),
        placeholder="5m, 850k or 12,000,000",
        key=key,
        on_change=_entered,
        args=(desk, key),
    )
    text = st.session_state[key]
    found = read_amount(text) if text.strip() else None
    if isinstance(found, Bad):
        sentence(f"{found.message}; {found.remedy}.", "refusal")


def show(desk: Desk, large: bool = False) -> None:
    """What the number takes, where there is one."""
    if desk.asked.target is None:
        return
    try:
        found = answer(desk, "reach", desk.reach)
    except InfeasibleError as error:
        refusal("It can't be reached:", error)
        return
    if found is not None:
        chart(hours_by_case(found), "reach-chart", large)
        if not large:
            with st.expander("Hours, heads and opportunities by case"):
                table(tables.cases(found))
                sentence(" ".join(f"{note}." for note in notes(found)), "note")


def _entered(desk: Desk, key: str) -> None:
    text = str(st.session_state[key])
    found = read_amount(text) if text.strip() else None
    if not isinstance(found, Bad):
        desk.asked = replace(desk.asked, target=found)
