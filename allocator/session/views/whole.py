"""The whole page: what is quick comes first, so that a lever's effect shows before slower answers."""

from __future__ import annotations

import streamlit as st

from allocator.allocation import Allocation
from allocator.errors import AllocatorError, PlanError, ScenarioError
from allocator.session import keeping
from allocator.session.desk import Desk, loaded
from allocator.session.opened import opened_plan
from allocator.session.views import (
    answers,
    bar,
    downloads,
    levers,
    number,
    presenting,
    scenarios,
    split,
)
from allocator.session.views.parts import refusal, style
from allocator.session.views.waiting import answer


def show() -> None:
    """Draw the page once."""
    st.set_page_config(page_title="Allocator", layout="wide")
    style()
    try:
        desk = _desk()
    except (PlanError, OSError) as error:
        refusal("The plan can't be read any more:", error)
        return
    _draft(desk)
    if st.session_state.get(bar.PRESENTING):
        found = _allocation(desk)
        if found is not None:
            presenting.show(desk, found)
            return
        bar.present(False)
    bar.show(desk)
    _session(desk)


def _desk() -> Desk:
    """What this page is at; at first, what was under way when a page was last open here."""
    found = st.session_state.get("desk")
    if not isinstance(found, Desk):
        opened = opened_plan()
        content = opened.path.read_bytes()
        found = Desk(opened, loaded(opened, opened.path.name, content, opened.sheet))
        try:
            keeping.restore(found)
        except AllocatorError as error:
            refusal("What was under way here is not taken up:", error)
        st.session_state["desk"] = found
    return found


def _draft(desk: Desk) -> None:
    try:
        keeping.keep_draft(desk)
    except ScenarioError as error:
        refusal("What is under way can't be kept:", error)


def _allocation(desk: Desk) -> Allocation | None:
    """Both splits of what is on the desk; None, and why, where there are none."""
    try:
        return answer(desk, "allocation", desk.allocation)
    except AllocatorError as error:
        refusal("No split:", error)
        return None


def _session(desk: Desk) -> None:
    main, side = st.columns([3, 1], gap="medium")
    with side, st.container(key="levers"):
        levers.show(desk)
        possible = levers.changed(desk)
        number.ask(desk)
    with main:
        found = _allocation(desk) if possible else None
        if found is not None:
            answers.headline(desk, found)
        with st.container(key="pictures"):
            left, middle, right = st.columns(3, gap="medium")
            better, reached = st.columns(2, gap="medium")
        if found is not None:
            with left:
                split.show(found)
            with middle:
                answers.funnel(found)
            answers.by_territory(found)
        st.header("Hours, row by row")
        split.edited(desk, found)
        reasons = st.container()
    below = st.container()
    with below:
        scenarios.show(desk, found)
        if found is not None:
            downloads.show(desk, found)
    if found is None:
        return
    try:
        with right:
            answers.leverage(desk)
        with better:
            answers.improvements(desk)
        with reasons:
            answers.reasons(desk, found)
        with reached:
            number.show(desk)
    except AllocatorError as error:
        refusal("Not all could be answered:", error)
