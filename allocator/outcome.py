"""What a use of the hours leads to: opportunities, wins and revenue, recomputed from the plan.

Nothing here comes from a solver but the hours and the opportunities worked. What is created,
renewed, won and earned follows from those by the model's rules, so that every figure shown can be
traced to the plan's rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from allocator.curves import brought_by
from allocator.instance import Instance, Renewing, Source, Territory
from allocator.model import Coupling

BySteps = tuple[float, ...]
MOST_ROUNDS = 1000


@dataclass(frozen=True)
class SourceOutcome:
    """One source of one territory over the period, in opportunities and in the plan's currency.

    `created` and `worked` by step (`worked` by step, then depth), `wins` by step. `in_period` and
    `later` are the value of its wins by when they book.
    """

    area: str
    open: float
    created: BySteps
    worked: tuple[BySteps, ...]
    wins: BySteps
    in_period: float
    later: float

    @property
    def total_created(self) -> float:
        """Opportunities created in the period."""
        return math.fsum(self.created)

    @property
    def total_worked(self) -> float:
        """Opportunities worked in the period, at whatever depth."""
        return math.fsum(math.fsum(in_step) for in_step in self.worked)

    def value(self, later: float) -> float:
        """Projected revenue from its wins; what books later counts `later` times."""
        return self.in_period + later * self.later

    @property
    def unworked(self) -> float:
        """Opportunities there at the start or created that nobody worked in the period."""
        return self.open + self.total_created - self.total_worked


@dataclass(frozen=True)
class RenewingOutcome:
    """What one area of one territory renews over the period, in the plan's currency."""

    area: str
    renewed: float


@dataclass(frozen=True)
class TerritoryOutcome:
    """One territory: what its sources and its renewals lead to."""

    sources: tuple[SourceOutcome, ...]
    renewing: tuple[RenewingOutcome, ...]

    @property
    def opportunities(self) -> Opportunities:
        """What was created and worked, by source and step."""
        return Opportunities([s.created for s in self.sources], [s.worked for s in self.sources])

    def revenue(self, later: float) -> float:
        """Projected revenue in the plan's currency; what books later counts `later` times."""
        return math.fsum(
            (
                *(s.value(later) for s in self.sources),
                *(m.renewed for m in self.renewing),
            )
        )


@dataclass(frozen=True)
class Outcome:
    """Hours by row and step (in the order of the instance), and what they lead to by territory."""

    instance: Instance
    hours: tuple[BySteps, ...]
    territories: tuple[TerritoryOutcome, ...]

    @property
    def revenue(self) -> float:
        """Projected revenue of the period, in the plan's currency: the formulation's objective."""
        later = self.instance.model.objective.later
        return math.fsum(territory.revenue(later) for territory in self.territories)

    @property
    def created(self) -> float:
        """Opportunities created, over all territories and sources."""
        return math.fsum(s.total_created for k in self.territories for s in k.sources)

    @property
    def worked(self) -> float:
        """Opportunities worked, over all territories and sources."""
        return math.fsum(s.total_worked for k in self.territories for s in k.sources)

    @property
    def credited(self) -> dict[str, float]:
        """Projected revenue by the area whose opportunities were won, or that renews; 0 for others."""
        later = self.instance.model.objective.later
        parts: dict[str, list[float]] = {area: [] for area in self.instance.model.areas}
        for territory in self.territories:
            for source in territory.sources:
                parts[source.area].append(source.value(later))
            for renewing in territory.renewing:
                parts[renewing.area].append(renewing.renewed)
        return {area: math.fsum(revenues) for area, revenues in parts.items()}

    def total_hours(self, row: int) -> float:
        """The hours of one row over the period."""
        return math.fsum(self.hours[row])

    @property
    def moved(self) -> float:
        """Σ_i |Σ_t x_it − h_i|: the hours by which it differs from today's split."""
        return math.fsum(
            abs(self.total_hours(i) - row.today) for i, row in enumerate(self.instance.rows)
        )

    def area_hours(self, territory: Territory, area: str) -> float:
        """The hours of one area in one territory over the period."""
        return math.fsum(self.total_hours(i) for i in self.instance.rows_of(territory, area))


@dataclass(frozen=True)
class Use:
    """What was decided: hours by row and step, and opportunities by territory, source and step.

    `worked` has depths innermost. `created` is a start to build on: at least so many are created.
    """

    hours: Sequence[Sequence[float]]
    created: Sequence[Sequence[Sequence[float]]]
    worked: Sequence[Sequence[Sequence[Sequence[float]]]]


@dataclass(frozen=True)
class Opportunities:
    """Those of one territory: `created` by source and step, `worked` by source, step and depth."""

    created: Sequence[Sequence[float]]
    worked: Sequence[Sequence[Sequence[float]]]


def outcome(instance: Instance, use: Use) -> Outcome:
    """What `use` leads to."""
    return Outcome(
        instance=instance,
        hours=tuple(tuple(in_steps) for in_steps in use.hours),
        territories=tuple(
            _territory(instance, territory, use.hours, Opportunities(use.created[k], use.worked[k]))
            for k, territory in enumerate(instance.territories)
        ),
    )


def effective_hours(
    instance: Instance, rows: Sequence[int], hours: Sequence[Sequence[float]], step: int
) -> float:
    """Σ q_i x_it over `rows`: hours weighted by skill."""
    return math.fsum(instance.rows[i].skill * hours[i][step] for i in rows)


def driver(
    territory: Territory,
    coupling: Coupling,
    there: Opportunities,
    step: int,
) -> float:
    """What `coupling` counts in one step of one territory, in opportunities or wins."""
    count: dict[str, Callable[[int, Source], float]] = {
        "opportunities": lambda s, _: there.created[s][step],
        "worked": lambda s, _: math.fsum(there.worked[s][step]),
        "wins": lambda s, source: _wins(source, there.worked[s][step]),
    }
    return math.fsum(
        count[coupling.by](s, source)
        for s, source in enumerate(territory.sources)
        if source.area in coupling.of
    )


def market_growth(
    instance: Instance,
    territory: Territory,
    source: Source,
    there: Opportunities,
    step: int,
) -> float:
    """By how much couplings widen a source's market in one step: 0 none, 0.1 a tenth wider."""
    assert source.curve is not None
    more = math.fsum(
        coupling.rate * driver(territory, coupling, there, step - coupling.lag)
        for coupling in instance.model.couplings
        if coupling.grows == source.area and step >= coupling.lag
    )
    return more / (source.curve.potential / instance.steps)


def trusted(
    instance: Instance,
    territory: Territory,
    source: Source,
    there: Opportunities,
    step: int,
) -> float:
    """The most opportunities that couplings let a source create in one step; inf without any."""
    limiting = [c for c in instance.model.couplings if c.limits == source.area]
    if not limiting:
        return math.inf
    allowed = []
    for coupling in limiting:
        allowed.append(coupling.goodwill * source.created_today / instance.steps)
        if step >= coupling.lag:
            done = driver(territory, coupling, there, step - coupling.lag)
        else:
            done = math.fsum(s.created_today for s in territory.sources if s.area in coupling.of)
            done /= instance.steps
        allowed.append(coupling.rate * done)
    return math.fsum(allowed)


def _wins(source: Source, worked: Sequence[float]) -> float:
    return math.fsum(p * w for p, w in zip(source.win_rates, worked, strict=True))


def _created(
    instance: Instance,
    territory: Territory,
    hours: Sequence[Sequence[float]],
    at_least: Opportunities,
) -> list[list[float]]:
    """All that the hours create, by source and step, within the market and what trust allows.

    A programme may leave hours idle where more opportunities would earn nothing; people prospect
    all the same, and what they find and nobody works is what the reader should see. Couplings on
    opportunities feed back, so this climbs from `at_least`, which keeps every limit, round by
    round; every round keeps them too.
    """
    created = [list(in_steps) for in_steps in at_least.created]
    now = Opportunities(created, at_least.worked)
    feeds_back = any(coupling.by == "opportunities" for coupling in instance.model.couplings)
    for step in range(instance.steps):
        for _ in range(MOST_ROUNDS if feeds_back else 1):
            before = [in_steps[step] for in_steps in created]
            for s, source in enumerate(territory.sources):
                if source.curve is None:
                    continue
                growth = market_growth(instance, territory, source, now, step)
                effective = effective_hours(instance, source.rows, hours, step)
                filled = brought_by(source.curve.segments, effective, (1 + growth) / instance.steps)
                allowed = trusted(instance, territory, source, now, step)
                created[s][step] = min(filled, allowed)
            after = [in_steps[step] for in_steps in created]
            if all(math.isclose(a, b, rel_tol=1e-12) for a, b in zip(before, after, strict=True)):
                break
    return created


def _territory(
    instance: Instance,
    territory: Territory,
    hours: Sequence[Sequence[float]],
    at_least: Opportunities,
) -> TerritoryOutcome:
    created = _created(instance, territory, hours, at_least)
    worked = at_least.worked
    sources = []
    for s, source in enumerate(territory.sources):
        wins = tuple(_wins(source, in_step) for in_step in worked[s])
        in_period = math.fsum(f * won for f, won in zip(source.booked, wins, strict=True))
        sources.append(
            SourceOutcome(
                area=source.area,
                open=source.open,
                created=tuple(created[s]),
                worked=tuple(tuple(in_step) for in_step in worked[s]),
                wins=wins,
                in_period=source.deal_size * in_period,
                later=source.deal_size * (math.fsum(wins) - in_period),
            )
        )
    renewing = tuple(
        RenewingOutcome(renewing.area, renewed(instance, renewing, hours))
        for renewing in territory.renewing
    )
    return TerritoryOutcome(tuple(sources), renewing)


def renewed(instance: Instance, renewing: Renewing, hours: Sequence[Sequence[float]]) -> float:
    """R·lo + G(e): what renews over the period with these hours, in the plan's currency."""
    if renewing.curve is None:
        return renewing.base
    by_hours = (
        brought_by(
            renewing.curve.segments,
            effective_hours(instance, renewing.rows, hours, step),
            1 / instance.steps,
        )
        for step in range(instance.steps)
    )
    return renewing.base + math.fsum(by_hours)
