"""Charts: each shows the figures of its answer, says its point, and is valid Vega-Lite."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from plans import SALES as STEADY
from plans import SMALL, plan_of
from running import ROOT, large_plan

from allocator import Allocation, allocate, read_model, read_plan
from allocator.answers.briefing import Briefing, brief
from allocator.answers.effects import totals
from allocator.answers.explanation import explain
from allocator.answers.leverage import leverage
from allocator.answers.reach import reach
from allocator.answers.whatif import whatif
from allocator.charts import comparison, curves, funnel, ranges, splits
from allocator.charts import leverage as leverage_charts
from allocator.charts import reach as reach_charts
from allocator.charts import whatif as whatif_charts
from allocator.charts.bars import Bar, Part, bars, stacks
from allocator.charts.look import AREAS, BLUE, LABEL, VEGA_LITE, VERMILION, drawing, ink_on, labels
from allocator.charts.movers import MOST, places
from allocator.reading.changes import Wanted
from allocator.wording import area_name, figure

SALES = read_model("sales_execution")
PLAN = read_plan(ROOT / "inputs" / "plan.csv", SALES)


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    """The example plan with every answer that a page has."""
    allocation = allocate(PLAN, SALES)
    whole = brief(allocation, explain(allocation))
    return replace(
        whole,
        reach=reach(PLAN, SALES, 5e6, heads=True),
        whatif=whatif(PLAN, SALES, Wanted(sets=("win_rate *= 1.1",))),
    )


@pytest.fixture(scope="module")
def allocation(briefing: Briefing) -> Allocation:
    """Its allocation."""
    assert briefing.allocation is not None
    return briefing.allocation


@pytest.fixture(scope="module")
def charts(briefing: Briefing, allocation: Allocation):
    """Every chart that there is, by name."""
    return {
        "by_area": splits.by_area(allocation),
        "by_territory": splits.by_territory(allocation),
        "funnel": funnel.funnel(allocation),
        "curves": curves.response_curves(allocation),
        "one_curve": curves.response_curves(allocation, "North"),
        "heat_map": leverage_charts.heat_map(briefing.leverage),
        "territory_map": leverage_charts.territory_map(briefing.leverage),
        "tornado": leverage_charts.tornado(briefing.leverage),
        "revenue": comparison.revenue_of_splits(briefing.comparison),
        "opportunities": comparison.opportunities_of_splits(briefing.comparison),
        "moves": comparison.moves_for_money(briefing.comparison),
        "ranges": ranges.ranges(allocation, briefing.explanation),
        "cases": reach_charts.hours_by_case(briefing.reach),
        "heads": reach_charts.heads_curve(briefing.reach),
        "before": whatif_charts.before_and_after(briefing.whatif),
        "moved": whatif_charts.hours_moved(briefing.whatif),
    }


def records(chart) -> list[dict]:
    """All data of a chart, layer after layer, each only once."""
    found: list[dict] = []
    for data in chart.to_dict()["datasets"].values():
        found += data
    return found


def units(chart) -> set[str]:
    """The titles of a chart's quantitative axes."""
    layers = chart.to_dict().get("layer", [chart.to_dict()])
    axes = [one["encoding"].get(axis) for one in layers for axis in "xy"]
    return {a["title"] for a in axes if a and a.get("type") == "quantitative" and a.get("title")}


def test_each_is_valid_and_says_its_point(charts):
    """Every chart keeps Vega-Lite's schema, and says its point twice, and has tooltips."""
    assert None not in charts.values()
    for name, chart in charts.items():
        spec = chart.to_dict()
        assert spec["title"]["text"][0], name
        assert " ".join(spec["title"]["text"]) in spec["description"], name
        assert '"tooltip"' in chart.to_json(), name


def test_axes_have_units(charts):
    """Every axis of figures says what it counts."""
    for name, chart in charts.items():
        if "map" not in name:
            assert units(chart), name


def test_hours_by_area(charts, allocation):
    """Bars are the hours of the plan and of the recommended split; both add up to the capacity."""
    found = records(charts["by_area"])
    for split in ("today", "recommended"):
        assert math.fsum(r["value"] for r in found if r["series"] == split) == pytest.approx(4400)
    managed = {r["series"]: r["value"] for r in found if r["line"] == "Opportunity management"}
    rows = enumerate(allocation.instance.rows)
    best = sum(
        allocation.recommended.total_hours(i) for i, row in rows if row.area == "opportunity_management"
    )
    assert managed == {"today": pytest.approx(1290), "recommended": pytest.approx(best)}


def test_shares_add_up(charts):
    """Parts of a territory's bar are shares of 100, one after the other."""
    ends: dict[tuple[str, str], float] = {}
    for record in records(charts["by_territory"]):
        key = record["line"], record["split"]
        assert record["start"] == pytest.approx(ends.get(key, 0.0))
        ends[key] = record["end"]
    assert len(ends) == 8
    assert all(end == pytest.approx(100) for end in ends.values())


def test_the_funnel_shows_what_is_left_unworked(charts, allocation):
    """The unworked part has its own colour and the size of the answer, for both splits."""
    found = {
        r["line"]: r["end"] - r["start"]
        for r in records(charts["funnel"])
        if r.get("part") == funnel.UNWORKED
    }
    now, best = totals(allocation.today), totals(allocation.recommended)
    assert found == {
        "Today: all": pytest.approx(now.unworked),
        "Recommended: all": pytest.approx(best.unworked),
    }
    assert len(set(funnel.COLORS.values())) == 3


def test_nothing_left_unworked_is_said_so():
    """A plan that works every opportunity is told so, not that nobody works 0.0."""
    plan = read_plan(ROOT / "inputs" / "solo.csv", SALES)
    text = " ".join(funnel.funnel(allocate(plan, SALES)).to_dict()["title"]["text"])
    assert text.startswith("Today each of 140 opportunities gets worked")


@pytest.mark.parametrize("territory", ["North", "South"])
def test_curves_go_through_both_points_where_nothing_couples(territory):
    """Without couplings, what a split creates lies on the chords below the smooth curve."""
    model = STEADY.model_copy(update={"couplings": ()})
    found = allocate(plan_of(SMALL, model), model)
    shown = records(curves.response_curves(found, territory))
    points = [r for r in shown if r.get("split") == "today"]
    assert points
    for point in points:
        curve = next(
            s.curve
            for k in found.instance.territories
            for s in k.sources
            if k.name == territory and s.area.startswith(point["source"][:4].lower())
        )
        assert curve.value(point["hours"]) == pytest.approx(point["opportunities"])


def test_heat_map_rows_add_up(charts, briefing):
    """A line's cells are what the answer credits; negative ones have another colour."""
    found = {(r["line"], r["column"]): r for r in records(charts["heat_map"])}
    assert len(found) == 4 * 5
    for hour in briefing.leverage.hours:
        line = area_name(hour.area)
        assert found[line, leverage_charts.IN_ALL]["said"] == figure(hour.per_hour)
        for area, value in hour.credited.items():
            cell = found[line, area_name(area)]
            assert cell["said"] == figure(value)
            assert cell["color"] == (BLUE if value >= 0 else VERMILION)
    assert {cell["color"] for cell in found.values()} == {BLUE, VERMILION}


def test_tornado_is_sorted(charts, briefing):
    """Levers come with the largest gain of today's split first."""
    gains = [r["value"] for r in records(charts["tornado"]) if r["series"] == "today"]
    assert gains == sorted(gains, reverse=True)
    assert gains[0] == pytest.approx(briefing.leverage.levers[0].gain_today)


def test_splits_are_those_of_the_comparison(charts, briefing):
    """Revenue bars are the splits', largest first; worked and unworked add up to what there is."""
    found = briefing.comparison.splits
    drawn = records(charts["revenue"])
    assert [r["value"] for r in drawn] == sorted((s.revenue for s in found), reverse=True)
    whole = {
        r["line"]: r["end"] for r in records(charts["opportunities"]) if r.get("part") == "left unworked"
    }
    assert sorted(whole.values()) == pytest.approx(sorted(s.open + s.created for s in found))


def test_ranges_hold_the_recommended_hours(charts, briefing):
    """Each line's point lies between its ends, and all of the explanation's are there."""
    found = records(charts["ranges"])
    assert len(found) == len(briefing.explanation.ranges)
    assert all(r["least"] - 1e-6 <= r["hours"] <= r["most"] + 1e-6 for r in found)


def test_reach_and_whatif(charts, briefing):
    """Bars of hours start with today's; revenue before and after are the two allocations'."""
    assert records(charts["cases"])[0]["value"] == pytest.approx(4400)
    assert len(records(charts["heads"])) == 2 + len(briefing.reach.heads.steps)
    found = [r["value"] for r in records(charts["before"])]
    changed = briefing.whatif
    assert found == pytest.approx(
        [
            changed.before.revenue_now,
            changed.after.revenue_now,
            changed.before.revenue,
            changed.after.revenue,
        ]
    )


def test_many_territories_are_summed(plan_file):
    """Of many territories those that move the most have lines of their own; no hour is lost."""
    plan = read_plan(plan_file(large_plan(40)), SALES)
    found = allocate(plan, SALES)
    shown = places(found)
    assert len(shown) == MOST + 1
    assert sorted(k for place in shown for k in place.numbers) == list(range(40))
    chart = splits.by_territory(found)
    assert {r["line"] for r in records(chart)} >= {"28 others together"}
    heat = leverage_charts.territory_map(leverage(plan, SALES))
    assert len({r["line"] for r in records(heat)}) == MOST


def test_text_is_readable_on_every_colour():
    """Ink on each of the palette's colours has a contrast of 4.5 at least."""

    def luminance(color: str) -> float:
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    for color in AREAS:
        low, high = sorted((luminance(color), luminance(ink_on(color))))
        assert (high + 0.05) / (low + 0.05) >= 4.5, color


def test_long_names_are_cut_and_stay_apart():
    """A long name is cut between letters, wide ones sooner, and two that begin alike stay two."""
    long = ["x" * 200, "x" * 199, "🙂" * 60, "North"]
    found = labels(long)
    assert len(set(found.values())) == 4
    assert found["North"] == "North"
    assert len(found["x" * 200]) <= LABEL
    assert found["🙂" * 60] == "🙂" * (LABEL // 2 - 1) + "…"


def test_drawings_are_the_same_again(charts, allocation):
    """The same answer gives the same specification, in a version that vl-convert knows."""
    import vl_convert

    assert drawing(charts["funnel"]) == drawing(funnel.funnel(allocation))
    assert VEGA_LITE in vl_convert.get_vegalite_versions()


def test_what_is_said_of_bars_stands_on_their_side_of_0():
    """To the right of bars that are 0 or more, to the left of those below, and each of them once."""
    made = bars([Bar("A", "", 2.0, "2"), Bar("B", "", -1.0, "-1")], {"": BLUE}, "hours").to_dict()
    texts = [layer for layer in made["layer"] if layer["mark"]["type"] == "text"]
    said = {layer["mark"]["align"]: layer["transform"] for layer in texts}
    assert said == {"left": [{"filter": "datum.value >= 0"}], "right": [{"filter": "datum.value < 0"}]}


def test_what_is_said_of_parts_stands_where_they_end():
    """Parts go on where the one before ended, and what is said of the whole stands behind the last."""
    parts = [Part("A", "x", 2.0, "2"), Part("B", "x", 1.0, "1"), Part("A", "y", 3.0, "3")]
    chart = stacks(parts, {"x": BLUE, "y": VERMILION}, "hours", {"A": "5 in all", "B": "1 in all"})
    made = chart.to_dict()
    drawn, *_, after = (made["datasets"][layer["data"]["name"]] for layer in made["layer"])
    spans = [(part["name"], part["start"], part["end"]) for part in drawn]
    assert spans == [("A", 0, 2), ("A", 2, 5), ("B", 0, 1)]
    assert [(end["end"], end["said"]) for end in after] == [(5, "5 in all"), (1, "1 in all")]
