"""Where a solved programme ended, kept in a byte for each column and row, to start a like one from."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.program import Program
from allocator.solving import highs
from allocator.solving.solution import Solution, packed, unpacked


@dataclass(frozen=True)
class Ended:
    """The statuses of all columns and rows at an optimum; see `allocator.solving.solution.packed`."""

    columns: bytes
    rows: bytes

    def start_in(self, program: Program) -> highs.Start | None:
        """A start for a programme; None where it has other columns or rows."""
        size = program.columns, len(program.matrix.row_least)
        if size != (len(self.columns), len(self.rows)):
            return None
        return highs.Start(unpacked(self.columns, self.rows))


def ended(found: Solution) -> Ended:
    """Where HiGHS ended."""
    return Ended(*packed(found.basis))
