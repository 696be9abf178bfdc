"""The engine knows no area by name: other models solve, and agree with an independent reference."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import reference
import strategies
from hypothesis import HealthCheck, assume, given, settings
from plans import MONTHS, SALES, SMALL, best, model_of, moves, plan_of, today
from pytest import approx  # noqa: PT013 (it reads as a word)

from allocator import allocate
from allocator.deriving import instance
from allocator.errors import InfeasibleError
from allocator.model import Model
from allocator.plan import Plan

FIVE_SOURCES = """
    name = "Equipment"
    period_days = 120
    steps = {steps}
    [objective]
    later = 0.7
    [areas.calls]
    creates = true
    potential = 3.0
    share = [0.05, 0.50]
    [areas.desk]
    works = true
    share = [0.15, 0.70]
    decay = 0.3
    end_pipeline = 0.5
    depths = [
      {{ name = "quote", effort = 0.4, win = 0.5 }},
      {{ name = "visit", effort = 1.0, win = 1.0 }},
    ]
    [areas.fairs]
    creates = true
    potential = 1.6
    [areas.web]
    creates = true
    potential = 4.0
    share = [0.0, 0.40]
    [areas.service]
    creates = true
    potential = 2.2
    renewals = {{ rate = 0.80, floor = 0.70, headroom = 0.40 }}
    [areas.dealers]
    creates = true
    potential = 1.9
    renewals = {{ rate = 0.60, floor = 0.50, headroom = 0.90 }}
    [[couplings]]
    name = "Word of mouth"
    grows = "calls"
    by = "wins"
    of = ["calls", "service", "dealers"]
    rate = 0.8
    lag = 1
    [[couplings]]
    name = "Leads to follow up"
    limits = "calls"
    goodwill = 0.5
    by = "opportunities"
    of = ["web", "fairs"]
    rate = 1.2
    lag = 1
    [[couplings]]
    name = "Visitors"
    grows = "web"
    by = "opportunities"
    of = ["fairs", "web"]
    rate = 0.25
    lag = 0
    [[couplings]]
    name = "Dealers' patience"
    limits = "dealers"
    goodwill = 0.1
    by = "worked"
    of = ["dealers", "service"]
    rate = 0.4
    lag = 0
    [[couplings]]
    name = "Dealers' success"
    limits = "dealers"
    goodwill = 0.1
    by = "wins"
    of = ["dealers"]
    rate = 1.5
    lag = 1
"""

PLAN = """
    territory,rep,area,hours,skill,opportunities,open,potential,win_rate,deal_size,cycle_days,hours_per_opportunity,renewals,min_hours,max_hours
    Alps,Ida,calls,90,1.1,25,10,,0.15,30000,40,,,,
    Alps,Ida,desk,120,1,,,,,,,5,,,
    Alps,Jon,fairs,35,1,9,2,,0.30,26000,90,,,,60
    Alps,Jon,web,30,0.8,22,4,50,0.08,14000,15,,,5,
    Alps,Jon,service,50,1,8,3,,0.40,9000,0,,250000,,
    Alps,Ida,dealers,20,1,6,1,,0.35,33000,70,,90000,,
    Coast,Jon,calls,60,1,12,6,,0.20,28000,55,,,,
    Coast,Kai,calls,40,1.3,11,3,,0.20,28000,55,,,,
    Coast,Kai,desk,100,1.2,,,,,,,4,,,
    Coast,Kai,dealers,45,1,10,4,,0.30,21000,20,,,,
    Lakes,Lea,web,45,1,30,0,,0.10,11000,130,,,,
    Lakes,Lea,desk,70,1,,,,,,,3,,20,
    Lakes,Kai,service,25,0.9,5,2,,0.45,16000,10,,120000,,
"""


@dataclass(frozen=True)
class Case:
    """A plan and the model that it is for."""

    plan: Plan
    model: Model


def five_sources(steps: int) -> Case:
    model = model_of(FIVE_SOURCES.format(steps=steps))
    return Case(plan_of(PLAN, model), model)


CASES = {
    "five sources": five_sources(1),
    "five sources by month": five_sources(4),
    "sales": Case(plan_of(SMALL), SALES),
    "sales by month": Case(plan_of(SMALL, MONTHS), MONTHS),
}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


@every_case
def test_other_areas_are_solved_and_certified(case):
    """Any areas and couplings give a certified answer, and both solvers agree on its revenue."""
    by_highs, by_cbc = (allocate(case.plan, case.model, solver=name) for name in ("highs", "cbc"))
    assert by_cbc.revenue_optimal == approx(by_highs.revenue_optimal, rel=1e-7)
    assert by_cbc.revenue_now == approx(by_highs.revenue_now, rel=1e-7)
    assert max(by_highs.certificate.worst, by_cbc.certificate.worst) <= 1e-6
    assert by_highs.revenue_optimal > by_highs.revenue_now


@every_case
@pytest.mark.parametrize("stability", [1e-6, 0.01])
def test_reference_agrees(case, stability):
    """A programme written anew from the formulation has the same optimum, moves and today."""
    agrees(case.plan, case.model, stability)


@settings(max_examples=12, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.plans(), strategies.models())
def test_reference_agrees_on_random_plans(plan, model):
    """The reference agrees on random small plans too, and on which of them have no split."""
    try:
        agrees(plan, model, 0.001)
    except InfeasibleError:
        assert reference.optimum(plan, model) is None
        assume(False)


def agrees(plan: Plan, model: Model, stability: float) -> None:
    """Compare optimum, fewest moves and today's revenue with the reference's."""
    case = instance(plan, model)
    found, now = best(case, stability=stability), today(case)
    assert found.optimum == approx(reference.optimum(plan, model), rel=1e-7)
    least = reference.fewest_moves(plan, model, (1 - stability) * found.optimum)
    assert moves(case, found) == approx(least, rel=1e-6, abs=1e-6)
    revenue, drained = reference.revenue_now(plan, model)
    assert now.solved.revenue == approx(revenue, rel=1e-7)
    assert {case.territories[k].name for k in now.drained} == drained
