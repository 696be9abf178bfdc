"""Write inputs/national.csv: a national sales force of about 60 territories and 250 reps.

Run as `python inputs/make_national.py` from the repository's root. The figures are drawn from one
seed, so the file comes out the same, byte for byte; nobody in it exists.
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from pathlib import Path

SEED = 20260101
MARKETS = """
Albany Albuquerque Anchorage Atlanta Austin Baltimore Birmingham Boise Boston Buffalo Charleston
Charlotte Chicago Cincinnati Cleveland Columbus Dallas Denver Detroit Hartford Honolulu Houston
Indianapolis Jacksonville Knoxville Lexington Louisville Memphis Miami Milwaukee Minneapolis
Nashville Norfolk Oakland Omaha Orlando Philadelphia Phoenix Pittsburgh Portland Providence Raleigh
Reno Richmond Rochester Sacramento Savannah Seattle Spokane Tacoma Tampa Toledo Tucson Tulsa
""".split()  # noqa: SIM905 (a list reads best as words)
REGIONS = ("Bay Area", "Gulf Coast", "High Plains", "New York", "North Jersey", "St. Louis")
FIRST = """
Ada Ben Carla Dev Elif Femi Gina Hugo Ines Jamal Kim Lena Marco Nora Omar Priya Quinn Rosa Sam Tessa
Uma Victor Wen Yara Zane
""".split()  # noqa: SIM905 (a list reads best as words)
LAST = "B C D F G H K L M N P R S T V W".split()  # noqa: SIM905
COLUMNS = (
    "territory", "area", "rep", "hours", "opportunities", "open", "win_rate",
    "deal_size", "cycle_days", "hours_per_opportunity", "renewals", "renewal_rate",
)  # fmt: skip
PATH = Path(__file__).with_name("national.csv")


@dataclass(frozen=True)
class Market:
    """What one territory is like: `size` relative to the average, money in dollars."""

    name: str
    size: float
    deal: float
    hours_per_opportunity: float


def main() -> None:
    """Draw the sales force and write it."""
    draw = random.Random(SEED)  # noqa: S311 (figures for a sample, no secrets)
    names = [*MARKETS, *REGIONS]
    reps = [f"{first} {last}." for last in LAST for first in FIRST]
    rows: list[dict[str, str]] = []
    last_rep = ""
    for name in names:
        market = Market(
            name,
            size=draw.uniform(0.7, 1.4),
            deal=draw.uniform(18_000, 42_000),
            hours_per_opportunity=draw.choice((4.0, 4.5, 5.0, 5.5, 6.0, 7.0)),
        )
        team = [reps.pop(0) for _ in range(draw.choice((3, 4, 4, 4, 5)))]
        if last_rep and draw.random() < 0.25:
            team.append(last_rep)
        last_rep = team[0]
        rows += territory(market, team, draw)
    with PATH.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def territory(market: Market, team: list[str], draw: random.Random) -> list[dict[str, str]]:
    """The rows of one territory: its facts stand on the first row of each area."""
    lean = draw.uniform(0.8, 1.25)
    shares = {
        "prospecting": 0.48 * lean,
        "opportunity_management": 0.32,
        "account_development": 0.11,
        "partners": 0.09,
    }
    rows: list[dict[str, str]] = []
    for area, share in shares.items():
        facts = facts_of(area, market, draw)
        for at, rep in enumerate(team):
            hours = round(440 * share / sum(shares.values()) * draw.uniform(0.7, 1.3) / 5) * 5
            if at == len(team) - 1 and len(team) > 4:
                hours = hours // 10 * 5
            row = {"territory": market.name, "area": area, "rep": rep, "hours": str(hours)}
            if area != "opportunity_management":
                row |= opportunities(area, hours, market, draw)
            rows.append(row | (facts if at == 0 else {}))
    return rows


def facts_of(area: str, market: Market, draw: random.Random) -> dict[str, str]:
    """The facts of one area: what a win takes and brings there."""
    if area == "opportunity_management":
        return {"hours_per_opportunity": f"{market.hours_per_opportunity:g}"}
    win_rate, deal = {
        "prospecting": (draw.uniform(0.18, 0.26), 1.0),
        "account_development": (draw.uniform(0.24, 0.32), 1.1),
        "partners": (draw.uniform(0.25, 0.33), 1.15),
    }[area]
    facts = {
        "win_rate": f"{win_rate:.2f}",
        "deal_size": f"{round(market.deal * deal, -2):.0f}",
        "cycle_days": str(draw.choice((30, 45, 60, 75))),
    }
    if area == "account_development":
        facts["renewals"] = f"{round(market.size * draw.uniform(300_000, 900_000), -4):.0f}"
        facts["renewal_rate"] = f"{draw.uniform(0.84, 0.94):.2f}"
    return facts


def opportunities(area: str, hours: int, market: Market, draw: random.Random) -> dict[str, str]:
    """What a rep's hours bring in one area, and what of it is open at the start."""
    per_hour = {"prospecting": 0.17, "account_development": 0.13, "partners": 0.15}[area]
    created = round(hours * per_hour * market.size * draw.uniform(0.8, 1.2))
    return {"opportunities": str(created), "open": str(round(created * draw.uniform(0.1, 0.3)))}


if __name__ == "__main__":
    main()
