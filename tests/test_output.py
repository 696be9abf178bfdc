"""What is printed and written: whole, clean for the program that reads it, and never over a plan."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import shutil
import subprocess
import tempfile
import unicodedata
from pathlib import Path

import pytest
from running import COMMAND, ROOT, SECONDS, Run, environment, run
from small_plan import plan_text

HOSTILE = (
    ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
    ("+1", "'+1"),
    ("-1", "'-1"),
    ("@x", "'@x"),
    ("＝1", "'＝1"),
    ("'=1", "'=1"),
    ("x;=1; -2", "x;'=1; '-2"),
    ("'x; y=1", "'x; y=1"),
)
"""Names, and how a CSV has them: nothing that a spreadsheet runs, also where ';' separates cells."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the example plan and a small one in it."""
    shutil.copy(ROOT / "inputs" / "plan.csv", tmp_path)
    (tmp_path / "small.csv").write_text(plan_text())
    return tmp_path


def on_terminal(*arguments: str, folder: Path, columns: int = 80, **changes: str | None) -> Run:
    """Run `allocate` with stdout on a terminal of that width."""
    ours, theirs = pty.openpty()
    subprocess.run(["stty", "cols", str(columns), "rows", "40"], stdin=theirs, check=True)
    with tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=folder,
            env=environment(**changes),
            stdin=theirs,
            stdout=theirs,
            stderr=err,
        )
        os.close(theirs)
        printed = bytearray()
        try:
            while part := os.read(ours, 65536):
                printed += part
        except OSError:  # what a terminal answers when its other side is closed
            pass
        os.close(ours)
        code = process.wait(SECONDS)
        err.seek(0)
        return Run(code, printed.decode(), err.read().decode())


def shell(command: str, folder: Path, **changes: str | None) -> Run:
    """Run a line of shell in which `allocate` is the tool; the code is the tool's own."""
    tool = " ".join(f"'{part}'" for part in COMMAND)
    line = f'allocate() {{ {tool} "$@"; }}; {command}; exit ${{PIPESTATUS[0]}}'
    return run(folder=folder, command=("bash", "-c", line), **changes)


def wide(text: str) -> int:
    """The columns that a line takes on a terminal."""
    return sum(
        2 if unicodedata.east_asian_width(c) in "WF" else not unicodedata.combining(c) for c in text
    )


def test_json_keys(folder):
    """The JSON has the keys of the contract, and a row for each plan row in its order."""
    done = run("plan.csv", "--format", "json", "--quiet", folder=folder)
    found = json.loads(done.out)
    assert done.err == ""
    assert found["status"] == "optimal"
    assert found["pipeline_kept_now"] is True
    assert 0 < found["revenue_now"] < found["revenue"] <= found["revenue_optimal"] * (1 + 1e-9)
    with (folder / "plan.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    keys = ("territory", "area", "rep")
    assert [[row[key] for key in keys] for row in found["allocation"]] == [
        [r[key] for key in keys] for r in rows
    ]
    assert [row["hours_now"] for row in found["allocation"]] == [float(row["hours"]) for row in rows]
    assert all(
        set(row) >= {"territory", "rep", "area", "hours", "hours_now"} for row in found["allocation"]
    )


@pytest.mark.parametrize("solver", ["highs", "cbc"])
@pytest.mark.parametrize("form", ["json", "csv", "table"])
def test_nothing_but_the_answer(folder, solver, form):
    """Neither solver adds a word to stdout or stderr, in any format."""
    done = run("small.csv", "--format", form, "--solver", solver, folder=folder)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(
        {"json": "{\n", "csv": "territory,rep,area,", "table": "Revenue with"}[form]
    )
    assert done.out.endswith({"json": "\n}\n", "csv": "\n", "table": ".\n"}[form])


@pytest.mark.parametrize(("name", "written"), HOSTILE)
def test_no_formula_in_csv(folder, name, written):
    """A name that a spreadsheet would run is written as text; negative numbers stay numbers."""
    changes = [(at, column, name) for at in range(4) for column in ("territory", "rep")]
    (folder / "small.csv").write_text(plan_text(changes))
    assert run("small.csv", "-o", "result.csv", "--quiet", folder=folder).out == ""
    for text in (
        run("small.csv", "--format", "csv", folder=folder).out,
        (folder / "result.csv").read_text(encoding="utf-8-sig"),
    ):
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["territory"] for row in rows] == [written] * 4
        assert [row["rep"] for row in rows] == [written] * 4
        assert min(float(row["change"]) for row in rows) < 0


@pytest.mark.parametrize(
    "name",
    [
        "North",
        "A territory with a name of some length " * 4,
        "x" * 200,
        "東京都" * 20,
        "[bold]<b>&amp;",
        "🙂" * 30,
    ],
)
@pytest.mark.parametrize("by", ["area", "rep", "step"])
def test_the_table_in_a_pipe(folder, name, by):
    """In a pipe the table has at most 80 columns, no escape sequences, and the headline first."""
    changes = [(at, column, name.strip()) for at in range(4) for column in ("territory", "rep")]
    (folder / "small.csv").write_text(plan_text(changes), encoding="utf-8")
    done = run("small.csv", "--by", by, "--steps", "2", folder=folder)
    lines = done.out.splitlines()
    assert (done.code, done.err) == (0, "")
    assert lines[0].startswith("Revenue with today's split")
    assert lines[1].startswith("Revenue with the recommended split")
    assert "\x1b" not in done.out
    assert max(map(wide, lines)) <= 80


def test_colour(folder):
    """On a terminal the table is coloured, unless NO_COLOR says no or the terminal is dumb."""
    assert "\x1b[" in on_terminal("small.csv", folder=folder).out
    assert "\x1b[" not in on_terminal("small.csv", folder=folder, NO_COLOR="1").out
    assert "\x1b[" in on_terminal("small.csv", folder=folder, NO_COLOR="").out
    assert "\x1b[" not in on_terminal("small.csv", folder=folder, TERM="dumb").out


@pytest.mark.parametrize("columns", [0, 1, 20, 60, 100, 250])
def test_any_width_of_terminal(folder, columns):
    """The table is printed on a terminal of any width, even one that does not know its own."""
    done = on_terminal("small.csv", folder=folder, columns=columns, NO_COLOR="1")
    assert (done.code, done.err) == (0, "")
    if columns >= 60:
        assert max(map(wide, done.out.splitlines())) <= columns


def test_output_by_suffix(folder):
    """-o writes by suffix, CSV with the mark that spreadsheets need, and says so on stderr."""
    done = run("small.csv", "-o", "a.csv", "--output", "b.JSON", "--format", "json", folder=folder)
    assert done.err.splitlines() == ["Wrote a.csv", "Wrote b.JSON"]
    assert (folder / "b.JSON").read_text(encoding="utf-8") == done.out
    written = (folder / "a.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbfterritory,")
    assert written.decode("utf-8-sig") == run("small.csv", "--format", "csv", folder=folder).out
    assert sorted(path.name for path in folder.iterdir()) == ["a.csv", "b.JSON", "plan.csv", "small.csv"]


def test_outputs_refused(folder):
    """An output that should not be written is refused, and nothing changes on the disk."""
    (folder / "old.csv").write_text("mine")
    (folder / "link.csv").symlink_to("old.csv")
    (folder / "dangling.csv").symlink_to("nowhere.csv")
    os.link(folder / "small.csv", folder / "twin.csv")
    (folder / "folder.csv").mkdir()
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for outputs, word in [
        (["result.docx"], ".csv, .json"),
        (["result"], ".csv, .json"),
        (["old.csv"], "--force"),
        (["small.csv", "--force"], "the plan itself"),
        (["./small.csv", "--force"], "the plan itself"),
        (["twin.csv", "--force"], "the plan itself"),
        (["link.csv", "--force"], "link"),
        (["dangling.csv"], "link"),
        (["folder.csv", "--force"], "not a regular file"),
        (["none/result.csv"], "no folder"),
        (["new.csv", "-o", "./new.csv"], "one file"),
        (["new.csv", "-o", "old.csv"], "--force"),
    ]:
        done = run("small.csv", "-o", *outputs, folder=folder)
        assert (done.code, done.out) == (2, "")
        assert word in done.err
        assert "Traceback" not in done.err
        assert {path: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_force_replaces(folder):
    """--force replaces a file that is there, and the link to the plan that was read stays."""
    (folder / "old.json").write_text("mine")
    (folder / "link.csv").symlink_to("small.csv")
    assert run("link.csv", "-o", "old.json", "--force", "--quiet", folder=folder) == Run(0, "", "")
    assert json.loads((folder / "old.json").read_text(encoding="utf-8"))["status"] == "optimal"
    assert (folder / "link.csv").is_symlink()


@pytest.mark.parametrize("form", ["table", "json", "csv"])
@pytest.mark.parametrize("reader", ["head -n 1", "(read line)", "true"])
def test_a_closed_pipe(folder, form, reader):
    """A reader that stops reading is no defect: no message, and not the exit code of a defect."""
    done = shell(f"allocate small.csv --steps 52 --by step --format {form} | {reader}", folder)
    assert done.err == ""
    assert done.code in {0, 141}


@pytest.mark.parametrize("command", ["small.csv", "small.csv --format json", "--help", "models"])
def test_a_full_disk(folder, command):
    """Where stdout can't be written, a message says so and the exit code is not 0."""
    done = shell(f"allocate {command} > /dev/full", folder)
    assert done.code not in {0, 1}
    assert "No space left" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_no_stdout_or_stderr_at_all(folder, closed):
    """Where stdout or stderr is closed, there is no traceback, and the file asked for is written."""
    done = shell(f"allocate small.csv -o result.csv {closed}", folder)
    assert "Traceback" not in done.err
    assert done.code != 1
    assert (folder / "result.csv").exists()


def test_an_ascii_terminal(folder):
    """Where stdout can't show every character, the table is printed with substitutes."""
    done = run("small.csv", folder=folder, PYTHONIOENCODING="ascii")
    assert (done.code, done.err) == (0, "")
    assert "Revenue with the recommended split" in done.out


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_json_keeps_names(folder, encoding):
    """JSON for a program keeps every name, whatever the encoding of stdout, as on Windows."""
    changes = [(at, "rep", "Łukasz ë") for at in range(4)]
    (folder / "small.csv").write_text(plan_text(changes), encoding="utf-8")
    done = run("small.csv", "--format", "json", folder=folder, PYTHONIOENCODING=encoding)
    assert {row["rep"] for row in json.loads(done.out)["allocation"]} == {"Łukasz ë"}


def test_a_file_name_that_a_terminal_would_obey(folder):
    """A file's name reaches the terminal without escape sequences: in reports, messages, bad usage."""
    name = "a\x1b]0;x\x07\u202e\nb.csv"
    (folder / "small.csv").rename(folder / name)
    for arguments in (["check", name], [name, "-o", f"out {name}"], [f"no {name}"], ["plan.csv", name]):
        done = run(*arguments, folder=folder)
        assert not set("\x1b\x07\u202e") & set(done.out + done.err)
        assert "a\ufffd]0;x\ufffd\ufffd" in done.out + done.err
    assert (folder / f"out {name}").exists()


def test_a_file_name_that_is_not_utf_8(folder):
    """A plan whose file name is not UTF-8 is read, and its result written."""
    os.rename(os.fsencode(folder / "small.csv"), os.fsencode(folder) + b"/\xff.csv")  # noqa: PTH104
    done = shell(r"allocate $'\xff.csv' -o result.json", folder)
    assert (done.code, "Traceback" in done.err) == (0, False)
    assert json.loads((folder / "result.json").read_text(encoding="utf-8"))["status"] == "optimal"
