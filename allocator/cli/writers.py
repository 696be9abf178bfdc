"""What an answer is handed on as: text to read, text for machines, files by their suffix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from allocator.cli.printing import screen

if TYPE_CHECKING:
    from allocator.allocation import Allocation
    from allocator.answers.briefing import Briefing
    from allocator.answers.explanation import Explanation
    from allocator.cli.job import Outputs
    from allocator.progress import Progress
    from allocator.reports.terminal import By

Writers = Mapping[str, Callable[[], str | bytes]]
"""By a file's suffix, or by a name of --format, how to make what goes there."""


class Report(Protocol):
    """The module of `allocator.reports` that words one kind of answer."""

    def to_text(self, found: Any, width: int, color: bool) -> str:  # noqa: ANN401
        """For people."""

    def to_json(self, found: Any) -> str:  # noqa: ANN401
        """For programs, with every digit."""

    def to_csv(self, found: Any) -> str:  # noqa: ANN401
        """For spreadsheets, tidy."""


def answer_writers(report: Report, found: object, briefing: Briefing) -> Writers:
    """All that an answer can be handed on as; nothing is made before it is asked for."""
    from allocator.reports.files import file_writers

    return {
        "table": lambda: report.to_text(found, *screen()),
        "json": lambda: report.to_json(found),
        "csv": lambda: report.to_csv(found),
        ".json": lambda: report.to_json(found),
        ".csv": lambda: "\ufeff" + report.to_csv(found),
    } | file_writers(briefing)


def split_briefing(
    outputs: Outputs, allocation: Allocation, explanation: Explanation | None, progress: Progress
) -> Briefing:
    """What there is to say of an allocation; the splits beside it only for files that show them."""
    from allocator.answers.briefing import Briefing, brief
    from allocator.reports.files import BRIEFED

    if outputs.wants(BRIEFED):
        return brief(allocation, explanation, progress)
    return Briefing(allocation.plan, allocation.model, allocation=allocation, explanation=explanation)


def split_writers(briefing: Briefing, by: By = "area") -> Writers:
    """All that an allocation can be handed on as; `by`: what its table of hours has lines for."""
    from allocator.reports.files import file_writers

    found, explanation = briefing.allocation, briefing.explanation
    assert found is not None

    def table() -> str:
        from allocator.reports.terminal import to_text

        return to_text(found, explanation, by, *screen())

    def json() -> str:
        from allocator.reports.machine import to_json

        return to_json(found, explanation)

    def csv() -> str:
        from allocator.reports.machine import to_csv

        return to_csv(found, by == "step")

    return {
        "table": table,
        "json": json,
        "csv": csv,
        ".json": json,
        ".csv": lambda: "\ufeff" + csv(),
    } | file_writers(briefing)
