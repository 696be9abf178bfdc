"""A plan as it was understood, as text and as JSON: what `allocate check` prints."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from allocator.answers.reconciliation import Check, LooksOff, StandsIn, TerritoryToday
from allocator.errors import Problem
from allocator.model import Model
from allocator.reports.layout import LABEL, WIDTH, listed, printed
from allocator.reports.layout import table as new_table
from allocator.wording import amount, area_name, figure, in_sentence, money, names, per_cent, plural

MONEY_COLUMNS = {"deal_size", "renewals"}
OF_OPPORTUNITIES = (
    "'Can work' is what today's working hours can work at standard depth of the opportunities open and "
    "created. Wins and revenue are those of all that are created, if all are worked at standard depth. "
)
OF_RENEWALS = "Renewed is the recurring revenue that today's hours renew; it comes on top. "
IF_NOT = "If they are not what you know of today, look for the figure that is wrong."


def to_text(check: Check, width: int = WIDTH, color: bool = False) -> str:
    """What was understood, today by the plan's own facts, and what a person should look at."""
    return printed(_report(check), width, color)


def _report(check: Check) -> Iterator[RenderableType]:
    yield Text(_understood(check), style="bold")
    yield Text(f"Read as {check.plan.source}; model {check.model.name}. The plan can be used.")
    yield Text("\nToday, by the plan's own facts", style="bold")
    yield _today(check)
    yield Text(f"\n{OF_OPPORTUNITIES}{OF_RENEWALS if _renews(check) else ''}{IF_NOT}")
    if check.looks_off:
        yield from listed("Looks off", (_off(found, check) for found in check.looks_off))
    if check.stand_ins:
        yield from listed("Defaults that stand in", _stand_ins(check))
    yield from listed("Notes", check.notes) if check.notes else ()


def _understood(check: Check) -> str:
    plan = check.plan
    hours = math.fsum(found.hours for found in check.territories)
    return (
        f"{plan.name}: {plural(len(plan.rows), 'row')}, "
        f"{plural(len(plan.territories), 'territory', 'territories')}, "
        f"{plural(len(plan.reps), 'rep')}, {figure(hours, 0 if hours >= 100 else 1)} hours "
        f"for {figure(check.model.period_days)} days"
    )


def _renews(check: Check) -> bool:
    """Whether the plan has recurring revenue up for renewal."""
    return any(found.renewals for found in check.territories)


def _today(check: Check) -> Table:
    table = new_table()
    table.add_column("Territory", overflow="fold", ratio=1, min_width=LABEL)
    renewed = ("Renewed",) if _renews(check) else ()
    for name in ("Hours", "Open", "Created", "Can work", "Wins", "Revenue", *renewed):
        table.add_column(name, justify="right", no_wrap=True)
    for found in check.territories:
        table.add_row(*_line(found.territory, [found], check))
    if len(check.territories) > 1:
        table.add_section()
        table.add_row(*_line("All territories", check.territories, check), style="bold")
    return table


def _line(name: str, those: Sequence[TerritoryToday], check: Check) -> tuple[str | Text, ...]:
    def add(values: Iterable[float], decimals: int = 1) -> str:
        return figure(math.fsum(values), decimals)

    def earned(values: Iterable[float]) -> str:
        return money(math.fsum(values), check.plan.currency)

    line = (
        Text(name),
        add((k.hours for k in those), 0),
        add(k.open for k in those),
        add(k.created for k in those),
        add(k.workable for k in those),
        add(k.wins for k in those),
        earned(k.revenue for k in those),
    )
    return (*line, earned(k.renewed for k in those)) if _renews(check) else line


def _off(found: LooksOff, check: Check) -> str:
    where = f"{in_sentence(found.area)} in {found.territory}"
    if found.column == "hours_per_opportunity":
        return (
            f"The hours of {where} can work {amount(found.value)} opportunities, and today creates "
            f"{amount(found.usual)}: are hours_per_opportunity hours, and for one opportunity?"
        )
    if not found.value or not found.usual:
        how = "against"
    elif found.value > found.usual:
        how = f"{amount(found.value / found.usual)} times"
    else:
        how = f"{amount(found.usual / found.value)} times below"
    return (
        f"{area_name(found.column)} of {where} is {_value(found.column, found.value, check)}, {how} the "
        f"territories' median of {_value(found.column, found.usual, check)}"
    )


def _stand_ins(check: Check) -> Iterator[str]:
    """A sentence for each default, with all areas for which it stands in the same territories."""
    alike: dict[tuple[str, float, tuple[str, ...]], list[StandsIn]] = {}
    for found in check.stand_ins:
        alike.setdefault((found.column, found.value, found.territories), []).append(found)
    for (column, amount_of, territories), those in alike.items():
        value = _value(column, amount_of, check)
        if those[0].times_opportunities:
            value = f"{amount_of:g} × today's opportunities"
        areas = names(in_sentence(found.area) for found in those)
        everywhere = len(territories) == len(check.plan.territories) > 1
        where = "all territories" if everywhere else names(territories)
        yield f"{column} of {areas} in {where}: {value}"


def _value(column: str, value: float, check: Check) -> str:
    if column.endswith("rate"):
        return per_cent(value)
    if column in MONEY_COLUMNS:
        return money(value, check.plan.currency) if value else "0"
    return figure(value, 0 if value == round(value) else 1)


def to_json(check: Check) -> str:
    """One JSON document: what was understood, with every digit."""
    plan = check.plan
    document = {
        "status": "usable",
        "plan": plan.name,
        "source": plan.source,
        "model": check.model.name,
        "period_days": check.model.period_days,
        "currency": plan.currency,
        "rows": len(plan.rows),
        "territories": len(plan.territories),
        "reps": len(plan.reps),
        "hours": math.fsum(found.hours for found in check.territories),
        "today": [_today_of(found) for found in check.territories],
        "defaults": [asdict(found) for found in check.stand_ins],
        "looks_off": [asdict(found) for found in check.looks_off],
        "notes": list(check.notes),
        "errors": [],
    }
    return _dumped(document)


def _today_of(found: TerritoryToday) -> dict[str, Any]:
    sums = {"open": found.open, "created": found.created, "wins": found.wins, "revenue": found.revenue}
    return asdict(found) | sums


def refusal_json(file: str, model: Model | None, problems: Sequence[Problem]) -> str:
    """The same document for a plan, or a model, that is refused: every problem of it."""
    errors = [
        {
            "file": problem.file,
            "row": problem.line if problem.row is None else problem.row,
            "column": problem.column or None,
            "message": problem.message,
            "remedy": problem.remedy,
        }
        for problem in problems
    ]
    known = model.name if model is not None else None
    return _dumped({"status": "refused", "plan": file, "model": known, "errors": errors})


def _dumped(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
