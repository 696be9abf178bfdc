"""The session's desk: the plan that is on it, what was changed, and the answers to both."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from allocator.allocation import Allocation, allocate
from allocator.answers.compare import Comparison, compare
from allocator.answers.explanation import Explanation, explain
from allocator.answers.leverage import Leverage, leverage
from allocator.answers.moves import worth_drawing
from allocator.answers.reach import Reach, reach
from allocator.answers.whatif import WhatIf, between
from allocator.changing.asked import Changed
from allocator.plan import Plan
from allocator.plan_csv import plan_csv
from allocator.progress import Progress, silent
from allocator.reading.any_file import sheet_of
from allocator.reading.plan_file import plan_of
from allocator.session.assumptions import Assumptions, command
from allocator.session.draft import Draft, Sent, to_text
from allocator.session.memo import Memo
from allocator.session.opened import Opened

T = TypeVar("T")
KEPT = 60
EMPTY = "{}"
"""A draft that says nothing."""
_answers: Memo[object] = Memo(KEPT)


@dataclass(frozen=True)
class Loaded:
    """A plan as read, a key that no other plan, model or setting has, and its text if it was sent."""

    plan: Plan
    key: str
    sent: Sent | None = None


def loaded(opened: Opened, name: str, content: bytes, sheet: str | None = None) -> Loaded:
    """The plan in a file's content. Raises `PlanError` as reading the file does."""
    basis = (opened.model.model_dump_json(), repr(opened.settings), name, repr(sheet))
    key = hashlib.sha256(b"\0".join([*(part.encode() for part in basis), content])).hexdigest()
    found = _answers.get(("plan", key))
    if not isinstance(found, Plan):
        found = plan_of(sheet_of(Path(name), content, sheet, opened.max_mb), opened.model)
        _answers.keep(("plan", key), found)
    return Loaded(found, key)


@dataclass
class Desk:
    """A plan with assumptions on it, which change as the page is used.

    `editing` counts how often the tables that are edited began anew, and `shown` are the assumptions
    that they began with. `stopped`: answers that someone had enough of waiting for. `drafted`: the
    draft that was kept last.
    """

    opened: Opened
    base: Loaded
    asked: Assumptions = field(default_factory=Assumptions)
    editing: int = 0
    shown: Assumptions = field(default_factory=Assumptions)
    stopped: set[Hashable] = field(default_factory=set)
    drafted: str = EMPTY

    def begin(self, asked: Assumptions, base: Loaded | None = None) -> None:
        """Put other assumptions, or another plan, on the desk."""
        self.base = base or self.base
        self.asked = self.shown = asked
        self.editing += 1

    def send(self, name: str, content: bytes) -> None:
        """Put a plan on the desk that was sent. Raises `PlanError` as reading a file does."""
        found = loaded(self.opened, name, content)
        text = plan_csv(found.plan, self.opened.model)
        sent = Sent(name=f"{Path(found.plan.name).stem}.csv", csv=text)
        self.begin(Assumptions(), replace(found, sent=sent))

    def send_back(self) -> None:
        """Put the plan on the desk that the session was opened with, as it is now."""
        path = self.opened.path
        self.begin(Assumptions(), loaded(self.opened, path.name, path.read_bytes(), self.opened.sheet))

    def as_it_is(self) -> Desk:
        """The same, that doesn't change any more."""
        return replace(self)

    @property
    def draft(self) -> Draft:
        """What it takes to have the same desk again."""
        return Draft.of(self.asked, self.base.sent)

    def restore(self, draft: Draft) -> None:
        """Have the desk again that a draft was made of, as far as the plan still has what it names."""
        base = self.base
        if draft.sent is not None:
            base = replace(
                loaded(self.opened, draft.sent.name, draft.sent.csv.encode()), sent=draft.sent
            )
        self.begin(draft.assumptions.that_fit(base.plan), base)
        self.drafted = to_text(self.draft)

    def changed(self) -> tuple[tuple[Changed, ...], Plan]:
        """What each change does, and the plan that they make. Raises `PlanError` as `whatif` does."""
        return self._kept("changed", lambda: self.asked.changed(self.base.plan, self.opened.model))

    @property
    def command_line(self) -> str:
        """The command line that says what the page does."""
        changes = self.asked.changes(self.base.plan, self.opened.model)
        return command(self.base.plan.name, changes)

    def at(self, question: str) -> Hashable:
        """What tells an answer to a question from all others."""
        asked = self.asked if question == "reach" else self.asked.solved
        return question, self.base.key, asked

    def known(self, question: str) -> object | None:
        """The answer to a question, if it has been worked out."""
        return _answers.get(self.at(question))

    def before(self, progress: Progress = silent) -> Allocation:
        """Both splits of the plan as it was read."""
        return replace(self, asked=Assumptions()).allocation(progress)

    def allocation(self, progress: Progress = silent) -> Allocation:
        """Both splits of the changed plan. Raises what `allocate` does."""
        settings = self.opened.settings
        return self._kept(
            "allocation",
            lambda: allocate(
                self.changed()[1],
                self.opened.model,
                stability=settings.stability,
                solver=settings.solver,
                workers=settings.workers,
                progress=progress,
            ),
        )

    def whatif(self, progress: Progress = silent) -> WhatIf:
        """What the changes do to both splits."""
        return self._kept(
            "whatif",
            lambda: between(self.changed()[0], self.before(progress), self.allocation(progress)),
        )

    def explanation(self, progress: Progress = silent) -> Explanation:
        """Why the split is as it is, and how firm."""
        return self._kept("explanation", lambda: explain(self.allocation(progress), progress=progress))

    def leverage(self, progress: Progress = silent) -> Leverage:
        """Where the next hour pays, and which better fact."""
        settings = self.opened.settings
        return self._kept(
            "leverage",
            lambda: leverage(self.changed()[1], self.opened.model, settings=settings, progress=progress),
        )

    def comparison(self, progress: Progress = silent) -> Comparison:
        """The simple splits beside both."""
        plan, model, settings = self.changed()[1], self.opened.model, self.opened.settings

        def compared() -> Comparison:
            known = self.allocation(progress)
            moves = worth_drawing(known)
            return compare(plan, model, moves=moves, settings=settings, progress=progress, known=known)

        return self._kept("comparison", compared)

    def reach(self, progress: Progress = silent) -> Reach:
        """What the number takes. Raises what `reach` does."""
        plan, model, settings = self.changed()[1], self.opened.model, self.opened.settings
        assert self.asked.target is not None
        target = self.asked.target
        return self._kept(
            "reach", lambda: reach(plan, model, target, settings=settings, progress=progress)
        )

    def _kept(self, question: str, work: Callable[[], T]) -> T:
        key = self.at(question)
        found: T | None = _answers.get(key)  # type: ignore[assignment]
        if found is None:
            found = work()
            _answers.keep(key, found)
        return found
