"""What is possible in a plan and yet unlikely to be meant: said in notes, never mended."""

from __future__ import annotations

import math
import statistics
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping

from allocator.plan import Row, team_of
from allocator.wording import names

FAR = 1000.0
LOOKED_AT = ("win_rate", "renewal_rate", "deal_size", "cycle_days", "hours_per_opportunity")
HOURS_OF_A_DAY = 24
MOST_NOTES = 10

Read = Mapping[tuple[str, str], Mapping[str, tuple[float, int]]]
"""Facts by (territory, area), then by column: the value, and the row that gives it."""


def oddities(
    rows: Collection[Row], facts: Read, capacity: Mapping[str, float], period_days: float
) -> Iterator[str]:
    """A sentence for each thing that a person should look at.

    `capacity`: the hours of the reps for whom they are given apart from their rows.
    """
    yield from _without_hours([row for row in rows if row.rep not in capacity])
    yield from _day_and_night(rows, capacity, period_days)
    for column in LOOKED_AT:
        yield from _far_off(column, facts)
    yield from _alike("territories", {row.territory for row in rows})
    yield from _alike("reps", {row.rep for row in rows})


def _without_hours(rows: Iterable[Row]) -> Iterator[str]:
    territories: dict[str, float] = {}
    reps: dict[str, float] = {}
    for row in rows:
        territories[row.territory] = territories.get(row.territory, 0.0) + row.hours
        reps[row.rep] = reps.get(row.rep, 0.0) + row.hours
    idle = [name for name, hours in territories.items() if not hours]
    if idle:
        yield f"No hours in {names(idle)}: only reps of other territories can work there"
    idle = [name for name, hours in reps.items() if not hours]
    if idle:
        yield f"No hours for {names(idle)}: there is nothing of theirs to move"


def _day_and_night(
    rows: Iterable[Row], capacity: Mapping[str, float], period_days: float
) -> Iterator[str]:
    """Reps with more hours than the period has; teams can have any number."""
    hours: dict[str, float] = {}
    for row in rows:
        if row.rep != team_of(row.territory):
            hours[row.rep] = hours.get(row.rep, 0.0) + row.hours
    there = HOURS_OF_A_DAY * period_days
    beyond = {rep: total for rep, mine in hours.items() if (total := capacity.get(rep, mine)) > there}
    if beyond:
        most = f"{'has' if len(beyond) == 1 else 'have up to'} {max(beyond.values()):,.6g} hours"
        yield (
            f"{names(beyond)} {most}, more than the {there:,.6g} that {period_days:g} days "
            "have: right for several people, not for one"
        )


def _far_off(column: str, facts: Read) -> Iterator[str]:
    found = [(*given[column], key) for key, given in facts.items() if column in given]
    if not found:
        return
    median = statistics.median(value for value, _, _ in found)
    far = [
        (value, row, key)
        for value, row, key in found
        if value > 0 < median and not median / FAR < value < median * FAR
    ]
    for value, row, (territory, area) in far[:MOST_NOTES]:
        times = value / median if value > median else median / value
        way = "times" if value > median else "times below"
        yield (
            f"Row {row:,}: the {column} of {area} in {territory} is {value:,.15g}, "
            f"{math.floor(times * (1 + 1e-9)):,} {way} the column's median of {median:,.6g}"
        )
    if len(far) > MOST_NOTES:
        yield f"{len(far) - MOST_NOTES:,} more cells of {column} are as far from its median"


def _alike(what: str, those: Iterable[str]) -> Iterator[str]:
    by_letters: dict[str, list[str]] = {}
    for name in sorted(those):
        plain = "".join(unicodedata.normalize("NFKC", name).split()).casefold()
        by_letters.setdefault(plain, []).append(name)
    for same in [group for group in by_letters.values() if len(group) > 1][:MOST_NOTES]:
        listed = " and ".join(f"'{name}'" for name in same)
        yield f"{listed} differ only in case or spacing, and are read as {len(same)} {what}"
