"""The order of territories, reps and rows depends on facts alone; twins are what no fact tells apart."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
import reference
from plans import SALES, SMALL, best, case_of, joined, numbered, plan_of, renamed, totals
from pytest import approx  # noqa: PT013 (it reads as a word)

from allocator.certified import certified_hours
from allocator.deriving import instance
from allocator.ordering import Order, canonical_order
from allocator.plan import FACT_NAMES, Plan
from allocator.program import in_blocks
from allocator.solving.settings import Clock, Settings

AREAS = tuple(SALES.areas)
PLAN = plan_of(SMALL)


def ordered(plan: Plan) -> Order:
    return canonical_order(plan, AREAS)


def shuffled(plan: Plan, seed: int) -> Plan:
    rows = Random(seed).sample(plan.rows, len(plan.rows))  # noqa: S311 (nothing to keep secret)
    return numbered(rows, dict(plan.facts))


@pytest.mark.parametrize("seed", range(5))
def test_order_of_the_file_does_not_matter(seed):
    """However the rows are shuffled, the same rows come in the same order."""
    other = shuffled(PLAN, seed)
    one, two = ordered(PLAN), ordered(other)
    assert (one.territories, one.reps) == (two.territories, two.reps)
    seen = [
        [replace(plan.rows[at], line=0) for at in order.rows]
        for plan, order in ((PLAN, one), (other, two))
    ]
    assert seen[0] == seen[1]


def test_names_do_not_matter():
    """With names whose alphabet runs the other way, rows keep their order."""
    backwards = {"North": "A", "South": "Z", "Ann": "z", "Bob": "m", "Cat": "a"}
    other = renamed(PLAN, backwards.__getitem__, backwards.__getitem__)
    assert ordered(other).rows == ordered(PLAN).rows


def test_rows_are_grouped_by_territory_and_area():
    """In the order, a territory's rows stand together, and in it those of each area."""
    order = ordered(PLAN)
    rows = [PLAN.rows[at] for at in order.rows]
    assert rows == sorted(
        rows, key=lambda row: (order.territories.index(row.territory), AREAS.index(row.area))
    )
    assert sorted(order.rows) == list(range(len(PLAN.rows)))


def test_different_facts_are_told_apart():
    """Nothing is a twin in a plan in which everything differs."""
    order = ordered(PLAN)
    assert len(set(order.row_class)) == len(PLAN.rows)
    assert len(set(order.territory_class.values())) == 2


def test_copies_are_twins():
    """A territory, its double under another name, and their rows are twins, pair by pair."""
    plan = joined(PLAN, renamed(PLAN, lambda k: f"New {k}", lambda r: f"New {r}"))
    order = ordered(plan)
    assert order.territory_class["North"] == order.territory_class["New North"]
    assert order.territory_class["North"] != order.territory_class["South"]
    half = len(PLAN.rows)
    assert order.row_class[:half] == order.row_class[half:]
    assert len(set(order.row_class)) == half


@pytest.mark.parametrize(
    "change",
    [{"skill": 1.5}, {"hours": 121.0}, {"min_hours": 1.0}, {"max_hours": 500.0}, {"open": 13.0}],
)
def test_one_fact_makes_no_twin(change):
    """A double of which a single fact of a single row differs is a twin no more, in none of its rows."""
    double = renamed(PLAN, lambda k: f"New {k}", lambda r: f"New {r}")
    double = numbered([replace(double.rows[0], **change), *double.rows[1:]], dict(double.facts))
    order = ordered(joined(PLAN, double))
    assert order.territory_class["North"] != order.territory_class["New North"]
    assert not set(order.row_class[: len(PLAN.rows)]) & set(order.row_class[len(PLAN.rows) :])


@pytest.mark.parametrize("fact", FACT_NAMES)
def test_one_fact_of_an_area_makes_no_twin(fact):
    """A double of which one area has one other fact is a twin no more, whichever fact it is."""
    double = renamed(PLAN, lambda k: f"New {k}", lambda r: f"New {r}")
    place = "New North", "prospecting"
    facts = {**double.facts, place: replace(double.facts[place], **{fact: 0.125})}
    order = ordered(joined(PLAN, replace(double, facts=facts)))
    assert order.territory_class["North"] != order.territory_class["New North"]


def test_company_tells_apart():
    """Two reps alike in one territory are told apart by what else they do elsewhere."""
    plan = plan_of("""
        territory,rep,area,hours,opportunities,win_rate,deal_size,hours_per_opportunity
        North,Ann,prospecting,40,5,0.2,1000,
        North,Bob,prospecting,40,5,0.2,1000,
        North,Cat,opportunity_management,40,,,,4
        South,Bob,prospecting,40,5,0.3,2000,
        South,Bob,opportunity_management,40,,,,4
    """)
    order = ordered(plan)
    assert order.row_class[0] != order.row_class[1]


@pytest.mark.parametrize("seed", range(8))
def test_identical_reps_get_one_answer(seed):
    """Of many equal splits between reps whom no fact tells apart, shuffled rows choose the same."""
    half = (
        "prospecting,62.5,,1,1.5,4,250,0.35,2000,30,,",
        "account_development,62.5,93.75,0.8,18,6,100,0.6,12500,120,900000,0.7",
        "partners,65,,1.25,13,0,250,0.35,2000,75,,",
    )
    rows = [f"North,{rep},{row}," for row in half for rep in ("Bob", "Bea")]
    other = "account_development,55,82.5,1,7.5,4.5,100,0.6,12500,120,900000,0.7"
    rows += [f"North,{rep},{other}," for rep in ("Ann", "Amy")]
    header = (
        "territory,rep,area,hours,max_hours,skill,opportunities,open,potential,win_rate,deal_size,"
        "cycle_days,renewals,renewal_rate,hours_per_opportunity"
    )

    def hours(lines: list[str]) -> dict[str, float]:
        case = case_of("\n".join([header, *lines]))
        places = (f"{case.reps[row.rep].name} {row.area}" for row in case.rows)
        return dict(zip(places, totals(case, best(case)), strict=True))

    other = Random(seed).sample(rows, len(rows))  # noqa: S311 (nothing to keep secret)
    assert hours(other) == approx(hours(rows), rel=0, abs=1e-6)


def test_fixed_hours_that_tell_twins_apart():
    """Twins with different hours earn what each one's hours earn, not what their mean would."""
    twins = joined(PLAN, renamed(PLAN, "{} 2".format, "{} 2".format))
    case = instance(twins, SALES)
    leaning = [row.hours * (1.8 if row.area == "account_development" else 1.0) for row in PLAN.rows]
    given = [*leaning, *(row.hours for row in PLAN.rows)]
    hours = [[given[row.plan_row]] for row in case.rows]
    found = certified_hours(in_blocks(case), hours, Settings(), Clock(None))
    assert [list(in_steps) for in_steps in found.outcome.hours] == hours
    assert found.revenue == approx(reference.revenue_of(twins, SALES, given)[0], rel=1e-7)
