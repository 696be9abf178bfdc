"""An allocation for other programs: JSON and tidy CSV, with every digit."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from typing import Any

from allocator.allocation import Allocation
from allocator.answers.binding import binding
from allocator.answers.effects import difference
from allocator.answers.explanation import Explanation
from allocator.characters import inert
from allocator.outcome import Outcome
from allocator.reports.sentences import largest_reason, what_binds
from allocator.reports.why import why


def to_json(allocation: Allocation, explanation: Explanation | None = None) -> str:
    """One JSON document: the formulation's keys, then what follows from them.

    `why`, `range` and `within` are there where the allocation was explained.
    """
    explained = {} if explanation is None else _explained(allocation, explanation)
    return dumped(document(allocation) | explained)


def dumped(found: dict[str, Any]) -> str:
    """A document as JSON text, with every digit and every name as it is."""
    return json.dumps(found, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def document(allocation: Allocation) -> dict[str, Any]:
    """What an allocation has to say to other programs.

    Money is in the plan's currency, hours are for the period unless they are said to be by step.
    """
    return {
        "status": "optimal",
        "revenue": allocation.revenue,
        "revenue_optimal": allocation.revenue_optimal,
        "revenue_now": allocation.revenue_now,
        "pipeline_kept_now": allocation.pipeline_kept_now,
        "relaxed": list(allocation.relaxed),
        "pipeline_drained_now_in": list(allocation.drained),
        "allocation": _rows(allocation),
        "plan": allocation.plan.name,
        "currency": allocation.plan.currency,
        "model": allocation.model.name,
        "period_days": allocation.model.period_days,
        "steps": allocation.model.steps,
        "solver": allocation.settings.solver,
        "stability": allocation.settings.stability,
        "reason": largest_reason(allocation),
        "effects": {effect.kind: effect.money for effect in difference(allocation).effects},
        "funnel": {
            "today": _funnel(allocation.today),
            "recommended": _funnel(allocation.recommended),
        },
        "binding": [asdict(found) for found in binding(allocation)],
        "limits": list(what_binds(allocation)),
        "notes": list(allocation.notes),
        "certificate": asdict(allocation.certificate),
    }


def _explained(allocation: Allocation, explanation: Explanation) -> dict[str, Any]:
    return {
        "why": {
            "sentences": list(why(allocation, explanation)),
            "bottlenecks": [asdict(found) for found in explanation.bottlenecks],
            "hours": [asdict(found) for found in explanation.hours],
            "limits": [asdict(found) for found in explanation.limits],
            "solves": explanation.solves,
            "worst": explanation.worst,
        },
        "within": explanation.within,
        "range": [asdict(found) for found in explanation.ranges],
    }


def _rows(allocation: Allocation) -> list[dict[str, Any]]:
    rows = []
    for at, i in allocation.rows_in_plan_order:
        row = allocation.plan.rows[at]
        entry = {
            "territory": row.territory,
            "rep": row.rep,
            "area": row.area,
            "hours": allocation.recommended.total_hours(i),
            "hours_now": allocation.instance.rows[i].today,
        }
        if allocation.model.steps > 1:
            entry["hours_by_step"] = list(allocation.recommended.hours[i])
        rows.append(entry)
    return rows


def _funnel(outcome: Outcome) -> list[dict[str, Any]]:
    """By territory in the order of names: sources, then what renews."""
    territories = zip(outcome.instance.territories, outcome.territories, strict=True)
    return [
        {
            "territory": territory.name,
            "sources": [
                {
                    "source": source.area,
                    "open": source.open,
                    "created": source.total_created,
                    "worked": source.total_worked,
                    "unworked": source.unworked,
                    "wins": sum(source.wins),
                    "revenue_in_period": source.in_period,
                    "revenue_later": source.later,
                }
                for source in reached.sources
            ],
            "renewed": {renewing.area: renewing.renewed for renewing in reached.renewing},
        }
        for territory, reached in sorted(territories, key=lambda pair: pair[0].name)
    ]


def to_csv(allocation: Allocation, by_step: bool = False) -> str:
    """One row per plan row, in plan order (and per step, if asked): hours for the period or step.

    Where limits were relaxed to make a split possible, a last column says so on every row.
    """
    steps = allocation.model.steps
    mark = {"limits": "relaxed"} if allocation.relaxed else {}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    step_column = ["step"] if by_step else []
    writer.writerow(["territory", "rep", "area", *step_column, "hours_now", "hours", "change", *mark])
    for at, i in allocation.rows_in_plan_order:
        row = allocation.plan.rows[at]
        names = [inert(row.territory), inert(row.rep), inert(row.area)]
        today = allocation.instance.rows[i].today
        if by_step:
            now = today / steps
            for step, hours in enumerate(allocation.recommended.hours[i], start=1):
                writer.writerow([*names, step, now, hours, hours - now, *mark.values()])
        else:
            hours = allocation.recommended.total_hours(i)
            writer.writerow([*names, today, hours, hours - today, *mark.values()])
    return out.getvalue()
