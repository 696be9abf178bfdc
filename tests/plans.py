"""Small plans and models for the tests, from the text that a user would write or row by row."""

from __future__ import annotations

import csv
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

from allocator.deriving import instance
from allocator.instance import Instance
from allocator.model import Model
from allocator.plan import Facts, Plan, Row
from allocator.program import in_blocks
from allocator.reading import read_model, read_plan
from allocator.solving.fixed_hours import HoursUsed, hours_used, todays_hours
from allocator.solving.passes import Best, best_split
from allocator.solving.settings import Clock, Settings

CASES = Path(__file__).parent / "cases"
NATIONAL = Path(__file__).parents[1] / "inputs" / "national.csv"

PATIENT = Clock(None)
"""Waits for as long as it takes."""

SMALL = """
    territory,rep,area,hours,skill,opportunities,open,win_rate,deal_size,cycle_days,hours_per_opportunity,renewals
    North,Ann,prospecting,120,1,30,12,0.20,20000,45,,
    North,Ann,opportunity_management,150,1.1,,,,,,6,
    North,Bob,account_development,60,1,12,5,0.35,15000,60,,400000
    North,Bob,partners,40,0.9,8,3,0.30,25000,30,,
    South,Bob,prospecting,80,1,14,6,0.25,12000,20,,
    South,Cat,opportunity_management,90,1,,,,,,5,
    South,Cat,partners,30,1,6,2,0.28,18000,10,,
"""
"""Two territories that share a rep; one of them without account development."""
DRAINED = """
    territory,rep,area,hours,opportunities,open,win_rate,deal_size,hours_per_opportunity
    North,Ann,prospecting,30,4,40,0.20,20000,
    North,Ann,opportunity_management,150,,,,,6
    South,Bob,prospecting,120,30,6,0.25,12000,
    South,Bob,opportunity_management,90,,,,,5
"""
"""North creates too little in a quarter of months to leave the 40 opportunities that it started with."""


def model_of(toml: str) -> Model:
    """The model that a TOML text declares."""
    return Model.model_validate(tomllib.loads(dedent(toml)))


def changed(model: Model, area: str | None = None, **facts: object) -> Model:
    """The same model with other facts, its own or those of one area."""
    declared = model.model_dump()
    (declared if area is None else declared["areas"][area]).update(facts)
    return Model.model_validate(declared)


def with_lags(model: Model, lag: int) -> Model:
    """The same model, every coupling of which acts `lag` steps later."""
    return changed(model, couplings=[{**c.model_dump(), "lag": lag} for c in model.couplings])


SALES = read_model(CASES / "steady.toml")
MONTHS = with_lags(changed(SALES, steps=3, objective={"later": 0.6}), 1)


def plan_of(csv: str, model: Model = SALES) -> Plan:
    """The plan that a CSV text declares, through the tool's own reader."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "plan.csv")
        path.write_text(dedent(csv).strip() + "\n", encoding="utf-8")
        return read_plan(path, model)


def case_of(csv: str, model: Model = SALES) -> Instance:
    """The sets and data of a plan's CSV text under a model."""
    return instance(plan_of(csv, model), model)


def numbered(rows: list[Row], facts: dict[tuple[str, str], Facts]) -> Plan:
    """A plan of rows in this order, with lines as a file would number them."""
    return Plan(tuple(replace(row, line=at + 2) for at, row in enumerate(rows)), facts)


def with_facts(plan: Plan, change: Callable[[Facts], Facts]) -> Plan:
    """The same rows with other facts."""
    return replace(plan, facts={key: change(facts) for key, facts in plan.facts.items()})


def renamed(plan: Plan, territory: Callable[[str], str], rep: Callable[[str], str]) -> Plan:
    """The same plan under other names."""
    rows = [replace(r, territory=territory(r.territory), rep=rep(r.rep)) for r in plan.rows]
    return replace(
        plan, rows=tuple(rows), facts={(territory(k), a): f for (k, a), f in plan.facts.items()}
    )


def joined(one: Plan, other: Plan) -> Plan:
    """Both plans in one file."""
    return numbered([*one.rows, *other.rows], {**one.facts, **other.facts})


def best(case: Instance, **settings: object) -> Best:
    """The best split of an instance."""
    return best_split(in_blocks(case), Settings(**settings), PATIENT)  # type: ignore[arg-type]


def today(case: Instance, **settings: object) -> HoursUsed:
    """What today's hours of an instance earn."""
    return hours_used(in_blocks(case), todays_hours(case), Settings(**settings), PATIENT)  # type: ignore[arg-type]


def totals(case: Instance, chosen: Best) -> list[float]:
    """The recommended hours by row of the instance."""
    return [sum(in_steps) for in_steps in chosen.chosen.use.hours]


def moves(case: Instance, chosen: Best) -> float:
    """Σ_i |Σ_t x_it − h_i| of the recommended split, in hours."""
    return sum(abs(x - row.today) for x, row in zip(totals(case, chosen), case.rows, strict=True))


def national_rows(territories: int = 60) -> str:
    """The rows of the national plan, or of its first territories."""
    header, *lines = NATIONAL.read_text(encoding="utf-8").splitlines()
    names = dict.fromkeys(line.partition(",")[0] for line in lines)
    those = set(list(names)[:territories])
    return "\n".join([header, *(line for line in lines if line.partition(",")[0] in those)])


def overlaid(plan: str, reps: int, skill: Callable[..., str] = "{rep}".format) -> str:
    """The rows of a plan and of reps with hours for the partners in every territory.

    `skill` of a rep; by default each has another, so that none of them are interchangeable.
    """
    lines = plan.splitlines()
    columns = lines[0].split(",")
    facts = {
        row["territory"]: row
        for row in csv.DictReader(lines)
        if row["area"] == "partners" and row["win_rate"]
    }
    for rep in range(reps):
        for at, row in enumerate(facts.values()):
            mine = {name: row[name] for name in ("territory", "area", "win_rate", "deal_size")}
            mine |= {
                "rep": f"Overlay {rep}",
                "hours": str(5 + (at * 7 + rep) % 11),
                "opportunities": "0.5",
                "skill": skill(rep=f"1.{rep}"),
            }
            lines.append(",".join(mine.get(name, "") for name in columns))
    return "\n".join(lines) + "\n"


def overlaid_national(reps: int, steps: int) -> Instance:
    """The national plan in so many steps, with so many reps of all territories, no two of them alike."""
    rules = read_model("sales_execution").with_steps(steps)
    return instance(plan_of(overlaid(national_rows(), reps), rules), rules)
