"""What the tool makes of a file, as one text: accepted, accepted with notes, or refused."""

from __future__ import annotations

from pathlib import Path

from allocator import read_model, read_plan
from allocator.errors import PlanError

MODEL = read_model("sales_execution")


def understood(path: Path, sheet: str | None = None) -> list[str]:
    """["A"], or "N" and the notes, or "R" and the problems, each as users read it."""
    try:
        notes = read_plan(path, MODEL, sheet).notes
    except PlanError as error:
        return ["R", *str(error).splitlines()]
    return ["N", *notes] if notes else ["A"]
