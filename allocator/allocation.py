"""The allocation: today's split and the recommended one, what both lead to, and the proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocator.certificate import Certificate, require
from allocator.errors import InfeasibleError, SolverError
from allocator.instance import Instance, instance
from allocator.limits import Check, limits_on_hours, limits_on_results, no_hours_below_zero
from allocator.model import Model
from allocator.notes import notes_on
from allocator.outcome import Outcome, outcome
from allocator.plan import Plan, check
from allocator.solving.settings import STABILITY, Clock, Settings, SolverName

if TYPE_CHECKING:
    import pandas

    from allocator.solving.passes import Best, Price, Today
    from allocator.solving.repair import Change


@dataclass(frozen=True)
class Allocation:
    """Today's split and the recommended one, used as well as they can be.

    Money is in the plan's currency, hours are for the whole period. `revenue_optimal` is the most
    that any split earns; the recommended one gives up at most the stability's share of it for
    fewer moves. `drained`: territories whose hours today can't leave the pipeline asked for.
    `prices` are the duals that prove the certificate's bound.
    `relaxed`: the changes to limits that were needed to make a split possible, if they were allowed.
    """

    plan: Plan
    model: Model
    settings: Settings
    today: Outcome
    recommended: Outcome
    revenue_optimal: float
    drained: tuple[str, ...]
    relaxed: tuple[str, ...]
    certificate: Certificate
    prices: tuple[Price, ...]
    notes: tuple[str, ...]

    @property
    def revenue(self) -> float:
        """Projected revenue with the recommended split."""
        return self.recommended.revenue

    @property
    def revenue_now(self) -> float:
        """Projected revenue with today's split."""
        return self.today.revenue

    @property
    def pipeline_kept_now(self) -> bool:
        """Whether today's split leaves the pipeline that the next period starts from."""
        return not self.drained

    @property
    def instance(self) -> Instance:
        """The plan seen through the model, in the order of the outcomes."""
        return self.recommended.instance

    @property
    def rows_in_plan_order(self) -> Iterator[tuple[int, int]]:
        """(row of the plan, row of the outcomes), in the plan's order."""
        at = {row.plan_row: i for i, row in enumerate(self.instance.rows)}
        return ((plan_row, at[plan_row]) for plan_row in range(len(self.plan.rows)))

    def checks(self) -> tuple[Check, ...]:
        """Every limit of the plan and the model, evaluated at the recommended split."""
        return tuple(_checks(self.recommended))

    def binding(self) -> tuple[Check, ...]:
        """The limits that the recommended split uses up."""
        return tuple(check for check in self.checks() if check.binds)

    def hours_frame(self) -> pandas.DataFrame:
        """One row per plan row: territory, rep, area, hours_now, hours, change; all in hours."""
        import pandas

        records = []
        for at, i in self.rows_in_plan_order:
            row, hours = self.plan.rows[at], self.recommended.total_hours(i)
            today = self.instance.rows[i].today
            records.append((row.territory, row.rep, row.area, today, hours, hours - today))
        columns = ["territory", "rep", "area", "hours_now", "hours", "change"]
        return pandas.DataFrame(records, columns=columns)

    def funnel_frame(self) -> pandas.DataFrame:
        """One row per split × territory × source: opportunities, wins and money over the period.

        Columns: split (today, recommended), territory, source, open, created, worked, unworked,
        wins, revenue_in_period, revenue_later.
        """
        import pandas

        records = [
            {
                "split": split,
                "territory": territory.name,
                "source": source.area,
                "open": source.open,
                "created": source.total_created,
                "worked": source.total_worked,
                "unworked": source.unworked,
                "wins": sum(source.wins),
                "revenue_in_period": source.in_period,
                "revenue_later": source.later,
            }
            for split, reached in (("today", self.today), ("recommended", self.recommended))
            for territory, found in zip(self.instance.territories, reached.territories, strict=True)
            for source in found.sources
        ]
        return pandas.DataFrame(records)


def allocate(  # noqa: PLR0913 (four of them are options by name)
    plan: Plan,
    model: Model,
    *,
    stability: float = STABILITY,
    solver: SolverName = "highs",
    time_limit: float | None = None,
    relax: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Allocation:
    """Divide the plan's hours so that they earn the most, with the fewest moves from today.

    `stability` is the share of the best revenue (0 to 1) that may be traded for fewer moves;
    `relax`: where no split keeps every limit, make the least change to the limits and go on.
    `time_limit` is in seconds, for all solving together; `progress` is told what is under way.

    Raises `PlanError` where plan and model do not fit, `InfeasibleError` where no split keeps every
    limit, `SolverError` where the solver stops early, `CertificateError` where the answer does not
    pass its own check, `ValueError` for settings out of range.
    """
    from allocator.infeasible import describe
    from allocator.solving.passes import todays_split

    settings = Settings(solver, stability, time_limit)
    check(plan, model)
    clock = Clock(time_limit)
    case = instance(plan, model)
    progress(f"Working out what today's split earns: {len(plan.rows):,} rows")
    now = todays_split(case, settings, clock)
    progress(f"Finding the best split: {len(plan.rows):,} rows, {model.steps} steps")
    case, changes, best = _best(case, settings, clock, relax)
    progress("Checking the answer")
    today, recommended = outcome(case, now.solved.use), outcome(case, best.chosen.use)
    certificate = _certificate(today, recommended, now, best)
    drained = tuple(case.territories[k].name for k in sorted(now.drained))
    return Allocation(
        plan=plan,
        model=model,
        settings=settings,
        today=today,
        recommended=recommended,
        revenue_optimal=best.optimum,
        drained=drained,
        relaxed=tuple(describe(instance(plan, model), change) for change in changes),
        certificate=certificate,
        prices=best.prices,
        notes=(*plan.notes, *notes_on(case, today, drained)),
    )


def _best(
    case: Instance, settings: Settings, clock: Clock, relax: bool
) -> tuple[Instance, tuple[Change, ...], Best]:
    """The best split, after the least change to the limits where that is needed and allowed."""
    from allocator.infeasible import explained
    from allocator.solving.passes import best_split
    from allocator.solving.repair import changed, least_change

    try:
        return case, (), best_split(case, settings, clock)
    except InfeasibleError:
        changes = least_change(case, settings, clock)
    if not changes:
        raise SolverError("No split was found, and no limit that would have to give way either")
    if not relax:
        raise explained(case, changes, settings, clock)
    relaxed = changed(case, changes)
    return relaxed, changes, best_split(relaxed, settings, clock)


def _checks(recommended: Outcome) -> Iterator[Check]:
    yield from limits_on_hours(recommended)
    yield from limits_on_results(recommended)
    yield from no_hours_below_zero(recommended)


def _certificate(today: Outcome, recommended: Outcome, now: Today, best: Best) -> Certificate:
    checks = [*_checks(recommended), *limits_on_results(today, now.drained)]
    certificate = Certificate(
        limits_checked=len(checks),
        limits_broken=max((check.violation for check in checks), default=0.0),
        revenue_difference=max(
            _relative(recommended.revenue, best.chosen.revenue),
            _relative(today.revenue, now.solved.revenue),
            _relative(best.optimum, best.bound),
        ),
        bound=best.bound,
        optimum=best.proof,
        today=now.proof,
    )
    require(certificate, checks)
    return certificate


def _relative(value: float, other: float) -> float:
    return abs(value - other) / max(1.0, abs(other))
