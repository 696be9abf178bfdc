"""The whole certificate as JSON: every limit with what is used of it, every price behind the bound."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from allocator.allocation import Allocation
from allocator.limits import each


def to_certificate(allocation: Allocation) -> str:
    """One JSON document that lets a reader check the answer without the tool.

    `limits`: used and allowed in the unit given, `broken` relative. A least is stated with both
    negative. `prices`: the dual of each row of the programme that has one, in the plan's currency
    for one unit more of it; with them, weak duality gives the bound.
    """
    document = {
        "plan": allocation.plan.name,
        "model": allocation.model.name,
        "revenue": allocation.revenue,
        "revenue_optimal": allocation.revenue_optimal,
        "relaxed": list(allocation.relaxed),
        "certificate": asdict(allocation.certificate),
        "limits": [
            {
                "limit": check.family,
                "side": check.side,
                **_place(allocation, check.territory, check.rep, check.area, check.step),
                "used": check.used,
                "allowed": check.allowed,
                "unit": check.unit,
                "broken": check.violation,
            }
            for check in each(allocation.checks(), allocation.recommended)
        ],
        "prices": [
            {
                "limit": price.family,
                **_place(allocation, price.territory, price.rep, price.area, price.step),
                "worth": price.worth,
            }
            for price in allocation.prices
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _place(
    allocation: Allocation, territory: int | None, rep: int | None, area: str | None, step: int | None
) -> dict[str, Any]:
    """Where a limit holds, by name; steps count from 1."""
    named = {
        "territory": None if territory is None else allocation.instance.territories[territory].name,
        "rep": None if rep is None else allocation.instance.reps[rep].name,
        "area": area,
        "step": None if step is None else step + 1,
    }
    return {key: value for key, value in named.items() if value is not None}
