"""What if: changes against plans changed by hand, and both splits against the other formulation."""

from __future__ import annotations

from dataclasses import replace

import pytest
import reference
from plans import MONTHS, SALES, SMALL, plan_of
from running import ROOT

from allocator import allocate, read_model, read_plan
from allocator.answers.whatif import whatif
from allocator.columns import COLUMN
from allocator.errors import InfeasibleError, SolverError
from allocator.reading.changes import Wanted
from allocator.reports.machine import document
from allocator.solving.settings import Settings

PLAN = plan_of(SMALL)
TWO_REPS = """
    territory,rep,area,hours,opportunities,open,win_rate,deal_size,hours_per_opportunity,min_hours,max_hours
    North,Ann,prospecting,100,30,8,0.2,20000,,,
    North,Bob,prospecting,50,10,0,,,,10,90
    North,Ann,opportunity_management,120,,,,,6,20,
    North,Bob,opportunity_management,60,,,,,,,
    North,Ann,partners,30,0,0,0.3,25000,,,
    North,Bob,partners,10,0,0,,,,,
"""


def by_hand(*changes: tuple[str, str], text: str = SMALL, **more):
    """A plan whose text was changed in these places, all of which are there, with `more` said apart."""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return replace(plan_of(text), **more)


def said(plan):
    """What a plan says, apart from how it was read."""
    rows = [replace(row, line=0) for row in plan.rows]
    return rows, plan.facts, plan.capacity, plan.currency


NEW = "    North,Kim,{},0,1,{},0,,,,,\n"
KIM = "".join(
    NEW.format(area, "" if area == "opportunity_management" else "0")
    for area in ("prospecting", "opportunity_management", "account_development", "partners")
)

CHANGES = {
    "an area everywhere": (
        Wanted(sets=["win_rate[partners] = 40%"]),
        by_hand(("0.30,25000", "0.40,25000"), ("0.28,18000", "0.40,18000")),
    ),
    "a territory": (
        Wanted(sets=["deal_size[North] *= 2"]),
        by_hand(("0.20,20000", "0.20,40000"), ("15000", "30000"), ("25000", "50000")),
    ),
    "one place, in either order": (
        Wanted(sets=["cycle_days[Channel, South] += 12.5", "open[South, partners] -= 2"]),
        by_hand(("6,2,0.28,18000,10", "6,0,0.28,18000,22.5")),
    ),
    "everywhere": (
        Wanted(sets=["hours_per_opportunity /= 2"]),
        by_hand((",,,,,,6,", ",,,,,,3,"), (",,,,,,5,", ",,,,,,2.5,")),
    ),
    "one after the other": (
        Wanted(sets=["win_rate[partners, North] = 0.2", "win_rate[partners, North] *= 150%"]),
        by_hand(("0.30,25000", f"{0.2 * 1.5!r},25000")),
    ),
    "a fact that only the model gives": (
        Wanted(sets=["potential[prospecting, North] *= 2", "renewal_rate = 0.8"]),
        by_hand(
            ("hours_per_opportunity,renewals", "hours_per_opportunity,renewals,potential,renewal_rate"),
            ("20000,45,,", "20000,45,,,150,"),
            ("400000", "400000,,0.8"),
            (",,,,,,6,", ",,,,,,6,,,"),
            ("25000,30,,", "25000,30,,,,"),
            ("12000,20,,", "12000,20,,,,"),
            (",,,,,,5,", ",,,,,,5,,,"),
            ("18000,10,,", "18000,10,,,,"),
        ),
    ),
    "a rate less than the model's": (
        Wanted(sets=["renewal_rate -= 0.1"]),
        replace(
            PLAN,
            facts=PLAN.facts
            | {
                (k, a): replace(f, renewal_rate=0.9 - 0.1)
                for (k, a), f in PLAN.facts.items()
                if a == "account_development"
            },
        ),
    ),
    "fewer hours": (Wanted(hours=["Bob = 120"]), replace(PLAN, capacity={"Bob": 120.0})),
    "hours twice": (
        Wanted(hours=["Bob *= 0.5", "Bob += 30"]),
        replace(PLAN, capacity={"Bob": 120.0}),
    ),
    "the hours there are": (Wanted(hours=["Bob = 180"]), PLAN),
    "a rep more": (
        Wanted(add_reps=["Kim in North = 80"]),
        by_hand(text=SMALL.rstrip() + "\n" + KIM, capacity={"Kim": 80.0}),
    ),
    "a rep less": (Wanted(drop_reps=["Cat"]), replace(PLAN, capacity={"Cat": 0.0})),
    "all of it": (
        Wanted(
            sets=["skill[Opportunity Mgmt, North] = 1.2"],
            hours=["Ann = 300"],
            add_reps=["Kim in North"],
            drop_reps=["Cat"],
        ),
        by_hand(
            ("150,1.1", "150,1.2"),
            text=SMALL.rstrip() + "\n" + KIM,
            capacity={"Ann": 300.0, "Kim": (300 + 180 + 120) / 3, "Cat": 0.0},
        ),
    ),
}


@pytest.mark.parametrize("model", [SALES, MONTHS], ids=["steady", "months"])
@pytest.mark.parametrize("name", CHANGES)
def test_as_changed_by_hand(name, model):
    """A change makes the plan that a person would write, and both splits earn what CBC finds for it.

    Where it finds no split at all, neither is one shown.
    """
    wanted, expected = CHANGES[name]
    best = reference.optimum(expected, model)
    if best is None:
        with pytest.raises(InfeasibleError, match=r"^After the changes"):
            whatif(PLAN, model, wanted)
        return
    found = whatif(PLAN, model, wanted)
    assert said(found.after.plan) == said(expected)
    assert said(found.before.plan) == said(PLAN)
    assert found.after.revenue_optimal == pytest.approx(best, rel=1e-6)
    assert found.before.revenue_optimal == pytest.approx(reference.optimum(PLAN, model), rel=1e-6)
    for allocation, plan in ((found.before, PLAN), (found.after, expected)):
        now, drained = reference.revenue_now(plan, model)
        assert allocation.revenue_now == pytest.approx(now, rel=1e-6)
        assert set(allocation.drained) == drained
    assert found.certificate.worst <= 1e-6


def test_sums_are_spread():
    """A new sum goes to rows as they had of it; where none had any, as they have hours."""
    plan = plan_of(TWO_REPS)
    wanted = Wanted(sets=["opportunities[prospecting] = 60", "open += 8", "opportunities[partners] = 8"])
    rows = whatif(plan, SALES, wanted).after.plan.rows
    assert [row.opportunities for row in rows] == [45.0, 15.0, 0.0, 0.0, 6.0, 2.0]
    assert [row.open for row in rows] == [16.0, 0.0, 0.0, 0.0, 6.0, 2.0]


def test_sums_without_hours_are_spread_evenly():
    """Where rows have neither a part of the sum nor hours, each gets as much."""
    plan = plan_of(TWO_REPS.replace("partners,30", "partners,0").replace("partners,10", "partners,0"))
    rows = whatif(plan, SALES, Wanted(sets=["open[partners] = 8"])).after.plan.rows
    assert [row.open for row in rows[4:]] == [4.0, 4.0]


def test_limits_of_rows():
    """Minimums and maximums are set on each row; where there is no most, only '=' sets one."""
    plan = plan_of(TWO_REPS)
    wanted = Wanted(sets=["max_hours *= 0.5", "min_hours[prospecting] += 5", "max_hours[partners] = 20"])
    found = whatif(plan, SALES, wanted)
    rows = found.after.plan.rows
    none = float("inf")
    assert [row.max_hours for row in rows] == [none, 45.0, none, none, 20.0, 20.0]
    assert [row.min_hours for row in rows] == [5.0, 15.0, 20.0, 0.0, 0.0, 0.0]
    assert [(value.rep, value.before, value.after) for value in found.changes[0].values] == [
        ("Bob", 90.0, 45.0)
    ]
    assert [value.before for value in found.changes[2].values] == [None, None]


def test_nothing_to_multiply():
    """A potential that neither plan nor model gives stays so: there is nothing to make larger."""
    found = whatif(plan_of(TWO_REPS), SALES, Wanted(sets=["potential[partners] *= 2"]))
    assert found.changes[0].values == ()
    assert found.after.plan.facts == found.before.plan.facts


def test_a_rep_who_goes():
    """A rep who goes has no hours and no minimums; curves stay as the rows' hours made them."""
    plan = plan_of(TWO_REPS)
    found = whatif(plan, SALES, Wanted(drop_reps=["Bob"]))
    kept, gone = found.after, found.before.plan
    assert [row.hours for row in kept.plan.rows] == [row.hours for row in gone.rows]
    assert [row.min_hours for row in kept.plan.rows] == [0.0, 0.0, 20.0, 0.0, 0.0, 0.0]
    (was,), (now,) = found.before.instance.territories, kept.instance.territories
    assert [source.curve for source in now.sources] == [source.curve for source in was.sources]
    assert all(
        kept.recommended.total_hours(i) <= 1e-9 and kept.instance.rows[i].today == 0
        for at, i in kept.rows_in_plan_order
        if plan.rows[at].rep == "Bob"
    )


def test_the_average_rep():
    """A new rep whose hours are not said gets the average of those who have any, as changed."""
    wanted = Wanted(hours=["Ann = 0"], add_reps=["Kim in South", "Lou in North, South = 10"])
    plan = whatif(PLAN, SALES, wanted).after.plan
    assert plan.capacity == {"Ann": 0.0, "Kim": (180 + 120) / 2, "Lou": 10.0}
    new = [(row.territory, row.area) for row in plan.rows if row.rep == "Lou"]
    assert new == list(dict.fromkeys((row.territory, row.area) for row in PLAN.rows))


def test_added_and_dropped():
    """Changes apply in their order: a rep who is added and dropped again changes nothing."""
    found = whatif(PLAN, SALES, Wanted(add_reps=["Kim in South = 50"], drop_reps=["Kim"]))
    assert found.after.revenue == pytest.approx(found.before.revenue, rel=1e-9)


def test_currency_comes_with_a_value():
    """Money that is written with a mark gives the plan its currency, if it has none."""
    assert whatif(PLAN, SALES, Wanted(sets=["deal_size = €9000"])).after.plan.currency == "€"


def test_given_is_no_longer_absent():
    """What a change gives is no default any more."""
    changed = whatif(PLAN, SALES, Wanted(sets=["renewal_rate = 0.8", "potential[North] *= 2"]))
    absent = changed.after.plan.absent
    assert PLAN.absent["renewal_rate"] == (("North", "account_development"),)
    assert absent["renewal_rate"] == ()
    assert absent["potential"] == (("South", "prospecting"), ("South", "partners"))


def test_what_moved():
    """Hours by area and by territory add up from the rows, which are those of the changed plan."""
    found = whatif(PLAN, SALES, Wanted(add_reps=["Kim in South = 50"]))
    rows = list(found.rows())
    assert [row.row for row in rows] == list(found.after.plan.rows)
    assert [(row.before, row.now_before) for row in rows if row.row.rep == "Kim"] == [(0.0, 0.0)] * 3
    assert [moved.area or moved.territory for moved in found.moved] == [
        *SALES.areas,
        *PLAN.territories,
    ]
    before, after = (sum(row.before for row in rows), sum(row.after for row in rows))
    assert after == pytest.approx(before + 50, abs=1e-3)
    for part in (found.moved[: len(SALES.areas)], found.moved[len(SALES.areas) :]):
        assert sum(moved.before for moved in part) == pytest.approx(before)
        assert sum(moved.after for moved in part) == pytest.approx(after)
    frame = found.after.hours_frame()
    assert [row.after for row in rows] == list(frame["hours"])
    assert [row.now_after for row in rows] == list(frame["hours_now"])


def test_settings_and_progress():
    """Both plans are solved as the settings say, and what is under way says which of them it is."""
    heard = []
    found = whatif(
        PLAN,
        SALES,
        Wanted(sets=["win_rate *= 1.1"]),
        Settings("cbc", 0.01),
        progress=lambda doing, _=None: heard.append(doing),
    )
    alone = allocate(PLAN, SALES, stability=0.01, solver="cbc")
    assert document(found.before) == document(alone)
    assert {text.split(":")[0] for text in heard} == {"Before the changes", "After the changes"}


def test_one_clock(monkeypatch):
    """The time limit is for both plans together: the second gets what the first leaves."""
    limits = []

    def timed(*plan_and_model, **settings):
        limits.append(settings["time_limit"])
        return allocate(*plan_and_model, **settings)

    monkeypatch.setattr("allocator.answers.whatif.allocate", timed)
    whatif(PLAN, SALES, Wanted(sets=["win_rate *= 1.1"]), Settings(time_limit=500.0))
    assert 400 < limits[1] < limits[0] <= 500
    with pytest.raises(SolverError):
        whatif(PLAN, MONTHS, Wanted(sets=["win_rate *= 1.1"]), Settings("cbc", time_limit=1e-6))


def test_impossible_plans():
    """A plan that no split keeps says whether it is the one before or after; relaxing goes on."""
    wanted = Wanted(sets=["min_hours[partners, South] = 500"])
    with pytest.raises(InfeasibleError, match=r"^After the changes: No split(.|\n)*--relax"):
        whatif(PLAN, SALES, wanted)
    assert whatif(PLAN, SALES, wanted, relax=True).after.relaxed
    impossible = whatif(PLAN, SALES, wanted, relax=True).after.plan
    with pytest.raises(InfeasibleError, match=r"^Before the changes: No split"):
        whatif(impossible, SALES, Wanted(sets=["min_hours = 0"]))


@pytest.mark.parametrize("path", sorted((ROOT / "models").glob("*.toml")), ids=lambda path: path.stem)
def test_every_model(path):
    """Under every model, a better win rate earns more with both splits, by what CBC finds."""
    model = read_model(path)
    plan = read_plan(ROOT / "inputs" / "solo.csv", model)
    found = whatif(plan, model, Wanted(sets=["win_rate *= 1.2"]))
    assert found.after.revenue > found.before.revenue
    assert found.after.revenue_now > found.before.revenue_now
    facts = {key: replace(f, win_rate=f.win_rate and f.win_rate * 1.2) for key, f in plan.facts.items()}
    expected = reference.optimum(replace(plan, facts=facts), model)
    assert found.after.revenue_optimal == pytest.approx(expected, rel=1e-6)


def test_every_column_has_a_way():
    """Every column of figures but hours and capacity can be set wherever it stands."""
    for name, column in COLUMN.items():
        if column.kind != "text" and name not in {"hours", "capacity"}:
            value = {"win_rate": "0.3", "renewal_rate": "0.7", "potential": "500"}.get(name, "1")
            value = "400" if name == "max_hours" else value
            found = whatif(PLAN, SALES, Wanted(sets=[f"{name} = {value}"]))
            assert {figure.after for figure in found.changes[0].values} == {float(value)}
