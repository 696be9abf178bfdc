"""Saying what is under way, to whoever wants to know."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told what is under way, and the share of it that is done (0 to 1) where that is known."""

    def __call__(self, doing: str, done: float | None = None) -> None:
        """Take note of it."""


def silent(doing: str, done: float | None = None) -> None:
    """Tell nobody."""
