"""The command line: what is run, what it exits with, and that a slip is answered with the remedy."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from running import ROOT, run
from sessions import served
from small_plan import plan_text

from allocator import __version__
from allocator.cli import allocate_command

MODELS = ("channel", "enterprise", "sales_execution", "velocity")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the example plan in it."""
    shutil.copy(ROOT / "inputs" / "plan.csv", tmp_path)
    (tmp_path / "small.csv").write_text(plan_text(), encoding="utf-8")
    return tmp_path


def hours(text: str) -> dict[tuple[str, str, str], float]:
    """Recommended hours by row, from what --format json prints."""
    rows = json.loads(text)["allocation"]
    return {(row["territory"], row["rep"], row["area"]): row["hours"] for row in rows}


def test_the_main_job_needs_no_name(folder):
    """`allocate plan.csv` works, with options before or after the plan."""
    plain = run("small.csv", "--format", "json", folder=folder)
    assert (plain.code, plain.err) == (0, "")
    assert run("--format", "json", "small.csv", folder=folder) == plain
    assert run("--format=json", "--", "small.csv", folder=folder) == plain


def test_a_plan_called_like_a_command(folder):
    """A plan that is called `models` is reachable as ./models and after --."""
    shutil.copy(folder / "small.csv", folder / "models")
    expected = run("small.csv", "--format", "csv", folder=folder).out
    assert run("./models", "--format", "csv", folder=folder).out == expected
    assert run("--format", "csv", "--", "models", folder=folder).out == expected
    assert run("--", "models", folder=folder).code == 0
    assert run("models", folder=folder).out.startswith("channel ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["modles"], ["no file 'modles'", "allocate models"]),
        (["modles", "show", "velocity"], ["allocate models"]),
        (["model"], ["no file 'model'", "allocate models"]),
        (["none.csv"], ["none.csv", "no such file"]),
        ([], ["Usage: allocate [OPTIONS] PLAN"]),
        (["small.csv", "--stabilty", "1%"], ["--stabilty", "--stability"]),
        (["small.csv", "--stability", "one"], ["0.5%"]),
        (["small.csv", "--stability", "100%"], ["below 100%"]),
        (["small.csv", "--stability", "5"], ["below 100%; write 5% if that is meant"]),
        (["small.csv", "--stability", "-1%"], ["at least 0"]),
        (["small.csv", "--stability", "nan"], ["nan"]),
        (["small.csv", "--steps", "0"], ["--steps"]),
        (["small.csv", "--steps", "two"], ["--steps"]),
        (["small.csv", "--time-limit", "0"], ["--time-limit"]),
        (["small.csv", "--time-limit", "nan"], ["--time-limit"]),
        (["small.csv", "--solver", "glpk"], ["highs", "cbc"]),
        (["small.csv", "--by", "month"], ["area", "rep", "step"]),
        (["small.csv", "--format", "yaml"], ["json"]),
        (["small.csv", "--model", "velocty"], ["velocty", "Did you mean velocity?"]),
        (["small.csv", "--model", "none.toml"], ["none.toml", "no such file"]),
        (["models", "show", "chanel"], ["channel"]),
        (["models", "shwo", "channel"], ["shwo"]),
        (["x" * 300 + ".csv"], ["can't be read"]),
        (["."], ["folder"]),
    ],
)  # fmt: skip
def test_slips(folder, arguments, words):
    """A slip ends with 2, nothing on stdout, and a message that names the slip or the remedy."""
    done = run(*arguments, folder=folder)
    assert done.code == 2
    assert done.out == ""
    assert [word for word in words if word not in done.err] == []
    assert "Traceback" not in done.err
    assert "allocate split" not in done.err, "the main job's inner name is none of the user's business"


def test_a_bad_plan_ends_with_2(folder):
    """Every problem of a plan is on stderr, a line each, and nothing is written."""
    (folder / "bad.csv").write_text(plan_text([(0, "hours", "x"), (2, "win_rate", "30")]))
    done = run("bad.csv", "-o", "result.csv", folder=folder)
    assert (done.code, done.out) == (2, "")
    assert [line.split(":")[0] for line in done.err.splitlines()] == [
        "bad.csv, row 2, column hours",
        "bad.csv, row 4, column win_rate",
    ]
    assert not (folder / "result.csv").exists()


MINIMUMS = """\
territory,area,hours,min_hours,opportunities,win_rate,deal_size,hours_per_opportunity
North,prospecting,50,60,10,0.2,1000,
North,opportunity_management,50,50,,,,5
"""


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_no_possible_split_ends_with_3(folder, solver):
    """Minimums above the capacity end with 3 and a message, whichever solver finds out."""
    (folder / "tight.csv").write_text(MINIMUMS, encoding="utf-8")
    done = run("tight.csv", "--solver", solver, folder=folder)
    assert (done.code, done.out) == (3, "")
    assert "Traceback" not in done.err
    assert done.err.strip()


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_no_time_ends_with_4(folder, solver):
    """A time limit that leaves no time to solve ends with 4 and says so, whichever solver is asked."""
    done = run("plan.csv", "--time-limit", "0.000001", "--solver", solver, folder=folder)
    assert (done.code, done.out) == (4, "")
    assert "time" in done.err.lower()
    assert "Traceback" not in done.err


def test_a_generous_time_limit_changes_nothing(folder):
    """With time enough, even without end, the answer is the one without a limit."""
    plain = run("small.csv", "--format", "csv", folder=folder)
    for limit in ("60", "inf"):
        assert run("small.csv", "--format", "csv", "--time-limit", limit, folder=folder) == plain


def test_the_same_again(folder):
    """The same plan gives the same output to the byte, in every format."""
    for form in ("table", "json", "csv"):
        first, second = (run("plan.csv", "--format", form, folder=folder) for _ in range(2))
        assert first == second
        assert first.code == 0


def test_the_order_of_rows_means_nothing(folder):
    """The rows of a plan in another order get the same hours."""
    header, *rows = (folder / "plan.csv").read_text(encoding="utf-8").splitlines()
    (folder / "other.csv").write_text("\n".join([header, *reversed(rows), ""]))
    one, other = (run(name, "--format", "json", folder=folder) for name in ("plan.csv", "other.csv"))
    assert hours(other.out) == pytest.approx(hours(one.out), abs=1e-6)


@pytest.mark.parametrize("by", ["area", "rep", "step"])
def test_by(folder, by):
    """The table of hours has lines for areas, reps or steps."""
    done = run("small.csv", "--by", by, "--steps", "3", folder=folder)
    assert (done.code, done.err) == (0, "")
    heading = done.out.split("\nHours for")[1].split("───")[0].split("\n", 1)[1]
    assert by in heading.lower()


@pytest.mark.parametrize("stability", ["0", "0.005", "0.5%", "50%", "99%"])
def test_stability(folder, stability):
    """What is given up for fewer moves stays within the share asked for."""
    found = json.loads(run("plan.csv", "--format", "json", "--stability", stability, folder=folder).out)
    share = float(stability.rstrip("%")) / (100 if stability.endswith("%") else 1)
    assert found["revenue"] >= found["revenue_optimal"] * (1 - share) * (1 - 1e-9)
    assert found["stability"] == pytest.approx(share)


def test_more_stability_means_fewer_moves(folder):
    """The more revenue may be given up, the fewer hours move."""
    moved = []
    for stability in ("0.0001%", "1%", "10%"):
        done = run("plan.csv", "--format", "json", "--stability", stability, folder=folder)
        found = json.loads(done.out)
        moved.append(sum(abs(row["hours"] - row["hours_now"]) for row in found["allocation"]))
    assert moved == sorted(moved, reverse=True)
    assert moved[0] > moved[-1]


@pytest.mark.parametrize("model", MODELS)
def test_a_template_runs_as_it_is(tmp_path: Path, model):
    """`allocate new FILE` and then the command that it names work for every model."""
    made = run("new", "my plan.csv", "--model", model, folder=tmp_path)
    assert made.code == 0
    again = made.out.rstrip().rsplit("Then: allocate ", 1)[1]
    assert ("--model" in again) == (model != "sales_execution")
    done = run("my plan.csv", "--model", model, folder=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert (tmp_path / "my plan.csv").read_bytes().startswith(b"\xef\xbb\xbfterritory,area,")


def test_the_command_that_a_template_names_can_be_pasted(tmp_path: Path):
    """A file name with a space is quoted in the command that `allocate new` suggests."""
    import shlex

    made = run("new", "my plan.csv", folder=tmp_path)
    assert shlex.split(made.out.rstrip().rsplit("Then: ", 1)[1]) == ["allocate", "my plan.csv"]


def test_new_keeps_what_is_there(folder):
    """A template does not replace a file unless it is told to, and only writes CSV."""
    before = (folder / "plan.csv").read_bytes()
    assert run("new", "plan.csv", folder=folder).code == 2
    assert (folder / "plan.csv").read_bytes() == before
    assert run("new", "plan.xlsx", folder=folder).code == 2
    assert run("new", "plan.csv", "--force", folder=folder).code == 0
    assert (folder / "plan.csv").read_bytes() != before


def test_models(tmp_path: Path):
    """`allocate models` lists the models a line each, and `models show` prints one to start from."""
    listed = run("models", folder=tmp_path).out.splitlines()
    assert [line.split()[0] for line in listed] == list(MODELS)
    shown = run("models", "show", "velocity", folder=tmp_path)
    assert shown.out == (ROOT / "models" / "velocity.toml").read_text(encoding="utf-8")


def test_a_model_of_ones_own(folder):
    """A copy of a model, changed, is used by its path."""
    text = run("models", "show", "sales_execution", folder=folder).out
    text = text.replace('name = "Sales execution"', 'name = "Mine"')
    (folder / "my.toml").write_text(text, encoding="utf-8")
    done = run("small.csv", "--model", "my.toml", "--format", "json", folder=folder)
    assert json.loads(done.out)["model"] == "Mine"


def test_help_is_complete():
    """--help names every option and command, in 100 columns at most."""
    text = CliRunner().invoke(allocate_command, ["--help"]).output
    for command in allocate_command.commands.values():
        if not command.hidden:
            assert re.search(rf"^  {command.name}  ", text, re.MULTILINE)
    for param in allocate_command.commands["split"].params:
        assert all(option in text for option in param.opts if option.startswith("-"))
    assert "--version" in text
    assert max(map(len, text.splitlines())) <= 100


def test_examples_of_help_run(folder):
    """The examples that --help ends with run as they stand, one by one; a session, until it answers."""
    text = CliRunner().invoke(allocate_command, ["--help"]).output
    examples = re.findall(r"^ +allocate (.+?)(?:  .*)?$", text.split("Examples:")[1], re.MULTILINE)
    assert len(examples) >= 5
    for example in examples:
        words = shlex.split(example)
        if words[0] == "session":
            with served(folder / words[1], *words[2:]) as session, urlopen(session.address) as page:  # noqa: S310
                assert page.status == 200
            continue
        done = run(*words, folder=folder)
        assert (done.code, "Traceback" in done.err) == (0, False), example
    assert (folder / "result.csv").exists()


def test_help_of_a_plan(folder):
    """`allocate plan.csv --help` shows the same usage, and --version the version."""
    assert run("plan.csv", "--help", folder=folder).out.startswith("Usage: allocate [OPTIONS] PLAN")
    assert run("--version", folder=folder).out.strip() == f"allocate, version {__version__}"
