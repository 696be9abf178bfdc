"""Everything that the tool writes, of what is on the desk; made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st

from allocator.allocation import Allocation
from allocator.answers.briefing import Briefing
from allocator.answers.explanation import worth_explaining
from allocator.plan_csv import plan_csv
from allocator.reports import compare, leverage, machine, reach, whatif
from allocator.reports.files import ALLOCATED, BRIEFED, file_writers
from allocator.reports.proof import to_certificate
from allocator.session.assumptions import Assumptions
from allocator.session.desk import Desk

Made = Callable[[], str | bytes]
DATA = (".json", ".csv")
SPLIT, LEVERAGE, COMPARED, REACH, WHATIF = (
    "the split",
    "leverage",
    "the simple splits beside it",
    "the number to reach",
    "what was changed",
)
PLAN, PROOF = "the plan as changed", "the certificate"


def show(desk: Desk, found: Allocation) -> None:
    """Choose an answer and a kind of file, and have it."""
    st.header("Take away")
    answers = _answers(desk)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        what = st.selectbox("Answer", list(answers), key="download-answer")
        suffix = st.selectbox("File", answers[what], key=f"download-file-{what}")
        name = f"{Path(desk.base.plan.name).stem}-{what.replace(' ', '-')}{suffix}"
        st.download_button(
            f"Download {suffix}",
            _maker(desk, found, what, suffix),
            name,
            key="download",
            on_click="ignore",
        )


def handout(desk: Desk, found: Allocation) -> None:
    """The page that opens from a mail, and prints."""
    st.download_button(
        "Hand-out (.html, prints)",
        _maker(desk, found, SPLIT, ".html"),
        f"{Path(desk.base.plan.name).stem}.html",
        key="handout",
        on_click="ignore",
    )


def _answers(desk: Desk) -> dict[str, tuple[str, ...]]:
    """What there is to take away, and as what."""
    every = (*BRIEFED, *DATA)
    answers = {SPLIT: (*every, *ALLOCATED), LEVERAGE: every, COMPARED: every}
    if desk.asked.target is not None:
        answers[REACH] = every
    if desk.asked.solved != Assumptions():
        answers[WHATIF] = every
    return {**answers, PLAN: (".csv",), PROOF: (".json",)}


def _maker(desk: Desk, found: Allocation, what: str, suffix: str) -> Callable[[], bytes]:
    """What makes a file of the answer as it is on the desk now."""
    now = desk.as_it_is()

    def make() -> bytes:
        made = _writers(now, found, what)[suffix]()
        if isinstance(made, bytes):
            return made
        return (("\ufeff" if suffix == ".csv" else "") + made).encode()

    return make


def _writers(desk: Desk, found: Allocation, what: str) -> Mapping[str, Made]:
    """What makes each kind of file of an answer."""
    if what == SPLIT:
        return _split(desk, found)
    if what in {PLAN, PROOF}:
        return {
            ".csv": lambda: plan_csv(found.plan, found.model),
            ".json": lambda: to_certificate(found),
        }
    report, question = {
        LEVERAGE: (leverage, "leverage"),
        COMPARED: (compare, "comparison"),
        REACH: (reach, "reach"),
        WHATIF: (whatif, "whatif"),
    }[what]
    answer = getattr(desk, question)()
    briefing = Briefing(found.plan, found.model, **{question: answer})
    more: dict[str, Made] = {
        ".json": lambda: report.to_json(answer),
        ".csv": lambda: report.to_csv(answer),
    }
    return more | file_writers(briefing)


def _split(desk: Desk, found: Allocation) -> Mapping[str, Made]:
    explanation = desk.explanation() if worth_explaining(found) else None
    briefing = Briefing(found.plan, found.model, found, explanation, desk.leverage(), desk.comparison())
    more: dict[str, Made] = {
        ".json": lambda: machine.to_json(found, explanation),
        ".csv": lambda: machine.to_csv(found, False),
    }
    return more | file_writers(briefing)
