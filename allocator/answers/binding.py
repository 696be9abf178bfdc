"""What holds the recommended split back: the limits that it uses up, by family, area and place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from allocator.allocation import Allocation
from allocator.arrays import Integers
from allocator.instance import Instance
from allocator.limits import Checks

ALWAYS_USED = {"creating", "hours", "capacity"}
"""Families that bind by their nature, which tells nobody anything."""

Kind = tuple[str, str, str | None, int | None]
"""Family, side, area, and the row if it is the bound of one."""


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
    case, all_steps = allocation.instance, allocation.model.steps
    found: dict[Kind, Integers] = {}
    for checks in allocation.checks():
        if checks.family in ALWAYS_USED:
            continue
        used_up = checks.used_up[checks.allowed[checks.used_up] != 0]  # a limit of nothing is none
        steps = all_steps if checks.step is None else 1
        for kind, territories in _by_kind(case, checks, used_up.tolist()):
            times = found.setdefault(kind, np.zeros(len(case.territories), np.int32))
            times[territories] += steps
    order = {name: at for at, name in enumerate(allocation.plan.territories)}
    return tuple(
        Binding(
            family=family,
            side=side,
            area=area,
            places=tuple(
                sorted(
                    ((case.territories[k].name, int(times[k])) for k in np.flatnonzero(times).tolist()),
                    key=lambda place: order[place[0]],
                )
            ),
            share=_share(allocation, family, side, area),
            row=row,
        )
        for (family, side, area, row), times in found.items()
    )


def _by_kind(
    case: Instance, checks: Checks, used_up: Sequence[int]
) -> Iterator[tuple[Kind, Sequence[int]]]:
    """The territories in which limits bind, by kind; each bound of a row is one of its own."""
    if checks.rows is not None:
        for i in (int(checks.rows[at]) for at in used_up):
            yield (checks.family, checks.side, case.rows[i].area, i), [case.rows[i].territory]
    elif used_up:
        assert checks.territories is not None
        kind = (checks.family, checks.side, checks.area, None)
        yield kind, [int(checks.territories[at]) for at in used_up]


def idle_hours(allocation: Allocation) -> dict[str, float]:
    """Reps to whom the recommended split leaves hours without use, with those hours."""
    idle = {}
    for rep in allocation.instance.reps:
        left = rep.capacity - sum(allocation.recommended.total_hours(i) for i in rep.rows)
        if left > 1e-6 * max(1.0, rep.capacity):
            idle[rep.name] = left
    return idle


def _share(allocation: Allocation, family: str, side: str, area: str | None) -> float | None:
    if family != "shares" or area is None:
        return None
    return allocation.model.areas[area].share[side == "most"]
