"""Random plans and models, alike for a seed and a number: the cases of every campaign.

Territories 1–4, reps 1–5 of whom some cover several, 1–13 steps; areas that are missing, rows without
hours, sources without opportunities, bounds, skills; couplings of every kind with lags; depths, decay,
end pipelines, renewals.
"""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass, replace
from random import Random

from allocator.columns import COLUMNS, stands_on
from allocator.model import Area, Coupling, Depth, Model, Objective, Renewals
from allocator.plan import Facts, Plan, Row

SOURCES = ("prospecting", "account_development", "partners", "events")
WORKING = "opportunity_management"
TERRITORIES = ("North", "South", "East", "West")
REPS = ("Ann", "Bob", "Cat", "Dan", "Eve")


@dataclass(frozen=True)
class Case:
    """A plan and the model that it is for."""

    plan: Plan
    model: Model


def random_case(seed: int, number: int, tiny: bool = False) -> Case:
    """The case of this seed and number; a tiny one has one territory, one step and few areas."""
    random = Random(f"{seed}/{number}")  # noqa: S311 (cases, not secrets)
    model = _model(random, tiny)
    territories = TERRITORIES[: 1 if tiny else random.randint(1, 4)]
    reps = REPS[: random.randint(1, 2 if tiny else 5)]
    rows: list[Row] = []
    facts: dict[tuple[str, str], Facts] = {}
    for territory in territories:
        for area in _present(random, model):
            created = _some(random, 1, 60)
            facts[territory, area] = _facts(random, model.areas[area], created)
            here = random.sample(reps, min(len(reps), random.choice((1, 1, 1, 2))))
            parts = [random.uniform(0.5, 1.0) for _ in here]
            for rep, part in zip(here, parts, strict=True):
                row = _row(random, (territory, area, rep), model.areas[area].creates)
                mine = created * part / sum(parts) if model.areas[area].creates else 0.0
                rows.append(replace(row, opportunities=mine))
    return Case(numbered(rows, facts), model)


def numbered(rows: list[Row], facts: dict[tuple[str, str], Facts]) -> Plan:
    """A plan of these rows, with lines as a file numbers them."""
    return Plan(tuple(replace(row, line=at + 2) for at, row in enumerate(rows)), facts)


def to_csv(plan: Plan, model: Model) -> str:
    """The plan as its file would be, every digit kept."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in COLUMNS)
    for row in plan.rows:
        facts, area = plan.facts[row.territory, row.area], model.areas[row.area]
        given = (
            getattr(row if hasattr(row, column.name) else facts, column.name)
            if stands_on(column, area)
            else None
            for column in COLUMNS
        )
        writer.writerow("" if value in (None, math.inf) else value for value in given)
    return out.getvalue()


def _present(random: Random, model: Model) -> list[str]:
    """The areas with rows in a territory: at least one source, nearly always the one that works."""
    sources = [a for a in model.sources if random.random() < 0.8] or [model.sources[0]]
    others = [a for a in model.areas if a not in model.sources and random.random() < 0.95]
    return [area for area in model.areas if area in (*sources, *others)]


def _some(random: Random, least: float, most: float) -> float:
    """A figure as plans have them: whole, rounded or not; 0 now and then."""
    value = random.uniform(least, most)
    return random.choice((round(value), round(value), round(value, 1), value, value, 0.0)) * 1.0


def _row(random: Random, key: tuple[str, str, str], creates: bool) -> Row:
    hours = _some(random, 10, 250) or random.choice((0.0, 40.0, 40.0))
    return Row(
        *key,
        hours=hours,
        min_hours=hours * random.choice((0,) * 12 + (0.2, 0.5)),
        max_hours=hours * random.choice((math.inf,) * 10 + (1.2, 2.0)) if hours else math.inf,
        skill=random.choice((1.0, 1.0, 1.0, 0.8, random.uniform(0.5, 1.6))),
        open=_some(random, 0, 15) if creates else 0.0,
    )


def _facts(random: Random, area: Area, created: float) -> Facts:
    hours_each = random.choice((1.0, 4.0, 7.5, random.uniform(0.5, 40))) if area.works else None
    renewals = {}
    if area.renewals is not None:
        renewals = {
            "renewals": random.choice((0.0, 60_000.0, random.uniform(1e3, 2e6))),
            "renewal_rate": random.choice((None, 0.7, random.uniform(0.01, 0.99))),
        }
    if not area.creates:
        return Facts(hours_per_opportunity=hours_each, **renewals)
    more = random.choice((random.uniform(1.02, 5.0), random.uniform(5, 1000)))
    given = area.potential is None or random.random() < 0.3
    return Facts(
        potential=max(1.0, created * more) if given else None,
        win_rate=random.choice((0.2, 0.35, random.random())),
        deal_size=random.choice(
            (12_500.0, round(10 ** random.uniform(2, 5)), 10 ** random.uniform(1, 7))
        ),
        cycle_days=random.choice((0.0, 30.0, random.uniform(0, 200))),
        **renewals,
    )


def _model(random: Random, tiny: bool) -> Model:
    sources = SOURCES[: random.randint(1, 2 if tiny else 4)]
    areas = {}
    for name in sources:
        renews = Renewals(
            rate=random.uniform(0.3, 0.98), floor=random.random(), headroom=random.uniform(0.1, 1)
        )
        areas[name] = Area(
            creates=True,
            potential=random.choice((2.0, 2.5, random.uniform(1.05, 20), None)),
            share=_share(random),
            renewals=renews if random.random() < (0.4 if name == SOURCES[1] else 0.05) else None,
        )
    areas[WORKING] = Area(
        works=True,
        share=_share(random),
        decay=random.choice((0.0, 0.5, 1.0, random.random())),
        end_pipeline=random.choice((0.0, 0.5, 1.0, random.uniform(0, 1.5))),
        depths=_depths(random),
    )
    steps = 1 if tiny else random.choice((1, 1, 1, 1, 2, 3, 3, 3, 4, 6, 9, 13))
    return Model(
        name="Random",
        period_days=random.choice((91.0, 30.0, random.uniform(20, 365))),
        steps=steps,
        objective=Objective(later=random.choice((1.0, 0.6, 0.0, random.random()))),
        areas=areas,
        couplings=tuple(
            _coupling(random, at, sources) for at in range(random.randint(0, 1 if tiny else 4))
        ),
    )


def _share(random: Random) -> tuple[float, float]:
    return (
        random.choice((0.0, 0.0, 0.05, 0.1, random.uniform(0, 0.2))),
        random.choice((1.0, 0.6, 0.8, random.uniform(0.45, 1.0))),
    )


def _depths(random: Random) -> tuple[Depth, ...]:
    """1–4 depths, the win per effort falling as they get deeper."""
    effort, each, found = random.uniform(0.3, 1.0), random.uniform(0.8, 1.3), []
    for at in range(random.randint(1, 4)):
        found.append(Depth(name=f"depth {at}", effort=effort, win=effort * each))
        effort, each = effort * random.uniform(1.2, 2.5), each * random.uniform(0.5, 0.95)
    return tuple(found)


def _coupling(random: Random, at: int, sources: tuple[str, ...]) -> Coupling:
    limits = random.random() < 0.4
    target = random.choice(sources)
    return Coupling(
        name=f"Coupling {at}",
        limits=target if limits else None,
        grows=None if limits else target,
        goodwill=random.choice((0.2, 0.5, random.random())) if limits else 0.0,
        by=random.choice(("opportunities", "worked", "wins")),
        of=tuple(random.sample(sources, random.randint(1, len(sources)))),
        rate=random.choice((0.3, 1.1, random.uniform(0, 2))),
        lag=random.choice((0, 0, 1, 2)),
    )
