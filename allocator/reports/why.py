"""Why the recommended split is as it is, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from allocator.allocation import Allocation
from allocator.answers.explanation import Explanation
from allocator.reports.sentences import largest_reason
from allocator.wording import amount, area_name, in_sentence, money, names, per_cent

if TYPE_CHECKING:
    from allocator.answers.bottlenecks import Bottleneck
    from allocator.answers.worth import Costly, HoursWorth

MOST_TERRITORIES = 3
MOST_REPS = 3
SAME = 0.005
NO_MOVE = 1e-6


def why(allocation: Allocation, explanation: Explanation) -> Iterator[str]:
    """What earns the difference, what holds territories back today, what limits and hours are worth."""
    yield largest_reason(allocation).rstrip(".")
    if not _moves(allocation):
        yield (
            "No hours move: the proof below says that no split within the limits earns more than "
            f"{money(allocation.certificate.bound, allocation.plan.currency)}"
        )
    yield from _held_back(allocation, explanation.bottlenecks)
    yield from _limits(allocation, explanation.limits)
    yield from _hours(allocation, explanation.hours)


def _moves(allocation: Allocation) -> bool:
    rows = enumerate(allocation.instance.rows)
    return any(
        abs(allocation.recommended.total_hours(i) - row.today) > NO_MOVE * max(1.0, row.today)
        for i, row in rows
    )


def _held_back(allocation: Allocation, found: Sequence[Bottleneck]) -> Iterator[str]:
    """The territories where today's split squanders the most, then the others by what holds them."""
    squandering = sorted(
        (one for one in found if one.kind == "working" and one.unworked > one.kept + SAME),
        key=lambda one: -one.unworked,
    )
    shown = MOST_TERRITORIES if len(squandering) > MOST_TERRITORIES + 1 else len(squandering)
    for one in squandering[:shown]:
        yield (
            f"{area_name(one.area)} is {one.territory}'s bottleneck: today's split leaves "
            f"{amount(one.unworked)} of {amount(one.available)} opportunities unworked"
        )
    if rest := squandering[shown:]:
        unworked = amount(sum(one.unworked for one in rest))
        yield f"So it is in {len(rest):,} more territories, with {unworked} left unworked"
    for area in dict.fromkeys(one.area for one in found if one.kind == "trust"):
        called = [c.name for c in allocation.model.couplings if c.limits == area]
        where = names(one.territory for one in found if one.kind == "trust" and one.area == area)
        yield f"{names(called)} is the bottleneck of {in_sentence(area)} in {where} with today's split"
    if short := [one.territory for one in found if one.kind == "creating"]:
        yield (
            f"Too few opportunities are the bottleneck in {names(short)}: today's split works all that "
            "it can and still has hours to work more"
        )


def _limits(allocation: Allocation, found: Sequence[Costly]) -> Iterator[str]:
    for one in found:
        cost = money(one.cost, allocation.plan.currency)
        where = names(name for name, alone in one.territories if alone > SAME)
        if one.rep is not None:
            yield (
                f"Without {one.rep}'s {one.side} of {amount(one.limit)} hours for "
                f"{in_sentence(one.area)} in {where}, the best split would earn {cost} more"
            )
        else:
            yield (
                f"Without the {one.side} share of {per_cent(one.limit, 0)} for {in_sentence(one.area)}, "
                f"the best split would earn {cost} more ({where})"
            )


def _hours(allocation: Allocation, found: Sequence[HoursWorth]) -> Iterator[str]:
    """The reps whose next hour is worth the most, and the one whose is worth the least."""
    if not found:
        return
    ranked = sorted(found, key=lambda one: -one.more)
    shown = ranked if len(ranked) <= MOST_REPS + 1 else [*ranked[:MOST_REPS], ranked[-1]]
    currency = allocation.plan.currency
    worths = []
    for one in shown:
        worth = f"{one.rep} {money(one.more, currency)}"
        if one.less is None:
            worth += " (not one can be taken away)"
        elif abs(one.less - one.more) > SAME * max(1.0, abs(one.more)):
            worth += f" (one less costs {money(one.less, currency)})"
        worths.append(worth)
    order = "" if len(shown) == len(ranked) else "; the least: " + worths.pop()
    yield f"One hour more earns, by rep: {', '.join(worths)}{order}"
