"""The sheet of assumptions: every fact that the answer rests on, and where it came from."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from allocator.allocation import Allocation
from allocator.answers.briefing import Briefing
from allocator.answers.reconciliation import StandsIn, check_plan
from allocator.certificate import TOLERANCE, Solves
from allocator.model import Area, Coupling, Model
from allocator.plan import COLUMNS, Plan, Row, stands_on
from allocator.plan import Column as PlanColumn
from allocator.reports.wording import area_name, figure, in_sentence
from allocator.reports.workbook.blocks import (
    Block,
    Cell,
    Column,
    Grid,
    Kind,
    Sheet,
    Text,
    Title,
    Value,
    listed,
)
from allocator.solving.settings import Settings

FACTS = (
    Column("Territory"),
    Column("Area"),
    Column("Rep"),
    Column("Fact"),
    Column("Value", "exact"),
    Column("Unit"),
    Column("Where it comes from"),
)
MODEL = (Column("Of the model"), Column("What"), Column("Value", "exact"), Column("Unit"))
Line = tuple[Value, ...]


def assumptions_sheet(briefing: Briefing) -> Sheet:
    """The model, how it was solved and proven, and every figure of the plan or in its place."""
    return Sheet("Assumptions", list(_blocks(briefing)))


def _blocks(briefing: Briefing) -> Iterator[Block]:
    plan = briefing.plan if briefing.whatif is None else briefing.whatif.after.plan
    model = briefing.model
    yield Title("What the answer rests on")
    changed = "" if briefing.whatif is None else ", with the changes on the sheet What if"
    yield Text(f"Plan: {plan.name}{changed}. Read as {plan.source or 'a plan'}.")
    yield Text(
        f"Model: {model.name}. Its figures are assumptions, or measured, as its file says of each: "
        "allocate models show NAME, or the file that was given with --model."
    )
    yield from listed("Notes on the plan", plan.notes)
    yield Title("The model", section=True)
    yield Grid(MODEL, list(_of_the_model(model)))
    yield Title("Couplings", section=True)
    for coupling in model.couplings:
        yield Text(_coupling(coupling), bullet=True)
    if not model.couplings:
        yield Text("The model has none.")
    yield Title("How it was solved and proven", section=True)
    yield Grid(
        (Column("Of the answer"), Column("What"), Column("Value", "exact"), Column("Unit")),
        list(_solved(briefing)),
    )
    yield Title("Facts of the plan, and defaults in their place", section=True)
    facts = [*_facts(plan, model), *_defaults(plan, model)]
    yield Grid(FACTS, facts, table="Facts")


def _of_the_model(model: Model) -> Iterator[Line]:
    yield "Model", "Days that one plan covers", model.period_days, "days"
    yield "Model", "Steps in the period", model.steps, "steps"
    yield "Model", "Weight of revenue that books after the period", model.objective.later, "0–1"
    for name, area in model.areas.items():
        for what, value, unit in _of_area(area):
            yield area_name(name), what, value, unit
    for depth in model.depths:
        yield f"Depth {depth.name}", "Effort", depth.effort, "times the hours per opportunity"
        yield f"Depth {depth.name}", "Wins", depth.win, "times the win rate"


def _of_area(area: Area) -> Iterator[tuple[str, Value, str]]:
    """What the model says of one area."""
    if area.creates:
        yield "Creates opportunities; potential, unless given", area.potential, "times today's"
    low, high = area.share
    yield "Least share of a territory's hours", Cell(low, "share"), "of the hours"
    yield "Most share of a territory's hours", Cell(high, "share"), "of the hours"
    if area.works:
        yield "Lost of what is left unworked", Cell(area.decay, "share"), "over one period"
        yield "Open opportunities to leave at the end", area.end_pipeline, "times those at the start"
    if area.renewals is not None:
        yield "Renewal rate with today's hours, unless given", Cell(area.renewals.rate, "share"), "0–1"
        yield "Renews with no hours", Cell(area.renewals.floor, "share"), "of that rate"
        yield "Closed by endless hours", Cell(area.renewals.headroom, "share"), "of the gap to 100%"


def _coupling(one: Coupling) -> str:
    """A coupling as one sentence."""
    driver = {"opportunities": "opportunity created", "worked": "opportunity worked", "wins": "win"}[
        one.by
    ]
    of = ", ".join(in_sentence(area) for area in one.of)
    lag = f", {one.lag} steps later" if one.lag else ""
    if one.limits is not None:
        effect = (
            f"new opportunities of {in_sentence(one.limits)} stay below {one.goodwill:g} times today's "
            f"plus {one.rate:g} for each {driver}"
        )
    else:
        market = f"the market of {in_sentence(one.target)}"
        effect = f"{market} widens by {one.rate:g} opportunities for each {driver}"
    return f"{one.name}: {effect} (of {of}){lag}." + (f" {one.why}" if one.why else "")


def _solved(briefing: Briefing) -> Iterator[Line]:
    """Settings, and the certificates of all answers."""
    found = briefing.whatif.after if briefing.whatif is not None else briefing.allocation
    if found is not None:
        yield from _settings(found.settings)
        yield from _certificate(found)
    for name, settings, solves in _answers(briefing):
        if found is None and settings is not None:
            yield from _settings(settings)
        yield name, "Programmes solved and proven", Cell(solves.solves, "whole"), "programmes"
        yield name, "Worst figure of their proofs", Cell(solves.worst, "tiny"), "relative"
    yield "All", "What a proof may be off by at most", Cell(TOLERANCE, "tiny"), "relative"


def _answers(briefing: Briefing) -> Iterator[tuple[str, Settings | None, Solves]]:
    if briefing.explanation is not None:
        explained = briefing.explanation
        yield "Why, and how firm", None, Solves(explained.solves, explained.worst)
    if briefing.whatif is not None:
        yield "What if", None, briefing.whatif.certificate
    if briefing.reach is not None:
        yield "Reach", briefing.reach.settings, briefing.reach.certificate
    if briefing.leverage is not None:
        yield "Leverage", briefing.leverage.settings, briefing.leverage.certificate
    if briefing.comparison is not None:
        yield "Compare", None, briefing.comparison.certificate


def _settings(settings: Settings) -> Iterator[Line]:
    yield "Settings", f"Solver: {settings.solver}", None, ""
    yield "Settings", "Share of the best revenue to trade for fewer moves", settings.stability, "0–1"
    if settings.time_limit is not None:
        yield "Settings", "Time limit", settings.time_limit, "seconds"


def _certificate(found: Allocation) -> Iterator[Line]:
    proof, money = found.certificate, found.plan.currency or "the plan's currency"
    yield (
        "Allocation",
        "Limits of the plan that were checked",
        Cell(proof.limits_checked, "whole"),
        "limits",
    )
    yield "Allocation", "Worst of them broken by", Cell(proof.limits_broken, "tiny"), "relative"
    off = Cell(proof.revenue_difference, "tiny")
    yield "Allocation", "Revenue recomputed from the plan's rows, off by", off, "relative"
    yield "Allocation", "No split earns more than", Cell(proof.bound, "money"), money
    for name, of in (
        ("optimum", proof.optimum), ("fewest moves", proof.moves), ("today's split", proof.today),
    ):  # fmt: skip
        yield "Allocation", f"Worst figure of the proof of {name}", Cell(of.worst, "tiny"), "relative"
    if other := proof.cross_check:
        yield (
            "Allocation",
            f"Cross-check with {other.solver}: difference",
            Cell(other.difference, "tiny"),
            "relative",
        )


def _facts(plan: Plan, model: Model) -> Iterator[Line]:
    """Every figure that the plan gives: by row, by territory and area, by rep."""
    lines: dict[tuple[str, str], list[int]] = {}
    reps: dict[str, list[int]] = {}
    for row in plan.rows:
        lines.setdefault((row.territory, row.area), []).append(row.line)
        reps.setdefault(row.rep, []).append(row.line)
    of_area = [column for column in COLUMNS if column.one_fact]
    of_row = [c for c in COLUMNS if c.kind != "text" and not c.one_fact and not c.of_rep]
    seen: set[tuple[str, str]] = set()
    for row in plan.rows:
        key, area = (row.territory, row.area), model.areas[row.area]
        absent = {name for name, places in plan.absent.items() if key in places}
        for column in (c for c in of_row if stands_on(c, area)):
            value = getattr(row, column.name)
            if column.name in absent or (not column.required and value == UNSAID.get(column.name)):
                continue
            yield _line(row, row.rep, column, value, _rows([row.line]))
        if key in seen:
            continue
        seen.add(key)
        for column in (c for c in of_area if stands_on(c, area) and c.name not in absent):
            value = getattr(plan.facts[key], column.name)
            if value is not None:
                yield _line(row, "", column, value, _rows(lines[key]))
    for rep, capacity in plan.capacity.items():
        yield "", "", rep, "capacity", Cell(capacity, "exact"), "hours", _rows(reps[rep])


UNSAID = {"min_hours": 0.0, "max_hours": math.inf, "skill": 1.0}


def _line(row: Row, rep: str, column: PlanColumn, value: float, origin: str) -> Line:
    kinds: dict[str, Kind] = {"rate": "share", "money": "money"}
    shown = Cell(value, kinds.get(column.kind, "exact"))
    unit = column.unit if column.kind != "rate" else "of 100%"
    return row.territory, area_name(row.area), rep, column.name, shown, unit, origin


def _rows(lines: Sequence[int]) -> str:
    """'plan row 4', or the rows on one of which a fact stands."""
    numbers = [number for number in lines if number]
    if not numbers:
        return "added by a change"
    if len(numbers) == 1:
        return f"plan row {numbers[0]:,}"
    few = ", ".join(f"{number:,}" for number in numbers[:4])
    return f"plan rows {few}{' …' if len(numbers) > 4 else ''}"


def _defaults(plan: Plan, model: Model) -> Iterator[Line]:
    """What stands in for facts that the plan does not give, by territory."""
    for found in check_plan(plan, model).stand_ins:
        for territory in found.territories:
            yield territory, area_name(found.area), "", found.column, *_default(plan, found, territory)


def _default(plan: Plan, found: StandsIn, territory: str) -> tuple[Cell, str, str]:
    if not found.times_opportunities:
        kind: Kind = "share" if found.column == "renewal_rate" else "exact"
        unit = next(column.unit for column in COLUMNS if column.name == found.column)
        origin = "model default" if found.column == "renewal_rate" else "default, since none is given"
        return Cell(found.value, kind), "of 100%" if kind == "share" else unit, origin
    today = math.fsum(
        row.opportunities for row in plan.rows_by_territory[territory] if row.area == found.area
    )
    origin = f"model default: {found.value:g} × the {figure(today, 1)} of today"
    return Cell(found.value * today, "exact"), "opportunities", origin
