"""Leverage in words: the next hour and the improvement that earn most, and where they pay."""

from __future__ import annotations

from collections.abc import Iterator

from allocator.answers.leverage import Leverage
from allocator.answers.levers import BETTER, Lever
from allocator.improving import LOWER_IS_BETTER
from allocator.wording import area_name, in_sentence, money, money_change, names, per_cent

NOTHING = 1e-6
"""Of the revenue: a gain of less is none."""
LITTLE = 0.005
"""Of a gain: what rounds to no per cent."""
SPLIT = {"today": "today's split", "best": "the recommended split"}
PHRASES = {
    "win_rate": "a higher win rate in {area}",
    "deal_size": "a larger deal size in {area}",
    "opportunities": "more opportunities from the same hours of {area}",
    "potential": "a larger potential of {area}",
    "hours_per_opportunity": "fewer hours per opportunity",
    "renewal_rate": "a higher renewal rate in {area}",
    "cycle_days": "shorter cycles in {area}",
    "decay": "less decay of the opportunities left unworked",
}


def headline(found: Leverage) -> str:
    """One sentence: which next hour and which improvement earn most, and how much of it elsewhere."""
    return f"With {SPLIT[found.at]}, {next_hour(found)}, and {improvement(found)}."


def next_hour(found: Leverage) -> str:
    """Inside a sentence: the area whose next hour earns most, and where that lands."""
    hour = found.best_hour
    if hour is None or not earns(hour.per_hour * hour.hours, found):
        return "one more hour earns nothing in any area"
    worth = money(hour.per_hour, found.plan.currency)
    return (
        f"the next hour has the most leverage in {in_sentence(hour.area)} ({worth} of revenue, "
        f"{_landing(hour.per_hour, hour.elsewhere, found)})"
    )


def improvement(found: Leverage) -> str:
    """Inside a sentence: the fact whose improvement earns most, and where that lands."""
    lever = found.best_lever
    if lever is not None and lever.gain is None:
        return f"with a fact that is {per_cent(BETTER, 0)} better no split keeps every limit"
    if lever is None or lever.gain is None or lever.elsewhere is None or not earns(lever.gain, found):
        return f"no fact that is {per_cent(BETTER, 0)} better earns anything"
    worth = money_change(lever.gain, found.plan.currency)
    return (
        f"of the facts that could be {per_cent(BETTER, 0)} better, {phrase(lever)} ({worth}, "
        f"{_landing(lever.gain, lever.elsewhere, found)})"
    )


def earns(gain: float, found: Leverage) -> bool:
    """Whether a gain in revenue is more than rounding."""
    return gain > NOTHING * max(1.0, found.revenue)


def _landing(gain: float, elsewhere: float, found: Leverage) -> str:
    """How much of a gain is credited to the other areas."""
    share, currency = elsewhere / gain, found.plan.currency
    if share < -LITTLE:
        return f"net of {money(-elsewhere, currency)} that the other areas lose"
    if share < LITTLE:
        return "none of it in the other areas"
    if share < 1 - LITTLE:
        return f"{per_cent(share, 0)} of it in the other areas"
    if share < 1 + LITTLE:
        return "all of it in the other areas"
    own = money(elsewhere - gain, currency)
    return f"all of it in the other areas, net of {own} that its own area loses"


def phrase(lever: Lever) -> str:
    """An improvement inside a sentence."""
    return PHRASES[lever.lever].format(area=in_sentence(lever.area))


def label(found: Leverage, lever: Lever) -> str:
    """An improvement on its line: the fact, and the area unless only one area can have it."""
    fact = area_name(lever.lever)
    return fact if lever.area == found.model.working_area else f"{fact}, {in_sentence(lever.area)}"


def about_levers(found: Leverage) -> Iterator[str]:
    """How to read the levers, and which gain nothing."""
    fewer = [name for name in LOWER_IS_BETTER if any(lever.lever == name for lever in found.levers)]
    less = f", but {names(map(in_sentence, fewer))} {per_cent(BETTER, 0)} lower" if fewer else ""
    yield (
        f"Each is {per_cent(BETTER, 0)} higher{less}, in all territories. Bars and what lands elsewhere "
        f"are those of {SPLIT[found.at]}."
    )
    idle: dict[str, list[str]] = {}
    for lever in found.levers:
        if not worth_showing(found, lever):
            idle.setdefault(lever.lever, []).append(in_sentence(lever.area))
    if idle:
        listed = "; ".join(f"{in_sentence(fact)} of {names(areas)}" for fact, areas in idle.items())
        yield f"Nothing gained: {listed}."
    potential = [lever for lever in found.levers if lever.lever == "potential"]
    if any(earns(-min(lever.gain_today, lever.gain_best or 0.0), found) for lever in potential):
        yield (
            "A larger potential can lose: response curves still go through today's point, so fewer "
            "hours than today's bring less."
        )


def worth_showing(found: Leverage, lever: Lever) -> bool:
    """Whether a lever gains or loses anything, with today's split or with the best one."""
    gains = (lever.gain_today, lever.gain_best or 0.0)
    return any(earns(abs(gain), found) for gain in gains) or lever.gain_best is None


def how_checked(found: Leverage) -> Iterator[str]:
    """The certificate in a sentence."""
    yield (
        f"Each figure is the difference of two optima: {found.certificate.solves} programmes were "
        "solved, and each optimum proven apart from the solver"
    )
