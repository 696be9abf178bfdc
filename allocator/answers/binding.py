"""What holds the recommended split back: the limits that it uses up, by family, area and place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from allocator.allocation import Allocation
from allocator.limits import Check

ALWAYS_USED = {"creating", "hours"}
"""Families that bind by their nature, which tells nobody anything."""


@dataclass(frozen=True)
class Binding:
    """One kind of limit that binds, and where: places with the number of steps in which it does.

    Limits on the whole period count as binding in every step. Places are in the plan's order.
    `share` is the least or most share of the hours, where the limit is one; `row` the number of the
    outcome's row, where it is a bound of one row.
    """

    family: str
    side: str
    area: str | None
    places: tuple[tuple[str, int], ...]
    share: float | None = None
    row: int | None = None


def binding(allocation: Allocation) -> tuple[Binding, ...]:
    """The limits that the recommended split uses up, families in the formulation's order."""
    found: dict[tuple[str, str, str | None, int | None], Counter[str]] = {}
    for check in allocation.binding():
        if check.family in ALWAYS_USED or _trivial(check):
            continue
        key = (check.family, check.side, check.area, check.row)
        steps = allocation.model.steps if check.step is None else 1
        found.setdefault(key, Counter())[_place(allocation, check)] += steps
    order = {name: at for at, name in enumerate(allocation.plan.territories)}
    return tuple(
        Binding(
            family=family,
            side=side,
            area=area,
            places=tuple(sorted(places.items(), key=lambda place: order[place[0]])),
            share=_share(allocation, family, side, area),
            row=row,
        )
        for (family, side, area, row), places in found.items()
    )


def idle_hours(allocation: Allocation) -> dict[str, float]:
    """Reps to whom the recommended split leaves hours without use, with those hours."""
    idle = {}
    for rep in allocation.instance.reps:
        left = rep.capacity - sum(allocation.recommended.total_hours(i) for i in rep.rows)
        if left > 1e-6 * max(1.0, rep.capacity):
            idle[rep.name] = left
    return idle


def _trivial(check: Check) -> bool:
    """Limits of nothing: nobody there, nothing created, or a sign."""
    return check.family == "capacity" or check.allowed == 0


def _place(allocation: Allocation, check: Check) -> str:
    assert check.territory is not None
    return allocation.instance.territories[check.territory].name


def _share(allocation: Allocation, family: str, side: str, area: str | None) -> float | None:
    if family != "shares" or area is None:
        return None
    return allocation.model.areas[area].share[side == "most"]
