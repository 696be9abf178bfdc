"""The workbook: every answer on its sheet, live totals that are right, a plan that runs, inert names."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
from plans import MONTHS, SALES, SMALL, plan_of
from running import ROOT, run
from sheets import rows, sheets, without_values
from small_plan import plan_text

from allocator import allocate, read_plan
from allocator.answers.briefing import Briefing, brief
from allocator.answers.compare import compare
from allocator.answers.explanation import explain
from allocator.answers.leverage import leverage
from allocator.answers.reach import reach
from allocator.answers.whatif import whatif
from allocator.reading.changes import Wanted
from allocator.reports.workbook import to_xlsx

sys.path.insert(0, str(ROOT / "scripts"))
from hostile import FORMULAS, PAGES, acceptable, folded

SHEETS = ["Summary", "Allocation", "Allocation by rep", "Funnel", "Limits", "Leverage", "Compare"]
LIVE = re.compile(
    r"SUM\([A-Z]+\d+:[A-Z]+\d+\)|SUBTOTAL\(109,[A-Z]+\d+:[A-Z]+\d+\)"
    r"|ROUND\((SUM\([A-Z]+\d+:[A-Z]+\d+\)|SUBTOTAL\(109,[A-Z]+\d+:[A-Z]+\d+\)|[A-Z]+\d+-[A-Z]+\d+),6\)"
    r"|IF\(B\d+=0,0,C\d+/B\d+-1\)"
)
"""All formulas that there are: of cells' places alone."""


@pytest.fixture(scope="module")
def allocation():
    """The sample plan's allocation."""
    return allocate(read_plan(ROOT / "inputs" / "plan.csv", SALES), SALES)


@pytest.fixture(scope="module")
def briefing(allocation):
    """All that `allocate PLAN -o x.xlsx` writes."""
    return brief(allocation, explain(allocation))


@pytest.fixture(scope="module")
def content(briefing):
    """Its workbook."""
    return to_xlsx(briefing)


def column(cells, header, letter):
    """The cells of a column, from below the header down to the first that is empty."""
    start = next(int(ref[len(letter) :]) for ref, cell in cells.items() if cell.value == header
                 and re.fullmatch(rf"{letter}\d+", ref))  # fmt: skip
    found = []
    while (ref := f"{letter}{start + 1 + len(found)}") in cells:
        found.append(cells[ref].value)
    return found


def with_steps():
    """All answers of a plan in three steps."""
    return brief(allocate(plan_of(SMALL, MONTHS), MONTHS), None)


def explained():
    """An allocation and its reasons, without the answers beside it."""
    found = allocate(plan_of(SMALL), SALES)
    return Briefing(found.plan, SALES, found, explain(found))


def next_hours():
    """Where the next hour pays once the hours are where they earn the most."""
    return Briefing(plan_of(SMALL), SALES, leverage=leverage(plan_of(SMALL), SALES, "best"))


def compared():
    """Splits, one of another plan, and moves for money."""
    plan = plan_of(SMALL)
    return Briefing(plan, SALES, comparison=compare(plan, SALES, [plan], moves=True))


def reached():
    """What a number takes, in heads as well."""
    plan = plan_of(SMALL)
    return Briefing(plan, SALES, reach=reach(plan, SALES, 1_200_000, heads=True))


def changes():
    """A plan with another fact, other hours and one more rep."""
    plan, sets = plan_of(SMALL), ["win_rate[partners] = 40%"]
    wanted = Wanted(sets=sets, hours=["Bob = 250"], add_reps=["Kim in North = 50"])
    return Briefing(plan, SALES, whatif=whatif(plan, SALES, wanted))


def relaxed():
    """A plan whose least hours are more than there are."""
    plan = plan_of(SMALL)
    plan = replace(plan, rows=(replace(plan.rows[0], min_hours=400.0), *plan.rows[1:]))
    return Briefing(plan, SALES, allocate(plan, SALES, relax=True))


def dollars():
    """A plan in dollars."""
    found = allocate(plan_of(SMALL.replace(",20000,", ",$20000,")), SALES)
    return Briefing(found.plan, SALES, found)


KINDS = (with_steps, explained, next_hours, compared, reached, changes, relaxed, dollars)


def test_sheets_of_an_allocation(content, briefing):
    """Every answer is on its sheet; where there are steps they have one; the plan comes last."""
    assert list(sheets(content)) == [*SHEETS, "Assumptions", "Plan"]
    months = allocate(plan_of(SMALL, MONTHS), MONTHS)
    with_steps = list(sheets(to_xlsx(Briefing(months.plan, MONTHS, months))))
    assert "Allocation by step" in with_steps
    assert "Leverage" not in with_steps


def test_figures_are_the_answers(content, allocation, briefing):
    """Hours, ranges, revenue and what limits cost are those of the answers, but for dust."""
    book = sheets(content)
    ranges = briefing.explanation.ranges
    assert column(book["Allocation"], "Recommended", "D")[:-1] == pytest.approx(
        [r.hours for r in ranges]
    )
    assert column(book["Allocation"], "Least hours for 1% of the best revenue", "H") == pytest.approx(
        [one.least for one in ranges]
    )
    by_rep = [allocation.recommended.total_hours(i) for _, i in allocation.rows_in_plan_order]
    assert column(book["Allocation by rep"], "Recommended", "E")[:-1] == pytest.approx(by_rep, abs=1e-8)
    summary = rows(book["Summary"])
    revenue = next(row for row in summary.values() if row.get("A") == "Revenue")
    assert (revenue["B"], revenue["C"]) == pytest.approx((allocation.revenue_now, allocation.revenue))
    costs = column(book["Limits"], "Earned more without it", "D")
    assert max(costs) == pytest.approx(max(one.cost for one in briefing.explanation.limits))
    whole = column(book["Leverage"], "In all", "F")
    assert whole == pytest.approx([hour.per_hour for hour in briefing.leverage.hours], abs=1e-8)
    earned = column(book["Compare"], "Revenue", "B")
    assert earned == pytest.approx([split.revenue for split in briefing.comparison.splits])


def test_written_totals_are_sums(content):
    """Each total's value is the sum of the cells that its formula adds up, each change a difference."""
    checked = 0
    for cells in sheets(content).values():
        for cell in cells.values():
            added = re.fullmatch(
                r"(?:ROUND\()?(?:SUM\(|SUBTOTAL\(109,)([A-Z]+)(\d+):([A-Z]+)(\d+)\).*",
                cell.formula or "",
            )
            if added and added[1] == added[3]:
                inside = [
                    cells.get(f"{added[1]}{row}") for row in range(int(added[2]), int(added[4]) + 1)
                ]
                total = sum(one.value for one in inside if one is not None)
                assert cell.value == pytest.approx(total, rel=1e-9, abs=1e-6)
                checked += 1
            minus = re.fullmatch(r"ROUND\(([A-Z]+\d+)-([A-Z]+\d+),6\)", cell.formula or "")
            if minus:
                assert cell.value == pytest.approx(
                    cells[minus[1]].value - cells[minus[2]].value, abs=1e-6
                )
                checked += 1
    assert checked > 50


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not there to recalculate")
@pytest.mark.parametrize("made", [None, changes])
def test_recalculated(tmp_path, content, made):
    """LibreOffice, given no value of any formula, works out what was written, and finds no error."""
    content = to_xlsx(made()) if made else content
    (tmp_path / "book.xlsx").write_bytes(without_values(content))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    words = ("soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir")
    subprocess.run([*words, tmp_path / "out", tmp_path / "book.xlsx"], check=True, capture_output=True)
    again = sheets((tmp_path / "out" / "book.xlsx").read_bytes())
    compared = 0
    for name, cells in sheets(content).items():
        for ref, cell in cells.items():
            if cell.formula is not None:
                found = again[name][ref]
                assert found.formula is not None
                assert found.value == pytest.approx(cell.value, rel=1e-9, abs=1e-6), (name, ref)
                compared += 1
    assert compared > 10


def test_two_runs_write_the_same_bytes(tmp_path):
    """Whatever the order of Python's sets, the file is the same, byte by byte."""
    words = (ROOT / "inputs" / "solo.csv", "--quiet", "-o")
    assert run(*words, "one.xlsx", folder=tmp_path, PYTHONHASHSEED="1").code == 0
    assert run(*words, "two.xlsx", folder=tmp_path, PYTHONHASHSEED="2").code == 0
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_bytes_and_well_formed(kind):
    """The same answers are the same bytes; no formula but sums and differences; pages laid out."""
    made = kind()
    content = to_xlsx(made)
    assert content == to_xlsx(made)
    for cells in sheets(content).values():
        assert all(LIVE.fullmatch(cell.formula) for cell in cells.values() if cell.formula)
        assert not any(
            isinstance(cell.value, str) and cell.value.startswith("#") for cell in cells.values()
        )
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert {entry.date_time[0] for entry in book.infolist()} == {1980}
        assert b"2000-01-01T00:00:00Z" in book.read("docProps/core.xml")
        for part in (part for part in book.namelist() if part.startswith("xl/worksheets/sheet")):
            page = book.read(part)
            assert b'orientation="landscape"' in page
            assert b'fitToHeight="0"' in page
            assert b"<oddHeader>" in page


def test_dust_is_nothing():
    """What arithmetic leaves of nothing is shown as nothing, and is no change of 100%."""
    found = allocate(read_plan(ROOT / "inputs" / "solo.csv", SALES), SALES)
    lines = rows(sheets(to_xlsx(Briefing(found.plan, SALES, found)))["Summary"]).values()
    unworked = next(line for line in lines if line.get("A") == "Opportunities left unworked")
    assert [unworked[letter] for letter in "BCDE"] == [0, 0, 0, 0]


def test_totals_are_written_where_hours_are_whole(content):
    """The hours recommended add up to those that there are, in the written values too."""
    cells = sheets(content)["Allocation"]
    assert column(cells, "Recommended", "D")[-1] == pytest.approx(4400)
    assert column(cells, "Hours today", "C")[-1] == pytest.approx(4400)


def test_where_facts_come_from(plan_file):
    """A fact says the row that it stands on, or the default that takes its place."""
    plan = read_plan(ROOT / "inputs" / "solo.csv", SALES)
    cells = sheets(to_xlsx(Briefing(plan, SALES)))["Assumptions"]
    facts = {
        (row.get("B"), row.get("D")): (row.get("E"), row.get("G"))
        for row in rows(cells).values()
        if row.get("A") == "Home market"
    }
    assert facts["Prospecting", "win_rate"] == (0.22, "plan row 2")
    assert facts["Opportunity management", "hours_per_opportunity"] == (5, "plan row 3")
    assert facts["Prospecting", "potential"] == (240, "model default: 2.5 × the 96.0 of today")
    assert facts["Partners", "cycle_days"] == (0, "default, since none is given")
    model = {(row.get("A"), row.get("B")): row.get("C") for row in rows(cells).values()}
    assert model["Opportunity management", "Open opportunities to leave at the end"] == 1
    assert model["Depth deep", "Wins"] == 1.4


@pytest.mark.parametrize(
    "name", [*(n for n in (*FORMULAS, *PAGES) if "\r" not in n), "_x0041_", "&P&A", "x" * 200]
)
def test_hostile_names_are_text(plan_file, name):
    """A name is text on every sheet, is guarded even when somebody edits its cell, and comes back."""
    back = folded(name)
    if not acceptable(back):
        pytest.skip("no plan can have it")
    cells = [(at, column, name) for at in range(4) for column in ("territory", "rep")]
    plan = read_plan(plan_file(plan_text(cells)), SALES)
    content = to_xlsx(Briefing(plan, SALES, allocate(plan, SALES)))
    for found in sheets(content).values():
        assert all(LIVE.fullmatch(cell.formula) for cell in found.values() if cell.formula)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for part in book.namelist():
            assert "external" not in part.lower()
            assert not re.search(rb"<hyperlink|relationships/(hyperlink|externalLink)", book.read(part))
        formats = book.read("xl/styles.xml")
    assert b'quotePrefix="1"' in formats
    again = read_plan(plan_file(content, "book.xlsx"), SALES, "Plan")
    assert (again.territories, again.reps) == (plan.territories, plan.reps)


@pytest.mark.parametrize(
    ("words", "sheet"),
    [
        (("compare", "plan.csv", "--moves"), "Compare"),
        (("leverage", "plan.csv"), "Leverage"),
        (("reach", "plan.csv", "--revenue", "1.2m", "--heads"), "Reach"),
        (("whatif", "plan.csv", "--set", "win_rate *= 1.1"), "What if"),
        (("plan.csv", "--steps", "3", "--within", "2%"), "Allocation by step"),
    ],
)
def test_commands(plan_file, tmp_path, words, sheet):
    """Every command writes its answer's sheet, and says where the figures come from."""
    plan_file(SMALL.replace("    ", "").strip() + "\n")
    done = run(*words, "-o", "out.xlsx", "--quiet", folder=tmp_path)
    assert (done.code, done.out) == (0, "")
    found = sheets((tmp_path / "out.xlsx").read_bytes())
    assert {sheet, "Assumptions"} <= set(found)
    if sheet == "What if":
        assert run("out.xlsx", "--sheet", "Plan", "--quiet", folder=tmp_path).code == 0
