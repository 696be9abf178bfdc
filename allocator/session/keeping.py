"""What a session keeps beside the plan: scenarios, the one decided on, and what it is at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from allocator.allocation import Allocation
from allocator.progress import Progress
from allocator.scenarios import Scenario, Scenarios
from allocator.session.desk import EMPTY, Desk
from allocator.session.draft import from_text, to_text


def kept(desk: Desk) -> tuple[Scenario, ...]:
    """All that are kept. Raises `ScenarioError` where the file can't be used."""
    with Scenarios.beside(desk.opened.path) as scenarios:
        return scenarios.all()


@dataclass(frozen=True)
class Label:
    """What someone calls a scenario, what they note on it, and who that is."""

    name: str
    note: str
    by: str


def keep(desk: Desk, label: Label, allocation: Allocation, progress: Progress) -> Scenario:
    """Keep what is on the desk under a name. Raises `ScenarioError` where that can't be."""
    with Scenarios.beside(desk.opened.path) as scenarios:
        return scenarios.keep(
            label.name, label.note, label.by, allocation, datetime.now(UTC), progress=progress
        )


def decide(desk: Desk, name: str | None) -> None:
    """Mark one as decided on, or none."""
    with Scenarios.beside(desk.opened.path) as scenarios:
        scenarios.decide(name)


def restore(desk: Desk) -> None:
    """Take up what was under way when a page was last open here."""
    with Scenarios.beside(desk.opened.path) as scenarios:
        text = scenarios.draft
    draft = None if text is None else from_text(text)
    if draft is not None:
        desk.restore(draft)


def keep_draft(desk: Desk) -> None:
    """Write down what is under way, where that is anything new."""
    text = to_text(desk.draft)
    if text != desk.drafted:
        with Scenarios.beside(desk.opened.path) as scenarios:
            scenarios.draft = None if text == EMPTY else text
        desk.drafted = text
