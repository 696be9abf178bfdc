"""Leverage: every figure is a difference of optima that an independent formulation finds as well."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import pairwise

import pulp
import pytest
import reference
from plans import DRAINED, MONTHS, SALES, SMALL, changed, plan_of, renamed
from running import ROOT

from allocator import allocate, models, read_model, read_plan
from allocator.answers.leverage import _smallest_last, leverage
from allocator.answers.levers import BETTER, Lever
from allocator.answers.next_hours import with_next_hours
from allocator.deriving import instance
from allocator.errors import InfeasibleError
from allocator.improving import LEVERS, LOWER_IS_BETTER, has_lever
from allocator.outcome import outcome
from allocator.program import in_blocks
from allocator.reports.leverage import to_csv, to_json, to_text
from allocator.solving.fixed_hours import hours_used, todays_hours
from allocator.solving.settings import Clock, Settings
from allocator.solving.ties import credited_in_order

EXAMPLE = ROOT / "inputs" / "plan.csv"
TIED = """
    territory,area,hours,opportunities,open,win_rate,deal_size,hours_per_opportunity
    North,prospecting,500,60,10,0.25,12000,
    North,opportunity_management,200,,,,,8
    North,account_development,100,20,5,0.25,12000,
    North,partners,100,20,5,0.25,12000,
    South,prospecting,500,60,10,0.25,12000,
    South,opportunity_management,300,,,,,8
    South,account_development,100,20,5,0.25,12000,
    South,partners,90,20,5,0.25,12000,
"""
"""Opportunities of all areas are worth the same: which of them are worked earns nothing more or less."""
BARELY = """
    territory,rep,area,hours,max_hours,opportunities,open,win_rate,deal_size,hours_per_opportunity
    North,Ann,prospecting,100,50,30,39,0.20,20000,
    North,Ann,opportunity_management,100,,,,,,6
"""
"""Fifty hours of prospecting create just enough to leave the 39 opportunities that it started with."""


def held(plan, model, hours, drained):
    """The independent programme with each row's hours fixed in each step (row of the plan × step)."""
    it = reference.Reference(plan, model)
    for i, in_steps in enumerate(hours):
        for t, amount in enumerate(in_steps):
            it.x[i, t] = it.var()
            it.hold(it.x[i, t] == amount)
    for territory in plan.territories:
        reference._territory(it, territory, next_period=territory not in drained)
    return it


def solved(plan, model, hours):
    """The same, solved: the territories that can't keep their pipeline skip 9."""
    it, everywhere = held(plan, model, hours, frozenset()), frozenset(plan.territories)
    if it.maximum() is None:
        drained = {k for k in everywhere if held(plan, model, hours, everywhere - {k}).maximum() is None}
        it = held(plan, model, hours, drained)
        assert it.maximum() is not None
    return it


def earned(plan, model, hours):
    """What fixed hours earn, in the plan's currency."""
    return pulp.value(solved(plan, model, hours).revenue)


def credited(plan, model, hours):
    """The same by area, wins alone: the optimum's values in a revenue where others' deals are worth 0.

    Programmes that differ in deal sizes name their variables alike.
    """
    it = solved(plan, model, hours)
    value = {var.name: var.varValue for var in it.problem.variables()}

    def worth(area):
        facts = {
            key: given if key[1] == area or given.deal_size is None else replace(given, deal_size=0.0)
            for key, given in plan.facts.items()
        }
        alone = held(replace(plan, facts=facts), model, hours, frozenset(plan.territories)).revenue
        return math.fsum(a * value.get(var.name, 0.0) for var, a in alone.items())

    nobody = worth(None)
    return {area: worth(area) - nobody for area in model.areas}


def today_of(plan, model):
    """Today's hours by row of the plan and step."""
    return [[row.hours / model.steps] * model.steps for row in plan.rows]


def recommended(plan, model):
    """The recommended hours by row of the plan and step."""
    found = allocate(plan, model)
    return [list(found.recommended.hours[i]) for _, i in found.rows_in_plan_order]


def with_more(plan, model, hours, area, only=None):
    """Hours with 1% of each territory's added to an area, and how many were added by territory."""
    more, added = [list(in_steps) for in_steps in hours], {}
    for k in plan.territories:
        here = [i for i, row in enumerate(plan.rows) if row.territory == k]
        rows = [i for i in here if plan.rows[i].area == area]
        if not rows or only not in (None, k):
            continue
        added[k] = 0.01 * sum(sum(hours[i]) for i in here)
        total = sum(sum(hours[i]) for i in rows)
        for i in rows:
            part = sum(hours[i]) / total if total else 1 / len(rows)
            for t in range(model.steps):
                in_step = hours[i][t] / sum(hours[i]) if sum(hours[i]) else 1 / model.steps
                more[i][t] += added[k] * part * in_step
    return more, added


@pytest.mark.parametrize("at", ["today", "best"])
@pytest.mark.parametrize("model", [SALES, MONTHS], ids=["steady", "months"])
def test_the_next_hour_is_the_difference_of_two_solves(model, at):
    """Per hour, in all, by area credited and by territory, it is what an independent solver finds."""
    plan = plan_of(SMALL, model)
    hours = today_of(plan, model) if at == "today" else recommended(plan, model)
    found = leverage(plan, model, at)
    before = earned(plan, model, hours)
    assert found.revenue == pytest.approx(before, rel=1e-7)
    assert [hour.area for hour in found.hours] == list(model.areas)
    for hour in found.hours:
        more, added = with_more(plan, model, hours, hour.area)
        total = sum(added.values())
        assert hour.hours == pytest.approx(total, rel=1e-9)
        assert hour.per_hour == pytest.approx((earned(plan, model, more) - before) / total, abs=0.01)
        for k, delta in added.items():
            alone, _ = with_more(plan, model, hours, hour.area, only=k)
            (one,) = (o for o in found.territories if (o.territory, o.area) == (k, hour.area))
            assert one.hours == pytest.approx(delta, rel=1e-9)
            assert one.per_hour == pytest.approx((earned(plan, model, alone) - before) / delta, abs=0.01)


@pytest.mark.parametrize("at", ["today", "best"])
def test_the_areas_that_are_credited(at):
    """Wins are credited to the area that brought them, as in an independent solve of an untied plan."""
    plan = read_plan(EXAMPLE, SALES)
    plan = replace(plan, facts={k: replace(facts, renewals=0.0) for k, facts in plan.facts.items()})
    hours = today_of(plan, SALES) if at == "today" else recommended(plan, SALES)
    before = credited(plan, SALES, hours)
    for hour in leverage(plan, SALES, at).hours:
        more, added = with_more(plan, SALES, hours, hour.area)
        after, total = credited(plan, SALES, more), sum(added.values())
        expected = {area: (after[area] - before[area]) / total for area in SALES.areas}
        assert hour.credited == pytest.approx(expected, abs=0.05)


def test_renewals_are_credited_to_the_area_that_renews():
    """Without opportunities in account development, its next hour earns by renewing and nothing else."""
    plan = read_plan(ROOT / "inputs" / "renewal_heavy.csv", SALES)
    rows = [
        replace(r, opportunities=0.0, open=0.0) if r.area == "account_development" else r
        for r in plan.rows
    ]
    found = leverage(replace(plan, rows=tuple(rows)), SALES)
    (hour,) = (hour for hour in found.hours if hour.area == "account_development")
    assert hour.per_hour > 1
    assert hour.elsewhere == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("name", sorted(models()))
@pytest.mark.parametrize("at", ["today", "best"])
def test_figures_add_up(name, at):
    """Under every model, credits sum to per_hour and to gains, and territories weigh up to per_hour."""
    model = read_model(name)
    found = leverage(read_plan(EXAMPLE, model), model, at)
    for hour in found.hours:
        assert list(hour.credited) == list(model.areas)
        assert sum(hour.credited.values()) == pytest.approx(hour.per_hour, abs=1e-6)
        mine = [one for one in found.territories if one.area == hour.area]
        assert sum(one.hours for one in mine) == pytest.approx(hour.hours, rel=1e-9)
        weighed = sum(one.per_hour * one.hours for one in mine) / hour.hours
        assert weighed == pytest.approx(hour.per_hour, abs=1e-3)
    for lever in found.levers:
        gain = lever.gain_today if at == "today" else lever.gain_best
        assert lever.gain == pytest.approx(gain, abs=1e-5 * found.revenue_now)
    gains = [lever.gain for lever in found.levers]
    same = 1e-8 * found.revenue_now
    assert all(one >= other - same for one, other in pairwise(gains))
    assert found.certificate.worst <= 1e-6
    assert found.certificate.solves >= 2 + len(found.hours)


def improved(plan, model, lever, area):
    """The plan and model with a fact changed by hand."""
    factor = 0.9 if lever in {"hours_per_opportunity", "cycle_days", "decay"} else 1.1
    if lever == "decay":
        return plan, changed(model, area, decay=model.areas[area].decay * factor)
    facts = dict(plan.facts)
    for key, given in plan.facts.items():
        if key[1] != area:
            continue
        if lever in {"opportunities", "potential"}:
            created = sum(r.opportunities for r in plan.rows if (r.territory, r.area) == key)
            potential = given.potential or model.areas[area].potential * created
            more = potential * (factor if lever == "potential" else 1)
            facts[key] = replace(given, potential=more)
        else:
            value = getattr(given, lever)
            if lever == "renewal_rate" and value is None:
                value = model.areas[area].renewals.rate
            value *= factor
            facts[key] = replace(given, **{lever: min(0.95, value) if "rate" in lever else value})
    rows = [
        replace(r, opportunities=r.opportunities * factor)
        if (lever, area) == ("opportunities", r.area)
        else r
        for r in plan.rows
    ]
    return replace(plan, rows=tuple(rows), facts=facts), model


@pytest.mark.parametrize("model", [SALES, MONTHS], ids=["steady", "months"])
def test_levers_are_what_a_hand_changed_plan_gains(model):
    """Each fact, changed by hand, gains the same with an independent solver, today and at the best."""
    plan = plan_of(SMALL, model)
    now, best = reference.revenue_now(plan, model)[0], reference.optimum(plan, model)
    found = leverage(plan, model)
    expected = {(x, a) for x in LEVERS for a in model.areas if has_lever(plan, model, x, a)}
    assert {(lever.lever, lever.area) for lever in found.levers} == expected
    assert found.revenue_optimal == pytest.approx(best, rel=1e-7)
    for lever in found.levers:
        assert lever.factor == pytest.approx(
            1 - BETTER if lever.lever in LOWER_IS_BETTER else 1 + BETTER
        )
        plan_then, model_then = improved(plan, model, lever.lever, lever.area)
        then = reference.revenue_now(plan_then, model_then)[0]
        assert lever.gain_today == pytest.approx(then - now, abs=1e-6 * now), lever
        then = reference.optimum(plan_then, model_then)
        assert lever.gain_best == pytest.approx(then - best, abs=1e-6 * best), lever


@pytest.mark.parametrize("name", ["plan", "solo", "partner_led", "renewal_heavy"])
def test_better_is_not_worse(name):
    """A better win rate, deal size, pace, renewal rate, cycle or decay loses nothing in any sample."""
    sure = set(LEVERS) - {"potential", "opportunities"}
    found = leverage(read_plan(ROOT / "inputs" / f"{name}.csv", MONTHS), MONTHS)
    levers = [lever for lever in found.levers if lever.lever in sure]
    assert {lever.lever for lever in levers} >= {"win_rate", "deal_size", "decay"}
    for lever in levers:
        assert lever.gain_today >= -1e-6 * found.revenue_now
        assert lever.gain_best >= -1e-6 * found.revenue_optimal
    (hour,) = (hour for hour in found.hours if hour.area == "opportunity_management")
    assert hour.per_hour >= -1e-6
    assert hour.credited["opportunity_management"] == 0
    assert hour.elsewhere == hour.per_hour


def test_the_rate_that_is_highest_already_gains_nothing():
    """Rates stay at 0.95 or what they are above it, so there is nothing to gain from them."""
    plan = plan_of(SMALL.replace(",0.20,", ",0.95,").replace(",0.25,12000,20", ",0.97,12000,20"))
    gain = {(x.lever, x.area): x.gain_today for x in leverage(plan, SALES).levers}
    assert gain["win_rate", "prospecting"] == 0
    assert gain["deal_size", "prospecting"] > 0


def test_missing_areas_get_no_hours():
    """A territory without a row in an area has no figure there, and its hours don't count."""
    plan = plan_of(SMALL)
    found = leverage(plan, SALES)
    places = [(one.territory, one.area) for one in found.territories]
    assert ("South", "account_development") not in places
    assert places[:4] == [("North", area) for area in SALES.areas]
    (hour,) = (hour for hour in found.hours if hour.area == "account_development")
    assert hour.hours == pytest.approx(0.01 * (120 + 150 + 60 + 40))


@pytest.mark.parametrize("idle", [False, True])
def test_hours_of_several_rows(idle):
    """δ goes to an area's rows as their hours are, and evenly where they are 0."""
    plan = plan_of(SMALL)
    mine = next(row for row in plan.rows if row.area == "prospecting")
    rows = [*plan.rows, replace(mine, rep="Cat", hours=0.0 if idle else 40.0, skill=0.7, line=9)]
    if idle:
        rows = [replace(r, hours=0.0) if r.area == mine.area == "prospecting" else r for r in rows]
    plan = replace(plan, rows=tuple(rows))
    hours = today_of(plan, SALES)
    more, added = with_more(plan, SALES, hours, "prospecting")
    gained = earned(plan, SALES, more) - earned(plan, SALES, hours)
    (hour,) = (hour for hour in leverage(plan, SALES).hours if hour.area == "prospecting")
    assert hour.per_hour == pytest.approx(gained / sum(added.values()), abs=0.01)
    case = instance(plan, SALES)
    spread, _ = with_next_hours(case, [[row.today] for row in case.rows], "prospecting")
    by_row = {row.plan_row: hours for row, hours in zip(case.rows, spread, strict=True)}
    assert [by_row[at] for at in range(len(rows))] == [pytest.approx(in_steps) for in_steps in more]


def test_drained_territories():
    """Where today's hours drain a pipeline, each solve has its own drained set, as elsewhere."""
    plan = plan_of(DRAINED, MONTHS)
    now, drained = reference.revenue_now(plan, MONTHS)
    assert drained == {"North"}
    found = leverage(plan, MONTHS)
    assert found.revenue_now == pytest.approx(now, rel=1e-7)
    assert any("drains the pipeline of North" in note for note in found.notes)
    hours = today_of(plan, MONTHS)
    for hour in found.hours:
        more, added = with_more(plan, MONTHS, hours, hour.area)
        gained = earned(plan, MONTHS, more) - earned(plan, MONTHS, hours)
        assert hour.per_hour == pytest.approx(gained / sum(added.values()), abs=0.01)


def test_no_split_at_all():
    """Where no split keeps every limit, today's leverage stands alone, and the best one's is refused."""
    plan = plan_of(DRAINED, MONTHS)
    assert reference.optimum(plan, MONTHS) is None
    found = leverage(plan, MONTHS)
    assert found.revenue_optimal is None
    assert {lever.gain_best for lever in found.levers} == {None}
    assert found.levers[0].gain_today > 0
    assert any("No split keeps every limit" in note for note in found.notes)
    assert "–" in to_text(found)
    assert json.loads(to_json(found))["levers"][0]["gain_best"] is None
    with pytest.raises(InfeasibleError, match="No split of these hours keeps every limit"):
        leverage(plan, MONTHS, "best")


def test_an_improvement_without_a_split():
    """A lever after which no split keeps every limit has no gain with the best one, which is noted."""
    plan = plan_of(BARELY, MONTHS)
    assert reference.optimum(plan, MONTHS) is not None
    assert reference.optimum(*improved(plan, MONTHS, "potential", "prospecting")) is None
    for at in ("today", "best"):
        found = leverage(plan, MONTHS, at)
        gains = {(x.lever, x.area): x for x in found.levers}
        lost = gains["potential", "prospecting"]
        assert lost.gain_best is None
        assert (lost.credited is None) == (at == "best")
        assert gains["deal_size", "prospecting"].gain_best > 0
        assert any("with a better potential of prospecting" in note for note in found.notes)
        assert to_text(found)
        assert to_csv(found)
    assert found.levers[-1] == lost


@pytest.mark.parametrize("at", ["today", "best"])
def test_ties_are_credited_alike(at):
    """Where areas could be credited either way, solvers, names and orders of rows make no difference."""
    plan = plan_of(TIED)
    found = leverage(plan, SALES, at)
    other = leverage(plan, SALES, at, settings=Settings("cbc"))
    shuffled = replace(plan, rows=tuple(reversed(plan.rows)))
    turned = leverage(renamed(shuffled, lambda k: k[::-1], lambda r: r[::-1]), SALES, at)
    for there in (other, turned):
        for hour, again in zip(found.hours, there.hours, strict=True):
            assert again.credited == pytest.approx(hour.credited, abs=1e-3)
        gains = {(lever.lever, lever.area): lever.credited for lever in there.levers}
        for lever in found.levers:
            assert gains[lever.lever, lever.area] == pytest.approx(lever.credited, abs=1.0)
    (hour,) = (hour for hour in found.hours if hour.area == "opportunity_management")
    assert min(hour.credited.values()) > -1e-3


def test_a_plan_without_hours():
    """No hours, no next hour: the report says so, and nothing is divided by 0."""
    plan = plan_of(TIED)
    plan = replace(plan, rows=tuple(replace(row, hours=0.0) for row in plan.rows))
    found = leverage(plan, SALES)
    assert found.hours == ()
    assert found.best_hour is None
    assert any("has any hours" in note for note in found.notes)
    text = to_text(found)
    assert "one more hour earns nothing in any area" in text
    assert "nan" not in text.lower()
    assert json.loads(to_json(found))["hours"] == []


def test_progress_and_settings():
    """Progress is told with a share that never falls; another split than the two is refused."""
    told = []
    leverage(plan_of(SMALL), SALES, progress=lambda doing, done=None: told.append((doing, done)))
    shares = [done for _, done in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1] < 1) == (0.0, True)
    assert shares[-1] > 0.7
    assert any("partners" in doing for doing, _ in told)
    with pytest.raises(ValueError, match="at should be one of today, best"):
        leverage(plan_of(SMALL), SALES, "tomorrow")


TIE = """
    territory,area,hours,opportunities,win_rate,deal_size,hours_per_opportunity
    North,prospecting,100,30,0.25,10000,
    North,opportunity_management,100,,,,10
    North,account_development,100,30,0.25,10000,
"""
"""Two areas that nothing tells apart find more than can be worked."""


@pytest.mark.parametrize("swapped", [False, True])
def test_a_tie_goes_to_the_area_named_first(swapped):
    """Where revenue could be credited to either of two areas, it is to the model's first."""
    names = list(SALES.areas)
    if swapped:
        names = [names[2], names[1], names[0], names[3]]
    areas = {name: SALES.areas[name] for name in names}
    model = SALES.model_copy(update={"areas": areas, "couplings": ()})
    case = instance(plan_of(TIE, model), model)
    found = hours_used(in_blocks(case), todays_hours(case), Settings(), Clock(None)).found
    credited = outcome(case, credited_in_order(found, Clock(None)).use).credited
    first, second = (credited[name] for name in names if name in {"prospecting", "account_development"})
    assert first > 1.5 * second


def test_levers_that_gain_the_same_but_for_rounding():
    """They are in the order of what they gain with the other split; what gains nothing known is last."""

    def lever(area: str, credited: float | None, best: float | None) -> Lever:
        by_area = None if credited is None else {area: credited}
        return Lever("potential", area, 1.1, credited or 0.0, best, by_area)

    levers = [
        lever("a", 1e-9, -50.0),
        lever("b", 0.0, 70.0),
        lever("c", 2.0, 0.0),
        lever("d", None, None),
    ]
    assert [one.area for one in sorted(levers, key=_smallest_last(1e6))] == ["c", "b", "a", "d"]
