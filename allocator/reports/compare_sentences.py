"""The sentences of a comparison: what is squandered, which limits give way, what few moves bring."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from allocator.answers.compare import Comparison, Split
from allocator.answers.moves import MovesCurve
from allocator.limits import Check
from allocator.reports.sentences import SAME
from allocator.wording import amount, area_name, in_sentence, money, names, per_cent, plural, share

NONE = 0.05
"""Opportunities or hours that are shown as 0.0."""


def label(split: Split) -> str:
    """What a split is called, for people."""
    if split.kind == "all_in":
        return f"All in on {in_sentence(split.area or '')}"
    return split.name if split.kind == "other" else area_name(split.name)


def headline(found: Comparison) -> str:
    """What going all in squanders, or what moving hours is worth where nothing is squandered."""
    split, currency = found.most_created, found.plan.currency
    if split is None:
        best = money(found.recommended.revenue, currency)
        today = money(found.today.revenue, currency)
        return f"The recommended split earns {best}, today's split {today}."
    there = f"the {amount(split.open + split.created)} there are" if split.open else "these"
    creates = f"{label(split)} creates the most opportunities ({amount(split.created)})"
    if split.unworked < NONE:
        return f"{creates}, each of {there} gets worked, and it {_earns(found, split)}."
    left = f"nobody works {amount(split.unworked)} of {there}"
    return f"{creates}, but {left}, and it {_earns(found, split)}."


def _earns(found: Comparison, split: Split) -> str:
    """'earns 300,000 (7.0%) less than the recommended split'."""
    best = found.recommended.revenue
    gap = best - split.revenue
    if abs(gap) <= SAME * max(1.0, abs(best)):
        return "earns as much as the recommended split"
    relative = f" ({per_cent(abs(gap) / best)})" if best > 0 else ""
    earned = f"earns {money(abs(gap), found.plan.currency)}{relative}"
    if gap > 0:
        return f"{earned} less than the recommended split"
    return f"{earned} more than the recommended split, which is held to every limit"


def what_gives_way(found: Comparison, split: Split) -> str:
    """One sentence on the limits that a split doesn't keep."""
    groups: dict[tuple[str, str, str | None], list[Check]] = {}
    for check in sorted(split.broken, key=_in_plan_order(found, split)):
        area = check.area if check.family == "shares" else None
        groups.setdefault((check.family, check.side, area), []).append(check)
    said = [_broken(found, split, checks) for checks in groups.values()]
    if split.drained:
        said.append(f"drains the pipeline of {names(split.drained)}")
    return f"{label(split)}: {'; '.join(said)}"


def _in_plan_order(found: Comparison, split: Split) -> Callable[[Check], int]:
    """Where a limit's territory comes in the plan."""
    order = {name: at for at, name in enumerate(found.plan.territories)}
    territories = split.certified.outcome.instance.territories
    return lambda check: -1 if check.territory is None else order[territories[check.territory].name]


def _broken(found: Comparison, split: Split, checks: Sequence[Check]) -> str:
    """Limits of one kind, and where they don't hold."""
    case, first = split.certified.outcome.instance, checks[0]
    reps = dict.fromkeys(case.reps[check.rep].name for check in checks if check.rep is not None)
    if first.family == "capacity":
        return f"more hours than {names(reps)} {'has' if len(reps) == 1 else 'have'}"
    if first.family == "bounds":
        bound = "below min_hours" if first.side == "least" else "above max_hours"
        if len(checks) > 1:
            return f"{plural(len(checks), 'row')} {bound}"
        territory = case.territories[first.territory or 0].name
        return f"{names(reps)} {bound} for {in_sentence(first.area or '')} in {territory}"
    limit = share(found.model.areas[first.area or ""].share[first.side == "most"])
    beyond = "below" if first.side == "least" else "above"
    places = [case.territories[check.territory or 0].name for check in checks]
    where = "everywhere" if len(places) == len(case.territories) > 1 else f"in {names(places)}"
    return f"{in_sentence(first.area or '')} {beyond} {limit} of the hours {where}"


def about_moves(found: Comparison, curve: MovesCurve) -> str:
    """What a part of the moves brings of the gain, and what the limits need at least."""
    if curve.most < NONE:
        return "Today's split is the recommended one: there is nothing to move."
    gain = found.against_today(found.recommended.revenue)
    least = ""
    if curve.points[0].revenue is None:
        least = (
            f" Today's split doesn't keep every limit, and at least {per_cent(curve.least_share)} of "
            f"the moves ({amount(curve.least)} hours) are needed for that."
        )
    if gain <= SAME * max(1.0, abs(found.today.revenue)):
        return f"The moves bring no gain over today's split.{least}"
    brought = [
        (point, found.against_today(point.revenue) / gain)
        for point in curve.points
        if point.revenue is not None and 0 < point.share < 1
    ]
    told = next((pair for pair in brought if pair[1] >= 1 / 2), brought[-1] if brought else None)
    if told is None or told[1] <= 0:
        return f"Only all of the moves bring the gain.{least}"
    point, part = told
    return f"{share(point.share)} of the moves bring {per_cent(part, 0)} of the gain.{least}"


def how_compared(found: Comparison) -> Iterator[str]:
    """How the figures came about, and how they were checked."""
    facts = found.plan.name
    others = [label(split) for split in found.splits if split.kind == "other"]
    if others:
        yield f"Of {names(others)} only the hours count; the facts are those of {facts}"
    yield (
        f"Checked apart from the solver: {plural(found.certificate.solves, 'programme')} solved and "
        "proven, and every figure recomputed from the plan's rows"
    )
