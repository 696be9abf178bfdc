"""The columns of plan.csv: on whose rows each stands, what it means, its unit and its limits.

`COLUMNS` is their one description: what is read, checked, written, changed and documented follows it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from allocator.model import Area

Role = Literal["all", "creates", "works", "renews"]
Kind = Literal["text", "amount", "money", "rate"]


@dataclass(frozen=True)
class Column:
    """One column of plan.csv: on whose rows it stands, what it means, its unit and its limits.

    `one_fact`: a fact of the territory × area, given once or alike on every row of it; `of_rep`: a
    fact of the rep, likewise; the others belong to the row and add up. `least` and `most` are
    inclusive, `below` is exclusive; the largest amounts are far above any sales force and far below
    what a solver takes for infinite.
    """

    name: str
    on: Role
    kind: Kind
    meaning: str
    unit: str
    default: str
    required: bool = False
    one_fact: bool = False
    of_rep: bool = False
    least: float = 0.0
    most: float = 1e9
    below: float = math.inf


COLUMNS = (
    Column("territory", "all", "text", "market that is covered", "name", "required", required=True),
    Column("area", "all", "text", "one of the model's areas", "name", "required", required=True),
    Column("rep", "all", "text", "whose hours they are", "name", "the territory's team"),
    Column(
        "hours",
        "all",
        "amount",
        "hours planned today for the whole period; a rep's rows add up to the rep's capacity",
        "hours",
        "required",
        required=True,
    ),
    Column(
        "capacity",
        "all",
        "amount",
        "hours that the rep has in the period, where they are not those that the rep's rows add up to",
        "hours",
        "the sum of the rep's hours",
        of_rep=True,
    ),
    Column("min_hours", "all", "amount", "least hours on this row", "hours", "0"),
    Column("max_hours", "all", "amount", "most hours on this row", "hours", "no limit"),
    Column(
        "skill",
        "all",
        "amount",
        "effective hours per hour of this rep in this row",
        "hours per hour",
        "1",
        least=0.001,
        most=1000.0,
    ),
    Column(
        "opportunities",
        "creates",
        "amount",
        "opportunities that today's hours create in the period, summed over reps",
        "opportunities",
        "required",
        required=True,
    ),
    Column(
        "potential",
        "creates",
        "amount",
        "opportunities that endless hours would create",
        "opportunities",
        "the model's potential × opportunities",
        one_fact=True,
    ),
    Column(
        "open",
        "creates",
        "amount",
        "opportunities already open at the start, from this source",
        "opportunities",
        "0",
    ),
    Column(
        "win_rate",
        "creates",
        "rate",
        "wins per opportunity worked at standard depth",
        "0–1, or 25%",
        "required",
        required=True,
        one_fact=True,
        most=1.0,
    ),
    Column(
        "deal_size",
        "creates",
        "money",
        "revenue per win",
        "the plan's currency",
        "required",
        required=True,
        one_fact=True,
        most=1e12,
    ),
    Column(
        "cycle_days",
        "creates",
        "amount",
        "days from working an opportunity to its booking",
        "days",
        "0",
        one_fact=True,
    ),
    Column(
        "hours_per_opportunity",
        "works",
        "amount",
        "hours to work one opportunity at standard depth",
        "hours",
        "required",
        required=True,
        one_fact=True,
        least=0.001,
        most=1e6,
    ),
    Column(
        "renewals",
        "renews",
        "money",
        "recurring revenue up for renewal in the period",
        "the plan's currency",
        "0",
        one_fact=True,
        most=1e12,
    ),
    Column(
        "renewal_rate",
        "renews",
        "rate",
        "share of it that today's hours renew",
        "0–1, or 90%",
        "the model's renewals.rate",
        one_fact=True,
        most=1.0,
        below=1.0,
    ),
)

COLUMN = {column.name: column for column in COLUMNS}


def stands_on(column: Column, area: Area) -> bool:
    """Whether `column` says anything on the rows of `area`."""
    return {
        "all": True,
        "creates": area.creates,
        "works": area.works,
        "renews": area.renewals is not None,
    }[column.on]
