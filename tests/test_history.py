"""`allocate history`: what was kept is listed, shown and exported to the byte; what is not is told."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import jsonschema
import pytest
from plans import SALES
from running import ROOT, run

from allocator import read_plan
from allocator.scenarios import Scenarios
from allocator.scenarios.differences import Inputs
from allocator.solving.settings import Settings

AT = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
FILES = ("x.xlsx", "x.html", "x.svg", "x.csv", "x.json", "x.lp", "x.mps")
ANOTHER = ("--model", "enterprise", "--steps", "3", "--stability", "0.5%", "--solver", "cbc")
HOSTILE = "=cmd|' /C calc'!A0 <b>"


@pytest.fixture
def folder(tmp_path):
    """A folder with a plan in it."""
    shutil.copy(ROOT / "inputs" / "partner_led.csv", tmp_path / "plan.csv")
    return tmp_path


def allocate(folder, *arguments, code=0):
    """What a command prints that ends with this code."""
    done = run(*arguments, folder=folder)
    assert done.code == code, done.err
    return done


def scenarios(folder, plan="plan.csv"):
    """The scenarios in a folder, to write to."""
    return Scenarios.beside(folder / plan)


@pytest.mark.parametrize("options", [(), ANOTHER], ids=["default", "another model and steps"])
def test_exported_to_the_byte(folder, options):
    """Every file is what `allocate` writes of the plan as kept, each time, whatever the plan is now."""
    there = folder / "there"
    there.mkdir()
    allocate(folder, "plan.csv", *options, *(f"-o{name}" for name in FILES))
    allocate(folder, "history", "plan.csv", "keep", "Plan B", *options)
    (folder / "plan.csv").write_text("nothing", encoding="utf-8")
    saved = ("--save", "there/plan.csv", "--save-model", "there/model.toml")
    outputs = tuple(f"-othere/{name}" for name in FILES)
    done = allocate(folder, "history", "plan.csv", "export", "plan b", *outputs, *saved)
    assert done.out == ""
    assert done.err.count("Wrote ") == len(done.err.splitlines()) == len(FILES) + 2
    for name in FILES:
        assert (there / name).read_bytes() == (folder / name).read_bytes(), name
    again = tuple(f"-o{name}" for name in FILES)
    allocate(folder, "history", "export", "Plan B", *again, "--force", "--quiet")
    for name in FILES:
        assert (there / name).read_bytes() == (folder / name).read_bytes(), name
    settings = options[4:]
    allocate(there, "plan.csv", "--model", "model.toml", *settings, "-oy.xlsx", "-oy.json")
    assert (there / "y.xlsx").read_bytes() == (there / "x.xlsx").read_bytes()
    assert (there / "y.json").read_bytes() == (there / "x.json").read_bytes()


def test_an_edited_plan_is_exported_as_allocate_solves_it(folder):
    """What the page keeps, a plan that no file has, is what a file of it gives."""
    plan = read_plan(folder / "plan.csv", SALES)
    row = replace(plan.rows[0], max_hours=plan.rows[0].hours / 2, skill=1.3)
    edited = replace(plan, rows=(row, *plan.rows[1:]), capacity={plan.rows[1].rep: 123.4})
    with scenarios(folder) as kept:
        kept.keep("edited", "", "Ana", Inputs(edited, SALES, Settings()), AT)
    (folder / "other").mkdir()
    allocate(folder, "history", "export", "edited", "-ox.xlsx", "--save", "other/plan.csv")
    allocate(folder / "other", "plan.csv", "-oy.xlsx")
    assert (folder / "x.xlsx").read_bytes() == (folder / "other" / "y.xlsx").read_bytes()
    assert "123.4" in (folder / "other" / "plan.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_shown_as_it_was_printed(folder, form):
    """The report is what `allocate` printed; as a table with who and when above it."""
    printed = allocate(folder, "plan.csv", "--format", form).out
    allocate(folder, "history", "keep", "plan.csv", "Plan B", "--note", "as sent")
    done = allocate(folder, "history", "plan.csv", "show", "Plan B", "--format", form)
    assert done.err == ""
    above, report = done.out[: -len(printed)], done.out[-len(printed) :]
    assert report == printed
    if form != "table":
        assert above == ""
        return
    said = " ".join(above.split())
    assert said.startswith("Plan B as sent Kept by ")
    assert "UTC; model Sales execution in 1 step, with allocator" in said
    assert said.endswith("plan.csv says the same now.")


def test_what_the_plan_says_otherwise_now(folder):
    """Above the report stand the figures that are not the same in the plan's file any more."""
    allocate(folder, "history", "plan.csv", "keep", "before")
    plan = read_plan(folder / "plan.csv", SALES)
    row = next(row for row in plan.rows if row.area == "partners")
    text = (folder / "plan.csv").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith(f"{row.territory},partners"))
    hours = line.split(",")[text.splitlines()[0].split(",").index("hours")]
    changed = line.replace(f",{hours},", ",777.5,", 1)
    (folder / "plan.csv").write_text(text.replace(line, changed), encoding="utf-8")
    said = allocate(folder, "history", "show", "before").out
    assert "plan.csv is not the same now, in 1 figure\n" in said
    (told,) = (line for line in said.splitlines() if "777.5" in line)
    assert told.split() == [*f"{row.territory}, {row.rep}, partners Hours".split(), hours, "777.5"]
    (folder / "plan.csv").unlink()
    said = " ".join(allocate(folder, "history", "show", "before").out.split())
    assert "Not set beside plan.csv as it is now: plan.csv: there is no such file." in said


@pytest.mark.parametrize("command", [("show",), ("export", "-ox.json")], ids=["show", "export"])
def test_what_is_not_as_it_was_is_told(folder, command):
    """Where solving again gives another answer, both figures and both versions are named."""
    with scenarios(folder) as kept:
        made = kept.keep("now", "", "Ana", Inputs(read_plan(folder / "plan.csv"), SALES, Settings()), AT)
        revenue = json.dumps(made.revenue)
        for name, other in (("then", "1234.5"), ("nearly", revenue)):
            result = made.result.replace(f'"revenue": {revenue}', f'"revenue": {other}').replace(
                '"optimal"', '"best"'
            )
            kept.add(replace(made, name=name, result=result, versions={"highspy": "0.1"}))
    word, *options = command
    told = allocate(folder, "history", "plan.csv", word, "then", *options).err
    assert f"'then' does not say what was kept: revenue was 1234.5 and is {made.revenue:.15g}" in told
    assert "Kept with highspy 0.1; solved now with allocator" in told
    assert f", highspy {made.versions['highspy']}, " in told
    again = allocate(
        folder, "history", "plan.csv", word, "nearly", *options, *(["--force"] if options else [])
    )
    assert "as it was, other figures are not" in again.err
    kept_as = allocate(folder, "history", "show", "then", "--format", "json")
    assert json.loads(kept_as.out)["revenue"] == 1234.5
    assert kept_as.err == ""


def test_the_list(folder):
    """Names in the order of keeping, when and by whom, what they earn, and which is decided on."""
    plan = read_plan(folder / "plan.csv", SALES)
    with scenarios(folder) as kept:
        first = kept.keep("First", "as it is", "Ana", Inputs(plan, SALES, Settings()), AT)
        kept.add(
            replace(
                first, name=HOSTILE, note=f"{HOSTILE}\nsecond line", by="-Bo", at="2026-04-01T08:00:00Z"
            )
        )
        kept.add(replace(first, name="first", note="replaced"), replace=True)
    assert allocate(folder, "history", "plan.csv", "decide", HOSTILE).out == f"{HOSTILE} (decided on)\n"
    text = allocate(folder, "history").out
    assert text.startswith("2 scenarios are kept for plan.csv\n")
    assert text.index("decided") < text.index("(edition")
    assert f"{first.revenue:,.0f}" in text
    assert f"+{first.revenue - first.revenue_now:,.0f}" in text
    every = json.loads(allocate(folder, "history", "--all", "--format", "json").out)
    assert [(one["name"], one["edition"]) for one in every["scenarios"]] == [
        ("First", 1),
        (HOSTILE, 1),
        ("first", 2),
    ]
    schema = json.loads((ROOT / "schemas" / "history.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(every, schema)
    assert [one["decided"] for one in every["scenarios"]] == [False, True, False]
    lines = list(csv.DictReader(io.StringIO(allocate(folder, "history", "--format", "csv").out)))
    assert [line["name"] for line in lines] == [f"'{HOSTILE}", "first"]
    assert [line["by"] for line in lines] == ["'-Bo", "Ana"]
    assert float(lines[1]["change"]) == first.revenue - first.revenue_now


def test_an_earlier_edition(folder):
    """What was replaced can be had by its number; a number that is none is refused."""
    allocate(folder, "history", "plan.csv", "keep", "x", "--stability", "0")
    done = allocate(folder, "history", "plan.csv", "keep", "X", code=2)
    assert "a scenario is called 'X' already" in done.err
    assert "keep NAME --replace'" in done.err
    allocate(folder, "history", "plan.csv", "keep", "X", "--stability", "2%", "--replace")
    found = [
        json.loads(allocate(folder, "history", "show", "x", "--format", "json", *more).out)["stability"]
        for more in ((), ("--edition", "1"), ("--edition", "2"))
    ]
    assert found == [0.02, 0.0, 0.02]
    assert (
        "was kept 2 times, not 3" in allocate(folder, "history", "show", "x", "--edition=3", code=2).err
    )


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_nothing_is_kept_yet(folder, form):
    """That is no error, and makes no file."""
    out = allocate(folder, "history", "plan.csv", "--format", form).out
    assert (
        out
        == {
            "table": "No scenario is kept for plan.csv yet.\n",
            "json": '{\n  "plan": "plan.csv",\n  "scenarios": []\n}\n',
            "csv": "name,edition,decided,at,by,revenue_now,revenue,change,note,plan,model,relaxed\n",
        }[form]
    )
    assert [path.name for path in folder.iterdir()] == ["plan.csv"]


def test_both_orders_of_words(folder):
    """The plan comes before the command or after it, or not at all where it is the only one."""
    allocate(folder, "history", "keep", "plan.csv", "a")
    allocate(folder, "history", "plan.csv", "keep", "b")
    allocate(folder, "history", "keep", "c")
    texts = {
        allocate(folder, "history", *words).out
        for words in ((), ("plan.csv",), ("list",), ("list", "plan.csv"), ("plan.csv", "list"))
    }
    assert len(texts) == 1
    shown = {
        allocate(folder, "history", *words, "--format", "json").out
        for words in (("show", "b"), ("plan.csv", "show", "b"), ("show", "plan.csv", "B"))
    }
    assert len(shown) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("history",), "no plan of this folder has scenarios. Name the plan"),
        (("history", "plam.csv"), "plam.csv: there is no such file"),
        (
            ("history", "plan.csv", "shwo", "x"),
            "After PLAN comes one of list, keep, decide, show, export, not 'shwo'",
        ),
        (("history", "plan.csv", "show", "x"), "no scenario is called 'x'"),
        (("history", "plan.csv", "decide", "x"), "no scenario is called 'x'"),
        (("history", "plan.csv", "keep", "x\x1b[31m"), "invisible or control character (U+001B)"),
        (("history", "plan.csv", "plan.csv", "show"), "not 'plan.csv'"),
        (("history", "keep", "a", "b", "c"), "Name one PLAN and one NAME"),
        (("history", "plan.csv", "keep", "plan.csv"), "is a file: give the scenario a name as well"),
        (("history", "plan.csv", "keep", "x" * 300), "has at most 100 characters, not 300"),
        (("history", "plan.csv", "export", "x"), "Say which file to write"),
        (("history", "plan.csv", "export", "x", "-oplan.csv"), "this is the plan itself"),
        (("history", "plan.csv", "export", "x", "-ox.db"), "the file's name should end in"),
        (("history", "plan.csv", "export", "x", "--save", "x.xlsx"), "should end in .csv"),
        (
            ("history", "plan.csv", "export", "x", "-ox.csv", "--save", "x.csv"),
            "two outputs are one file",
        ),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, tuple) else None,
)
def test_slips(folder, words, message):
    """A wrong word is refused with 2 and a remedy, and no file is made."""
    done = allocate(folder, *words, code=2)
    assert message in done.err
    assert "\x1b" not in done.err
    assert [path.name for path in folder.iterdir()] == ["plan.csv"]


def test_a_damaged_file(folder):
    """Whatever is asked of it, the way out is said, and the plan can be solved as before."""
    (folder / "plan.allocate.db").write_bytes(b"not scenarios")
    for words in ((), ("keep", "x"), ("show", "x"), ("export", "x", "-ox.csv"), ("decide", "x")):
        done = allocate(folder, "history", "plan.csv", *words, code=2)
        assert done.out == ""
        assert "plan.allocate.db: this is not a file of scenarios." in done.err
        assert "the plan itself is untouched. Move the file aside" in done.err
    allocate(folder, "plan.csv")
    assert sorted(path.name for path in folder.iterdir()) == ["plan.allocate.db", "plan.csv"]


def test_a_workbook_is_kept_too(folder):
    """A plan in a workbook is kept as what it says, and shown under its own name."""
    allocate(folder, "plan.csv", "-oplan.xlsx")
    (folder / "plan.csv").unlink()
    allocate(folder, "history", "plan.xlsx", "keep", "x", "--sheet", "Plan")
    done = allocate(folder, "history", "show", "x", "--format", "json")
    assert json.loads(done.out)["plan"] == "plan.xlsx"
    shown = " ".join(allocate(folder, "history", "show", "x").out.split())
    assert "Not set beside plan.xlsx as it is now:" in shown
    assert "--sheet" in shown
    shown = " ".join(allocate(folder, "history", "show", "x", "--sheet", "Plan").out.split())
    assert "plan.xlsx says the same now." in shown


@pytest.mark.parametrize("words", [("{}",), ("{}", "keep", "x"), ("{}", "show", "x")], ids=str)
@pytest.mark.parametrize("name", [".", "/", ""])
def test_a_folder_is_no_plan(folder, words, name):
    """Where a plan is asked for, a folder is refused."""
    done = allocate(folder, "history", *(word.format(name) for word in words), code=2)
    assert "this is a folder. Name the plan's file in it." in done.err


def test_limits_that_gave_way(folder):
    """A plan that needs its limits relaxed is kept with that, and solved again with it."""
    text = (folder / "plan.csv").read_text(encoding="utf-8").splitlines()
    text = [f"{text[0]},min_hours", f"{text[1]},99999", *(f"{line}," for line in text[2:])]
    (folder / "plan.csv").write_text("\n".join(text), encoding="utf-8")
    allocate(folder, "history", "plan.csv", "keep", "x", code=3)
    assert [path.name for path in folder.iterdir()] == ["plan.csv"]
    allocate(folder, "history", "plan.csv", "keep", "x", "--relax")
    text = allocate(folder, "history").out
    assert "x (limits " in text
    assert "relaxed) " in text
    (line,) = csv.DictReader(io.StringIO(allocate(folder, "history", "--format", "csv").out))
    assert line["relaxed"] == "1"
    done = allocate(folder, "history", "export", "x", "-ox.json")
    assert json.loads((folder / "x.json").read_text(encoding="utf-8"))["relaxed"]
    assert done.err == "Wrote x.json\n"
