"""An amount of money as people say it: 12m, 1.2M, 850k, 12,000,000 or $12m."""

from __future__ import annotations

import re

from allocator.reading.sheet import Bad

UNITS = {"": 1.0, "k": 1e3, "m": 1e6, "bn": 1e9}
MONEY = re.compile(r"[$€£¥₹]?\s*(\d+|\d{1,3}(?:,\d{3})+)(\.\d+)?\s*(k|m|bn)?", re.ASCII | re.IGNORECASE)
MOST = 1e15
REMEDY = "write 12m, 850k or 12,000,000, with a point before decimals"


def read_amount(text: str) -> float | Bad:
    """12m as 12,000,000; nothing that could be meant in two ways, and nothing that isn't above 0."""
    text = text.strip()
    match = MONEY.fullmatch(text)
    if match is None:
        return Bad(f"{text[:40]!r} is not an amount", REMEDY)
    whole, decimals, unit = match.groups(default="")
    amount = float(whole.replace(",", "") + decimals) * UNITS[unit.lower()]
    if not 0 < amount <= MOST:
        return Bad(f"{text[:40]!r} should be above 0, and {MOST:g} at most", REMEDY)
    return amount
