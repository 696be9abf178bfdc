"""What holds each territory back with today's split: hours to work, trust, or too little to work."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from allocator.allocation import Allocation
from allocator.limits import Check, limits_on_results

Kind = Literal["working", "trust", "creating"]


@dataclass(frozen=True)
class Bottleneck:
    """What holds one territory back with today's split.

    `kind`: "working" where every hour of the area that works opportunities is used and opportunities
    are left over, "trust" where a coupling holds an area back, "creating" where everything that may
    be worked is. Opportunities: there or created (`available`), left `unworked`, and `kept` for the
    next period. `area` is the bottleneck.
    """

    territory: str
    kind: Kind
    area: str
    available: float
    unworked: float
    kept: float


def bottlenecks(allocation: Allocation) -> tuple[Bottleneck, ...]:
    """By territory in the plan's order, but for those where nothing is open or created today."""
    today = allocation.today
    checks: dict[int, list[Check]] = {}
    binding = (those.binding(today.instance) for those in limits_on_results(today))
    for check in chain.from_iterable(binding):
        if check.territory is not None and check.allowed > 0:
            checks.setdefault(check.territory, []).append(check)
    found = {}
    for k, territory in enumerate(today.instance.territories):
        reached = today.territories[k]
        available = math.fsum(s.open + s.total_created for s in reached.sources)
        if not available:
            continue
        unworked = math.fsum(s.unworked for s in reached.sources)
        used_up = {(check.family, check.area) for check in checks.get(k, ())}
        held = [area for family, area in sorted(used_up, key=str) if family == "trust"]
        working = allocation.model.working_area
        kind: Kind
        if ("working", working) in used_up or territory.hours_per_opportunity is None:
            kind, area = "working", working
        elif held:
            kind, area = "trust", held[0] or ""
        else:
            kind, area = "creating", ""
        found[territory.name] = Bottleneck(
            territory.name, kind, area, available, unworked, territory.pipeline
        )
    return tuple(found[name] for name in allocation.plan.territories if name in found)
