"""Kept scenarios, as text, JSON and CSV: what `allocate history` prints."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from allocator.characters import inert
from allocator.columns import COLUMN
from allocator.plan import exact
from allocator.reports.changes import value_text
from allocator.reports.layout import LABEL, WIDTH, printed
from allocator.reports.layout import table as new_table
from allocator.reports.machine import dumped
from allocator.scenarios import Scenario
from allocator.scenarios.differences import Difference, Value
from allocator.scenarios.scenario import versions
from allocator.scenarios.solved_again import SolvedAgain
from allocator.wording import area_name, in_sentence, money, money_change, plural

MOST_DIFFERENCES = 40
"""Figures that a report lists at most."""


@dataclass(frozen=True)
class History:
    """The scenarios that are kept of a plan's file, in the order in which they were kept."""

    plan: str
    scenarios: tuple[Scenario, ...]


@dataclass(frozen=True)
class Since:
    """What became of a plan's file since a scenario was kept; `why_not`: why that can't be said."""

    plan: str
    differences: tuple[Difference, ...] = ()
    why_not: str = ""


def to_text(found: History, width: int = WIDTH, color: bool = False) -> str:
    """The scenarios below each other: when and by whom, what they earn, which is decided on."""
    return printed(_report(found), width, color)


def _report(found: History) -> Iterator[RenderableType]:
    if not found.scenarios:
        yield Text(f"No scenario is kept for {found.plan} yet.")
        return
    kept = plural(len(found.scenarios), "scenario is", "scenarios are")
    yield Text(f"{kept} kept for {found.plan}", style="bold")
    table = new_table()
    table.add_column("Scenario", overflow="fold", ratio=3, min_width=LABEL)
    table.add_column("Kept (UTC)", overflow="fold", width=10)
    table.add_column("By", overflow="fold", max_width=12)
    table.add_column("Revenue", justify="right", no_wrap=True)
    table.add_column("Against today", justify="right", no_wrap=True)
    table.add_column("Note", overflow="fold", ratio=4)
    for one in found.scenarios:
        currency = one.currency
        table.add_row(
            Text(called(one), style="bold" if one.decided else ""),
            one.at[:10] + "\n" + one.at[11:16],
            Text(one.by),
            money(one.revenue, currency),
            money_change(one.revenue - one.revenue_now, currency),
            Text(one.note),
        )
    yield table
    yield Text(
        "\nRevenue of the recommended split, and against today's, on the scenario's figures; in the "
        "plan's currency."
    )


def called(scenario: Scenario) -> str:
    """A scenario's name, its edition, whether limits gave way, and whether it is decided on."""
    said = [f"edition {scenario.edition}"] if scenario.edition > 1 else []
    said += ["limits relaxed"] if scenario.relax else []
    said += ["decided on"] if scenario.decided else []
    return f"{scenario.name} ({', '.join(said)})" if said else scenario.name


def heading(scenario: Scenario, since: Since, width: int = WIDTH, color: bool = False) -> str:
    """What stands above a scenario's report: its note, who and when, and what its plan says now."""
    return printed(_heading(scenario, since), width, color) + "\n"


def _heading(scenario: Scenario, since: Since) -> Iterator[RenderableType]:
    yield Text(called(scenario), style="bold")
    if scenario.note:
        yield Text(scenario.note)
    day, clock = scenario.at[:10], scenario.at[11:16]
    steps = plural(scenario.model.steps, "step")
    yield Text(
        f"Kept by {scenario.by} on {day} at {clock} UTC; model {scenario.model_name} in {steps}, with "
        f"{made_with(scenario.versions)}"
    )
    if since.why_not:
        yield Text(f"Not set beside {since.plan} as it is now: {since.why_not}")
    elif not since.differences:
        yield Text(f"{since.plan} says the same now.")
    else:
        count = plural(len(since.differences), "figure")
        yield Text(f"\n{since.plan} is not the same now, in {count}", style="bold")
        yield _differences(since.differences, scenario.currency)
        if (more := len(since.differences) - MOST_DIFFERENCES) > 0:
            yield Text(f"… and {more:,} more")


def not_as_kept(scenario: Scenario, again: SolvedAgain) -> str:
    """The warning that a scenario, solved again, does not say to the byte what was kept."""
    now = again.allocation.revenue
    figures = f"revenue was {exact(scenario.revenue)} and is {exact(now)}"
    if now == scenario.revenue:
        figures = f"revenue is {exact(now)} as it was, other figures are not"
    return (
        f"Solved again, '{scenario.name}' does not say what was kept: {figures}. Kept with "
        f"{made_with(scenario.versions)}; solved now with {made_with(versions())}. "
        "What was kept is printed by 'history show --format json'."
    )


def made_with(those: Mapping[str, str]) -> str:
    """Programs and their versions in a sentence."""
    return ", ".join(f"{name} {version}" for name, version in those.items())


def _differences(found: Sequence[Difference], currency: str) -> Table:
    table = new_table()
    table.add_column("Where", overflow="fold", ratio=2, min_width=LABEL)
    table.add_column("What", overflow="fold", ratio=1, min_width=LABEL)
    for name in ("Kept", "Now"):
        table.add_column(name, justify="right", overflow="fold")
    for one in found[:MOST_DIFFERENCES]:
        what = area_name(one.column) if one.column in COLUMN else one.column
        cells = (where(one), what, *(shown(one.column, value, currency) for value in one.values))
        table.add_row(*map(Text, cells))
    return table


def where(difference: Difference) -> str:
    """The place that a difference is about."""
    area = difference.area and in_sentence(difference.area)
    place = ", ".join(filter(None, (difference.territory, difference.rep, area)))
    return place or ("every plan" if difference.column in COLUMN else "model and settings")


def shown(column: str, value: Value, currency: str) -> str:
    """A value that differs, as a column of the plan is written; '–' where nothing is said."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    return value_text(COLUMN[column], value, currency) if column in COLUMN else f"{value:,.9g}"


def to_json(found: History) -> str:
    """One JSON document with every digit: each scenario's who, when and with what, and its revenue."""
    return dumped({"plan": found.plan, "scenarios": [entry(one) for one in found.scenarios]})


def entry(scenario: Scenario) -> dict[str, Any]:
    """What a list says of a scenario."""
    return {
        "name": scenario.name,
        "edition": scenario.edition,
        "decided": scenario.decided,
        "at": scenario.at,
        "by": scenario.by,
        "note": scenario.note,
        "plan": scenario.plan_name,
        "model": scenario.model_name,
        "steps": scenario.figures["steps"],
        "solver": scenario.settings.solver,
        "stability": scenario.settings.stability,
        "time_limit": scenario.settings.time_limit,
        "relax": scenario.relax,
        "currency": scenario.currency,
        "revenue": scenario.revenue,
        "revenue_now": scenario.revenue_now,
        "versions": dict(scenario.versions),
    }


def to_csv(found: History) -> str:
    """One row per scenario; names and notes as text that no spreadsheet runs."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    texts = ("name", "by", "note", "plan", "model")
    money_columns = ("revenue_now", "revenue", "change")
    columns = ("name", "edition", "decided", "at", "by", *money_columns, *texts[2:], "relaxed")
    writer.writerow(columns)
    for one in found.scenarios:
        said = entry(one) | {"change": one.revenue - one.revenue_now}
        said |= {"decided": int(one.decided), "relaxed": int(one.relax)}
        writer.writerow(inert(said[name]) if name in texts else said[name] for name in columns)
    return out.getvalue()
