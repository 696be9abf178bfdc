"""The formulation a second time, straight from its text, for comparing optima.

It shares no line with `allocator.program` or `allocator.instance`: everything is keyed by names,
nothing is scaled, and CBC is called the way PuLP does it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field

import pulp

from allocator.model import Model
from allocator.plan import Plan

LEVELS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]


def chords(e0: float, n0: float, potential: float) -> list[tuple[float, float]]:
    """(width, slope) between the points at which F/P is a level, or today's."""
    if not (e0 and n0):
        return []
    levels = sorted(
        {*LEVELS} | ({n0 / potential} if all(abs(f - n0 / potential) >= 1e-9 for f in LEVELS) else set())
    )
    tau = -e0 / math.log(1 - n0 / potential)
    hours = [-tau * math.log(1 - f) for f in levels]
    ends = zip(hours, hours[1:], levels, levels[1:], strict=False)
    return [(b - a, potential * (g - f) / (b - a)) for a, b, f, g in ends]


@dataclass
class Reference:
    """One programme under construction: the problem, hours by (row, step), and what is summed up.

    Opportunities by territory, source and step: `n` created, `w` worked (by depth, too). Of the
    limits that users set, only those in `held` hold (None: all), each at the value that it has in
    `instead`, if any; with `elastic` each gives way, which `given` counts in hours.
    """

    plan: Plan
    model: Model
    elastic: bool = False
    held: Set[tuple] | None = None
    instead: Mapping[tuple, float] = field(default_factory=dict)
    problem: pulp.LpProblem = field(default_factory=lambda: pulp.LpProblem("reference", pulp.LpMaximize))
    x: dict[tuple[int, int], pulp.LpVariable] = field(default_factory=dict)
    n: dict[tuple[str, str, int], pulp.LpVariable] = field(default_factory=dict)
    w: dict[tuple[str, str, int, int], pulp.LpVariable] = field(default_factory=dict)
    revenue: pulp.LpAffineExpression = field(default_factory=pulp.LpAffineExpression)
    wins: pulp.LpAffineExpression = field(default_factory=pulp.LpAffineExpression)
    given: dict[tuple, tuple[float, pulp.LpVariable]] = field(default_factory=dict)
    made: int = 0

    def var(self, most: float | None = None) -> pulp.LpVariable:
        """A new variable from 0 up to `most`."""
        self.made += 1
        return self.problem.add_variable(f"v{self.made}", 0, most)

    def hold(self, condition: pulp.LpConstraint | bool) -> None:
        """Add a condition, unless it is one on numbers alone."""
        if not isinstance(condition, bool):
            self.problem += condition

    def limit(
        self,
        key: tuple,
        value: float,
        room: Callable[[float], pulp.LpAffineExpression],
        counts: float = 1.0,
    ) -> None:
        """A limit that users set: `room` at its value ≥ 0; a unit of giving way counts as such hours.

        A capacity is one limit that is stated for each step; it gives way evenly over them.
        """
        if self.held is not None and key not in self.held:
            return
        left = room(self.instead.get(key, value))
        if self.elastic:
            if key not in self.given:
                self.given[key] = (counts, self.var())
            evenly = 1 / self.model.steps if key[0] == "capacity" else 1.0
            left = left + evenly * self.given[key][1]
        self.hold(left >= 0)

    def effective(self, territory: str, area: str, t: int) -> pulp.LpAffineExpression:
        """Σ q_i x_it over the rows of an area in a territory."""
        return pulp.lpSum(
            row.skill * self.x[i, t]
            for i, row in enumerate(self.plan.rows)
            if (row.territory, row.area) == (territory, area)
        )

    def maximum(self) -> float | None:
        """The optimum of the problem as it stands; None where there is none."""
        self.problem.setObjective(self.revenue)
        return self.solved()

    def solved(self) -> float | None:
        """The objective that CBC reaches; None where there is no optimum."""
        exactly = ["primalT 1e-9", "dualT 1e-9", "presolve off"]
        cbc = pulp.COIN_CMD(path=pulp.PULP_CBC_CMD.pulp_cbc_path, msg=False, options=exactly)
        status = self.problem.solve(cbc)
        if pulp.LpStatus[status] != "Optimal":
            return None
        return pulp.value(self.problem.objective) or 0.0  # PuLP gives no value to an empty objective


def declared(
    plan: Plan,
    model: Model,
    hours: Sequence[float] = (),
    drained: frozenset[str] = frozenset(),
    **users_limits: object,
) -> Reference:
    """The programme, or the one of fixed `hours` by row, in which `drained` territories skip 9.

    `users_limits`: what `Reference` says of them.
    """
    it = Reference(plan, model, **users_limits)
    steps = range(model.steps)
    for i in range(len(plan.rows)):
        for t in steps:
            it.x[i, t] = it.var()
            if hours:
                it.hold(it.x[i, t] == hours[i] / model.steps)
    if not hours:
        _hours(it)
    for territory in plan.territories:
        _territory(it, territory, next_period=territory not in drained)
    return it


def todays(plan: Plan) -> list[float]:
    """Hours by row of today's split: a rep with a capacity spends it as planned, or as the others do."""
    hours = []
    for row in plan.rows:
        mine = [r for r in plan.rows if r.rep == row.rep]
        planned = {(r.territory, r.area): r.hours for r in mine}
        if not sum(planned.values()):
            planned = {
                (r.territory, r.area): sum(
                    o.hours for o in plan.rows if (o.territory, o.area) == (r.territory, r.area)
                )
                for r in mine
            }
        if row.rep not in plan.capacity:
            hours.append(row.hours)
        elif not sum(planned.values()):
            hours.append(plan.capacity[row.rep] / len(mine))
        else:
            part = planned[row.territory, row.area] / sum(planned.values())
            hours.append(plan.capacity[row.rep] * part)
    return hours


def _hours(it: Reference) -> None:
    """1–3."""
    rows, steps = list(enumerate(it.plan.rows)), range(it.model.steps)
    for rep in it.plan.reps:
        planned = sum(row.hours for _, row in rows if row.rep == rep)
        capacity = it.plan.capacity.get(rep, planned)
        for t in steps:
            spent = pulp.lpSum(it.x[i, t] for i, row in rows if row.rep == rep)
            it.limit(("capacity", rep), capacity, lambda c, spent=spent: c / len(steps) - spent)
    for i, row in rows:
        spent = pulp.lpSum(it.x[i, t] for t in steps)
        key = ("bounds", row.territory, row.rep, row.area)
        it.limit((*key, "least"), row.min_hours, lambda least, spent=spent: spent - least)
        if row.max_hours < math.inf:
            it.limit((*key, "most"), row.max_hours, lambda most, spent=spent: most - spent)
    for k in it.plan.territories:
        areas = {
            row.area for _, row in rows if row.territory == k and it.plan.capacity.get(row.rep) != 0
        }
        total = {
            a: pulp.lpSum(it.x[i, t] for i, r in rows for t in steps if (r.territory, r.area) == (k, a))
            for a in areas
        }
        whole = pulp.lpSum(total.values())
        for a, mine in total.items():
            low, high = it.model.areas[a].share
            key = ("shares", k, a)
            it.limit((*key, "least"), low, lambda p, mine=mine, whole=whole: mine - p * whole)
            if sum(it.model.areas[b].share[1] for b in areas) >= 1 - 1e-12:
                it.limit((*key, "most"), high, lambda p, mine=mine, whole=whole: p * whole - mine)


def _territory(it: Reference, k: str, next_period: bool) -> None:
    """4–10 and the territory's revenue."""
    model, plan, T = it.model, it.plan, it.model.steps  # noqa: N806
    step_days, later = model.period_days / T, model.objective.later
    rows = {a: [r for r in plan.rows if (r.territory, r.area) == (k, a)] for a in model.areas}
    sources = [a for a in model.areas if rows[a] and model.areas[a].creates]
    work = next(a for a in model.areas if model.areas[a].works)
    area, depths = model.areas[work], model.areas[work].depths
    n0 = {s: sum(r.opportunities for r in rows[s]) for s in sources}
    o = {s: sum(r.open for r in rows[s]) for s in sources}
    n = {(s, t): it.var() for s in sources for t in range(T)}
    w = {(s, t, d): it.var() for s in sources for t in range(T) for d in range(len(depths))}
    b = {(s, t): it.var() for s in sources for t in range(T)}
    it.n |= {(k, *place): var for place, var in n.items()}
    it.w |= {(k, *place): var for place, var in w.items()}
    wins = {
        (s, d): min(0.95, plan.facts[k, s].win_rate * depth.win)
        for s in sources
        for d, depth in enumerate(depths)
    }

    def driver(coupling, t):
        counted = {
            "opportunities": lambda s: n[s, t],
            "worked": lambda s: pulp.lpSum(w[s, t, d] for d in range(len(depths))),
            "wins": lambda s: pulp.lpSum(wins[s, d] * w[s, t, d] for d in range(len(depths))),
        }[coupling.by]
        return pulp.lpSum(counted(s) for s in coupling.of if s in sources)

    for s in sources:
        facts = plan.facts[k, s]
        potential = facts.potential or (model.areas[s].potential or 0) * n0[s]
        segments = chords(sum(r.skill * r.hours for r in rows[s]), n0[s], potential)
        limits = [c for c in model.couplings if c.limits == s]
        for t in range(T):
            u = [it.var() for _ in segments]
            it.hold(pulp.lpSum(u) <= it.effective(k, s, t))
            it.hold(n[s, t] == pulp.lpSum(slope * v for (_, slope), v in zip(segments, u, strict=True)))
            grown = pulp.lpSum(
                c.rate * driver(c, t - c.lag) for c in model.couplings if c.grows == s and t >= c.lag
            )
            for (width, _), v in zip(segments, u, strict=True):
                it.hold(v <= width / T + (width / potential) * grown)
            before = b[s, t - 1] if t else o[s]
            worked = pulp.lpSum(w[s, t, d] for d in range(len(depths)))
            it.hold(b[s, t] == (1 - area.decay) ** (1 / T) * (before + n[s, t] - worked))
            it.hold(worked <= before + n[s, t])
            if limits:
                trusted = pulp.lpSum(
                    c.rate
                    * (driver(c, t - c.lag) if t >= c.lag else sum(n0.get(f, 0) for f in c.of) / T)
                    for c in limits
                )
                it.hold(n[s, t] <= sum(c.goodwill for c in limits) * n0[s] / T + trusted)
            phi = min(1, max(0, (model.period_days - facts.cycle_days - t * step_days) / step_days))
            worth = facts.deal_size * (phi + later * (1 - phi))
            it.wins += pulp.lpSum(wins[s, d] * w[s, t, d] for d in range(len(depths)))
            it.revenue += pulp.lpSum(worth * wins[s, d] * w[s, t, d] for d in range(len(depths)))
    each = plan.facts[k, work].hours_per_opportunity if rows[work] else 1.0
    for t in range(T):
        taken = pulp.lpSum(
            depth.effort * each * w[s, t, d] for s in sources for d, depth in enumerate(depths)
        )
        it.hold(taken <= it.effective(k, work, t))
    if next_period and sum(o.values()):
        left = pulp.lpSum(
            (b[s, T - 2] if T > 1 else o[s])
            + n[s, T - 1]
            - pulp.lpSum(w[s, T - 1, d] for d in range(len(depths)))
            for s in sources
        )
        it.limit(("pipeline", k), area.end_pipeline * sum(o.values()), lambda asked: left - asked, each)
    for a in model.areas:
        renewals = model.areas[a].renewals
        if rows[a] and renewals and plan.facts[k, a].renewals:
            _renewals(it, k, a)


def _renewals(it: Reference, k: str, a: str) -> None:
    """10 and what renews."""
    facts, declared_, steps = it.plan.facts[k, a], it.model.areas[a].renewals, it.model.steps
    rate = declared_.rate if facts.renewal_rate is None else facts.renewal_rate
    low, high = declared_.floor * rate, rate + declared_.headroom * (1 - rate)
    it.revenue += facts.renewals * low
    mine = [r for r in it.plan.rows if (r.territory, r.area) == (k, a)]
    e0 = sum(r.skill * r.hours for r in mine)
    segments = chords(e0, facts.renewals * (rate - low), facts.renewals * (high - low))
    for t in range(steps):
        g = [it.var(width / steps) for width, _ in segments]
        it.hold(pulp.lpSum(g) <= it.effective(k, a, t))
        it.revenue += pulp.lpSum(slope * v for (_, slope), v in zip(segments, g, strict=True))


def optimum(plan: Plan, model: Model) -> float | None:
    """The best revenue, in the plan's currency; None where no split keeps every limit."""
    return declared(plan, model).maximum()


def least_change(plan: Plan, model: Model) -> float | None:
    """The least that users' limits must give way by in all, in hours, for a split to be possible."""
    it = declared(plan, model, elastic=True)
    it.problem.sense = pulp.LpMinimize
    it.problem.setObjective(pulp.lpSum(counts * give for counts, give in it.given.values()))
    return it.solved()


def possible(
    plan: Plan,
    model: Model,
    held: Set[tuple] | None = None,
    instead: Mapping[tuple, float] | None = None,
) -> bool:
    """Whether some split keeps these of the users' limits (None: all), and all that is arithmetic.

    `instead` gives limits other values than the plan's and the model's.
    """
    it = declared(plan, model, held=held, instead=instead or {})
    it.problem.sense = pulp.LpMinimize
    it.problem.setObjective(pulp.lpSum(it.x.values()))
    return it.solved() is not None


def fewest_moves(plan: Plan, model: Model, floor: float) -> float | None:
    """The least Σ|Σ_t x_it − h_i| among all that earn `floor`, in hours."""
    it = declared(plan, model)
    if floor > 0:
        it.hold(it.revenue >= floor)
    it.problem.sense = pulp.LpMinimize
    it.problem.setObjective(_moves(it))
    return it.solved()


def best_within_moves(plan: Plan, model: Model, most: float) -> float | None:
    """The best revenue with Σ|Σ_t x_it − h_i| of at most `most` hours; None where limits need more."""
    it = declared(plan, model)
    it.hold(_moves(it) <= most)
    return it.maximum()


def _moves(it: Reference) -> pulp.LpAffineExpression:
    moved = []
    for i, now in enumerate(todays(it.plan)):
        moved.append(it.var())
        total = pulp.lpSum(it.x[i, t] for t in range(it.model.steps))
        it.hold(moved[-1] >= total - now)
        it.hold(moved[-1] >= now - total)
    return pulp.lpSum(moved)


def funnel(plan: Plan, model: Model, hours: Sequence[float]) -> tuple[float, float, float]:
    """Opportunities created (all that can be) and worked, and wins, of `hours` at their best."""
    it = declared(plan, model, hours, revenue_of(plan, model, hours)[1])
    created, worked = pulp.lpSum(it.n.values()), pulp.lpSum(it.w.values())
    it.problem.setObjective(it.revenue + 0.01 * created)
    assert it.solved() is not None
    return pulp.value(created), pulp.value(worked), pulp.value(it.wins)


def revenue_now(plan: Plan, model: Model) -> tuple[float, frozenset[str]]:
    """What today's hours earn, and the territories whose pipeline they cannot keep."""
    return revenue_of(plan, model, todays(plan))


def revenue_of(plan: Plan, model: Model, hours: Sequence[float]) -> tuple[float, frozenset[str]]:
    """What fixed hours by row earn, and the territories whose pipeline they cannot keep."""
    kept_by_all = declared(plan, model, hours).maximum()
    if kept_by_all is not None:
        return kept_by_all, frozenset()
    everywhere = frozenset(plan.territories)
    drained = frozenset(
        k for k in everywhere if declared(plan, model, hours, drained=everywhere - {k}).maximum() is None
    )
    found = declared(plan, model, hours, drained=drained).maximum()
    assert found is not None
    return found, drained
