"""Where the next hour and the next improvement are worth most, and in which areas they pay."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from allocator.allocation import Allocation
from allocator.answers.counted import Counted, Most, Used
from allocator.answers.levers import Lever, Unchanged, levers_of, pulled
from allocator.answers.next_hours import NextHour, TerritoryHour, next_hour
from allocator.apart.dividing import divided
from allocator.certificate import Solves
from allocator.checked import check
from allocator.deriving import instance
from allocator.instance import Instance
from allocator.model import Model
from allocator.notes import notes_on
from allocator.ordering import canonical_order
from allocator.plan import Plan
from allocator.progress import Progress, silent
from allocator.recommended import recommended_or_known
from allocator.solving.fixed_hours import todays_hours
from allocator.solving.settings import Clock, Settings
from allocator.wording import names

At = Literal["today", "best"]
SPLITS: tuple[At, ...] = get_args(At)
DEFAULT = Settings()
SAME = 1e-9
"""Gains, relative to revenue, that differ by less are the same."""


@dataclass(frozen=True)
class Leverage:
    """The next hours and the levers of a plan, at today's split or at the recommended one.

    `revenue`: what the hours of that split earn, used as well as they can be; `revenue_optimal`: the
    most that any split earns, None where none keeps every limit. Money is in the plan's currency.
    `hours` are in the model's order of areas, `territories` in the plan's order; `levers` come with the
    largest gain first.
    """

    plan: Plan
    model: Model
    settings: Settings
    at: At
    revenue: float
    revenue_now: float
    revenue_optimal: float | None
    hours: tuple[NextHour, ...]
    territories: tuple[TerritoryHour, ...]
    levers: tuple[Lever, ...]
    notes: tuple[str, ...]
    certificate: Solves

    @property
    def best_hour(self) -> NextHour | None:
        """The area whose next hour brings the most revenue; None where no area can get any."""
        return max(self.hours, key=lambda found: found.per_hour, default=None)

    @property
    def best_lever(self) -> Lever | None:
        """The lever with the largest gain; None where the plan has none."""
        return self.levers[0] if self.levers else None


def leverage(  # noqa: PLR0913 (three of them are options by name)
    plan: Plan,
    model: Model,
    at: At = "today",
    *,
    settings: Settings = DEFAULT,
    progress: Progress = silent,
    known: Allocation | None = None,
) -> Leverage:
    """What each area's next hour and a tenth better of each fact are worth, and where that lands.

    The optimum that `known` has of this plan with these settings is not looked for again.

    Raises `PlanError` where plan and model do not fit, `InfeasibleError` where no split keeps every
    limit and leverage is asked for at the best one, `SolverError` and `CertificateError` as `allocate`
    does, `ValueError` for another `at`.
    """
    if at not in SPLITS:
        raise ValueError(f"at should be one of {', '.join(SPLITS)}, and is {at!r}")
    check(plan, model)
    order = canonical_order(plan, tuple(model.areas))
    case = instance(plan, model, order)
    known = known if known is not None and known.answers(case, settings) else None
    present = [area for area in model.areas if any(row.area == area for row in case.rows)]
    pairs = list(levers_of(plan, model))
    counted = Counted(settings, Clock(settings.time_limit), progress, 3 + len(present) + 2 * len(pairs))
    today = counted.hours("Working out what today's split earns", case, todays_hours(case))
    fixed, optimum = (_recommended if at == "best" else _as_today)(counted, case, today, known)
    added = [next_hour(counted, case, fixed, area) for area in present]
    base = Unchanged(plan, model, order, today, optimum, at == "best")
    levers = [pulled(counted, base, lever, area) for lever, area in pairs]
    hours = tuple(hour for hour, _ in added if hour)
    drained = tuple(case.territories[k].name for k in sorted(today.certified.drained))
    return Leverage(
        plan=plan,
        model=model,
        settings=settings,
        at=at,
        revenue=fixed.revenue,
        revenue_now=today.revenue,
        revenue_optimal=optimum.revenue if optimum else None,
        hours=hours,
        territories=_in_plan_order(plan, model, (one for _, ones in added for one in ones)),
        levers=tuple(sorted(levers, key=_smallest_last(fixed.revenue))),
        notes=(
            *plan.notes,
            *notes_on(case, today.outcome, drained),
            *_without_hours(present, hours),
            *_without_a_split(base, levers),
        ),
        certificate=counted.certificate,
    )


def _as_today(
    counted: Counted, case: Instance, today: Used, known: Allocation | None
) -> tuple[Used, Most | None]:
    """Today's hours, and the optimum that gains with the best split are counted from."""
    doing = "Finding the best split"
    if known is not None:
        counted.tell(doing)
        return today, counted.known(known.best)
    optimum = counted.best(doing, case)
    if optimum is None and counted.ease(case):
        optimum = counted.best(doing, case)
    return today, optimum


def _recommended(
    counted: Counted, case: Instance, today: Used, known: Allocation | None
) -> tuple[Used, Most | None]:
    """The recommended split's hours, used as well as they can be, and the optimum."""
    counted.tell("Finding the best split")
    settings, clock = counted.settings, counted.clock
    found, best = recommended_or_known(known, divided(case, settings), settings, clock)
    counted.count(found.worst)
    if found.outcome.instance != case:
        counted.ease(case)
    optimum = counted.known(best, credited=True)
    hours = found.outcome.hours
    return counted.hours("Working out what its hours earn", case, hours, near=today), optimum


def _smallest_last(revenue: float) -> Callable[[Lever], tuple[float, float]]:
    """By what levers gain, and where that is the same but for rounding by what they gain otherwise."""
    step = SAME * max(1.0, abs(revenue))

    def last(gain: float | None) -> float:
        return math.inf if gain is None else -round(gain / step)

    return lambda lever: (last(lever.gain), last(lever.gain_today) + last(lever.gain_best))


def _in_plan_order(
    plan: Plan, model: Model, those: Iterable[TerritoryHour]
) -> tuple[TerritoryHour, ...]:
    """By territory as in the plan, then by area as in the model."""
    territory = {name: at for at, name in enumerate(plan.territories)}
    area = {name: at for at, name in enumerate(model.areas)}
    return tuple(sorted(those, key=lambda one: (territory[one.territory], area[one.area])))


def _without_hours(present: Sequence[str], hours: Sequence[NextHour]) -> Iterator[str]:
    idle = [area for area in present if area not in {hour.area for hour in hours}]
    if idle:
        yield f"No territory with a row for {names(idle)} has any hours, 1% of which could be added"


def _without_a_split(base: Unchanged, levers: Sequence[Lever]) -> Iterator[str]:
    if base.best is None:
        yield "No split keeps every limit, so nothing is said of gains with the best one"
        return
    impossible = [f"{lever.lever} of {lever.area}" for lever in levers if lever.gain_best is None]
    if impossible:
        yield f"No split keeps every limit with a better {names(impossible)}: no gain with the best one"
