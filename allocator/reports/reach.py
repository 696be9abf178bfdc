"""What a number takes, as a person reads it and for other programs."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from allocator.answers.heads import Fewest, Head, Heads
from allocator.answers.reach import Needed, Reach
from allocator.characters import inert
from allocator.outcome import Outcome
from allocator.reports.layout import LABEL, WIDTH, listed, printed
from allocator.reports.layout import table as new_table
from allocator.reports.reach_sentences import case_name, fewest_sentence, headline, notes
from allocator.wording import (
    amount,
    area_name,
    change,
    decimals_for,
    figure,
    money,
    money_change,
    money_in_short,
    money_unit,
    per_cent,
    times,
)


def to_text(found: Reach, width: int = WIDTH, color: bool = False) -> str:
    """The headline, a line for each case, the hours by area, and heads where they were asked for."""
    return printed(_report(found), width, color)


def _report(found: Reach) -> Iterator[RenderableType]:
    yield Text(headline(found), style="bold")
    currency = found.plan.currency
    number, unit = money_in_short(found.target, currency), money_unit(1.0, currency)
    counted = f"times today's hours; opportunities worked and created; revenue in {unit}"
    yield Text(f"\nWhat {number} takes ({counted})", style="bold")
    yield _cases(found)
    if found.as_planned.outcome is not None:
        yield Text("\nHours as planned, today → needed", style="bold")
        yield _hours(found, found.as_planned.outcome)
    if found.heads is not None:
        yield Text(f"\nWhole heads of {amount(found.heads.hours)} hours each", style="bold")
        yield Text(fewest_sentence(found, found.heads))
        if found.heads.steps:
            yield Text(f"\nOne at a time, each where it brings most (revenue in {unit})", style="bold")
            yield _steps(found, found.heads)
    yield from listed("Notes", notes(found))


def _cases(found: Reach) -> Table:
    table = new_table()
    table.add_column("Case", overflow="fold", ratio=1, min_width=LABEL)
    for name in ("Times", "Hours", "Heads", "Worked", "Created", "Revenue"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in found.rows:
        table.add_row(case_name(row), *_case_cells(row))
    return table


def _case_cells(row: Needed) -> tuple[str, ...]:
    if row.theta is None or row.hours is None or row.heads is None or row.outcome is None:
        return ("–", "", "", "", "at most", figure(math.floor(row.largest or 0.0)))
    return (
        times(row.theta),
        figure(row.hours),
        figure(row.heads, 1),
        figure(row.outcome.worked, 1),
        figure(row.outcome.created, 1),
        figure(row.outcome.revenue),
    )


def _hours(found: Reach, needed: Outcome) -> Table:
    """Hours by area over all territories."""
    table = new_table()
    table.add_column("Area", overflow="fold", ratio=1, min_width=LABEL)
    for name in ("Today", "Needed", "Change", "Share", "→"):
        table.add_column(name, justify="right", no_wrap=True)
    rows = hours_by_row(found, needed)
    whole = _both(rows)
    decimals = decimals_for(whole)
    for area in found.model.areas:
        mine = [row for row in rows if row["area"] == area]
        if mine:
            table.add_row(*_hours_cells(area_name(area), _both(mine), whole, decimals))
    table.add_section()
    table.add_row(*_hours_cells("All areas", whole, whole, decimals))
    return table


def _both(rows: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """Hours today and needed, added up."""
    return math.fsum(row["hours_now"] for row in rows), math.fsum(row["hours"] for row in rows)


def _hours_cells(
    name: str, hours: tuple[float, float], whole: tuple[float, float], decimals: int
) -> tuple[str | Text, ...]:
    """Hours today and needed, the change, and both as shares of the whole."""
    shares = (per_cent(part / of, 0) if of else "" for part, of in zip(hours, whole, strict=True))
    before, after = (figure(value, decimals) for value in hours)
    return name, before, Text(after, style="bold"), change(hours[1] - hours[0], decimals), *shares


def _steps(found: Reach, heads: Heads) -> Table:
    table = new_table()
    table.add_column("Head", justify="right", no_wrap=True)
    table.add_column("Territory", overflow="fold", ratio=1, min_width=LABEL)
    for name in ("Revenue", "Gain"):
        table.add_column(name, justify="right", no_wrap=True)
    currency = found.plan.currency
    if heads.start is not None:
        table.add_row("0", "today's reps, split best", money(heads.start, currency), "")
    for head in heads.steps:
        gain = "" if head.gain is None else money_change(head.gain, currency)
        table.add_row(f"{head.number}", Text(head.territory), money(head.revenue, currency), gain)
    return table


def hours_by_row(found: Reach, outcome: Outcome) -> list[dict[str, Any]]:
    """Hours by row of the plan, those of added heads last; today's are those of the plan."""
    case, today = outcome.instance, found.plan.todays_split
    return [
        {
            "territory": case.territories[row.territory].name,
            "rep": case.reps[row.rep].name,
            "area": row.area,
            "hours": outcome.total_hours(i),
            "hours_now": today[row.plan_row] if row.plan_row < len(today) else 0.0,
        }
        for i, row in sorted(enumerate(case.rows), key=lambda pair: pair[1].plan_row)
    ]


def to_json(found: Reach) -> str:
    """One JSON document with every digit; `heads` and `fewest_heads` where they were asked for."""
    heads = found.heads
    document = {
        "target": found.target,
        "rows": [_row(found, row) for row in found.rows],
        "heads": [_head(head) for head in heads.steps] if heads else [],
        "fewest_heads": _fewest_row(found, heads.fewest) if heads and heads.fewest else None,
        "hours_per_head": found.hours_now / found.heads_now,
        "hours_now": found.hours_now,
        "heads_now": found.heads_now,
        "plan": found.plan.name,
        "currency": found.plan.currency,
        "model": found.model.name,
        "period_days": found.model.period_days,
        "steps": found.model.steps,
        "solver": found.settings.solver,
        "headline": headline(found),
        "notes": list(notes(found)),
        "certificate": asdict(found.certificate),
    }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _row(found: Reach, row: Needed) -> dict[str, Any]:
    return {
        "case": row.case.name,
        "theta": row.theta,
        "hours": row.hours,
        "opportunities": row.opportunities,
        "revenue": row.revenue,
        "heads": row.heads,
        "created": row.created,
        "largest": row.largest,
        "lever": row.case.lever,
        "factor": row.case.factor,
        "allocation": [] if row.outcome is None else hours_by_row(found, row.outcome),
    }


def _head(head: Head) -> dict[str, Any]:
    return {
        "head": head.number,
        "territory": head.territory,
        "revenue": head.revenue,
        "gain": head.gain,
        "opportunities": head.outcome.worked,
        "created": head.outcome.created,
    }


def _fewest_row(found: Reach, fewest: Fewest) -> dict[str, Any]:
    return {
        "heads": fewest.count,
        "by_territory": dict(fewest.by_territory),
        "revenue": fewest.outcome.revenue,
        "bound": fewest.bound,
        "gap": fewest.gap,
        "in_parts": fewest.relaxed,
        "allocation": hours_by_row(found, fewest.outcome),
    }


COLUMNS = (
    "case", "theta", "hours", "heads", "opportunities", "created", "revenue", "largest", "territory",
    "gain",
)  # fmt: skip


def to_csv(found: Reach) -> str:
    """One row for each case; then one for each added head, with its territory and what it brings."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(_row(found, row) for row in found.rows)
    steps: Sequence[Head] = found.heads.steps if found.heads else ()
    for head in steps:
        hours = found.hours_now * (1 + head.number / found.heads_now)
        more = {
            "case": f"head {head.number}",
            "theta": hours / found.hours_now,
            "hours": hours,
            "heads": found.heads_now + head.number,
        }
        writer.writerow(_head(head) | more | {"territory": inert(head.territory)})
    return out.getvalue()
