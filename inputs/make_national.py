"""Write inputs/national.csv: a national plan of 60 territories and 250 reps, made up but consistent.

Run from the root of the repository: `python inputs/make_national.py`. The same bytes come out every
time. Hours are for a quarter of 91 days, money is in US dollars, days are calendar days.

The territories are small-business, mid-market or enterprise markets; win rates and cycles are those
that vendors publish for these segments, everything else is an assumption. Most territories create more
opportunities than they have hours to work, some have hours to spare, and some reps cover two
neighbours, which is what ties the territories together.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

SEED = 2026
REPS = 250
COVERS_TWO = 0.16
"""Share of the reps who cover the next territory of their region as well."""

REGIONS = {
    "Northeast": "Boston, Providence, Hartford, New York, Long Island, New Jersey, Philadelphia",
    "Mid-Atlantic": "Baltimore, Washington, Richmond, Raleigh, Charlotte, Charleston, Pittsburgh",
    "South": "Atlanta, Nashville, Memphis, Birmingham, Jacksonville, Orlando, Tampa Bay, Miami",
    "Midwest": "Chicago, Milwaukee, Minneapolis, Detroit, Cleveland, Columbus, Indianapolis, St. Louis",
    "Central": "Kansas City, Oklahoma City, Dallas, Austin, San Antonio, Houston, Denver, Utah",
    "West": "Phoenix, Las Vegas, San Diego, Los Angeles, Sacramento, Bay Area, Portland, Seattle",
    "British Isles": "London, Midlands, Scotland, Ireland",
    "Continent": "Île-de-France, Benelux, Rhine-Ruhr, Bavaria, Switzerland, Lombardy, Catalonia, Madrid",
    "Nordics": "Denmark, Sweden",
}
# fmt: off
FIRST_NAMES = (
    "Aaron", "Adele", "Aisha", "Alba", "Amir", "Anika", "Anton", "Beatriz", "Bjorn", "Brooke", "Caleb",
    "Camila", "Carmen", "Chidi", "Clara", "Colin", "Dalia", "Daniel", "Deepa", "Diego", "Eleni",
    "Elias", "Emma", "Erik", "Esther", "Fatima", "Felix", "Fiona", "Gabriel", "Grace", "Hana", "Hector",
    "Helena", "Hugo", "Imani", "Ingrid", "Isaac", "Ivan", "Jamal", "Jana", "Jasper", "Joan", "Jonas",
    "Julia", "Kai", "Karin", "Keiko", "Kofi", "Lars", "Leila", "Liam", "Lucia", "Luis", "Maeve",
    "Malik", "Marco", "Marta", "Mateo", "Mei", "Milan", "Nadia", "Naomi", "Nils", "Nora", "Olga",
    "Omar", "Oscar", "Pablo", "Paula", "Petra", "Priya", "Quinn", "Rafael", "Rania", "Rosa", "Ruben",
    "Samir", "Sara", "Selma", "Sofia", "Stefan", "Tara", "Theo", "Tomas", "Uma", "Valeria", "Victor",
    "Wanda", "Wei", "Yara", "Yusuf", "Zoe",
)
# fmt: on
INITIALS = "ABCDEFGHJKLMNOPRSTVWZ"

SOURCES = ("prospecting", "account_development", "partners")
AREAS = ("prospecting", "opportunity_management", "account_development", "partners")
HEADER = (
    *("territory", "area", "rep", "hours", "min_hours", "max_hours", "skill", "opportunities"),
    *("potential", "open", "win_rate", "deal_size", "cycle_days", "hours_per_opportunity"),
    *("renewals", "renewal_rate"),
)

Range = tuple[float, float]


@dataclass(frozen=True)
class Segment:
    """A kind of market: least and most of what its territories are drawn from, and how often it occurs.

    `win_rate` and `deal_size` (dollars) are prospecting's, `cycle_days` too; `effort` is hours per
    opportunity; `renewals` dollars per quarter and rep.
    """

    weight: float
    win_rate: Range
    deal_size: Range
    cycle_days: Range
    effort: Range
    renewals: Range


SEGMENTS = (
    Segment(0.35, (0.30, 0.36), (7_000, 15_000), (14, 30), (4, 7), (60_000, 140_000)),
    Segment(0.40, (0.20, 0.27), (22_000, 48_000), (35, 85), (9, 14), (120_000, 320_000)),
    Segment(0.25, (0.15, 0.19), (80_000, 160_000), (95, 165), (20, 30), (250_000, 700_000)),
)
WIN_RATE = {"prospecting": 1.0, "account_development": 1.3, "partners": 1.4}
DEAL_SIZE = {"prospecting": 1.0, "account_development": 1.2, "partners": 1.3}
CYCLE = {"prospecting": 1.0, "account_development": 0.75, "partners": 0.85}
"""What differs from prospecting, as a factor."""

HOURS: dict[str, Range] = {
    "prospecting": (0.36, 0.50),
    "opportunity_management": (0.26, 0.36),
    "account_development": (0.10, 0.18),
    "partners": (0.07, 0.14),
}
"""Parts of a rep's hours, before they are made to add up."""

BROUGHT: dict[str, Range] = {
    "prospecting": (0.60, 0.72),
    "account_development": (0.14, 0.22),
    "partners": (0.10, 0.18),
}
"""Parts of a territory's opportunities, before they are made to add up."""


@dataclass(frozen=True)
class Cover:
    """One rep in one territory: hours by area, and effective hours per hour (one for all areas)."""

    rep: str
    hours: dict[str, float]
    skill: float


class Draw:
    """Random figures, from `Random.random` alone: the one method that never changes with Python."""

    def __init__(self, seed: int) -> None:
        self._next = Random(seed).random  # noqa: S311 - figures for a made-up plan, no secret

    def chance(self, share: float) -> bool:
        """True in `share` of all draws."""
        return self._next() < share

    def between(self, bounds: Range) -> float:
        """Anything from the least to the most, evenly."""
        return bounds[0] + self._next() * (bounds[1] - bounds[0])

    def index(self, count: int) -> int:
        """A whole number from 0 to count − 1."""
        return int(self._next() * count)

    def segment(self) -> Segment:
        """One of the segments, by weight."""
        left = self._next()
        for segment in SEGMENTS:
            left -= segment.weight
            if left < 0:
                return segment
        return SEGMENTS[-1]


def main() -> None:
    """Write national.csv beside this script."""
    with Path(__file__).with_name("national.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for row in national(Draw(SEED)):
            writer.writerow([row.get(column, "") for column in HEADER])


def national(draw: Draw) -> list[dict[str, str]]:
    """The rows of the plan, territory by territory."""
    regions = [territories.split(", ") for territories in REGIONS.values()]
    rows = []
    for territory, covers in team(draw, regions).items():
        rows += territory_rows(draw, territory, covers)
    return rows


def team(draw: Draw, regions: Sequence[Sequence[str]]) -> dict[str, list[Cover]]:
    """Who covers which territory. A rep who covers two spends the smaller part in the second."""
    covers: dict[str, list[Cover]] = {name: [] for region in regions for name in region}
    next_door = {here: there for region in regions for here, there in pairwise(region)}
    territories = list(covers)
    homes = [*territories, *territories, *territories]
    homes += [territories[draw.index(len(territories))] for _ in range(REPS - len(homes))]
    names: set[str] = set()
    for home in sorted(homes, key=territories.index):
        rep, skill = new_name(draw, names), skill_of(draw)
        capacity = 10 * round(draw.between((400, 480)) / 10)
        if draw.chance(COVERS_TWO) and home in next_door:
            away = 10 * round(capacity * draw.between((0.25, 0.45)) / 10)
            covers[next_door[home]].append(Cover(rep, divided(draw, away), skill))
            capacity -= away
        covers[home].append(Cover(rep, divided(draw, capacity), skill))
    return covers


def new_name(draw: Draw, taken: set[str]) -> str:
    """A first name and an initial that nobody has yet."""
    while True:
        initial = INITIALS[draw.index(len(INITIALS))]
        name = f"{FIRST_NAMES[draw.index(len(FIRST_NAMES))]} {initial}."
        if name not in taken:
            taken.add(name)
            return name


def skill_of(draw: Draw) -> float:
    """Mostly 1; some reps are new, some have been there for long."""
    if draw.chance(0.12):
        return 0.8
    return 1.15 if draw.chance(0.15) else 1.0


def divided(draw: Draw, capacity: float) -> dict[str, float]:
    """Hours by area, in whole hours that add up to the capacity."""
    parts = {area: draw.between(bounds) for area, bounds in HOURS.items()}
    whole = sum(parts.values())
    hours: dict[str, float] = {area: round(capacity * part / whole) for area, part in parts.items()}
    hours["prospecting"] += capacity - sum(hours.values())
    return hours


def territory_rows(draw: Draw, territory: str, covers: Sequence[Cover]) -> list[dict[str, str]]:
    """A territory's rows, rep by rep; its facts stand on the first rep's."""
    facts, created = facts_of(draw, covers)
    opened = {source: round(count * draw.between((0.10, 0.25))) for source, count in created.items()}
    rows: list[dict[str, str]] = []
    at: dict[tuple[int, str], dict[str, str]] = {}
    for i, cover in enumerate(covers):
        for area in AREAS:
            row = {
                "territory": territory,
                "area": area,
                "rep": cover.rep,
                "hours": f"{cover.hours[area]:g}",
            }
            if cover.skill != 1.0:
                row["skill"] = f"{cover.skill:g}"
            row |= bounds_of(draw, area, cover.hours[area])
            row |= facts[area] if i == 0 else {}
            at[i, area] = row
            rows.append(row)
    for source in SOURCES:
        weights = [cover.hours[source] * cover.skill for cover in covers]
        new, old = apportioned(created[source], weights), apportioned(opened[source], weights)
        for i, _ in enumerate(covers):
            at[i, source] |= {"opportunities": str(new[i]), "open": str(old[i])}
    return rows


def bounds_of(draw: Draw, area: str, hours: float) -> dict[str, str]:
    """Now and then accounts are promised hours, or partners can take no more than some."""
    if area == "account_development" and draw.chance(0.06):
        return {"min_hours": f"{5 * round(hours * 0.6 / 5)}"}
    if area == "partners" and draw.chance(0.06):
        return {"max_hours": f"{5 * round(hours * 1.8 / 5)}"}
    return {}


def facts_of(draw: Draw, covers: Sequence[Cover]) -> tuple[dict[str, dict[str, str]], dict[str, int]]:
    """The territory's facts by area as written, and the opportunities it creates today by source."""
    segment = draw.segment()
    win_rate, deal_size = draw.between(segment.win_rate), draw.between(segment.deal_size)
    cycle = draw.between(segment.cycle_days)
    effort = round(2 * draw.between(segment.effort)) / 2
    working = sum(cover.hours["opportunity_management"] * cover.skill for cover in covers)
    workload = draw.between((0.95, 1.65))  # of the hours that work opportunities, at standard depth
    parts = {source: draw.between(bounds) for source, bounds in BROUGHT.items()}
    whole = sum(parts.values())
    created = {s: max(2, round(workload * working / effort * part / whole)) for s, part in parts.items()}
    facts: dict[str, dict[str, str]] = {
        source: {
            "win_rate": f"{win_rate * WIN_RATE[source]:.2f}",
            "deal_size": str(
                100 * round(deal_size * DEAL_SIZE[source] * draw.between((0.9, 1.1)) / 100)
            ),
            "cycle_days": str(round(cycle * CYCLE[source])),
        }
        for source in SOURCES
    }
    facts["prospecting"]["potential"] = str(round(created["prospecting"] * draw.between((1.8, 3.2))))
    facts["opportunity_management"] = {"hours_per_opportunity": f"{effort:g}"}
    recurring = len(covers) * draw.between(segment.renewals)
    facts["account_development"] |= {
        "renewals": str(1000 * round(recurring / 1000)),
        "renewal_rate": f"{draw.between((0.84, 0.94)):.2f}",
    }
    return facts, created


def apportioned(total: int, weights: Sequence[float]) -> list[int]:
    """`total` in whole numbers in proportion to the weights, the largest remainders rounded up."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [int(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


if __name__ == "__main__":
    main()
