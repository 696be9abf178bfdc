"""What can go wrong, in the user's words, and the exit code that each kind of failure has.

Exit codes of the tool: 0 done; 1 a defect of ours; 2 bad usage, bad plan or bad model;
3 no possible split; 4 no certified optimum; 130 interrupted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from allocator.characters import visible

MOST_SHOWN = 50


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a file: where it is, what stands there and how to mend it.

    `row` is numbered as a spreadsheet numbers it (the header of a plain file is row 1), `line` as a
    text editor does; a problem has one or the other, or neither.
    """

    message: str
    remedy: str
    file: str = ""
    row: int | None = None
    column: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                self.file,
                f"row {self.row}" if self.row is not None else "",
                f"line {self.line}" if self.line is not None else "",
                f"column {self.column}" if self.column else "",
            )
            if part
        )
        end = "" if self.remedy.endswith(("?", ".")) else "."
        return visible(f"{place + ': ' if place else ''}{self.message}. {self.remedy}{end}")


class AllocatorError(Exception):
    """Any failure that the tool explains; `exit_code` is what the command line returns."""

    exit_code = 1


class _FileError(AllocatorError):
    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        shown = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        if (more := len(self.problems) - len(shown)) > 0:
            shown.append(f"… and {more:,} more problems of this kind or others.")
        super().__init__("\n".join(shown))


class PlanError(_FileError):
    """The plan can't be used as it is; every problem found in it, in file order."""


class ModelError(_FileError):
    """The model can't be used as it is; every problem found in it."""


class OutputError(AllocatorError):
    """A result can't be written where it was asked for; nothing was written."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(visible(message))


class UnreachableError(AllocatorError):
    """Who was to solve the plan can't be reached."""

    exit_code = 2


class ScenarioError(AllocatorError):
    """A scenario can't be kept or found, or the file of scenarios can't be used."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(visible(message))


class ExtraError(AllocatorError):
    """A part of the tool that is installed only when asked for is not there."""

    exit_code = 2

    def __init__(self, extra: str) -> None:
        super().__init__(f"this needs more than is installed: pip install 'allocator[{extra}]'")


class InfeasibleError(AllocatorError):
    """No split of the hours keeps every limit of the plan and the model."""

    exit_code = 3


class OutOfReachError(InfeasibleError):
    """A number that no amount of hours earns; `largest` is the largest one that can be earned."""

    def __init__(self, message: str, largest: float) -> None:
        self.largest = largest
        super().__init__(message)


class SolverError(AllocatorError):
    """The solver stopped without an optimum, for example at its time limit."""

    exit_code = 4


class OutOfTimeError(SolverError):
    """The time limit was reached."""


class CertificateError(SolverError):
    """The solver's answer did not pass the check against the plan's own rows."""
