"""The plan in which the recommended split is today's: the same facts, told at other hours."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from allocator.allocation import Allocation
from allocator.instance import Renewing, Source
from allocator.plan import Facts, Plan, Row

IDLE = 1e-6
"""Of a rep's hours: fewer are rounding."""
MOST = 1 - 1e-9
"""Of what endless hours bring: a plan has to stay below it."""


def adopted(allocation: Allocation) -> Plan:
    """The plan with the recommended hours as today's, each response curve where it was.

    A plan says what its hours bring, so other hours need other figures beside them: opportunities and
    the renewal rate become those that the recommended hours bring on the plan's own curves, and the
    potential is given, so that the curve of opportunities is the same one. What couplings add comes on
    top, as it does to today's. A rep with idle hours keeps them as `capacity`; limits that were relaxed
    stay so where a plan can say it.
    """
    plan, case = allocation.plan, allocation.instance
    hours = [max(0.0, allocation.recommended.total_hours(i)) for i in range(len(case.rows))]
    rows = list(plan.rows)
    for i, row in enumerate(case.rows):
        before = rows[row.plan_row]
        rows[row.plan_row] = replace(before, hours=hours[i], min_hours=row.least, max_hours=row.most)
    facts = dict(plan.facts)
    effective = [row.skill * x for row, x in zip(case.rows, hours, strict=True)]
    for territory in case.territories:
        for source in territory.sources:
            rows_here = case.rows_of(territory, source.area)
            mine = [effective[i] for i in rows_here]
            key = (territory.name, source.area)
            facts[key] = _with_its_potential(facts[key], source)
            for i, brought in zip(rows_here, _brought(source, mine), strict=True):
                at = case.rows[i].plan_row
                rows[at] = replace(rows[at], opportunities=brought)
        for renewing in territory.renewing:
            key = (territory.name, renewing.area)
            spent = math.fsum(effective[i] for i in case.rows_of(territory, renewing.area))
            if spent:  # without hours the rate only says what renews by itself, and that stays
                facts[key] = replace(facts[key], renewal_rate=_rate(facts[key], renewing, spent))
    return replace(
        plan,
        rows=tuple(rows),
        facts=facts,
        capacity=dict(_idle(allocation, rows)),
        notes=(),
    )


def _with_its_potential(facts: Facts, source: Source) -> Facts:
    """The facts of a source, the potential given even where it is the model's."""
    return facts if source.curve is None else replace(facts, potential=source.curve.potential)


def _brought(source: Source, effective: list[float]) -> Iterator[float]:
    """The opportunities of each row: those of the curve, by its part of the effective hours."""
    whole = math.fsum(effective)
    curve = source.curve
    brought = 0.0 if curve is None else min(curve.value(whole), MOST * curve.potential)
    return (brought * part / whole if whole else 0.0 for part in effective)


def _rate(facts: Facts, renewing: Renewing, effective: float) -> float:
    """The share of the renewals that these hours renew."""
    by_hours = 0.0 if renewing.curve is None else renewing.curve.value(effective)
    return min((renewing.base + by_hours) / facts.renewals, MOST)


def _idle(allocation: Allocation, rows: list[Row]) -> Iterator[tuple[str, float]]:
    """The capacity of reps with more hours than the recommended ones, and of those who are gone."""
    case = allocation.instance
    for rep in case.reps:
        if allocation.plan.capacity.get(rep.name) == 0:
            yield rep.name, 0.0
            continue
        used = math.fsum(rows[case.rows[i].plan_row].hours for i in rep.rows)
        if rep.capacity - used > IDLE * max(1.0, rep.capacity):
            yield rep.name, rep.capacity
