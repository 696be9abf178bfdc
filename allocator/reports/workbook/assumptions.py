"""The sheet of assumptions: every fact that the answer rests on, and where it came from."""

from __future__ import annotations

from collections.abc import Iterator

from allocator.allocation import Allocation
from allocator.answers.briefing import Briefing
from allocator.certificate import TOLERANCE, Solves
from allocator.model import Area, Coupling, Model
from allocator.reports.workbook.blocks import (
    Block,
    Cell,
    Column,
    Grid,
    Sheet,
    Text,
    Title,
    Value,
    listed,
)
from allocator.reports.workbook.facts import facts_grid
from allocator.solving.settings import Settings
from allocator.wording import area_name, in_sentence

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
    yield facts_grid(plan, model)


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
