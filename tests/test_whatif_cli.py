"""`allocate whatif`: text, JSON and CSV, the saved plan, and slips on the command line."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import shutil

import pytest
import reference
from plans import SALES
from running import ROOT, run

from allocator import allocate, read_plan
from allocator.answers.whatif import whatif
from allocator.reading.changes import Wanted
from allocator.reports.whatif import to_csv, to_json, to_text

OPTIONS = (
    "--set", "win_rate[partners] = 40%", "--set", "deal_size[North] *= 1.1", "--hours", "Dana = 300",
    "--add-rep", "=Kim in North, Coast", "--drop-rep", "Mira",
)  # fmt: skip
WANTED = Wanted(
    ["win_rate[partners] = 40%", "deal_size[North] *= 1.1"],
    ["Dana = 300"],
    ["=Kim in North, Coast"],
    ["Mira"],
)


@pytest.fixture
def folder(tmp_path):
    """A folder with the example plan in it."""
    shutil.copy(ROOT / "inputs" / "plan.csv", tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def found():
    """The answer that the command's outputs are made of."""
    return whatif(read_plan(ROOT / "inputs" / "plan.csv", SALES), SALES, WANTED)


def test_text(folder, found):
    """The text starts with what is earned and how much more that is; it fits 80 columns, uncoloured."""
    done = run("whatif", "plan.csv", *OPTIONS, folder=folder)
    assert (done.code, done.err) == (0, "")
    assert done.out == to_text(found)
    assert max(map(len, done.out.splitlines())) <= 80
    assert "\x1b" not in done.out
    headline = " ".join(done.out.split("\n\n")[0].split())
    after, before = found.after, found.before
    more = after.revenue - before.revenue
    assert headline == (
        f"With these changes the recommended split earns {after.revenue:,.0f} in the plan's currency, "
        f"{abs(more):,.0f} {'more' if more > 0 else 'less'} than before; today's split would earn "
        f"{after.revenue_now:,.0f}, {after.revenue_now - before.revenue_now:,.0f} more than before."
    )


def test_changes_in_words(found):
    """Every change is said with its figures before and after, in sales words."""
    text = " ".join(to_text(found, 200).split())
    for sentence in (
        "Win rate of partners: 26% to 29% → 40% in 4 places.",
        "Deal size in North: 26,000 → 28,600 (prospecting); 28,000 → 30,800 (account development); "
        "31,000 → 34,100 (partners).",
        "Dana: 440 → 300 hours.",
        "=Kim joins in North and Coast: 426 hours.",
        "Mira goes: 440 → 0 hours.",
    ):
        assert sentence in text


def test_an_area_that_nobody_is_left_for():
    """Where the only rep of an area goes, its share goes to the others, and the text says so."""
    plan = read_plan(ROOT / "inputs" / "plan.csv", SALES)
    found = whatif(plan, SALES, Wanted(drop_reps=["Ines"]))
    (capital,) = [moved for moved in found.moved if moved.territory == "Capital"]
    assert capital.after == pytest.approx(440)
    note = "Nobody is left for partners in Capital: it gets no hours there"
    assert f"{note}." in " ".join(to_text(found, 300).split())
    assert not any("Nobody" in text for text in found.before.notes)
    assert found.after.revenue_optimal == pytest.approx(
        reference.optimum(found.after.plan, SALES), rel=1e-7
    )


def test_figures_before_and_after(found):
    """The table has both splits' revenue, opportunities and wins, and each difference."""
    text = to_text(found)
    lines = [re.split(r"\s{2,}", line.strip()) for line in text.splitlines()]
    for before, after in (
        (found.before.today, found.after.today),
        (found.before.recommended, found.after.recommended),
    ):
        was, will = (round(of.revenue) for of in (before, after))
        difference = f"{after.revenue - before.revenue:+,.0f}".replace("-", "−")
        assert ["Revenue", f"{was:,} {will:,} {difference}"] in [
            [line[0], " ".join(line[1:])] for line in lines
        ]
        wins = [sum(sum(s.wins) for k in of.territories for s in k.sources) for of in (before, after)]
        change = f"{wins[1] - wins[0]:+.1f}".replace("-", "−")
        assert ["Wins", f"{wins[0]:.1f}", f"{wins[1]:.1f}", change] in lines
    partners = next(moved for moved in found.moved if moved.area == "partners")
    moved = f"{partners.after - partners.before:+,.0f}".replace("-", "−")
    assert any(line[0] == "Partners" and line[-1] == moved for line in lines)
    assert any(line[0] == "North" for line in lines)


def test_what_stays():
    """Territories whose hours stay are counted, not listed; without a difference that is said."""
    plan = read_plan(ROOT / "inputs" / "plan.csv", SALES)
    text = to_text(whatif(plan, SALES, Wanted(hours=["Dana = 440"])))
    headline = " ".join(text.split("\n\n")[0].split())
    assert headline.count("as before") == 2
    assert "4 territories keep as many hours as before." in text
    solo = read_plan(ROOT / "inputs" / "solo.csv", SALES)
    text = to_text(whatif(solo, SALES, Wanted(sets=["win_rate /= 2", "max_hours = 700"])))
    assert "less than before" in text
    assert "Max hours: none → 700 in 4 places" in text
    assert "territor" not in text.split("Recommended hours")[1]


def test_json(folder, found):
    """The JSON has the changes, both plans' answers, what moved, and the changed plan's rows."""
    done = run("whatif", "plan.csv", *OPTIONS, "--format", "json", folder=folder)
    assert (done.code, done.err, done.out) == (0, "", to_json(found))
    document = json.loads(done.out)
    assert [(change["option"], change["text"]) for change in document["changes"]] == [
        ("set", OPTIONS[1]),
        ("set", OPTIONS[3]),
        ("hours", OPTIONS[5]),
        ("add-rep", OPTIONS[7]),
        ("drop-rep", OPTIONS[9]),
    ]
    assert document["changes"][2]["values"] == [
        {"territory": None, "area": None, "rep": "Dana", "before": 440.0, "after": 300.0}
    ]
    alone = allocate(read_plan(ROOT / "inputs" / "plan.csv", SALES), SALES)
    assert document["before"]["revenue"] == alone.revenue
    assert document["before"]["revenue_now"] == alone.revenue_now
    assert {"revenue", "revenue_now", "funnel", "certificate"} <= set(document["after"])
    assert [row["hours"] for row in document["allocation"]] == [row.after for row in found.rows()]
    before = {row["rep"]: row["hours_before"] for row in document["allocation"]}
    assert before["=Kim"] == 0.0
    areas = [entry for entry in document["moved"] if entry["area"]]
    assert sum(entry["hours"] for entry in areas) == pytest.approx(
        sum(row["hours"] for row in document["allocation"])
    )
    assert document["certificate"]["solves"] == 4
    assert document["certificate"]["worst"] <= 1e-6


def test_csv(folder, found):
    """The CSV has the hours of every row of the changed plan before and after, and no formula."""
    done = run("whatif", "plan.csv", *OPTIONS, "--format", "csv", "-o", "moves.csv", folder=folder)
    assert (done.code, done.out) == (0, to_csv(found))
    assert (folder / "moves.csv").read_text(encoding="utf-8-sig") == done.out
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert len(rows) == len(found.after.plan.rows)
    for row, expected in zip(rows, found.rows(), strict=True):
        assert row["rep"].lstrip("'") == expected.row.rep
        figures = (expected.now_before, expected.now_after, expected.before, expected.after)
        names = ("hours_now_before", "hours_now", "hours_before", "hours")
        assert [float(row[name]) for name in names] == list(figures)
        assert float(row["change"]) == expected.after - expected.before
    assert [row["rep"] for row in rows if "Kim" in row["rep"]] == ["'=Kim"] * 8


def test_the_saved_plan(folder):
    """`allocate` gives, of the saved plan, the figures that were shown, to the byte."""
    done = run("whatif", "plan.csv", *OPTIONS, "--format", "json", "--save", "b.csv", folder=folder)
    assert (done.code, done.err) == (0, "Wrote b.csv\n")
    asked = json.loads(done.out)
    alone = json.loads(run("b.csv", "--format", "json", folder=folder).out)
    for row in asked["allocation"]:
        del row["hours_before"], row["hours_now_before"]
    assert json.dumps(asked["allocation"]) == json.dumps(alone.pop("allocation"))
    for key in asked["after"].keys() - {"plan", "notes"}:
        assert json.dumps(asked["after"][key]) == json.dumps(alone[key]), key
    again = run("whatif", "b.csv", "--hours", "Mira = 440", "--save", "c.csv", "--quiet", folder=folder)
    assert (again.code, again.err) == (0, "")
    assert read_plan(folder / "c.csv", SALES).capacity.keys() == {"Dana", "=Kim"}


def test_examples_of_help_run(folder):
    """The examples that the command's help ends with run as they stand on the sample plan."""
    shutil.copy(folder / "plan.csv", folder / "my-plan.csv")
    text = run("whatif", "--help", folder=folder).out
    examples = re.findall(r"^ +allocate (.+)$", text.split("Examples:")[1], re.MULTILINE)
    assert len(examples) >= 4
    for example in examples:
        done = run(*shlex.split(example), folder=folder)
        assert done.code == 0, done.err
    assert read_plan(folder / "plan-b.csv", SALES).capacity == {"Kim": 480.0}


def test_options_of_solving(folder):
    """Steps, model and stability hold for both plans."""
    shutil.copy(ROOT / "inputs" / "solo.csv", folder)
    options = ("--model", "velocity", "--steps", "2", "--stability", "1%", "--format", "json")
    done = run("whatif", "solo.csv", "--set", "deal_size *= 2", *options, folder=folder)
    document = json.loads(done.out)
    alone = json.loads(run("solo.csv", *options, folder=folder).out)
    assert document["before"]["revenue"] == alone["revenue"]
    assert document["after"]["steps"] == 2
    assert all(len(row["hours_by_step"]) == 2 for row in document["allocation"])


def test_refused_outputs(folder):
    """--save writes a .csv, no file that is there already, never the plan, and all outputs or none."""
    change = ("whatif", "plan.csv", "--set", "win_rate *= 1.1")
    before = (folder / "plan.csv").read_bytes()
    (folder / "there.csv").write_text("kept")
    for arguments, words in (
        (("--save", "b.json"), ".csv"),
        (("--save", "plan.csv", "--force"), "this is the plan itself"),
        (("--save", "there.csv"), "--force replaces it"),
        (("--save", "none/b.csv"), "no folder"),
        (("--save", "b.csv", "-o", "b.csv"), "one file"),
        (("--save", "b.csv", "-o", "there.csv"), "--force replaces it"),
    ):
        done = run(*change, *arguments, folder=folder)
        assert (done.code, done.out) == (2, "")
        assert words in done.err
    assert (folder / "plan.csv").read_bytes() == before
    assert (folder / "there.csv").read_text() == "kept"
    assert sorted(path.name for path in folder.iterdir()) == ["plan.csv", "there.csv"]
    done = run(*change, "--save", "there.csv", "-o", "r.json", "--force", "--quiet", folder=folder)
    assert (done.code, done.out, done.err) == (0, "", "")
    assert read_plan(folder / "there.csv", SALES).rows
    assert json.loads((folder / "r.json").read_text(encoding="utf-8"))["moved"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, ["--set", "--hours", "--add-rep", "--drop-rep"]),
        (("--set", "win_rat = 1", "--drop-rep", "Dan"), 2, ["Did you mean 'win_rate'?", "'Dana'?"]),
        (("--set", "skill[Dana] = 2"), 2, ["'Dana' is a rep", "[area, territory, Dana]"]),
        (("--set", "min_hours = 9999", "--set", "max_hours = 1"), 2, ["min_hours 9999 is above"]),
        (("--set", "min_hours[North] = 200"), 3, ["After the changes: No split"]),
        (("--st", "x"), 2, ["--set"]),
    ],
)
def test_slips(folder, arguments, code, words):
    """What can't be done ends with its code, nothing on stdout and nothing written."""
    done = run("whatif", "plan.csv", *arguments, "--save", "b.csv", folder=folder)
    assert (done.code, done.out) == (code, "")
    assert [word for word in words if word not in done.err] == []
    assert "Traceback" not in done.err
    assert not (folder / "b.csv").exists()


def test_a_currency_and_relaxed_limits(folder):
    """Money carries the plan's mark, and limits that were relaxed are said."""
    text = (ROOT / "inputs" / "plan.csv").read_text(encoding="utf-8").replace(",26000,", ",$26000,")
    (folder / "usd.csv").write_text(text, encoding="utf-8")
    changes = ("--set", "min_hours[North] = 200", "--set", "deal_size[partners, Coast] = 40000.5")
    done = run("whatif", "usd.csv", *changes, "--relax", "--save", "b.csv", folder=folder)
    assert (done.code, done.err) == (0, "Wrote b.csv\n")
    assert done.out.startswith("With these changes the recommended split earns $")
    assert "Limits relaxed after, since no split kept all" in done.out
    assert "Limits relaxed before" not in done.out
    assert "$39,000 → $40,000.5" in done.out
    assert read_plan(folder / "b.csv", SALES).currency == "$"
