"""What `allocate session` was called with: the one thing that the page knows when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from allocator.model import Model
    from allocator.solving.settings import Settings


@dataclass(frozen=True)
class Opened:
    """The plan's file, its sheet, the model, and how to solve; `max_mb` is the most a file may have."""

    path: Path
    model: Model
    settings: Settings
    sheet: str | None = None
    max_mb: float = 50


_OPENED: list[Opened] = []


def open_plan(opened: Opened) -> None:
    """From now on it is this plan that the page of this process is about."""
    _OPENED[:] = [opened]


def opened_plan() -> Opened:
    """The plan that the page is about."""
    return _OPENED[0]
