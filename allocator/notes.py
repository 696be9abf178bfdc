"""What a reader should know before trusting the figures: gaps that defaults fill, and oddities."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from allocator.alike import Alike
from allocator.arrays import Floats, Number
from allocator.curves import brought_by
from allocator.instance import Instance
from allocator.outcome import Outcome
from allocator.rules import effective_hours
from allocator.wording import area_name, in_sentence, names, plural


def notes_on(case: Instance, today: Outcome, drained: Sequence[str]) -> Iterator[str]:
    """The notes on a solved plan, each a sentence."""
    yield from notes_before_solving(case)
    yield from _on_growth(case, today)
    if drained:
        yield (
            f"Today's split drains the pipeline of {names(drained)}: it can't leave as many open "
            "opportunities as the next period should start from, so that is not asked of it"
        )


def notes_before_solving(case: Instance) -> Iterator[str]:
    """The notes that a plan and its model give rise to by themselves."""
    yield from _on_areas(case)
    yield from _on_nobody(case)
    yield from _on_curves(case)
    yield from _on_shares(case)
    yield from _on_lags(case)


def _on_areas(case: Instance) -> Iterator[str]:
    for area in case.model.areas:
        without = _named(case, (alike for alike in case.alike if area not in alike.areas))
        if without:
            yield f"No row for {in_sentence(area)} in {names(without)}: it gets no hours there"
        left = (alike for alike in case.alike if area in alike.areas and area not in alike.shares)
        if gone := _named(case, left):
            yield f"Nobody is left for {in_sentence(area)} in {names(gone)}: it gets no hours there"


def _named(case: Instance, shapes: Iterable[Alike]) -> list[str]:
    """The territories of some shapes."""
    return [case.territories[k].name for k in sorted(k for alike in shapes for k in alike.territories)]


def _on_nobody(case: Instance) -> Iterator[str]:
    """Areas whose least share nobody can spend, so that their territories get no hours."""
    capacity = np.array([rep.capacity for rep in case.reps])[[row.rep for row in case.rows]]
    could = np.minimum(capacity, case.bounds[1])
    for area, declared in case.model.areas.items():
        idle = sorted(k for alike in case.alike for k in _with_nobody(alike, area, could))
        if idle and declared.share[0] > 0:
            yield (
                f"Nobody with hours has a row for {in_sentence(area)} in "
                f"{names(case.territories[k].name for k in idle)}, which should get "
                f"{declared.share[0]:.0%} of the hours there at least: so no hours can be spent there "
                "at all. Give someone with hours a row for it"
            )


def _with_nobody(alike: Alike, area: str, could: Floats) -> Iterator[int]:
    """The territories with rows for an area that no rep has an hour for; `could`: the most by row."""
    if area in alike.shares:
        hours = could[alike.rows[list(alike.rows_of(area))]]
        yield from (alike.territories[at] for at in np.flatnonzero(~np.any(hours, axis=0)).tolist())


def _on_curves(case: Instance) -> Iterator[str]:
    for area in case.model.sources:
        idle = [
            k.name for k in case.territories for s in k.sources if s.area == area and s.curve is None
        ]
        if idle:
            yield (
                f"{area_name(area)} has no hours or no opportunities today in {names(idle)}: with "
                "nothing to learn its response from, it creates nothing there"
            )


def _on_shares(case: Instance) -> Iterator[str]:
    holds = case.model.upper_shares_hold
    left_out = _named(case, (alike for alike in case.alike if not holds(set(alike.areas))))
    if left_out:
        yield (
            f"The most that each area present in {names(left_out)} may get adds up to less than all "
            "hours: those upper shares are left out there"
        )


def _on_lags(case: Instance) -> Iterator[str]:
    model = case.model
    late = [c for c in model.couplings if c.lag >= model.steps]
    plan = plural(model.steps, "step")
    if grown := [c.name for c in late if c.grows]:
        verb, them = ("takes", "it") if len(grown) == 1 else ("take", "them")
        yield (
            f"{names(grown)} {verb} effect later than this plan of {plan} goes: no market grows by "
            f"{them}. Lags count steps"
        )
    for coupling in (c for c in late if c.limits):
        yield (
            f"{coupling.name} takes effect later than this plan of {plan} goes: it holds "
            f"{in_sentence(coupling.target)} to what today's rate allows. Lags count steps"
        )


def _on_growth(case: Instance, today: Outcome) -> Iterator[str]:
    grown = [c.name for c in case.model.couplings if c.grows]
    if not grown:
        return
    planned = sum(s.created_today for k in case.territories for s in k.sources if s.curve)
    alone = sum(float(np.sum(each)) for alike in case.alike for each in _by_hours_alone(case, alike))
    created = sum(s.total_created for s in today.sources)
    if created > max(alone * 1.001, alone + 0.5):
        than = f"the plan's {planned:,.0f}"
        if not math.isclose(alone, planned):
            than = f"the {alone:,.0f} of these hours by themselves"
        yield (
            f"Today's hours create {created:,.0f} opportunities here, {created - alone:,.0f} more "
            f"than {than}: the couplings {names(grown)} widen the market"
        )


def _by_hours_alone(case: Instance, alike: Alike) -> Iterator[Number]:
    """What today's hours create, by source, where no coupling widens a market."""
    in_one_step = case.today[alike.rows][:, None]
    for source in alike.sources:
        if source.curve is not None:
            effective = effective_hours(alike, source.rows, in_one_step, 0)
            yield brought_by(source.curve.segments, effective)
