"""From the answers of a briefing to the sections of a page."""

from __future__ import annotations

from collections.abc import Iterator

from allocator.allocation import Allocation
from allocator.answers.briefing import Briefing
from allocator.answers.explanation import Explanation
from allocator.charts import comparison as comparison_charts
from allocator.charts import curves, funnel, ranges, reach, splits, whatif
from allocator.charts import leverage as leverage_charts
from allocator.charts.movers import places
from allocator.model import Model
from allocator.plan import Plan
from allocator.reports import compare_sentences, leverage_sentences, reach_sentences
from allocator.reports import whatif as whatif_report
from allocator.reports.changes import in_words
from allocator.reports.page import tables
from allocator.reports.page.assumptions import assumptions
from allocator.reports.page.parts import Figure, Number, Page, Section
from allocator.reports.sentences import how_checked, largest_reason, what_binds
from allocator.reports.why import why
from allocator.wording import figure, money, money_change, money_unit, per_cent_change, plural

CURVES = 4
"""Territories whose response curves are shown one by one."""


def page(briefing: Briefing) -> Page:
    """Everything that a briefing has to say, what matters most first."""
    return Page(
        title=f"Where the hours go: {briefing.plan.name}",
        subject=subject(briefing.plan, briefing.model),
        numbers=tuple(_numbers(briefing)),
        headline=_headline(briefing),
        sections=tuple(_sections(briefing)),
    )


def subject(plan: Plan, model: Model) -> str:
    """What a plan is about: its model, period, territories and reps."""
    return (
        f"{model.name}, {figure(model.period_days)} days, "
        f"{plural(len(plan.territories), 'territory', 'territories')}, {plural(len(plan.reps), 'rep')}"
        f"{'' if plan.currency else f'; money in {money_unit(1.0, plan.currency)}'}"
    )


def _numbers(briefing: Briefing) -> Iterator[Number]:
    if briefing.allocation is not None:
        yield from revenues(briefing.allocation)


def revenues(found: Allocation) -> Iterator[Number]:
    """What both splits earn, and the difference."""
    now, best, currency = found.revenue_now, found.revenue, found.plan.currency
    yield Number("Revenue with today's split", money(now, currency))
    yield Number("Revenue with the recommended split", money(best, currency), strong=True)
    yield Number(
        "Difference", money_change(best - now, currency), per_cent_change(best / now - 1) if now else ""
    )


def _headline(briefing: Briefing) -> str:
    if briefing.allocation is not None:
        return largest_reason(briefing.allocation)
    if briefing.leverage is not None:
        return leverage_sentences.headline(briefing.leverage)
    if briefing.comparison is not None:
        return compare_sentences.headline(briefing.comparison)
    if briefing.reach is not None:
        return reach_sentences.headline(briefing.reach)
    return whatif_report.headline(briefing.whatif) if briefing.whatif is not None else ""


def _sections(briefing: Briefing) -> Iterator[Section]:
    if briefing.allocation is not None:
        yield from _of_allocation(briefing.allocation, briefing.explanation)
    yield from _of_leverage(briefing)
    yield from _of_comparison(briefing)
    if briefing.allocation is not None:
        yield from _how_firm(briefing.allocation, briefing.explanation)
    yield from _of_reach(briefing)
    yield from _of_whatif(briefing)
    yield Section("assumptions", "Assumptions", sentences=tuple(assumptions(briefing.model)))
    yield Section("notes", "Notes and proof", sentences=tuple(_notes(briefing)))


def _of_allocation(found: Allocation, explanation: Explanation | None) -> Iterator[Section]:
    if found.relaxed:
        yield Section("relaxed", "Limits relaxed", "No split kept them all.", sentences=found.relaxed)
    if explanation is not None:
        yield Section("why", "Why this split", sentences=tuple(why(found, explanation)))
    yield Section(
        "hours",
        "Where the hours go",
        figures=(Figure(splits.by_area(found)), Figure(splits.by_territory(found))),
        tables=(tables.by_area(found), tables.by_territory(found)),
    )
    yield Section(
        "funnel",
        "What becomes of the opportunities",
        figures=(Figure(funnel.funnel(found)),),
        tables=(tables.funnel(found),),
    )


def _of_leverage(briefing: Briefing) -> Iterator[Section]:
    found = briefing.leverage
    if found is None:
        return
    figures = [leverage_charts.heat_map(found)] if found.hours else []
    if len(found.plan.territories) > 1 and found.territories:
        figures.append(leverage_charts.territory_map(found))
    yield Section("leverage", "Where the next hour pays", figures=tuple(map(Figure, figures)))
    if found.levers:
        yield Section(
            "levers",
            "Which improvement pays",
            figures=(Figure(leverage_charts.tornado(found)),),
            tables=(tables.levers(found),),
        )


def _of_comparison(briefing: Briefing) -> Iterator[Section]:
    found = briefing.comparison
    if found is None:
        return
    marked = [compare_sentences.what_gives_way(found, split) for split in found.splits if not split.kept]
    yield Section(
        "splits",
        "The false choices, side by side",
        figures=(
            Figure(comparison_charts.revenue_of_splits(found)),
            Figure(comparison_charts.opportunities_of_splits(found)),
        ),
        tables=(tables.splits(found),),
        sentences=tuple(f"Outside the limits: {sentence}" for sentence in marked),
    )
    curve = comparison_charts.moves_for_money(found)
    if curve is not None:
        yield Section("moves", "What a part of the moves brings", figures=(Figure(curve),))


def _how_firm(found: Allocation, explanation: Explanation | None) -> Iterator[Section]:
    several = len(found.plan.territories) > 1
    small = places(found, CURVES, rest=False) if several else ()
    yield Section(
        "curves",
        "What more hours would find",
        figures=(
            Figure(curves.response_curves(found)),
            *(Figure(curves.response_curves(found, place.name), small=True) for place in small),
        ),
    )
    if explanation is not None:
        yield Section(
            "ranges",
            "How firm the hours are",
            figures=(Figure(ranges.ranges(found, explanation)),),
            tables=(tables.ranges(explanation),),
        )
    yield Section("limits", "Limits that bind", sentences=tuple(what_binds(found)))


def _of_reach(briefing: Briefing) -> Iterator[Section]:
    found = briefing.reach
    if found is None:
        return
    yield Section(
        "reach",
        "What the number takes",
        figures=(Figure(reach.hours_by_case(found)),),
        tables=(tables.cases(found),),
    )
    heads = reach.heads_curve(found)
    if heads is not None:
        yield Section("heads", "Whole heads", figures=(Figure(heads),), tables=(tables.heads(found),))


def _of_whatif(briefing: Briefing) -> Iterator[Section]:
    found = briefing.whatif
    if found is None:
        return
    currency = found.after.plan.currency
    yield Section(
        "changes", "Changes", sentences=tuple(in_words(done, currency) for done in found.changes)
    )
    yield Section(
        "both",
        "Before and after",
        figures=(Figure(whatif.before_and_after(found)), Figure(whatif.hours_moved(found))),
        tables=(tables.moved(found),),
    )


def _notes(briefing: Briefing) -> Iterator[str]:
    """The notes of all answers, each once, and how the figures were checked."""
    said: dict[str, None] = {}
    if briefing.allocation is not None:
        said |= dict.fromkeys((*briefing.allocation.notes, *how_checked(briefing.allocation)))
    if briefing.leverage is not None:
        found = briefing.leverage
        said |= dict.fromkeys((*found.notes, *leverage_sentences.how_checked(found)))
    if briefing.comparison is not None:
        compared = briefing.comparison
        said |= dict.fromkeys((*compared.notes, *compare_sentences.how_compared(compared)))
    if briefing.reach is not None:
        said |= dict.fromkeys(reach_sentences.notes(briefing.reach))
    if briefing.whatif is not None:
        said |= dict.fromkeys(whatif_report.notes(briefing.whatif))
    yield from said
