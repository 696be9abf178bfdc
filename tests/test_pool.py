"""Overlay reps who are interchangeable, pooled: nothing is lost, each gets hours of its own again."""

import numpy as np
import pytest
from plans import PATIENT, national_rows, overlaid, plan_of
from whole import as_one

from allocator import certified
from allocator.apart import pool as pooling
from allocator.apart import together
from allocator.apart.dividing import divided
from allocator.apart.pool import Team, pool
from allocator.apart.together import certified_best, certified_hours
from allocator.deriving import instance
from allocator.program import in_blocks, with_hours_priced
from allocator.reading import read_model
from allocator.solving.fixed_hours import todays_hours
from allocator.solving.settings import Settings

pytestmark = pytest.mark.usefixtures("small_batches")


def alike(**_):
    return "1.25"


def case_of(reps, steps, skill=alike, changed=lambda text: text):
    rules = read_model("sales_execution").with_steps(steps)
    return instance(plan_of(changed(overlaid(national_rows(), reps, skill)), rules), rules)


@pytest.fixture(scope="module")
def three():
    """Three interchangeable reps of all sixty territories, by month, with other hours each."""
    return case_of(3, 3)


def overlays_of(case):
    return [r for r, rep in enumerate(case.reps) if rep.name.startswith("Overlay")]


def test_a_team_has_the_rows_and_hours_of_its_reps(three):
    found = pool(three, overlays_of(three))
    assert len(found.pooled.reps) == len(three.reps) - 2
    assert len(found.pooled.rows) == len(three.rows) - 2 * 60
    for whole, team in (
        ([rep.capacity for rep in three.reps], [rep.capacity for rep in found.pooled.reps]),
        ([row.today for row in three.rows], [row.today for row in found.pooled.rows]),
    ):
        assert sum(team) == pytest.approx(sum(whole), rel=1e-12)
    for i, row in enumerate(three.rows):
        stands_for = found.pooled.rows[found.row[i]]
        assert (stands_for.territory, stands_for.area) == (row.territory, row.area)
        assert stands_for.skill == row.skill
    hours = np.array(todays_hours(three))
    assert found.together(hours) == pytest.approx(np.array(todays_hours(found.pooled)), rel=1e-12)
    assert found.handed_out(found.together(hours)) == pytest.approx(hours, rel=1e-6)


def test_who_differs_is_not_pooled(three):
    each_skilled = case_of(3, 1, lambda rep: rep)
    assert pool(each_skilled, overlays_of(each_skilled)) is None
    one_bounded = case_of(3, 1, changed=lambda text: text + bounded(text))
    assert len(pool(one_bounded, overlays_of(one_bounded)).teams[0].rows) == 3
    assert pool(three, overlays_of(three)[:1]) is None


def bounded(text):
    """One more overlay rep with the work of the first, who may spend so much on one territory only."""
    columns = text.splitlines()[0].split(",")
    mine = [line.split(",") for line in text.splitlines() if "Overlay 0" in line]
    mine[0][columns.index("max_hours")] = "20"
    return "".join(",".join(line).replace("Overlay 0", "Overlay bounded") + "\n" for line in mine)


@pytest.mark.parametrize("stability", [0.0, 1e-6, 0.01, 0.5])
def test_a_team_earns_and_moves_what_its_reps_do(three, stability):
    """The optimum and the fewest moves of the plan as it stands, with limits checked on each rep."""
    settings = Settings(stability=stability)
    plan = divided(three, settings)
    assert plan.pool
    found, best = certified_best(plan, settings, PATIENT)
    one, known = as_one(three, settings)
    assert best.optimum == pytest.approx(known.optimum, rel=max(stability / 100, 1e-8))
    assert best.bound >= known.optimum * (1 - 1e-9)
    assert found.outcome.instance is three
    assert found.limits_checked == one.limits_checked
    assert found.limits_broken < 1e-9
    assert found.outcome.moved == pytest.approx(one.outcome.moved, rel=1e-4, abs=1e-4)
    assert best.shares_hours
    assert best.first.revenue == pytest.approx(known.optimum, rel=1e-9)
    assert best.first.program.instance is three


def test_priced_hours_cost_what_is_used_of_them(three):
    program, draw = in_blocks(three).program(), np.random.default_rng(1)
    r, prices = overlays_of(three)[0], np.array([3.0, 5.0, 7.0])
    values = draw.uniform(0.0, 1.0, program.columns)
    used = values[program.x[list(three.reps[r].rows)]].sum(axis=0)
    priced = with_hours_priced(program, {r: prices})
    less = (program.matrix.cost - priced.matrix.cost) @ values * program.money
    assert less == pytest.approx(prices @ used, rel=1e-9)


def test_todays_hours_are_those_of_each_rep(three):
    hours = todays_hours(three)
    found = certified_hours(divided(three, Settings()), hours, Settings(), PATIENT)
    one = certified.certified_hours(in_blocks(three), hours, Settings(), PATIENT)
    assert found.outcome.hours == one.outcome.hours
    assert found.revenue == pytest.approx(one.revenue, rel=1e-9)
    assert found.drained == one.drained


def test_a_pooled_plan_that_does_not_fall_apart_is_solved_as_one(monkeypatch):
    case = case_of(3, 2)
    monkeypatch.setattr("allocator.apart.dividing.batches", lambda *_: ("all",))
    plan = divided(case, Settings())
    assert plan.pool
    assert not plan.parts
    found, best = certified_best(plan, Settings(), PATIENT)
    assert best.optimum == pytest.approx(as_one(case, Settings())[1].optimum, rel=1e-9)
    hours = todays_hours(case)
    today = certified_hours(plan, hours, Settings(), PATIENT)
    assert today.outcome.hours == tuple(map(tuple, hours))
    assert found.outcome.instance is case


def test_hours_that_cannot_be_handed_out_are_priced_rep_by_rep(three, monkeypatch):
    """Were reps to move more than their team does, they are each their own."""
    monkeypatch.setattr(together, "TOLERANCE", -1.0)
    found, best = certified_best(three, Settings(), PATIENT)
    one, known = as_one(three, Settings())
    assert best.plan.pool is None
    assert best.optimum == pytest.approx(known.optimum, rel=1e-8)
    assert found.outcome.moved == pytest.approx(one.outcome.moved, rel=1e-4)


def test_hours_handed_out_beyond_a_capacity_are_priced_rep_by_rep(three, monkeypatch):
    """Were one rep given all that the team does, the split would not pass its check: none is pooled."""

    def to_the_first(team, hours):
        return np.concatenate(([hours], np.zeros((len(team.rows) - 1, *hours.shape))))

    monkeypatch.setattr(pooling, "_parts", to_the_first)
    found, best = certified_best(three, Settings(), PATIENT)
    assert best.plan.pool is None
    assert found.limits_broken < 1e-9


def team_of(draw, reps, places, steps):
    """A team and hours for it that some division between its reps could lead to."""
    today = draw.uniform(1.0, 9.0, (reps, places))
    capacity = today.sum(axis=1)
    rows = np.arange(reps * places).reshape(reps, places)
    spread = draw.dirichlet(np.full(steps, 2.0), places)
    hours = spread * (today.sum(axis=0) * draw.uniform(0.6, 1.1, places))[:, None]
    hours *= np.minimum(1.0, 0.98 * capacity.sum() / steps / hours.sum(axis=0))
    return Team(rows, np.arange(places), today, capacity), hours


@pytest.mark.parametrize("seed", range(20))
def test_parts_keep_capacities_and_move_no_more_than_the_team(seed):
    draw = np.random.default_rng(seed)
    team, hours = team_of(draw, draw.integers(2, 9), 60, draw.integers(1, 14))
    parts = pooling._parts(team, hours)
    assert parts.sum(axis=0) == pytest.approx(hours, rel=1e-9)
    assert (parts >= 0).all()
    assert (parts.sum(axis=1) <= team.capacity[:, None] / hours.shape[1] * (1 + 1e-9)).all()
    moved = np.abs(parts.sum(axis=2) - team.today).sum()
    assert moved == pytest.approx(np.abs(hours.sum(axis=1) - team.today.sum(axis=0)).sum(), rel=1e-6)


def test_a_hundred_reps_whose_hours_are_all_used_are_fitted_in_a_few_rounds(monkeypatch):
    """As hours mostly are: where one more can earn something, none is left."""
    monkeypatch.setattr(pooling, "EVEN_ROUNDS", 15)
    monkeypatch.setattr(pooling, "ROUNDS", 0)
    team, hours = team_of(np.random.default_rng(3), 100, 80, 13)
    hours *= team.capacity.sum() / 13 / hours.sum(axis=0)
    parts = pooling._parts(team, hours)
    assert pooling._holds(team, hours, parts)
    assert parts.sum(axis=0) == pytest.approx(hours, rel=1e-12)


def test_reps_without_hours_where_the_team_has_fewer_keep_none():
    today = np.array([[0.0, 8.0, 4.0], [6.0, 2.0, 4.0]])
    team = Team(np.arange(6).reshape(2, 3), np.arange(3), today, np.array([12.0, 12.0]))
    hours = np.array([[2.0, 2.0], [5.0, 5.0], [5.0, 5.0]])
    parts = pooling._parts(team, hours).sum(axis=2)
    assert parts[0, 0] == pytest.approx(0.0, abs=1e-9)
    assert np.abs(parts - today).sum() == pytest.approx(4.0, rel=1e-8)


def test_what_cannot_be_fitted_is_still_divided():
    """Two places in one step each, no hours to move, and reps who cannot be in both: none fits."""
    today = np.array([[6.0, 2.0], [2.0, 6.0]])
    team = Team(np.arange(4).reshape(2, 2), np.arange(2), today, np.array([8.0, 8.0]))
    hours = np.array([[8.0, 0.0], [0.0, 8.0]])
    parts = pooling._parts(team, hours)
    assert parts.sum(axis=0) == pytest.approx(hours)
    assert not pooling._holds(team, hours, parts)
