"""Plans of any size for the benchmarks, made up but consistent, the same bytes every time.

Territories are those of `inputs/make_national.py` (its segments, skills and bounds), 16 rows each: four
reps in every territory, some of whom also work in the next one. So territories fall into components of
one to eight that share reps. Overlay reps, if there are any, support the partners of many territories
and join those into one component.

    python -m benchmarks.plans 1000 --overlays 10 --cover 100 > plan.csv
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from inputs.make_national import HEADER, Cover, Draw, divided, skill_of, territory_rows

SEED = 13
SEATS = 4
"""Reps at work in a territory."""
LARGEST = 8
"""Territories in the largest component; every size from one on is as likely."""
OVERLAY_HOURS = 440.0
AWAY = (0.25, 0.45)
"""Part of the hours that a rep of two territories spends in the second."""

Record = dict[str, str]


@dataclass(frozen=True)
class Size:
    """A plan to be made: its territories, and its overlay reps with the territories that each covers."""

    territories: int
    overlays: int = 0
    cover: int = 0

    @property
    def name(self) -> str:
        """What the plan is called."""
        overlays = f"-{self.overlays}x{self.cover}" if self.overlays else ""
        return f"plan-{self.territories}{overlays}"


def write_plan(size: Size, out: TextIO) -> None:
    """Write the plan of this size as CSV."""
    writer = csv.DictWriter(out, HEADER, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(plan(size))


def plan(size: Size) -> list[Record]:
    """The rows of the plan, territory by territory, overlay reps after the territory's own."""
    draw = Draw(SEED)
    rows = national(draw, size.territories)
    return overlay_plan(rows, size.overlays, size.cover) if size.overlays else rows


def national(draw: Draw, territories: int) -> list[Record]:
    """A plan whose territories share reps in components of one to `LARGEST`."""
    rows: list[Record] = []
    first = 0
    while first < territories:
        count = min(1 + draw.index(LARGEST), territories - first)
        for at, covers in enumerate(component(draw, count, SEATS * first), start=first):
            rows += territory_rows(draw, f"T{at + 1:04}", covers)
        first += count
    return rows


def component(draw: Draw, count: int, named: int) -> list[list[Cover]]:
    """Who covers each of `count` neighbours: the last rep of each one also works in the next."""
    covers: list[list[Cover]] = [[] for _ in range(count)]
    for k in range(count):
        while len(covers[k]) < SEATS:
            named += 1
            rep, skill = f"R{named:05}", skill_of(draw)
            capacity = 10 * round(draw.between((400, 480)) / 10)
            if len(covers[k]) == SEATS - 1 and k + 1 < count:
                away = 10 * round(capacity * draw.between(AWAY) / 10)
                covers[k + 1].append(Cover(rep, divided(draw, away), skill))
                capacity -= away
            covers[k].append(Cover(rep, divided(draw, capacity), skill))
    return covers


def overlay_plan(rows: Sequence[Record], overlays: int, cover: int) -> list[Record]:
    """The same plan with overlay reps, each with hours for the partners of `cover` territories.

    Overlay rep number v covers `cover` territories in a row, from the v-th part of the country on, and
    goes round its end. What today's partners bring stays what it is.
    """
    names = list(dict.fromkeys(row["territory"] for row in rows))
    covering: dict[str, list[Record]] = {name: [] for name in names}
    hours = f"{OVERLAY_HOURS / cover:.4f}"
    for v in range(overlays):
        first = v * len(names) // overlays
        for at in range(first, first + cover):
            name = names[at % len(names)]
            covering[name].append(
                {
                    "territory": name,
                    "area": "partners",
                    "rep": f"Overlay {v + 1:03}",
                    "hours": hours,
                    "opportunities": "0",
                    "open": "0",
                }
            )
    found: list[Record] = []
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        found.append(row)
        if following is None or following["territory"] != row["territory"]:
            found += covering[row["territory"]]
    return found


def main() -> None:
    """Print the plan that is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("territories", type=int)
    parser.add_argument("--overlays", type=int, default=0, help="overlay reps (default none)")
    parser.add_argument("--cover", type=int, help="territories that each covers (default all)")
    asked = parser.parse_args()
    cover = asked.territories if asked.cover is None else asked.cover
    write_plan(Size(asked.territories, asked.overlays, cover), sys.stdout)


if __name__ == "__main__":
    main()
