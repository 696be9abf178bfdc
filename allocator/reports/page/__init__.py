"""The page: one file with everything that was asked, that opens from a mail and works offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from allocator.answers.briefing import Briefing


def to_html(briefing: Briefing) -> str:
    """The briefing as one HTML document that loads nothing and sends nothing."""
    from allocator.reports.page.content import page
    from allocator.reports.page.document import rendered

    return rendered(page(briefing))
