"""The allocation: today's split and the recommended one, what both lead to, and the proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from allocator.certificate import Certificate, require, worst_of
from allocator.checked import check
from allocator.deriving import instance
from allocator.instance import Instance
from allocator.limits import Checks
from allocator.model import Model
from allocator.notes import notes_on
from allocator.outcome import Outcome
from allocator.plan import Plan
from allocator.progress import Progress, silent
from allocator.recommended import recommended_split
from allocator.solving.settings import STABILITY, Clock, Settings, SolverName

if TYPE_CHECKING:
    import pandas

    from allocator.apart.together import BestApart
    from allocator.certified import Certified
    from allocator.solving.optimum import SolvedProgram
    from allocator.solving.passes import Best, Price
    from allocator.solving.repair import Change


@dataclass(frozen=True)
class Allocation:
    """Today's split and the recommended one, used as well as they can be.

    Money is in the plan's currency, hours are for the whole period. `revenue_optimal` is the most
    that any split earns; the recommended one gives up at most the stability's share of it for
    fewer moves. `drained`: territories whose hours today can't leave the pipeline asked for.
    `certified_today` and `certified` are the two splits with the figures of their own proofs; `best` is
    the programme's word on the recommended one.
    `relaxed`: the changes to limits that were needed to make a split possible, if they were allowed.
    """

    plan: Plan
    model: Model
    settings: Settings
    certified_today: Certified = field(repr=False)
    certified: Certified = field(repr=False)
    revenue_optimal: float
    drained: tuple[str, ...]
    relaxed: tuple[str, ...]
    certificate: Certificate
    best: Best | BestApart = field(repr=False)
    notes: tuple[str, ...]

    @property
    def today(self) -> Outcome:
        """What today's split leads to, used as well as it can be."""
        return self.certified_today.outcome

    @property
    def recommended(self) -> Outcome:
        """What the recommended split leads to."""
        return self.certified.outcome

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
    def optimum(self) -> SolvedProgram:
        """The solved programme behind it, to be asked further."""
        return self.best.first

    @property
    def prices(self) -> tuple[Price, ...]:
        """The duals that prove the certificate's bound."""
        from allocator.solving.passes import prices

        return prices(self.optimum)

    @property
    def instance(self) -> Instance:
        """The plan seen through the model, in the order of the outcomes."""
        return self.recommended.instance

    def answers(self, case: Instance, settings: Settings) -> bool:
        """Whether it is the allocation of an instance with these settings, and none that was relaxed."""
        return self.settings == settings and self.instance == case

    @property
    def rows_in_plan_order(self) -> Iterator[tuple[int, int]]:
        """(row of the plan, row of the outcomes), in the plan's order."""
        at = {row.plan_row: i for i, row in enumerate(self.instance.rows)}
        return ((plan_row, at[plan_row]) for plan_row in range(len(self.plan.rows)))

    def checks(self) -> tuple[Checks, ...]:
        """Every limit of the plan and the model, evaluated at the recommended split."""
        from allocator.certified import all_limits

        return all_limits(self.recommended)

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


def allocate(  # noqa: PLR0913 (all but two are options by name)
    plan: Plan,
    model: Model,
    *,
    stability: float = STABILITY,
    solver: SolverName = "highs",
    time_limit: float | None = None,
    relax: bool = False,
    workers: int = 1,
    cluster: str | None = None,
    progress: Progress = silent,
) -> Allocation:
    """Divide the plan's hours so that they earn the most, with the fewest moves from today.

    `stability` is the share of the best revenue (0 to 1) that may be traded for fewer moves;
    `relax`: where no split keeps every limit, make the least change to the limits and go on.
    `time_limit` is in seconds, for all solving together; `progress` is told what is under way.
    `workers`: the most threads that solve a large plan; `cluster`: the address of a Dask scheduler whose
    workers do it. The answer is the same, to the last digit, whoever solves.

    Raises `PlanError` where plan and model do not fit, `InfeasibleError` where no split keeps every
    limit, `SolverError` where the solver stops early, `CertificateError` where the answer does not
    pass its own check, `ValueError` for settings out of range.
    """
    from allocator.apart.dividing import divided
    from allocator.apart.together import certified_hours
    from allocator.solving.fixed_hours import todays_hours

    settings = Settings(solver, stability, time_limit, workers=workers, cluster=cluster)
    check(plan, model)
    clock = Clock(time_limit)
    case = instance(plan, model)
    progress(f"Working out what today's split earns: {len(plan.rows):,} rows")
    plan_apart = divided(case, settings)
    today = certified_hours(plan_apart, todays_hours(case), settings, clock, progress)
    progress(f"Finding the best split: {len(plan.rows):,} rows, {model.steps} steps")
    case, changes, recommended, best = recommended_split(plan_apart, settings, clock, relax, progress)
    certificate = _certificate(today, recommended, best)
    drained = tuple(case.territories[k].name for k in sorted(today.drained))
    return Allocation(
        plan=plan,
        model=model,
        settings=settings,
        certified_today=today,
        certified=recommended,
        revenue_optimal=best.optimum,
        drained=drained,
        relaxed=_described(plan, model, changes),
        certificate=certificate,
        best=best,
        notes=(*plan.notes, *notes_on(case, today.outcome, drained)),
    )


def _described(plan: Plan, model: Model, changes: Sequence[Change]) -> tuple[str, ...]:
    """What gave way, in words."""
    if not changes:
        return ()
    from allocator.giving_way import describe

    case = instance(plan, model)
    return tuple(describe(case, change) for change in changes)


def _certificate(today: Certified, recommended: Certified, best: Best | BestApart) -> Certificate:
    """Both splits' figures together, and the optimum held to the bound that proves it."""
    from allocator.certified import relative

    certificate = Certificate(
        limits_checked=today.limits_checked + recommended.limits_checked,
        limits_broken=worst_of((today.limits_broken, recommended.limits_broken)),
        revenue_difference=worst_of(
            (
                today.revenue_difference,
                recommended.revenue_difference,
                relative(best.optimum, best.bound),
            )
        ),
        bound=best.bound,
        optimum=recommended.proof,
        moves=best.moves,
        today=today.proof,
    )
    require(certificate.worst, ())
    return certificate
