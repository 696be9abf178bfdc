"""Splits side by side: their hours, what they earn, and other plans' hours."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import pytest
import reference
from plans import MONTHS, SALES, SMALL, plan_of, renamed
from running import ROOT

from allocator import read_model, read_plan
from allocator.answers.compare import Comparison, Split, compare
from allocator.errors import InfeasibleError, PlanError
from allocator.plan import Plan
from allocator.reports.compare import to_json, to_text
from allocator.solving.settings import Settings

REGION = read_plan(ROOT / "inputs" / "plan.csv", read_model("sales_execution"))
CHANNEL = read_model("channel")
CASES = {
    "region": (REGION, read_model("sales_execution"), 0.7),
    "several territories a rep": (plan_of(SMALL), SALES, 0.5),
    "three steps and lags": (plan_of(SMALL, MONTHS), MONTHS, 1.0),
    "channel": (read_plan(ROOT / "inputs" / "partner_led.csv", CHANNEL), CHANNEL, 0.9),
    "one territory": (read_plan(ROOT / "inputs" / "solo.csv", SALES), SALES, 0.0),
}


def hours(split: Split) -> list[float]:
    """The hours of a split in the plan's order."""
    case = split.certified.outcome.instance
    by_row = {row.plan_row: split.certified.outcome.total_hours(i) for i, row in enumerate(case.rows)}
    return [by_row[at] for at in range(len(by_row))]


def named(found: Comparison, name: str) -> Split:
    """The split of that name."""
    (split,) = (split for split in found.splits if split.name == name)
    return split


def by_definition(plan: Plan, split: Split, lean: float) -> list[float]:
    """The hours of today's, the equal or an all-in split, row by row from its definition."""
    wanted = []
    for row in plan.rows:
        mine = [r for r in plan.rows if (r.rep, r.territory) == (row.rep, row.territory)]
        others = [r for r in mine if r.area != split.area]
        total, rest = sum(r.hours for r in mine), sum(r.hours for r in others)
        if split.kind == "equal":
            wanted.append(total / len(mine))
        elif split.kind == "today" or len(others) in {0, len(mine)}:
            wanted.append(row.hours)
        elif row.area == split.area:
            wanted.append(lean * total)
        else:
            wanted.append((1 - lean) * total * (row.hours / rest if rest else 1 / len(others)))
    return wanted


@pytest.mark.parametrize("case", CASES)
def test_every_split_against_the_independent_formulation(case):
    """Each split has the hours of its definition, and what CBC says that those earn and create."""
    plan, model, lean = CASES[case]
    found = compare(plan, model, lean=lean)
    assert [split.kind for split in found.splits[:2]] == ["today", "equal"]
    assert [split.area for split in found.splits[2:-1]] == list(model.areas)
    for split in found.splits[:-1]:
        fixed = by_definition(plan, split, lean)
        assert hours(split) == pytest.approx(fixed, rel=1e-12)
        revenue, drained = reference.revenue_of(plan, model, fixed)
        assert (split.revenue, set(split.drained)) == (
            pytest.approx(revenue, rel=1e-7, abs=1e-6),
            drained,
        )
        figures = (split.created, split.worked, split.wins)
        assert figures == pytest.approx(reference.funnel(plan, model, fixed), rel=1e-3, abs=1e-3)
        assert split.unworked == pytest.approx(split.open + split.created - split.worked)
        assert split.hours == pytest.approx(sum(row.hours for row in plan.rows))
    assert found.recommended is found.splits[-1]
    assert found.recommended.revenue == pytest.approx(reference.optimum(plan, model), rel=2e-6)
    assert found.recommended.kept


def test_all_in_on_prospecting_squanders(region):
    """Most opportunities created, most of them left, and less earned than with the recommended split."""
    split, best = named(region, "all in on prospecting"), region.recommended
    assert split is region.most_created
    assert split.unworked == max(other.unworked for other in region.splits)
    assert split.revenue < best.revenue
    sentence = to_text(region).split(".")[0]
    said = " ".join(sentence.split())
    assert said.startswith("All in on prospecting creates the most opportunities")
    there = split.open + split.created
    assert f"nobody works {split.unworked:,.0f} of the {there:,.0f} there are" in said
    assert f"earns {best.revenue - split.revenue:,.0f}" in said


def test_limits_that_give_way(region):
    """Today's shares below the least are marked; what keeps every limit is not."""
    assert {(check.family, check.area) for check in region.today.broken} == {
        ("shares", "account_development"),
        ("shares", "partners"),
    }
    assert named(region, "equal split").kept
    over = named(region, "all in on opportunity_management")
    assert {check.family for check in over.broken} == {"shares", "bounds"}
    lines = to_text(region).splitlines()
    (today,) = (line for line in lines if line.startswith("Today"))
    (equal,) = (line for line in lines if line.startswith("Equal split"))
    assert (today.split()[1], equal.split()[2][0]) == ("*", "3")
    assert "Ines above max_hours for opportunity management in Capital" in " ".join(
        to_json(region).split()
    )


def test_drained_pipelines_are_marked():
    """All hours on working what there is leaves too few open opportunities, which a footnote says."""
    plan = plan_of(SMALL.replace(",30,12,", ",30,90,"), MONTHS)
    found = compare(plan, MONTHS, lean=1.0)
    split = named(found, "all in on opportunity_management")
    assert set(split.drained) == reference.revenue_of(plan, MONTHS, hours(split))[1] != set()
    assert not split.kept
    assert f"drains the pipeline of {' and '.join(split.drained)}" in " ".join(to_text(found).split())


OTHER = """
    territory,rep,area,hours,opportunities,open,win_rate,deal_size,hours_per_opportunity,capacity
    North,Ann,prospecting,{0},30,12,0.20,20000,,{1}
    North,Ann,opportunity_management,100,,,,,6,
    North,Bob,account_development,60,12,5,0.35,15000,,
    North,Bob,partners,40,8,3,0.30,25000,,
    South,Bob,prospecting,80,14,6,0.25,12000,,
    South,Cat,opportunity_management,90,,,,,5,
"""


def test_another_plan_with_the_same_hours(region):
    """The plan beside itself earns what today's split earns, and nothing is noted about its hours."""
    same = named(region, "plan.csv")
    assert (same.kind, same.revenue) == ("other", pytest.approx(region.today.revenue, rel=1e-12))
    assert hours(same) == hours(region.today)
    assert not any("fewer" in note or "leaves out" in note for note in region.notes)


def test_another_plan_is_read_on_the_first_ones_facts():
    """Only its hours count, brought to its reps' capacity; rows left out and totals are noted."""
    plan = plan_of(SMALL)
    other = replace(plan_of(OTHER.format(150, 200)), name="b.csv")
    found = compare(plan, SALES, [other])
    split = found.splits[-1]
    assert hours(split) == pytest.approx([120, 80, 60, 40, 80, 90, 0])
    revenue, drained = reference.revenue_of(plan, SALES, hours(split))
    assert (split.revenue, set(split.drained)) == (pytest.approx(revenue, rel=1e-7, abs=1e-6), drained)
    assert (
        "b.csv leaves out 1 row of plan.csv, which count 0 hours: Cat, partners in South" in found.notes
    )
    assert any("b.csv has 470 hours, 100 fewer than plan.csv" in note for note in found.notes)


def test_more_hours_than_the_reps_have():
    """A plan of one and a half times the hours earns more, is noted, and breaks the capacities."""
    plan = plan_of(SMALL)
    larger = replace(plan, rows=tuple(replace(row, hours=1.5 * row.hours) for row in plan.rows))
    found = compare(plan, SALES, [larger])
    split = found.splits[-1]
    assert split.revenue == pytest.approx(reference.revenue_of(plan, SALES, hours(split))[0], rel=1e-7)
    assert split.revenue > found.today.revenue
    assert {check.family for check in split.broken} >= {"capacity"}
    assert "more hours than" in to_text(found)


def test_rows_that_the_plan_does_not_have():
    """Every row of another plan that this one lacks is refused at once, with its place and a remedy."""
    strange = renamed(plan_of(SMALL), {"North": "West", "South": "South"}.get, str.lower)
    plan = plan_of(SMALL.replace("South,Bob,prospecting,80,1,14,6,0.25,12000,20,,\n", ""))
    with pytest.raises(PlanError) as caught:
        compare(plan, SALES, [replace(strange, name="b.csv")])
    problems = caught.value.problems
    assert [(p.file, p.row) for p in problems] == [("b.csv", line) for line in range(2, 9)]
    assert [p.column for p in problems] == ["territory"] * 4 + ["area", "rep", "rep"]
    assert "with 0 hours if it has none today" in str(problems[-1])


def test_reps_without_a_choice():
    """Who has no row in the area, or no other one, keeps today's hours; idle ones stay idle."""
    plan = plan_of(SMALL.replace("Ann,prospecting,120", "Ann,prospecting,0"))
    found = compare(plan, SALES, lean=0.8)
    prospecting = hours(named(found, "all in on prospecting"))
    assert prospecting == pytest.approx([120, 30, 60, 40, 80, 90, 30])
    working = hours(named(found, "all in on opportunity_management"))
    assert working == pytest.approx([30, 120, 60, 40, 80, 96, 24])
    assert "All in on prospecting leaves those without a row for it at today's hours: " in str(
        found.notes
    )
    assert "Bob in North and Cat in South" in str(found.notes)


@pytest.mark.parametrize("lean", [-0.1, 1.01, float("nan")])
def test_a_lean_out_of_range(lean):
    """A share that is none is refused."""
    with pytest.raises(ValueError, match="lean should be from 0 to 1"):
        compare(plan_of(SMALL), SALES, lean=lean)


def test_two_files_of_one_name():
    """Other plans whose files have one name stay apart."""
    plan = plan_of(SMALL)
    found = compare(plan, SALES, [plan, plan])
    assert [split.name for split in found.splits[-2:]] == ["plan.csv", "plan.csv (2)"]


def test_an_impossible_plan_is_explained():
    """Where no split keeps every limit there is nothing to recommend: what conflicts is said."""
    plan = plan_of(SMALL)
    too_much = replace(plan, rows=(replace(plan.rows[0], min_hours=300.0), *plan.rows[1:]))
    with pytest.raises(InfeasibleError, match="Ann has 270"):
        compare(too_much, SALES)


CURVES = ("region", "several territories a rep", "three steps and lags", "channel")


@pytest.mark.parametrize("case", CURVES)
def test_moves_for_money(case):
    """Each point is the best that CBC finds with so few moves; the curve rises and flattens."""
    plan, model, _ = CASES[case]
    found = compare(plan, model, moves=True)
    curve = found.curve
    assert [point.share for point in curve.points] == [0, 0.05, 0.1, 0.2, 0.5, 1]
    assert curve.most == pytest.approx(found.recommended.moves)
    for point in curve.points:
        expected = reference.best_within_moves(plan, model, point.moves + 1e-6)
        assert point.revenue == (expected if expected is None else pytest.approx(expected, rel=1e-6))
        assert (point.revenue is None) == (point.moves < curve.least)
    reached = [(point.moves, point.revenue) for point in curve.points if point.revenue is not None]
    slopes = [(b - a) / (n - m) for (m, a), (n, b) in pairwise(reached)]
    assert min(slopes) >= 0
    assert all(later <= slope * (1 + 1e-6) for slope, later in pairwise(slopes))
    assert reached[-1][1] == pytest.approx(found.recommended.revenue, rel=2e-6)


def test_the_least_moves_that_keep_the_limits(region):
    """Where today's split breaks limits, few moves can't be enough: from the least on, they are."""
    model = read_model("sales_execution")
    curve = compare(REGION, model, moves=True).curve
    assert curve.least == pytest.approx(reference.fewest_moves(REGION, model, 0.0), rel=1e-7)
    assert reference.best_within_moves(REGION, model, curve.least * (1 - 1e-4)) is None
    assert reference.best_within_moves(REGION, model, curve.least * (1 + 1e-4)) is not None
    assert curve.least_share == pytest.approx(curve.least / curve.most)


def test_nothing_to_move():
    """Where every row is held to today's hours, no moves are all moves."""
    plan = plan_of(SMALL)
    rows = tuple(replace(row, min_hours=row.hours, max_hours=row.hours) for row in plan.rows)
    found = compare(replace(plan, rows=rows), SALES, moves=True)
    assert found.curve.most == pytest.approx(0, abs=1e-6)
    revenues = [point.revenue for point in found.curve.points]
    assert revenues == pytest.approx([found.today.revenue] * len(revenues), rel=1e-9)
    assert "there is nothing to move" in to_text(found)


def test_both_solvers_agree(region):
    """CBC earns the same with every split, and on the curve."""
    settings = Settings(solver="cbc")
    found = compare(REGION, region.model, moves=True, settings=settings)
    other = compare(REGION, region.model, moves=True)
    pairs = zip(found.splits, other.splits, strict=True)
    assert all(one.revenue == pytest.approx(two.revenue, rel=2e-6) for one, two in pairs)
    for one, two in zip(found.curve.points, other.curve.points, strict=True):
        assert one.revenue == (two.revenue and pytest.approx(two.revenue, rel=2e-6))


def test_what_a_solver_leaves_of_no_wins_is_none():
    """Hours are not divided by wins that are a solver's rounding of 0, of either sign."""
    hours_per_win = Split.hours_per_win.fget
    found = [
        hours_per_win(SimpleNamespace(hours=100.0, wins=wins)) for wins in (1e-13, 0.0, -1e-13, 4.0)
    ]
    assert found == [None, None, None, 25.0]
