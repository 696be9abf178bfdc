"""The recommended split as the next plan: the workbook's sheet Plan, which runs as it is."""

import pytest
from plans import SALES, SMALL, changed, plan_of
from running import ROOT, run
from small_plan import plan_text

from allocator import allocate, read_plan
from allocator.adopting import adopted
from allocator.answers.briefing import Briefing
from allocator.answers.compare import compare
from allocator.answers.whatif import whatif
from allocator.reading.changes import Wanted
from allocator.reports.workbook import to_xlsx


@pytest.mark.parametrize("sample", ["plan", "solo", "partner_led", "renewal_heavy"])
def test_the_plan_runs(tmp_path, sample):
    """The sheet Plan is a plan: its hours are those recommended, and nearly nothing is left to gain."""
    plan = ROOT / "inputs" / f"{sample}.csv"
    assert run(plan, "-o", "results.xlsx", "--quiet", folder=tmp_path).code == 0
    again = run("results.xlsx", "--sheet", "Plan", "--format", "json", folder=tmp_path)
    assert again.code == 0
    before = allocate(read_plan(plan, SALES), SALES)
    after = allocate(read_plan(tmp_path / "results.xlsx", SALES, "Plan"), SALES)
    hours = [before.recommended.total_hours(i) for _, i in before.rows_in_plan_order]
    assert [row.hours for row in after.plan.rows] == pytest.approx(hours, abs=1e-9)
    assert after.revenue_now == pytest.approx(before.revenue, rel=2e-3)
    assert 0 <= after.revenue - after.revenue_now < 0.04 * (before.revenue - before.revenue_now)
    assert after.plan.notes == ()


def test_the_plan_beside_the_one_before(tmp_path):
    """On the facts of the plan before, the sheet's hours earn exactly what was recommended."""
    plan = ROOT / "inputs" / "plan.csv"
    assert run(plan, "-o", "results.xlsx", "--quiet", folder=tmp_path).code == 0
    first = read_plan(plan, SALES)
    found = compare(first, SALES, [read_plan(tmp_path / "results.xlsx", SALES, "Plan")])
    assert found.splits[-1].kind == "other"
    assert found.splits[-1].revenue == pytest.approx(found.recommended.revenue, rel=1e-9)


@pytest.mark.parametrize("mark", ["€", "$", "£", "₹"])
def test_the_plan_keeps_its_currency(plan_file, mark):
    """What the sheet Plan shows as money of a currency is read again as money of that currency."""
    plan = read_plan(plan_file(plan_text([(0, "deal_size", f"{mark}18000")])), SALES)
    assert plan.currency == mark
    content = to_xlsx(Briefing(plan, SALES, allocate(plan, SALES)))
    assert read_plan(plan_file(content, "book.xlsx"), SALES, "Plan").currency == mark


def test_who_is_gone_stays_gone():
    """The plan with the recommended hours keeps what nobody is left for, and what renews by itself."""
    plan = read_plan(ROOT / "inputs" / "plan.csv", SALES)
    before = whatif(plan, SALES, Wanted(drop_reps=["Tom"])).after
    after = allocate(adopted(before), SALES)
    assert after.plan.capacity["Tom"] == 0
    assert after.revenue_now == pytest.approx(before.revenue, rel=2e-3)
    assert after.revenue >= after.revenue_now
    renewed = [
        sum(m.renewed for k in outcome.territories for m in k.renewing)
        for outcome in (before.recommended, after.today)
    ]
    assert renewed[1] == pytest.approx(renewed[0], rel=1e-3)


def test_curves_stay():
    """In the plan with the recommended hours, each curve brings what it brought, at any hours."""
    found = allocate(plan_of(SMALL), SALES)
    again = allocate(adopted(found), SALES)
    before, after = ({k.name: k for k in one.instance.territories} for one in (found, again))
    for name, territory in before.items():
        for one, other in zip(territory.sources, after[name].sources, strict=True):
            assert other.curve is not None
            for hours in (10.0, 100.0, 500.0):
                assert other.curve.value(hours) == pytest.approx(one.curve.value(hours), rel=1e-9)
            assert other.open == one.open


def test_idle_hours_are_kept():
    """A rep to whom the split leaves hours without use still has them in the next plan."""
    model = changed(SALES, "prospecting", share=[0.0, 1.0])
    only = """
        territory,rep,area,hours,max_hours,opportunities,win_rate,deal_size,hours_per_opportunity
        North,Ann,prospecting,100,120,20,0.3,10000,
        North,Ann,opportunity_management,300,310,,,,2
    """
    found = allocate(plan_of(only.replace("100,120", "100,40"), model), model)
    left = 400 - sum(found.recommended.total_hours(i) for i in range(2))
    assert left > 1
    assert adopted(found).capacity == {"Ann": 400}
