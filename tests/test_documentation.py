"""The documents can't drift: commands print what they show, the README's tables are the code's."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from running import ROOT, SECONDS, Run, environment, run

from allocator import models
from allocator.cli import allocate_command
from allocator.columns import COLUMNS

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"^(?P<skip><!-- not run -->\n+)?```(?P<kind>[a-z]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
PAGES = (README, *(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))))
BLOCKS = [block for page in PAGES for block in BLOCK.finditer(page)]
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*(?:/|\.(?:py|md|toml|csv|yml|yaml))")


def commands(block: str) -> list[tuple[str, str]]:
    """(command, output shown under it) of a console block."""
    found = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [(part.partition("\n")[0], part.partition("\n")[2]) for part in found]


CONSOLE = [commands(b["text"]) for b in BLOCKS if b["kind"] in {"console", "sh"} and not b["skip"]]
PYTHON = [b["text"] for b in BLOCKS if b["kind"] == "python" and not b["skip"]]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the sample plans and the models in it, as in a checkout."""
    for name in ("inputs", "models"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def shell(command: str, folder: Path) -> Run:
    """Run a line of the README in a folder; `allocate` is this checkout's."""
    line = f'allocate() {{ "{sys.executable}" -m allocator "$@"; }}; {command}'
    return run(folder=folder, command=("bash", "-c", line))


@pytest.mark.parametrize("block", [b for b in CONSOLE if b], ids=lambda block: block[0][0][:40])
def test_console_blocks(checkout: Path, block):
    """Every command that a document shows works, and prints exactly what stands under it."""
    for command, shown in block:
        done = shell(command, checkout)
        assert (done.code, done.err) == (0, ""), command
        if shown.strip():
            assert done.out == shown


def test_some_commands_are_shown():
    """The README shows at least one run of the tool with its output."""
    assert any(
        command.startswith("allocate ") and shown for block in CONSOLE for command, shown in block
    )


@pytest.mark.parametrize("script", PYTHON)
def test_python_blocks(checkout: Path, script):
    """Every Python example of the README runs as a script of its own, from the checkout's folder."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=checkout,
        env=environment(),
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")


def test_the_python_block_is_there():
    """The README shows the tool's use from Python."""
    assert PYTHON


def test_paths_exist():
    """Every file or folder of the repository that the README names is there."""
    prose = BLOCK.sub("", README)
    named = {word for span in re.findall(r"`([^`\n]+)`", prose) for word in PATH.findall(span)}
    linked = set(re.findall(r"\]\((?!https?:|#)([^)#]+)", prose))
    top = {path.name for path in ROOT.iterdir()}
    ours = {path for path in named if path.split("/")[0] in top}
    assert ours
    assert [path for path in sorted(ours | linked) if not (ROOT / path).exists()] == []


def test_the_map_names_every_room():
    """The README's map of the code has a line for every module and folder of the package."""
    rooms = [path for path in (ROOT / "allocator").iterdir() if not path.name.startswith("_")]
    names = [f"allocator/{path.name}{'/' if path.is_dir() else ''}" for path in rooms]
    known = set(re.findall(r"`(allocator/[\w/.]+)`", README)) | {"allocator/errors.py"}
    assert [name for name in sorted(names) if name not in known and not name.endswith("models/")] == []


def table(header: str) -> list[list[str]]:
    """The cells of the README's table whose header line starts so, without its header."""
    lines = README[README.index(f"\n{header}") + 1 :].split("\n\n")[0].splitlines()[2:]
    return [
        [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in lines
    ]


def test_columns():
    """The README's table of columns is `COLUMNS`, in its words."""
    on = {
        "all": "all",
        "creates": "creating areas",
        "works": "the area that works",
        "renews": "areas with renewals",
    }
    assert [row[:5] for row in table("| column |")] == [
        [f"`{c.name}`", on[c.on], c.meaning, c.unit, c.default] for c in COLUMNS
    ]
    once = {(True, False): "once", (False, True): "once for the rep", (False, False): "on each row"}
    assert [row[5] for row in table("| column |")] == [once[c.one_fact, c.of_rep] for c in COLUMNS]


def test_models():
    """The README's table of models is what `allocate models` prints."""
    assert table("| model |") == [[f"`{name}`", line] for name, line in models().items()]


def test_options():
    """The README's table names every option of the main job, and no other."""
    named = {row[0].strip("`").split()[0] for row in table("| option |")}
    named |= set(re.findall(r"`(--[\w-]+)`", str([row[1] for row in table("| option |")])))
    options = {opt for p in allocate_command.commands["split"].params for opt in p.opts if opt[0] == "-"}
    assert options - named - {"--output"} == set()
    assert named - options == set()


def test_samples():
    """The README tells the story of every sample plan."""
    told = {row[0].strip("`") for row in table("| sample |")}
    assert told == {f"inputs/{path.name}" for path in (ROOT / "inputs").glob("*.csv")}


def test_install_lines_name_what_is_declared():
    """An extra or a group that an install line of the README asks for is declared in pyproject.toml."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = set(re.findall(r"pip install[^\n]*\.\[(\w+)\]", README))
    groups = set(re.findall(r"pip install[^\n]*--group (\w+)", README))
    assert extras <= set(declared["project"].get("optional-dependencies", {}))
    assert groups <= set(declared.get("dependency-groups", {}))


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "inputs").glob("*.csv")))
def test_sample_plans_run(name):
    """Every sample plan has a certified split that earns at least what today's does."""
    done = run(ROOT / "inputs" / name, folder=ROOT)
    assert (done.code, done.err) == (0, "")
    assert "Difference" in done.out


def words(svg: str) -> list[str]:
    """The texts of a drawing."""
    return re.findall(r">([^<>]+)</(?:text|tspan)>", svg)


def test_pictures_are_todays(tmp_path: Path):
    """The pictures of the README say what the charts say, and each is shown."""
    done = run(tmp_path, folder=ROOT, command=(sys.executable, "docs/make_pictures.py"))
    assert (done.code, done.err) == (0, "")
    made = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.glob("*.svg")}
    kept = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs/pictures").iterdir()}
    assert {name: words(text) for name, text in made.items()} == {
        name: words(text) for name, text in kept.items()
    }
    assert all(f"docs/pictures/{name}" in README for name in kept)
    assert all(len(words(text)) > 5 for text in made.values())
