"""Files by their suffix: what a briefing is written as, beside the text that a command prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from allocator.answers.briefing import Briefing

MAKERS: Mapping[str, Callable[[Briefing], str | bytes]] = {}
"""By suffix what makes such a file of a briefing; it loads what it needs when it is called."""

BRIEFED = tuple(MAKERS)


def file_writers(briefing: Briefing) -> dict[str, Callable[[], str | bytes]]:
    """By suffix how to make each of those files of one briefing."""
    return {suffix: partial(make, briefing) for suffix, make in MAKERS.items()}
