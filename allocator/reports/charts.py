"""Pictures in text: bars, and shades that tell large figures from small ones."""

from __future__ import annotations

EIGHTHS = "▏▎▍▌▋▊▉"
GAINS = ("", "on color(194)", "on color(157)", "on color(120)", "on color(77)")
LOSSES = ("", "on color(224)", "on color(217)", "on color(210)", "on color(203)")
INK = "color(16)"


def bar(value: float, largest: float, width: int) -> str:
    """A bar for `value`, of `width` cells for the `largest`; one below 0 is hatched."""
    if not largest:
        return ""
    eighths = round(8 * width * min(1.0, abs(value) / largest))
    if value < 0:
        return "░" * -(-eighths // 8)
    return "█" * (eighths // 8) + (EIGHTHS[eighths % 8 - 1] if eighths % 8 else "")


def shade(value: float, largest: float) -> str:
    """A style for a cell of a heat table: stronger the more it is of `largest`, red below 0."""
    shades = GAINS if value > 0 else LOSSES
    share = abs(value) / largest if largest else 0.0
    strength = 0 if share < 0.02 else min(len(shades) - 1, 1 + int(share * (len(shades) - 1)))
    return f"{INK} {shades[strength]}" if strength else "dim"
