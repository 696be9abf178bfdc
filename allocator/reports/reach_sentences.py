"""What a number takes, in sentences: the headline, the cases' names, whole heads, and notes."""

from __future__ import annotations

from collections.abc import Iterator

from allocator.answers.heads import MOST_STEPS, Heads
from allocator.answers.reach import Needed, Reach
from allocator.certificate import TOLERANCE
from allocator.improving import MOST_LIKELY
from allocator.plan import team_of
from allocator.wording import amount, figure, money, money_in_short, names, per_cent, plural, times

DOUBLED = "win rates x 2"
ABOVE = 1e-6
"""What a case earns above the number that is more than rounding, relative."""


def headline(found: Reach) -> str:
    """What the number takes, and what it takes with win rates doubled, in a sentence or two."""
    needed, number = found.as_planned, money_in_short(found.target, found.plan.currency)
    assert needed.theta is not None
    assert needed.hours is not None
    assert needed.heads is not None
    if not needed.theta:
        return f"{number} takes no hours at all: what renews by itself earns it."
    said = (
        f"{number} takes {times(needed.theta)} times today's hours: {amount(needed.hours)} in place of "
        f"{amount(found.hours_now)}, {figure(needed.heads, 1)} heads in place of {found.heads_now:,}."
    )
    if _held(found, needed):
        said = (
            f"Limits allow no fewer hours than {times(needed.theta)} times today's, "
            f"{amount(needed.hours)} in place of {amount(found.hours_now)}, and these earn "
            f"{money_in_short(needed.revenue or 0.0, found.plan.currency)}, more than {number}."
        )
    doubled = next(row for row in found.rows if row.case.name == DOUBLED)
    if doubled.theta is None or doubled.theta > needed.theta * (1 - TOLERANCE):
        return said
    if _held(found, doubled):
        return f"{said} With win rates doubled, limits allow no fewer than {times(doubled.theta)} times."
    said += f" With win rates doubled it takes {times(doubled.theta)} times"
    before, after = needed.opportunities or 0.0, doubled.opportunities or 0.0
    fewer = f", and {amount(after)} opportunities worked, not {amount(before)}"
    return f"{said}{fewer if after < before else ''}."


def _held(found: Reach, needed: Needed) -> bool:
    """Whether limits, and not the number, decide how few hours a case takes: it earns more than that."""
    return needed.revenue is not None and needed.revenue > found.target * (1 + ABOVE)


def case_name(row: Needed) -> str:
    """A case for people: 'Win rates × 1.5'."""
    name = row.case.name.replace(" x 0.5", " x ½").replace(" x ", " × ")
    return name[0].upper() + name[1:]


def fewest_sentence(found: Reach, heads: Heads) -> str:
    """How many whole heads reach the number, and where they go."""
    number, fewest = money_in_short(found.target, found.plan.currency), heads.fewest
    if fewest is None:
        return (
            f"No number of added heads reaches {number}: limits on today's reps are in the way, such as "
            "minimums above their hours."
        )
    if not fewest.count:
        return f"None is needed: today's reps earn {money(fewest.outcome.revenue, found.plan.currency)}."
    places = sorted(fewest.by_territory.items(), key=lambda place: -place[1])
    where = names(f"{figure(count)} in {territory}" for territory, count in places)
    return (
        f"The fewest that reach {number}: {plural(fewest.count, 'more head')} "
        f"({found.heads_now + fewest.count:,} in place of {found.heads_now:,}), {where}. Then "
        f"revenue is {money(fewest.outcome.revenue, found.plan.currency)}."
    )


def notes(found: Reach) -> Iterator[str]:
    """What a reader should know of the plan and of how the answer was checked."""
    yield from found.notes
    if any((facts.win_rate or 0) * 2 > MOST_LIKELY for facts in found.plan.facts.values()):
        yield f"Win rates are raised to {per_cent(MOST_LIKELY, 0)} at most"
    earned = found.as_planned.revenue or 0.0
    if earned > found.target + TOLERANCE * max(1.0, abs(found.target)):
        yield (
            "The hours as planned are the least that keep every limit, and earn more than the number: "
            f"{money(earned, found.plan.currency)}"
        )
    if all(row.rep == team_of(row.territory) for row in found.plan.rows):
        yield "The plan names no reps, so a head is a whole team"
    if found.heads is not None:
        yield from _notes_on_heads(found, found.heads)
    yield (
        f"Checked apart from the solver: {plural(found.certificate.solves, 'programme')} solved and "
        "proven, and each row's hours, given to the reps as capacities, earn what it says"
    )


def _notes_on_heads(found: Reach, heads: Heads) -> Iterator[str]:
    fewest = heads.fewest
    if fewest is not None and fewest.count and fewest.proven_in_parts:
        yield (
            f"Fewer heads don't do: even in parts of heads it takes {figure(fewest.relaxed, 2)}, as "
            "proven linear programmes say"
        )
    elif fewest is not None and fewest.count:
        solver = "" if found.settings.solver == "highs" else ", used whatever the solver,"
        yield (
            f"HiGHS's integer programmes{solver} prove that fewer heads don't do (gap "
            f"{fewest.gap:g}); in parts of heads, proven linear programmes take "
            f"{figure(fewest.relaxed, 2)}"
        )
    short = not heads.steps or heads.steps[-1].revenue < found.target * (1 - TOLERANCE)
    if heads.start is None and not heads.steps:
        yield "No single head makes a split possible that keeps every limit, so none is the first"
    elif fewest is not None and fewest.count and short:
        stop = "no further head brings more" if len(heads.steps) < MOST_STEPS else "the list ends there"
        yield f"{plural(len(heads.steps), 'head')} one at a time don't reach the number; {stop}"
