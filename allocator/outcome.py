"""What a use of the hours leads to: opportunities, wins and revenue, recomputed from the plan.

Nothing here comes from a solver but the hours and the opportunities worked. What is created,
renewed, won and earned follows from those by the model's rules, so that every figure shown can be
traced to the plan's rows. Territories that are alike (`allocator.alike`) are worked out at once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from allocator import rules
from allocator.alike import Alike
from allocator.arrays import Floats
from allocator.instance import Instance, Territory
from allocator.model import Model
from allocator.reached import BySteps, Reached, SourceTotals, TerritoryOutcome
from allocator.rules import Opportunities

MOST_ROUNDS = 1000


@dataclass(frozen=True, eq=False)
class Outcome:
    """Hours by row and step (in the order of the instance), and what they lead to, shape by shape."""

    instance: Instance
    by_row: Floats
    reached: tuple[Reached, ...]

    def __eq__(self, other: object) -> bool:
        """Whether all of it is the same, to the last digit."""
        if not isinstance(other, Outcome):
            return NotImplemented
        return (self.instance, self.hours, self.territories) == (
            other.instance,
            other.hours,
            other.territories,
        )

    __hash__ = None  # type: ignore[assignment]

    @cached_property
    def hours(self) -> tuple[BySteps, ...]:
        """Hours by row and step."""
        return tuple(map(tuple, self.by_row.tolist()))

    @cached_property
    def territories(self) -> tuple[TerritoryOutcome, ...]:
        """What each territory's sources and renewals lead to."""
        found = dict(pair for reached in self.reached for pair in reached.one_by_one())
        return tuple(found[k] for k in range(len(found)))

    @cached_property
    def sources(self) -> tuple[SourceTotals, ...]:
        """Each source of each territory over the period: what most readers ask for, and soon at hand."""
        found = dict(pair for reached in self.reached for pair in reached.totals())
        return tuple(source for k in range(len(found)) for source in found[k])

    @property
    def renewed(self) -> float:
        """What renews over the period, in the plan's currency."""
        return math.fsum(money for reached in self.reached for money in reached.renewed.ravel().tolist())

    @cached_property
    def revenue(self) -> float:
        """Projected revenue of the period, in the plan's currency: the formulation's objective."""
        return math.fsum(self.credited.values())

    @property
    def created(self) -> float:
        """Opportunities created, over all territories and sources."""
        return math.fsum(float(reached.created.sum()) for reached in self.reached)

    @property
    def worked(self) -> float:
        """Opportunities worked, over all territories and sources."""
        return math.fsum(float(reached.worked.sum()) for reached in self.reached)

    @property
    def credited(self) -> dict[str, float]:
        """Projected revenue by the area whose opportunities were won, or that renews; 0 for others."""
        later = self.instance.model.objective.later
        parts: dict[str, list[float]] = {area: [] for area in self.instance.model.areas}
        for reached in self.reached:
            valued = reached.in_period + later * reached.later
            for source, by_territory in zip(reached.alike.sources, valued, strict=True):
                parts[source.area] += by_territory.tolist()
            for renewing, by_territory in zip(reached.alike.renewing, reached.renewed, strict=True):
                parts[renewing.area] += by_territory.tolist()
        return {area: math.fsum(revenues) for area, revenues in parts.items()}

    @property
    def use(self) -> Use:
        """What was decided, and all that it creates."""
        created: list[npt.ArrayLike] = [()] * len(self.instance.territories)
        worked = created.copy()
        for reached in self.reached:
            found = np.moveaxis(reached.created, -1, 0), np.moveaxis(reached.worked, -1, 0)
            for k, *there in zip(reached.alike.territories, *found, strict=True):
                created[k], worked[k] = there
        return Use(self.by_row, created, worked)

    @cached_property
    def totals(self) -> Floats:
        """The hours of each row over the period."""
        found: Floats = self.by_row.sum(axis=1)
        return found

    def total_hours(self, row: int) -> float:
        """The hours of one row over the period."""
        return float(self.totals[row])

    @property
    def moved(self) -> float:
        """Σ_i |Σ_t x_it − h_i|: the hours by which it differs from today's split."""
        today = self.instance.today
        return math.fsum(np.abs(self.totals - today).tolist())

    def area_hours(self, territory: Territory, area: str) -> float:
        """The hours of one area in one territory over the period."""
        return math.fsum(self.total_hours(i) for i in self.instance.rows_of(territory, area))


@dataclass(frozen=True, eq=False)
class Use:
    """What was decided: hours by row and step, and opportunities by territory, source and step.

    `worked` has depths innermost. `created` is a start to build on: at least so many are created.
    """

    hours: npt.ArrayLike
    created: Sequence[npt.ArrayLike]
    worked: Sequence[npt.ArrayLike]

    def __eq__(self, other: object) -> bool:
        """Whether all of it is the same, to the last digit."""
        if not isinstance(other, Use):
            return NotImplemented
        mine, its = ((it.hours, *it.created, *it.worked) for it in (self, other))
        return len(mine) == len(its) and all(map(np.array_equal, mine, its))

    __hash__ = None  # type: ignore[assignment]


def outcome(instance: Instance, use: Use) -> Outcome:
    """What `use` leads to."""
    hours = np.array(use.hours, np.float64).reshape(len(instance.rows), instance.steps)
    return Outcome(
        instance=instance,
        by_row=hours,
        reached=tuple(_reached(instance.model, alike, hours, use) for alike in instance.alike),
    )


def _created(model: Model, hours: Floats, at_least: Opportunities) -> Floats:
    """All that the hours create, by source and step, within the market and what trust allows.

    A programme may leave hours idle where more opportunities would earn nothing; people prospect
    all the same, and what they find and nobody works is what the reader should see. Couplings on
    opportunities feed back, so this climbs from `at_least`, which keeps every limit, round by
    round; every round keeps them too.
    """
    created = at_least.created.copy()
    now = Opportunities(at_least.alike, created, at_least.worked)
    feeds_back = any(coupling.by == "opportunities" for coupling in model.couplings)
    for step in range(model.steps):
        for _ in range(MOST_ROUNDS if feeds_back else 1):
            before = created[:, step].copy()
            for s, source in enumerate(now.alike.sources):
                if source.curve is not None:
                    found = rules.creatable(model, source, hours, now, step)
                    created[s, step] = np.minimum(found, rules.trusted(model, source, now, step))
            if np.allclose(before, created[:, step], rtol=1e-12, atol=0.0):
                break
    return created


def _reached(model: Model, alike: Alike, by_row: Floats, use: Use) -> Reached:
    hours: Floats = by_row[alike.rows].transpose(0, 2, 1)
    many, sources, depths = len(alike.territories), len(alike.sources), len(model.depths)
    created, worked = (
        np.moveaxis(np.array([given[k] for k in alike.territories], np.float64).reshape(shape), 0, -1)
        for given, shape in (
            (use.created, (many, sources, model.steps)),
            (use.worked, (many, sources, model.steps, depths)),
        )
    )
    created = _created(model, hours, Opportunities(alike, created, worked))
    wins, in_period, later = (
        np.zeros(created.shape),
        np.zeros((sources, many)),
        np.zeros((sources, many)),
    )
    for s, source in enumerate(alike.sources):
        for step in range(model.steps):
            wins[s, step] = rules.wins(source, worked[s, step])
        booked = (np.stack(source.booked) * wins[s]).sum(axis=0)
        in_period[s] = source.deal_size * booked
        later[s] = source.deal_size * (wins[s].sum(axis=0) - booked)
    renewed = np.zeros((len(alike.renewing), many))
    for m, renewing in enumerate(alike.renewing):
        renewed[m] = rules.renewed(model, alike, renewing, hours)
    return Reached(alike, hours, created, worked, wins, in_period, later, renewed)
