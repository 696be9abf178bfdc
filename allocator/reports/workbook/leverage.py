"""The sheet of leverage: what the next hour and a better fact earn, and in which areas."""

from __future__ import annotations

from collections.abc import Iterator

from allocator.answers.leverage import Leverage
from allocator.reports.leverage_sentences import (
    SPLIT,
    about_levers,
    headline,
    how_checked,
    label,
    worth_showing,
)
from allocator.reports.workbook.blocks import (
    Block,
    Chart,
    Charts,
    Column,
    Grid,
    Kind,
    Sheet,
    Text,
    Title,
    Value,
    listed,
)
from allocator.wording import area_name

MOST_BARS = 8
"""Levers in the chart."""


def leverage_sheet(found: Leverage) -> Sheet:
    """The matrix, the territories, the levers."""
    return Sheet("Leverage", list(_blocks(found)))


def _blocks(found: Leverage) -> Iterator[Block]:
    unit = found.plan.currency or "the plan's currency"
    yield Title("Where the next hour and the next improvement pay")
    yield Text(headline(found), bold=True)
    if found.hours:
        yield Title(f"What one more hour earns with {SPLIT[found.at]}, in {unit}", section=True)
        yield Text("Lines: the area that gets the hour. Columns: the area that the revenue lands in.")
        yield _matrix(found)
    shown = [lever for lever in found.levers if worth_showing(found, lever)]
    if shown:
        yield Title(f"What better facts earn, in {unit}", section=True)
        yield Text(" ".join(about_levers(found)))
        levers = Grid(
            [
                Column("Fact"),
                Column("With today's split", "money_change", shaded=True),
                Column("With the best split", "money_change", shaded=True),
                Column("Of it in other areas", "money_change"),
            ],
            [
                (label(found, lever), lever.gain_today, lever.gain_best, lever.elsewhere)
                for lever in shown
            ],
        )
        lines = (0, min(len(shown), MOST_BARS))
        # Before its table, so that it stands whole on the first page.
        yield Charts([Chart("What better facts earn", levers, (1, 2), unit, "bar", lines)])
        yield levers
    if found.territories:
        yield Title(f"One more hour by territory, wherever it lands, in {unit}", section=True)
        yield _map(found)
    yield from listed("Notes", [*found.notes, *how_checked(found)])


def _per_hour(values: list[float]) -> Kind:
    """Whole units where an hour earns much, cents where it earns little."""
    return "money" if max(map(abs, values), default=0.0) >= 100 else "cents"


def _matrix(found: Leverage) -> Grid:
    """Areas that get the hour by areas that are credited; the sum is live."""
    areas = list(found.model.areas)
    kind = _per_hour([hour.per_hour for hour in found.hours])
    from xlsxwriter.utility import xl_col_to_name

    whole = f"SUM(B{{row}}:{xl_col_to_name(len(areas))}{{row}})"
    columns = [Column("One more hour in")]
    columns += [Column(area_name(area), kind, shaded=True) for area in areas]
    columns.append(Column("In all", kind, live=whole, shaded=True))
    rows: list[tuple[Value, ...]] = [
        (area_name(hour.area), *(hour.credited[area] for area in areas), hour.per_hour)
        for hour in found.hours
    ]
    return Grid(columns, rows)


def _map(found: Leverage) -> Grid:
    """Territories by areas that get the hour."""
    areas = [hour.area for hour in found.hours]
    at = {(one.territory, one.area): one.per_hour for one in found.territories}
    kind = _per_hour(list(at.values()))
    names = [name for name in found.plan.territories if any((name, area) in at for area in areas)]
    columns = [Column("Territory")]
    columns += [Column(area_name(area), kind, shaded=True) for area in areas]
    rows: list[tuple[Value, ...]] = [(name, *(at.get((name, a)) for a in areas)) for name in names]
    return Grid(columns, rows)
