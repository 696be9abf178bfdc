"""What an answer is handed on as: text to read, text for machines, files by their suffix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from allocator.cli.printing import screen

if TYPE_CHECKING:
    from allocator.answers.briefing import Briefing

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
