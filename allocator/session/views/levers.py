"""The levers: facts and capacity that move by so many per cent, in the whole plan or one territory."""

from __future__ import annotations

import streamlit as st

from allocator.errors import PlanError
from allocator.reports.changes import in_words
from allocator.session.assumptions import LEAST, LEVERS, MOST, Assumptions, Lever
from allocator.session.desk import Desk
from allocator.session.views.parts import refusal, sentence, sentences
from allocator.wording import area_name

WHOLE = "Whole plan"


def show(desk: Desk) -> None:
    """A slider for each lever, and what is changed so far."""
    st.header("Levers")
    territory = st.selectbox(
        "Move them for",
        [None, *desk.base.plan.territories],
        format_func=lambda name: WHOLE if name is None else name,
        key=f"scope-{desk.base.key}",
    )
    for column in LEVERS:
        lever: Lever = (column, territory)
        key = f"lever-{desk.editing}-{column}-{territory}"
        st.slider(
            area_name(column),
            LEAST,
            MOST,
            desk.asked.by_lever.get(lever, 0),
            format="%+d%%",
            key=key,
            on_change=_moved,
            args=(desk, lever, key),
        )


def changed(desk: Desk) -> bool:
    """What is changed so far, in words and as a command; False where it can't be so."""
    asked = desk.asked.solved != Assumptions()
    st.button("All as planned", key="reset", on_click=_reset, args=(desk,), disabled=not asked)
    try:
        changes, plan = desk.changed()
    except PlanError as error:
        refusal("The plan can't be changed so:", error)
        return False
    sentences((in_words(done, plan.currency) for done in changes), "Changed so far" if asked else "")
    with st.expander("The same on the command line"):
        sentence(desk.command_line, "command")
    return True


def _moved(desk: Desk, lever: Lever, key: str) -> None:
    desk.asked = desk.asked.with_lever(lever, st.session_state[key])


def _reset(desk: Desk) -> None:
    desk.begin(Assumptions(target=desk.asked.target))
