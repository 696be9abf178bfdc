"""Reports: sentences say what the figures say, and all formats agree."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from running import ROOT
from small_plan import HEADER, ROWS, table_text

from allocator import Allocation, allocate, read_model, read_plan, wording
from allocator.answers.binding import binding
from allocator.answers.effects import difference
from allocator.reports.machine import to_csv, to_json
from allocator.reports.sentences import MOST_BOUNDS, how_checked, largest_reason, what_binds
from allocator.reports.terminal import to_text

SALES = read_model("sales_execution")


@pytest.fixture(scope="module")
def example() -> Allocation:
    """The example plan, solved."""
    return allocate(read_plan(ROOT / "inputs" / "plan.csv", SALES), SALES)


@pytest.fixture
def solved(tmp_path: Path):
    """Solve the small plan with other hours, in the order of its areas, and other cells."""

    def solve(hours: Sequence[float], *changes: tuple[int, str, str], fixed: bool = False, **options):
        rows = [list(cells) for cells in ROWS]
        for at, own in enumerate(hours):
            rows[at][HEADER.index("hours")] = str(own)
        for at, column, cell in changes:
            rows[at][HEADER.index(column)] = cell
        bounds = [
            ["min_hours", "max_hours"],
            *([str(own), str(own)] if fixed else ["", ""] for own in hours),
        ]
        table = [[*cells, *bound] for cells, bound in zip((HEADER, *rows), bounds, strict=True)]
        path = tmp_path / "plan.csv"
        path.write_text(table_text(table), encoding="utf-8")
        return allocate(read_plan(path, SALES), SALES, **options)

    return solve


def test_depth(solved):
    """Where hours go from finding to working, the reason is depth, with what is squandered today."""
    found = solved((600, 150, 150, 100))
    assert difference(found).effects[0].kind == "depth"
    text = largest_reason(found)
    rates = re.search(r"of 100 worked, (\d+) are won, (\d+) today", text)
    assert rates is not None
    assert int(rates[1]) > int(rates[2])
    assert "today's split leaves" in text
    assert "Opportunity management gets +450 hours, most of them from prospecting (−500 hours)." in text


def test_volume(solved):
    """Where a starved area creates more, the reason is more opportunities worked."""
    found = solved((0.1, 499.9, 0, 500))
    assert difference(found).effects[0].kind == "volume"
    text = largest_reason(found)
    more = re.match(r"([\d.]+) more opportunities get worked \(\+[\d,]+\)", text)
    assert more is not None
    assert float(more[1]) > 0


def test_renewals(solved):
    """Where millions are up for renewal and few hours look after them, the reason is renewals."""
    found = solved((400, 400, 100, 100), (2, "renewals", "9000000"))
    assert difference(found).effects[0].kind == "renewals"
    assert largest_reason(found).startswith("More recurring revenue renews (+4")
    assert "Account development gets +" in largest_reason(found)


def test_already_best(solved):
    """Where no other split is allowed, today's is called as good as any."""
    found = solved((400, 300, 200, 100), fixed=True)
    assert "already as good as any" in largest_reason(found)
    assert found.revenue == pytest.approx(found.revenue_now)


def test_today_outside_the_limits(solved):
    """Where today's split earns more by breaking a share, that is said, with area and territory."""
    found = solved((200, 800, 0, 0))
    assert found.revenue < found.revenue_now
    text = largest_reason(found)
    assert "not held to the limits" in text
    assert "opportunity management in North" in text


HOURS = (
    (400, 300, 200, 100), (100, 500, 300, 100), (250, 250, 250, 250), (300, 100, 300, 300),
    (100, 700, 100, 100), (333, 1, 333, 333), (150, 600, 150, 100),
)  # fmt: skip


@pytest.mark.parametrize("hours", HOURS)
def test_sentences_say_what_the_figures_say(solved, hours):
    """Effects add up to the difference, "most of them" are most, and a rise is shown as a rise."""
    found = solved(hours)
    parts = difference(found)
    assert sum(e.money for e in parts.effects) == pytest.approx(
        found.revenue - found.revenue_now, abs=1e-4
    )
    text = largest_reason(found)
    if "most of them" in text:
        assert -min(parts.moved.values()) > max(parts.moved.values()) / 2, text
    if rates := re.search(r"of 100 worked, ([\d.]+) are won, ([\d.]+) today", text):
        assert float(rates[1]) > float(rates[2]), text
    assert "+0" not in text
    assert "−0" not in text


def test_what_binds(example):
    """Each limit that is used up has its own sentence, with a place, and the words fit a list."""
    sentences = list(what_binds(example))
    assert len(sentences) == len(set(sentences)) > 3
    assert all(not sentence.endswith(".") for sentence in sentences)


def test_a_bound_that_binds_is_named(plan_file):
    """A row held at its most is named by rep, area and territory, with the hours it may have."""
    text = (ROOT / "inputs" / "plan.csv").read_text(encoding="utf-8")
    tight = plan_file(
        text.replace("Ines,140,,230,", "Ines,140,,150,").replace("Tom,150,,,", "Tom,150,,160,")
    )
    found = allocate(read_plan(tight, SALES), SALES)
    assert "Ines, opportunity management in Capital: at the most of 150 hours" in set(what_binds(found))


def test_of_many_rows_at_their_bounds_some_are_named():
    """The rest are counted, so that the list can be read."""
    plan = read_plan(ROOT / "inputs" / "national.csv", SALES)
    rows = tuple(replace(row, min_hours=0.95 * row.hours) for row in plan.rows)
    found = allocate(replace(plan, rows=rows), SALES)
    at_bounds = [sentence for sentence in what_binds(found) if " at the least " in sentence]
    assert len(at_bounds) == MOST_BOUNDS + 1
    count = sum(one.row is not None for one in binding(found)) - MOST_BOUNDS
    assert at_bounds[-1] == f"{count:,} more rows at the least or the most hours given for them"


def test_how_checked(example):
    """The certificate's sentence names the bound that no split exceeds, not below the revenue."""
    bound = float(next(how_checked(example)).rsplit(" ", 1)[1].replace(",", ""))
    assert bound >= example.revenue - 1


def funnel_lines(text: str) -> dict[tuple[str, str], list[float]]:
    """(source, split) → figures of the printed funnel."""
    found, source = {}, ""
    for line in text[text.index("\nFunnel") :].partition("\nLimits that bind")[0].splitlines():
        if match := re.match(r"  (today|recommended) +([\d,.−][\d,.− ]*)$", line):
            figures = [float(cell.replace(",", "").replace("−", "-")) for cell in match[2].split()]
            found[source, match[1]] = figures
        elif line and line[0].isupper():
            source = line.strip()
    return found


def test_the_funnel_is_the_frame(example):
    """The funnel that is printed is the sum of funnel_frame, by source and over all."""
    frame = example.funnel_frame()
    columns = ["open", "created", "worked", "unworked", "wins", "revenue_in_period", "revenue_later"]
    printed = funnel_lines(to_text(example))
    by_source = frame.groupby(["source", "split"])[columns].sum()
    for (source, split), sums in by_source.iterrows():
        assert printed[wording.area_name(source), split] == pytest.approx(list(sums), abs=0.5)
    for split, sums in frame.groupby("split")[columns].sum().iterrows():
        assert printed["All sources", split] == pytest.approx(list(sums), abs=0.5)


def test_the_headline_is_the_difference(example):
    """The difference in the headline is that of the two revenues beside it, to rounding."""
    now, best, gained = (
        int(re.sub(r"\D", "", re.split(r"  +", line)[1])) for line in to_text(example).splitlines()[:3]
    )
    assert abs(best - now - gained) <= 1
    assert best == round(example.revenue)


def test_json_csv_and_frame_agree(example):
    """JSON, CSV and the frame hold the same hours for the same rows, digit for digit."""
    document = json.loads(to_json(example))
    rows = list(csv.DictReader(io.StringIO(to_csv(example))))
    frame = example.hours_frame()
    assert [float(row["hours"]) for row in rows] == [row["hours"] for row in document["allocation"]]
    assert [float(row["hours_now"]) for row in rows] == [
        row["hours_now"] for row in document["allocation"]
    ]
    assert list(frame["hours"]) == [row["hours"] for row in document["allocation"]]
    assert list(frame["change"]) == [float(row["change"]) for row in rows]
    assert [row["territory"] for row in rows] == [row["territory"] for row in document["allocation"]]
    assert document["revenue"] == example.revenue
    assert sum(document["effects"].values()) == pytest.approx(
        document["revenue"] - document["revenue_now"]
    )


def test_steps_add_up():
    """By step, the hours of CSV and JSON add up to the hours for the period."""
    model = SALES.with_steps(3)
    found = allocate(read_plan(ROOT / "inputs" / "solo.csv", model), model)
    rows = json.loads(to_json(found))["allocation"]
    assert all(sum(row["hours_by_step"]) == pytest.approx(row["hours"]) for row in rows)
    by_step = list(csv.DictReader(io.StringIO(to_csv(found, by_step=True))))
    assert "\nHours for 91 days in 3 steps of 30.3 days, recommended\n" in to_text(found, by="step")
    assert len(by_step) == 3 * len(rows)
    assert [float(row["hours"]) for row in by_step] == [h for row in rows for h in row["hours_by_step"]]
    assert sum(float(row["hours_now"]) for row in by_step) == pytest.approx(
        sum(r["hours_now"] for r in rows)
    )


def test_nothing_to_earn(solved):
    """A plan without hours or money has a report without a defect, and no share of nothing."""
    for found in (
        solved((0, 0, 0, 0)),
        solved((400, 300, 200, 100), *((at, "deal_size", "0") for at in (0, 2, 3))),
    ):
        text = to_text(found)
        assert text.startswith("Revenue with today's split")
        assert "nan" not in text.lower()
        assert "inf" not in text.split("Limits that bind")[0]
        json.loads(to_json(found))


@pytest.mark.parametrize("by", ["area", "rep", "step"])
@pytest.mark.parametrize("width", [40, 44, 50, 59, 60, 79, 80])
def test_narrow_terminals_cut_no_hours(example, by, width):
    """However narrow, each line of the table of hours names its place and has its hours in full."""
    text = to_text(example, by=by, width=width)
    shown = text[text.index("Hours for") : text.index("Funnel")]
    assert max(map(len, shown.splitlines()[2:])) <= width
    assert "…" not in shown
    words = set(re.findall(r"[\w−+.,]+", shown))
    for row, hours in zip(example.instance.rows, example.recommended.hours, strict=True):
        place = example.instance.territories[row.territory]
        mine = example.instance.rows_of(place, row.area)
        of_area = sum(example.recommended.total_hours(i) for i in mine)
        assert wording.figure(sum(hours) if by == "rep" else of_area, 1) in words
    assert place.name in shown
