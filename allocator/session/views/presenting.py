"""The view for the projector: the numbers, one sentence, one picture."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from allocator.allocation import Allocation
from allocator.session.desk import Desk
from allocator.session.views import answers, downloads, number, split
from allocator.session.views.bar import present

PICTURES = (
    "The split",
    "The funnel",
    "Where the next hour pays",
    "Which improvement pays",
    "The number to reach",
)


def show(desk: Desk, found: Allocation) -> None:
    """One picture at a time, in large letters."""
    with st.container(key="present"):
        answers.headline(desk, found, large=True)
        pictures = PICTURES if desk.asked.target is not None else PICTURES[:-1]
        with st.container(key="bar", horizontal=True, vertical_alignment="bottom"):
            chosen = st.selectbox("Picture", pictures, key="picture")
            downloads.handout(desk, found)
            st.button("Back to the session", key="present-off", on_click=present, args=(False,))
        _drawn(desk, found)[chosen]()


def _drawn(desk: Desk, found: Allocation) -> dict[str, Callable[[], None]]:
    shown: tuple[Callable[[], None], ...] = (
        lambda: split.show(found, large=True),
        lambda: answers.funnel(found, large=True),
        lambda: answers.leverage(desk, large=True),
        lambda: answers.improvements(desk, large=True),
        lambda: number.show(desk, large=True),
    )
    return dict(zip(PICTURES, shown, strict=True))
