"""How figures and names are written: separators, units, decimals, areas as people call them."""

from __future__ import annotations

from collections.abc import Iterable

MINUS = "−"
MONEY_IN_THOUSANDS = 1e7
MOST_NAMES = 3


def area_name(area: str) -> str:
    """'opportunity_management' as 'Opportunity management'."""
    spaced = area.replace("_", " ")
    return spaced[:1].upper() + spaced[1:]


def in_sentence(area: str) -> str:
    """An area's name inside a sentence."""
    return area.replace("_", " ")


def decimals_for(values: Iterable[float]) -> int:
    """How many decimals a column of figures needs to tell small ones apart: 0 from 1,000 up, else 1."""
    largest = max((abs(value) for value in values), default=0.0)
    return 0 if largest >= 1000 else 1


def figure(value: float, decimals: int = 0) -> str:
    """A number with thousands separators and a real minus."""
    rounded = round(value, decimals) + 0.0
    return f"{rounded:,.{decimals}f}".replace("-", MINUS)


def amount(value: float) -> str:
    """A single figure in a sentence, with a decimal where it is small."""
    return figure(value, 0 if abs(value) >= 100 else 1)


def change(value: float, decimals: int = 0) -> str:
    """A difference, with its sign."""
    rounded = round(value, decimals)
    return ("+" if rounded > 0 else "") + figure(rounded, decimals)


def money(value: float, currency: str) -> str:
    """Money in whole units, or to the cent where it is little, with the plan's currency mark."""
    text = figure(abs(value), 0 if abs(value) >= 100 else 2)
    return (MINUS if round(value, 2) < 0 else "") + currency + text


def money_scale(values: Iterable[float]) -> float:
    """What money in a table is divided by, so that its columns fit: 1, or 1,000 where it is much."""
    return 1000.0 if max(values, default=0.0) >= MONEY_IN_THOUSANDS else 1.0


def money_unit(scale: float, currency: str) -> str:
    """What money in a table or a chart is counted in."""
    thousands = "thousands of " if scale > 1 else ""
    return thousands + (currency or "the plan's currency")


def money_in_short(value: float, currency: str) -> str:
    """Money as one says it, '$12.0m' or '$850k', where that leaves nothing out; else as `money`."""
    for unit, mark, least in ((1e6, "m", 1), (1e3, "k", 0)):
        said = round(value / unit, 2)
        if abs(value) >= unit and abs(said * unit - value) < 0.005:
            decimals = next(places for places in (least, 1, 2) if round(said, places) == said)
            return f"{currency}{figure(said, decimals)}{mark}"
    return money(value, currency)


def times(value: float) -> str:
    """A multiple, with a third decimal where it is small."""
    return figure(value, 2 if value >= 0.1 or not value else 3)


def money_change(value: float, currency: str) -> str:
    """A difference in money, with its sign."""
    return ("+" if round(value, 2) > 0 else "") + money(value, currency)


def per_cent(value: float, decimals: int = 1) -> str:
    """A share of 1 as per cent."""
    return f"{figure(100 * value, decimals)}%"


def share(value: float) -> str:
    """A share that someone chose, as per cent with the digits that it has."""
    return f"{100 * value:.4g}%"


def per_cent_change(value: float) -> str:
    """A relative difference, with its sign."""
    return ("+" if round(value, 3) > 0 else "") + per_cent(value)


def plural(count: int, one: str, many: str | None = None) -> str:
    """'1 rep', '3 reps'."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def names(those: Iterable[str]) -> str:
    """A few names in full, many as a few and a count; each once."""
    listed = list(dict.fromkeys(those))
    if len(listed) <= MOST_NAMES + 1:
        return " and ".join(filter(None, (", ".join(listed[:-1]), listed[-1]))) if listed else "none"
    return f"{', '.join(listed[:MOST_NAMES])} and {len(listed) - MOST_NAMES:,} more"
