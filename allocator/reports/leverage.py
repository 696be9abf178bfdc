"""Leverage as text, JSON and CSV: what `allocate leverage` prints."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from allocator.answers.leverage import Leverage
from allocator.characters import inert
from allocator.reports.charts import bar, shade
from allocator.reports.layout import LABEL, WIDTH, listed, printed
from allocator.reports.layout import table as new_table
from allocator.reports.leverage_sentences import (
    SPLIT,
    about_levers,
    headline,
    how_checked,
    label,
    worth_showing,
)
from allocator.reports.machine import dumped
from allocator.wording import area_name, change, decimals_for, figure, money_scale, money_unit

BAR = 12
MARK = "▲"
MISSING = "–"


def to_text(found: Leverage, width: int = WIDTH, color: bool = False) -> str:
    """The sentence that matters, the matrix, the map by territory, and the levers."""
    return printed(_report(found), width, color)


def _report(found: Leverage) -> Iterator[RenderableType]:
    unit = money_unit(1, found.plan.currency)
    yield Text(headline(found), style="bold")
    if found.hours:
        yield Text(f"\nWhat one more hour earns with {SPLIT[found.at]}, in {unit}", style="bold")
        yield Text("Lines: the area that gets the hour. Columns: the area that the revenue lands in.")
        yield _matrix(found)
        yield Text(f"{MARK} the largest; below 0: crowded out. Hours added: 1% of each territory's.")
    if len(found.plan.territories) > 1 and found.territories:
        yield Text(f"\nThe same by territory, wherever it lands, in {unit}", style="bold")
        yield _map(found)
    if found.levers:
        gained = money_unit(_scale(found), found.plan.currency)
        yield Text(f"\nWhat better facts earn, in {gained}", style="bold")
        yield _levers(found)
        yield Text(" ".join(about_levers(found)))
    yield from listed("Notes", (*found.notes, *how_checked(found)))


def _matrix(found: Leverage) -> Table:
    areas = list(found.model.areas)
    lines = [[hour.credited[area] for area in areas] for hour in found.hours]
    table = _heat_table("One more hour in", areas)
    table.add_column("In all", justify="right", no_wrap=True)
    sums = _cells([[hour.per_hour] for hour in found.hours])
    for hour, cells, (whole,) in zip(found.hours, _cells(lines), sums, strict=True):
        table.add_row(area_name(hour.area), *cells, whole)
    return table


def _map(found: Leverage) -> Table:
    areas = [hour.area for hour in found.hours]
    at = {(one.territory, one.area): one.per_hour for one in found.territories}
    territories = [name for name in found.plan.territories if any((name, area) in at for area in areas)]
    table = _heat_table("One more hour in", areas)
    lines = [[at.get((name, area)) for area in areas] for name in territories]
    for name, cells in zip(territories, _cells(lines), strict=True):
        table.add_row(Text(name), *cells)
    return table


def _heat_table(name: str, areas: Iterable[str]) -> Table:
    table = new_table()
    table.add_column(name, overflow="fold", ratio=1, min_width=LABEL)
    for area in areas:
        table.add_column(area_name(area).replace(" ", "\n"), justify="right", overflow="fold")
    return table


def _cells(lines: Sequence[Sequence[float | None]]) -> list[list[Text]]:
    """Figures shaded by size, the largest above 0 marked."""
    values = [value for line in lines for value in line if value is not None]
    size, most, decimals = max(map(abs, values)), max(values), decimals_for(values)

    def cell(value: float | None) -> Text:
        if value is None:
            return Text(MISSING, style="dim")
        mark = MARK if value == most and round(value, decimals) > 0 else ""
        return Text(mark + figure(value, decimals), style=shade(value, size))

    return [[cell(value) for value in line] for line in lines]


def _levers(found: Leverage) -> Table:
    shown = [lever for lever in found.levers if worth_showing(found, lever)]
    largest, scale = max((abs(lever.gain or 0.0) for lever in shown), default=0.0), _scale(found)
    table = new_table()
    table.add_column("Fact", overflow="fold", ratio=1, min_width=LABEL)
    table.add_column("", width=BAR, no_wrap=True)
    for name in ("Today's\nsplit", "Best\nsplit", "In other\nareas"):
        table.add_column(name, justify="right", no_wrap=True)
    for lever in shown:
        gain = lever.gain or 0.0
        table.add_row(
            Text(label(found, lever)),
            Text(bar(gain, largest, BAR), style="green" if gain > 0 else "red"),
            change(lever.gain_today / scale),
            MISSING if lever.gain_best is None else change(lever.gain_best / scale),
            MISSING if lever.elsewhere is None else change(lever.elsewhere / scale),
        )
    return table


def _scale(found: Leverage) -> float:
    gains = (g for lever in found.levers for g in (lever.gain_today, lever.gain_best) if g is not None)
    return money_scale(map(abs, gains))


def to_json(found: Leverage) -> str:
    """One JSON document: money in the plan's currency, with every digit."""
    document = {
        "headline": headline(found),
        "at": found.at,
        "revenue": found.revenue,
        "revenue_now": found.revenue_now,
        "revenue_optimal": found.revenue_optimal,
        "hours": [
            {
                "area": hour.area,
                "credited": dict(hour.credited),
                "per_hour": hour.per_hour,
                "hours_added": hour.hours,
            }
            for hour in found.hours
        ],
        "territories": [
            {
                "territory": one.territory,
                "area": one.area,
                "per_hour": one.per_hour,
                "hours_added": one.hours,
            }
            for one in found.territories
        ],
        "levers": [asdict(lever) for lever in found.levers],
        "plan": found.plan.name,
        "currency": found.plan.currency,
        "model": found.model.name,
        "period_days": found.model.period_days,
        "steps": found.model.steps,
        "solver": found.settings.solver,
        "notes": [*found.notes, *how_checked(found)],
        "certificate": asdict(found.certificate),
    }
    return dumped(document)


CSV_COLUMNS = ("kind", "territory", "area", "lever", "credited_to", "value", "unit")


def to_csv(found: Leverage) -> str:
    """One row a figure: what it is, whom it is about, its value and unit."""
    out = io.StringIO()
    writer = csv.DictWriter(out, CSV_COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in _figures(found):
        writer.writerow({k: inert(v) if isinstance(v, str) else v for k, v in row.items()})
    return out.getvalue()


def _figures(found: Leverage) -> Iterator[dict[str, Any]]:
    """Every figure with its place; a sum over areas is credited to none of them."""
    an_hour, money = {"unit": "revenue per hour"}, {"unit": "revenue"}
    for hour in found.hours:
        for to, value in hour.credited.items():
            yield {"kind": "credited", "area": hour.area, "credited_to": to, "value": value, **an_hour}
        yield {"kind": "per_hour", "area": hour.area, "value": hour.per_hour, **an_hour}
    for one in found.territories:
        place = {"territory": one.territory, "area": one.area}
        yield {"kind": "per_hour", **place, "value": one.per_hour, **an_hour}
    for lever in found.levers:
        place = {"area": lever.area, "lever": lever.lever}
        yield {"kind": "gain_today", **place, "value": lever.gain_today, **money}
        yield {"kind": "gain_best", **place, "value": lever.gain_best, **money}
        for to, value in (lever.credited or {}).items():
            yield {"kind": "credited", **place, "credited_to": to, "value": value, **money}
