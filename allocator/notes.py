"""What a reader should know before trusting the figures: gaps that defaults fill, and oddities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from allocator.instance import Instance
from allocator.outcome import Outcome

MOST_NAMES = 3


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


def names(those: Iterable[str]) -> str:
    """A few names in full, many as a few and a count."""
    listed = list(those)
    if len(listed) <= MOST_NAMES + 1:
        return " and ".join(filter(None, (", ".join(listed[:-1]), listed[-1]))) if listed else "none"
    return f"{', '.join(listed[:MOST_NAMES])} and {len(listed) - MOST_NAMES} more"


def _on_areas(case: Instance) -> Iterator[str]:
    for area in case.model.areas:
        without = [k.name for k in case.territories if not case.rows_of(k, area)]
        if without:
            yield f"No row for {area} in {names(without)}: it gets no hours there"
        left = [k.name for k in case.territories if case.rows_of(k, area) and area not in k.shares]
        if left:
            yield f"Nobody is left for {area} in {names(left)}: it gets no hours there"


def _on_nobody(case: Instance) -> Iterator[str]:
    """Areas whose least share nobody can spend, so that their territories get no hours."""
    for area, declared in case.model.areas.items():
        idle = [
            k.name for k in case.territories if area in k.shares and _nobody(case, case.rows_of(k, area))
        ]
        if idle and declared.share[0] > 0:
            yield (
                f"Nobody with hours has a row for {area} in {names(idle)}, which should get "
                f"{declared.share[0]:.0%} of the hours there at least: so no hours can be spent there "
                "at all. Give someone with hours a row for it"
            )


def _nobody(case: Instance, rows: Sequence[int]) -> bool:
    """Whether there are rows, and no rep has an hour for any of them."""
    could = (min(case.rows[i].most, case.reps[case.rows[i].rep].capacity) for i in rows)
    return bool(rows) and not any(could)


def _on_curves(case: Instance) -> Iterator[str]:
    for area in case.model.sources:
        idle = [
            k.name for k in case.territories for s in k.sources if s.area == area and s.curve is None
        ]
        if idle:
            yield (
                f"{area} has no hours or no opportunities today in {names(idle)}: with nothing to "
                "learn its response from, it creates nothing there"
            )


def _on_shares(case: Instance) -> Iterator[str]:
    left_out = [
        k.name
        for k in case.territories
        if not case.model.upper_shares_hold({case.rows[i].area for i in k.rows})
    ]
    if left_out:
        yield (
            f"The most that each area present in {names(left_out)} may get adds up to less than all "
            "hours: those upper shares are left out there"
        )


def _on_growth(case: Instance, today: Outcome) -> Iterator[str]:
    planned = sum(s.created_today for k in case.territories for s in k.sources if s.curve)
    created = sum(s.total_created for s in today.sources)
    grown = [c.name for c in case.model.couplings if c.grows]
    if grown and created > max(planned * 1.001, planned + 0.5):
        yield (
            f"Today's hours create {created:,.0f} opportunities here, {created - planned:,.0f} more "
            f"than the plan's {planned:,.0f}: the couplings {names(grown)} widen the market"
        )
