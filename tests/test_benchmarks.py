"""The benchmarks measure what they say, on plans that are small enough for a test."""

from __future__ import annotations

import ast
import csv
import importlib.util
import io
import json
import math
import re
import sys
from pathlib import Path

import pytest
from running import ROOT, environment, run

from allocator.allocation import allocate
from allocator.parts import parts
from allocator.reading import read_model, read_plan
from benchmarks.arrays import load
from benchmarks.asked import WEEKS, asked
from benchmarks.floor import floor
from benchmarks.measure import Cap, Taken, measured
from benchmarks.picture import draw
from benchmarks.plans import LARGEST, Size, write_plan
from benchmarks.prepare import ARRAYS, INSTANCE, MODEL, case_of
from benchmarks.results import FLOOR, OURS, TOOLS, Case, Results, Run, exponent
from benchmarks.results import load as load_results
from benchmarks.stages import ALLOCATE, AT, FEWEST, TODAY, WITHIN, stage_of
from benchmarks.tables import at_scale, document, for_readme

STEPS = 3
INSTALLED = {tool for tool in TOOLS if importlib.util.find_spec(tool.partition("_")[0])}
GENEROUS = Cap(120, 4096)


def written(size: Size, folder: Path) -> Path:
    """The file of a plan of this size."""
    path = folder / f"{size.name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        write_plan(size, file)
    return path


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a plan of 12 territories and what the routes are given of it."""
    folder = tmp_path_factory.mktemp("prepared")
    plan = written(Size(12), folder)
    command = (sys.executable, "-m", "benchmarks.prepare", plan, str(STEPS), folder)
    assert measured(command, GENEROUS).verdict == "done"
    return folder


def test_plans_are_what_they_say(tmp_path: Path):
    """A plan of N territories has 16 rows for each, and falls into parts of one to eight of them."""
    case = case_of(written(Size(60), tmp_path), 1)
    assert len(case.rows) == 16 * 60
    sizes = [len(part.territories) for part in parts(case)]
    assert sum(sizes) == 60
    assert set(sizes) <= set(range(1, LARGEST + 1))
    assert len(set(sizes)) > 2


def test_plans_are_the_same_every_time():
    """The same size is the same bytes; a larger plan begins with other facts only where it goes on."""
    texts = [io.StringIO(), io.StringIO()]
    for text in texts:
        write_plan(Size(5, 2, 4), text)
    assert texts[0].getvalue() == texts[1].getvalue()


def test_overlay_reps_join_what_they_cover(tmp_path: Path):
    """Each overlay rep has a row for the partners of as many territories as asked, all in one part."""
    path = written(Size(20, overlays=4, cover=20), tmp_path)
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    overlays = [row for row in rows if row["rep"].startswith("Overlay")]
    assert len(overlays) == 4 * 20
    assert {row["area"] for row in overlays} == {"partners"}
    assert len({(row["rep"], row["territory"]) for row in overlays}) == 4 * 20
    assert len(list(parts(case_of(path, 1)))) == 1


def test_the_floor_is_the_same_programme(prepared: Path):
    """The floor's optimum is the tool's, and its moves, part by part, are at least the tool's."""
    model = read_model(MODEL).with_steps(STEPS)
    ours = allocate(read_plan(prepared / "plan-12.csv", model), model)
    found = floor(load(prepared / ARRAYS), workers=2)
    assert found.optimum == pytest.approx(ours.revenue_optimal, rel=1e-9)
    assert found.moves >= ours.recommended.moved * (1 - 1e-9)
    assert found.moves == pytest.approx(ours.recommended.moved, rel=0.01)
    assert found.components > 1


@pytest.mark.parametrize("tool", TOOLS)
def test_by_hand(tool: str, prepared: Path):
    """What a user would write by hand reaches the floor's optimum."""
    if tool not in INSTALLED:
        pytest.skip("not installed; it comes with the extra 'bench'")
    command = (sys.executable, "-m", "benchmarks.by_hand", tool, prepared / INSTANCE)
    taken = measured(command, GENEROUS)
    assert taken.verdict == "done", taken.error
    best = floor(load(prepared / ARRAYS), workers=1).optimum
    assert taken.said["optimum"] == pytest.approx(best, rel=1e-7)


def test_ours_is_the_whole_command(prepared: Path):
    """Our route prints the table, then what it took: its stages add up to no more than the process."""
    command = (sys.executable, "-m", "benchmarks.ours", prepared / "plan-12.csv", str(STEPS))
    taken = measured(command, GENEROUS)
    stages = taken.said["stages"]
    assert isinstance(stages, dict)
    assert {"imports", "solve", "explain", "write"} <= stages.keys()
    assert 0.5 * taken.seconds < sum(stages.values()) < taken.seconds
    assert 0 < float(str(taken.said["allocate"])) < taken.seconds
    assert taken.said["gap"] == pytest.approx(0, abs=1e-6)


def functions() -> set[str]:
    """Every `module:function` of the package."""
    found = set()
    for path in (ROOT / "allocator").rglob("*.py"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                found.add(f"{module}:{node.name}")
    return found


@pytest.mark.parametrize(("stage", "pattern"), [each for each in (*WITHIN, *AT) if each[0] != "imports"])
def test_stages_name_rooms_that_are_there(stage: str, pattern: str):
    """Every stage is known by functions that the package has: none is left without its time unseen."""
    assert any(re.match(pattern, name) for name in functions()), stage


def test_what_is_done_for_a_stage_is_its_own():
    """The same solve belongs to what `allocate` said it was beginning with."""
    solve = ["allocator.cli.split:split", ALLOCATE, "allocator.solving.highs:run", "threading:wait"]
    assert stage_of(solve, "Finding the best split: 16 rows, 1 steps") == "solve"
    assert stage_of(solve, FEWEST) == "second pass"
    assert stage_of(solve, f"{TODAY}: 16 rows") == "today's split"
    assert stage_of([*solve[:2], "allocator.outcome:outcome"], FEWEST) == "certificate"
    assert stage_of(["runpy:main"]) == "other"


def test_what_the_tool_says_of_its_stages():
    """`allocate` still begins its stages with the words that they are known by."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "allocator").rglob("*.py")]
    assert all(any(words in text for text in texts) for words in (TODAY, FEWEST))


@pytest.mark.parametrize(
    ("script", "cap", "verdict"),
    [
        ("import time; time.sleep(30)", Cap(0.5, 1000), "too slow"),
        ("import time; kept = bytearray(300 * 2**20); time.sleep(30)", Cap(30, 200), "too large"),
        ("raise ValueError('no')", GENEROUS, "failed"),
        ("print('{}')", GENEROUS, "done"),
    ],
)
def test_how_a_run_ends(script: str, cap: Cap, verdict: str):
    """A run that takes more than its cap is ended, and that is said."""
    assert measured((sys.executable, "-c", script), cap).verdict == verdict


@pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere getrusage begins at what this process holds"
)
def test_memory_is_the_childs_own():
    """The peak is what the child held, and its own children with it; not what this process holds."""
    held = "import time; kept = bytearray(100 * 2**20); time.sleep(0.3)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {held!r}])"
    mine = bytearray(300 * 2**20)
    one = measured((sys.executable, "-c", held), GENEROUS).megabytes
    both = measured((sys.executable, "-c", parent), GENEROUS).megabytes
    assert 100 < one < 130 < len(mine)
    assert one < both < one + 40


def test_exponent():
    """Times that double with the size are of exponent 1, those that quadruple of 2."""
    assert exponent([(10, 2.0), (20, 4.0), (40, 8.0)]) == pytest.approx(1)
    assert exponent([(10, 2.0), (20, 8.0)]) == pytest.approx(2)
    assert math.isnan(exponent([(10, 2.0)]))


def test_what_was_not_measured_goes_by_the_growth():
    """Times from 10 to 20 territories that quadruple do so from there on; memory goes by the size."""

    def taken(seconds: float) -> Taken:
        said = {"allocate": seconds, "optimum": 1.0, "stages": {}}
        return Taken("done", 2 * seconds, 1024.0, said)

    runs = [Run(Case(Size(n), 13), OURS, taken(at)) for n, at in ((10, 60.0), (20, 240.0))]
    rows = at_scale(Results(runs=runs), 13).splitlines()
    assert rows[2] == "| 20 | 80 | 4.0 | 8.0 | 1.0 | measured |"
    assert rows[3] == "| 5,000 | 20,000 | 250,000.0 | 500,000.0 | 250.0 | by the growth |"


@pytest.mark.parametrize(
    ("stages", "shown"),
    [
        ({"read": 0.5, "write": 0.1, "solve": 0.8}, "0.75 × | 1 × 1 | kept"),
        ({"read": 0.5}, "not measured"),
    ],
)
def test_solves_that_nobody_saw(stages: dict[str, float], shown: str):
    """Of a plan so small that its solves fall between two looks, their ratio is not measured."""
    said = {"allocate": 1.0, "optimum": 1.0, "stages": stages}
    runs = [Run(Case(Size(1), 1), OURS, Taken("done", 2.0, 1024.0, said))]
    (line,) = [
        line for line in asked(Results(runs=runs)).splitlines() if "Read, check and write" in line
    ]
    assert shown in line


def test_nothing_is_dropped_silently():
    """What was ended by its cap stands in the tables as that; ours then misses what was asked."""
    results = Results()
    case = Case(Size(100), 13)
    said = {"seconds": 1.0, "optimum": 5.0, "moves": 1.0, "first": 0.9, "components": 9, "nonzeros": 1e6}
    done = measured((sys.executable, "-c", f"print({json.dumps(said)!r})"), GENEROUS)
    results.runs = [
        Run(case, FLOOR, done),
        Run(case, OURS, None, "> 1,200 s"),
        *(Run(case, tool, None, "> 300 s") for tool in TOOLS),
    ]
    text = document(results, asked(results))
    assert text.count("> 300 s") == 2 * len(TOOLS)
    assert "not within its cap | 100 × 13 | **missed**" in text


KEPT = ROOT / "benchmarks" / "results.json"


def test_the_tables_are_of_the_runs(tmp_path: Path):
    """results.md and the picture are what results.json makes, and the README shows these tables."""
    results = load_results(KEPT)
    assert KEPT.with_suffix(".md").read_text(encoding="utf-8") == document(results, asked(results))
    assert for_readme(results) in (ROOT / "README.md").read_text(encoding="utf-8")
    assert at_scale(results, WEEKS) in (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    results.save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_text("utf-8") == KEPT.read_text("utf-8")
    draw(results, max(case.steps for case in results.cases), tmp_path / "again.svg")
    kept, made = (path.read_text("utf-8") for path in (KEPT.with_suffix(".svg"), tmp_path / "again.svg"))
    words = re.compile(r">([^<>]+)</(?:text|tspan)>")
    assert words.findall(made) == words.findall(kept)


def test_a_campaign_from_the_command_line(tmp_path: Path):
    """The one command runs, says how far it is, and writes the runs, the tables and the picture."""
    done = run(
        *("--sizes", "1", "--steps", "1", "--overlaid", "0", "--rounds", "1"),
        *("--tools", "pulp_highs", "--into", tmp_path),
        folder=ROOT,
        command=(sys.executable, "-m", "benchmarks"),
        PYTHONPATH=environment().get("PYTHONPATH"),
    )
    assert done.code == 0, done.err
    assert "plan-1 in 1 steps" in done.err
    assert "PuLP + HiGHS" in done.out
    assert {path.name for path in tmp_path.iterdir()} == {"results.json", "results.md", "results.svg"}
    assert len(load_results(tmp_path / "results.json").runs) == 3
