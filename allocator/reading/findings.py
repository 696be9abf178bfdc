"""What is found while a file is read: problems, which refuse it in the end, and notes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from allocator.errors import PlanError, Problem


@dataclass
class Findings:
    """The problems and notes of one file, in the order in which they were found.

    `seen` counts the cells of a column in which something was read that does not stand there.
    """

    file: str
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def refuse(self, message: str, remedy: str, row: int | None = None, column: str = "") -> None:
        """Add a problem; reading goes on, to find the others."""
        self.problems.append(Problem(message, remedy, self.file, row, column))

    def stop_if_refused(self) -> None:
        """Raise `PlanError` with all problems, in the file's order, if there are any."""
        if self.problems:
            raise PlanError(sorted(self.problems, key=lambda problem: problem.row or 0))

    def all_notes(self) -> tuple[str, ...]:
        """The notes, those on cells last, with how many cells each is about."""
        counted = (
            f"{column}: {note} ({times:,} {'cell' if times == 1 else 'cells'})"
            for (column, note), times in self.seen.items()
        )
        return (*self.notes, *counted)
