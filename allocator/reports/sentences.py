"""The sentences of a report: the largest reason, what binds, how the answer was checked."""

from __future__ import annotations

from collections.abc import Iterator

from allocator.allocation import Allocation
from allocator.answers.binding import Binding, binding, idle_hours
from allocator.answers.effects import Difference, Effect, difference
from allocator.limits import each, limits_on_hours
from allocator.wording import (
    amount,
    area_name,
    change,
    in_sentence,
    money,
    money_change,
    names,
    per_cent,
    plural,
)

SAME = 1e-5
WORTH_SAYING = 0.01
MOST_BOUNDS = 10
"""Rows at a bound of theirs up to which each is named."""


def largest_reason(allocation: Allocation) -> str:
    """One sentence or two: what earns most of the difference, and which hours bring it about."""
    gained = allocation.revenue - allocation.revenue_now
    if gained < -SAME * abs(allocation.revenue_now):
        return (
            "Today's split earns more because it is not held to the limits: "
            f"{_broken_today(allocation)}. The recommended split is the best within them."
        )
    if gained <= SAME * max(1.0, abs(allocation.revenue_now)):
        return "Today's split is already as good as any: no other split within the limits earns more."
    found = difference(allocation)
    effect = next(effect for effect in found.effects if effect.money > 0)
    return f"{_effect(effect, found, allocation)} {moves_in_words(found)}"


def _effect(effect: Effect, found: Difference, allocation: Allocation) -> str:
    worth = money_change(effect.money, allocation.plan.currency)
    now, best = found.today, found.recommended
    left = f"today's split leaves {amount(now.unworked)} of {amount(now.available)} unworked"
    if effect.kind == "volume":
        more = best.worked - now.worked
        counted = f"{amount(abs(more))} {'more' if more > 0 else 'fewer'}"
        if now.unworked - best.unworked > best.created - now.created:
            return (
                f"{counted} opportunities get worked ({worth}): {left}, "
                f"this one {amount(best.unworked)} of {amount(best.available)}."
            )
        return (
            f"{counted} opportunities get worked ({worth}), because "
            f"{amount(best.created - now.created)} more are created."
        )
    if effect.kind == "mix":
        return _mix(worth, found, allocation.plan.currency)
    if effect.kind == "depth":
        rates = [100 * s.wins / s.worked if s.worked else 0.0 for s in (now, best)]
        digits = 0 if rates[1] - rates[0] >= 1 else 1
        deeper = (
            f"Opportunities are worked more deeply ({worth}): of 100 worked, {rates[1]:.{digits}f} are "
            f"won, {rates[0]:.{digits}f} today"
        )
        squanders = now.unworked > best.unworked + WORTH_SAYING * now.available
        return f"{deeper}, and {left}." if squanders else f"{deeper}."
    if effect.kind == "timing":
        return f"More of the wins book inside the period ({worth})."
    return f"More recurring revenue renews ({worth})."


def _mix(worth: str, found: Difference, currency: str) -> str:
    """Which source gains in opportunities worked, and what one is worth beside the one that loses."""
    gains = max(found.worked_more, key=lambda area: found.worked_more[area])
    gives = min(found.worked_more, key=lambda area: found.worked_more[area])
    each = [money(found.worth[area], currency) for area in (gains, gives)]
    if gains == gives or found.worth[gains] <= found.worth[gives]:
        return f"Work goes to the opportunities that are worth more ({worth})."
    return (
        f"Work goes to opportunities that are worth more ({worth}): one worked from "
        f"{in_sentence(gains)} brings {each[0]}, one from {in_sentence(gives)} {each[1]}."
    )


def moves_in_words(found: Difference) -> str:
    """Which area gains the most hours, and which gives them."""
    gains = max(found.moved, key=lambda area: found.moved[area])
    gives = min(found.moved, key=lambda area: found.moved[area])
    if found.moved[gains] <= 0.05:
        return "The same hours per area, divided better between territories."
    sentence = f"{area_name(gains)} gets {change(found.moved[gains], _tenths(found.moved[gains]))} hours"
    if found.moved[gives] < -0.05:
        given = change(found.moved[gives], _tenths(found.moved[gives]))
        most = "most of them" if -found.moved[gives] > found.moved[gains] / 2 else "some of them"
        sentence += f", {most} from {in_sentence(gives)} ({given} hours)"
    return sentence + "."


def _tenths(value: float) -> int:
    return 0 if abs(value) >= 100 else 1


def _broken_today(allocation: Allocation) -> str:
    broken = {
        f"{in_sentence(check.area or 'hours')} in "
        f"{allocation.instance.territories[check.territory or 0].name}"
        for check in each(limits_on_hours(allocation.today), allocation.today)
        if check.violation > 1e-6
    }
    return (
        f"it is outside its share or bounds for {names(sorted(broken))}"
        if broken
        else ("it drains the pipeline that the next period starts from")
    )


def what_binds(allocation: Allocation) -> Iterator[str]:
    """A sentence for each kind of limit that the recommended split uses up."""
    idle = idle_hours(allocation)
    if idle:
        left = sum(idle.values())
        yield f"{amount(left)} hours of {names(idle)} have no use that earns more"
    else:
        yield f"All hours of {plural(len(allocation.instance.reps), 'rep')} are used"
    binds = binding(allocation)
    bounds = [found for found in binds if found.row is not None]
    further = len(bounds) - len(bounds[:MOST_BOUNDS])
    for found in binds:
        if found.row is None or found in bounds[:MOST_BOUNDS]:
            yield _binding_sentence(allocation, found)
    if further:
        yield f"{plural(further, 'more row')} at the least or the most hours given for them"


def _binding_sentence(allocation: Allocation, found: Binding) -> str:
    where = names(_place(place, count, allocation.model.steps) for place, count in found.places)
    area = area_name(found.area or "")
    if found.family == "bounds" and found.row is not None:
        row = allocation.instance.rows[found.row]
        limit = row.least if found.side == "least" else row.most
        rep = allocation.instance.reps[row.rep].name
        return f"{rep}, {in_sentence(row.area)} in {where}: at the {found.side} of {amount(limit)} hours"
    if found.family == "shares":
        return f"{area} at its {found.side} share of hours ({per_cent(found.share or 0, 0)}) in {where}"
    if found.family == "trust":
        called = [c.name for c in allocation.model.couplings if c.limits == found.area]
        return f"{names(called)} holds back what {in_sentence(found.area or '')} can bring in {where}"
    sentences = {
        "backlog": f"Every opportunity from {in_sentence(found.area or '')} is worked in {where}",
        "working": f"{area}: every hour is used in {where}; one more would work or win more",
        "next_period": f"The pipeline left for the next period is at its least in {where}",
    }
    return sentences[found.family]


def _place(place: str, count: int, steps: int) -> str:
    return place if steps in (count, 1) else f"{place} (in {count} of {steps} steps)"


def how_checked(allocation: Allocation) -> Iterator[str]:
    """The certificate in a sentence or two."""
    certificate, currency = allocation.certificate, allocation.plan.currency
    yield (
        f"Checked apart from the solver: {certificate.limits_checked:,} limits kept, revenue "
        "recomputed from the plan's rows, and proof that no split earns more than "
        f"{money(certificate.bound, currency)}"
    )
    if other := certificate.cross_check:
        yield (
            f"Cross-checked with {other.solver}: it finds {money(other.revenue_optimal, currency)}, a "
            f"relative difference of {other.difference:.1g}; its split moves {amount(other.moved)} "
            f"hours, this one {amount(other.moved_here)}"
        )
