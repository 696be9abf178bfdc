"""Answers that take a while: what is under way is said, and can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from allocator.progress import Progress
from allocator.session.desk import Desk
from allocator.session.underway import finished
from allocator.session.views.parts import sentence

T = TypeVar("T")


def answer(desk: Desk, question: str, work: Callable[[Progress], T]) -> T | None:
    """The answer to a question, None where it was stopped; raises what working it out does.

    A page that is drawn anew meanwhile, since someone moves a slider or stops it, ends the work.
    """
    if desk.known(question) is not None:
        return work(_silent)
    key, place = desk.at(question), st.empty()
    if key in desk.stopped:
        with place.container(horizontal=True):
            sentence("Stopped.", "note")
            st.button("Go on", key=f"go-on-{question}", on_click=desk.stopped.discard, args=(key,))
        return None
    shown: list[st.delta_generator.DeltaGenerator] = []

    def tell(doing: str, done: float | None = None) -> None:
        if not shown:
            with place.container():
                shown.extend((st.progress(0.0), st.empty()))
                st.button("Stop", key=f"stop-{question}", on_click=desk.stopped.add, args=(key,))
        shown[0].progress(min(1.0, done or 0.0))
        with shown[1]:
            sentence(f"{doing} …", "note")

    try:
        return finished(work, tell)
    finally:
        place.empty()


def _silent(doing: str, done: float | None = None) -> None:
    """Tell nobody: the answer is there."""
