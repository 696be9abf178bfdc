"""Kept scenarios: each comes back whole, none is lost to others or to a kill, other files are let be."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plans import SALES
from running import ROOT, SECONDS, environment
from strategies import plans

from allocator import allocate, models, read_model, read_plan
from allocator.answers.explanation import explained
from allocator.answers.whatif import changed_plan
from allocator.errors import ScenarioError
from allocator.model import Model
from allocator.model_toml import model_toml
from allocator.reading.changes import Wanted
from allocator.reading.model_file import model_of
from allocator.reports.machine import to_json
from allocator.scenarios import Scenario, Scenarios, opening, plan_here, scenario_of
from allocator.scenarios.differences import Inputs
from allocator.scenarios.opening import APPLICATION
from allocator.scenarios.solved_again import solve_again
from allocator.solving.settings import Settings

AT = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
HOSTILE = (
    "=cmd|' /C calc'!A0", "'; DROP TABLE scenario; --", "<script>alert(1)</script>", "Zoë Ångström",
    "北京", "🦊 plan", "%s %d {name}", "../../etc/passwd", "a\\b", '"quoted"', "-o", "--",
    "NULL", "x" * 100,
)  # fmt: skip
NOISE = random.Random(1).randbytes(20_000)  # noqa: S311 (noise, not secrets)
UNSEEN = (
    "\x1b[31mred",
    "two\nlines",
    "tab\there",
    "nul\0",
    "\u202eltr",
    "zero\u200bwidth",
    "\ud800",
    "\x7f",
)

KEEPER = """
import dataclasses, sys
from pathlib import Path
from allocator.scenarios import Scenarios
plan, base, who, count = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
with Scenarios.beside(base, read_only=True) as kept:
    scenario = kept.get("base")
print("ready", flush=True)
sys.stdin.readline()
for number in range(count):
    with Scenarios.beside(plan) as kept:
        kept.add(dataclasses.replace(scenario, name=f"{who} {number}"))
        kept.draft = f"{who} {number}"
    print(number, flush=True)
"""
"""Keeps a scenario under as many names as it is told, and says each once it is kept."""


@pytest.fixture(scope="module")
def solo():
    """The smallest sample plan, solved."""
    return allocate(read_plan(ROOT / "inputs" / "solo.csv", SALES), SALES)


@pytest.fixture(scope="module")
def base(solo, tmp_path_factory):
    """A scenario of it, and the plan's path in a folder with it in its file."""
    path = tmp_path_factory.mktemp("base") / "base.csv"
    with Scenarios.beside(path) as kept:
        return path, kept.keep("base", "a note", "Ana", solo, AT)


@pytest.fixture
def plan(tmp_path):
    """The path of a plan beside which nothing is kept yet."""
    return shutil.copy(ROOT / "inputs" / "solo.csv", tmp_path / "plan.csv")


def database(plan: Path) -> Path:
    """The file of a plan's scenarios."""
    return plan.with_suffix(".allocate.db")


def kept_beside(plan: Path, *scenarios) -> Path:
    """The file with these scenarios in it."""
    with Scenarios.beside(plan) as kept:
        for scenario in scenarios:
            kept.add(scenario)
    return database(plan)


def unsolved(name: str, note: str, by: str, inputs: Inputs) -> Scenario:
    """A scenario that says nothing yet."""
    with patch("allocator.scenarios.scenario.result_of", lambda *_: "{}"):
        return scenario_of(name, note, by, inputs, AT)


def test_what_was_kept_comes_back(plan, solo):
    """A scenario has its plan, model and settings, who, when and with what, and the command's JSON."""
    zone = timezone(timedelta(hours=-7))
    with Scenarios.beside(plan) as kept:
        made = kept.keep(" Plan B ", "first\r\n  second\t\n", "Ana", solo, AT.astimezone(zone))
    with Scenarios.beside(plan, read_only=True) as kept:
        found = kept.get("plan b")
    assert found == made
    assert (found.name, found.note, found.by) == ("Plan B", "first\n  second", "Ana")
    assert (found.at, found.decided, found.edition) == ("2026-03-14T09:26:53Z", False, 1)
    assert (found.plan, found.model, found.settings) == (solo.plan, SALES, solo.settings)
    assert found.result == to_json(solo, explained(solo))
    assert (found.revenue, found.revenue_now) == (solo.revenue, solo.revenue_now)
    assert set(found.versions) == {"allocator", "highspy", "pulp", "python"}
    assert solve_again(found).same


def test_an_edited_plan_with_its_own_model_and_settings(plan):
    """Changed facts, bounds, reps, capacities, steps and settings are in it; it solves to the same."""
    model = read_model("enterprise").with_steps(3)
    before = read_plan(ROOT / "inputs" / "partner_led.csv", model)
    wanted = Wanted(
        sets=["win_rate[partners] = 40%", "min_hours += 0.1", "deal_size /= 3"],
        add_reps=[f"=Kim; Jr in {before.territories[0]} = 100.1"],
        drop_reps=[before.reps[0]],
    )
    edited = changed_plan(before, model, wanted)[1]
    asked = Inputs(edited, model, Settings("cbc", 0.005, 60.0, workers=2), relax=True)
    with Scenarios.beside(plan) as kept:
        kept.keep("Plan B", "", "Ana", asked, AT)
    with Scenarios.beside(plan) as kept:
        found = kept.get("Plan B")
    assert (found.model, found.settings, found.relax) == (model, Settings("cbc", 0.005, 60.0), True)
    assert found.plan.facts == edited.facts
    assert found.plan.capacity == edited.capacity
    assert [replace(row, line=0) for row in found.plan.rows] == [
        replace(row, line=0) for row in edited.rows
    ]
    assert solve_again(found).same


@given(plan=plans())
def test_any_plan_is_kept_whole(plan):
    """Of any plan the same rows, facts and capacities come back."""
    made = unsolved("x", "", "", Inputs(plan, SALES, Settings()))
    assert [replace(row, line=0) for row in made.plan.rows] == [
        replace(row, line=0) for row in plan.rows
    ]
    assert (made.plan.facts, made.plan.capacity) == (plan.facts, plan.capacity)


@pytest.mark.parametrize("name", models())
@pytest.mark.parametrize("steps", [None, 13])
def test_models_as_files(name, steps):
    """The models that come with the tool read back equal from the text that a scenario has of them."""
    model = read_model(name) if steps is None else read_model(name).with_steps(steps)
    again = model_of(model_toml(model), "x.toml")
    assert again.model_dump() == model.model_dump()
    assert again == model


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=50), st.floats(1e-9, 1e5))
def test_a_model_with_any_text_and_number(text, number):
    """Names and reasons with quotation marks, controls or dots in them, and any number, read back."""
    name = "".join(c for c in text if c.isprintable()) or 'a "b".c'
    declared = SALES.model_dump()
    declared["couplings"] = [{**declared["couplings"][0], "why": text}]
    declared["areas"]["partners"]["potential"] = 1 + number
    declared |= {"name": name, "period_days": 1 + number / 1e3}
    model = Model.model_validate(declared)
    assert model_of(model_toml(model), "x.toml").model_dump() == model.model_dump()


def test_a_name_is_there_once(plan, base):
    """Another spelling is the same name; replacing keeps what was there in the history."""
    one = base[1]
    with Scenarios.beside(plan) as kept:
        kept.add(replace(one, name="Plän B"))
        for name in ("plän b", "PLÄN B", "Pla\u0308n B"):
            with pytest.raises(ScenarioError, match=r"is called .* already"):
                kept.add(replace(one, name=name))
        kept.add(replace(one, name="Plan C"))
        kept.decide("plän B")
        again = kept.add(replace(one, name="PLÄN B", note="new"), replace=True)
        assert (again.edition, again.decided) == (2, False)
        assert [found.name for found in kept.all()] == ["Plan C", "PLÄN B"]
        assert [found.note for found in kept.versions_of("plän b")] == ["a note", "new"]
        assert [found.decided for found in kept.versions_of("plän b")] == [True, False]
        assert len(kept.all(every=True)) == 3


def test_a_name_that_is_there_is_refused_before_anything_is_solved(plan, base):
    """Who keeps under a name that is there need not wait to be told so."""
    kept_beside(plan, base[1])
    told = []
    with Scenarios.beside(plan) as kept, pytest.raises(ScenarioError, match="already"):
        kept.keep("BASE", "", "Ana", base[1].inputs, AT, progress=lambda *words: told.append(words))
    assert told == []


def test_one_is_decided_on(plan, base):
    """At most one at a time, none if that is taken back, and none that is not there."""
    one = base[1]
    kept_beside(plan, one, replace(one, name="other"))
    with Scenarios.beside(plan) as kept:
        assert kept.decided() is None
        for name in ("base", "OTHER"):
            kept.decide(name)
            assert [s.name for s in kept.all() if s.decided] == [name.lower()]
            assert kept.decided().name == name.lower()
        with pytest.raises(ScenarioError, match="Did you mean 'other'"):
            kept.decide("othr")
        assert kept.decided().name == "other"
        kept.decide(None)
        assert kept.decided() is None


def test_the_draft(plan):
    """What is under way is there as it was written last, and gone when it is taken back."""
    with Scenarios.beside(plan) as kept:
        assert kept.draft is None
        kept.draft = '{"hours": 1}'
        kept.draft = '{"hours": 2}'
    with Scenarios.beside(plan) as kept:
        assert kept.draft == '{"hours": 2}'
        kept.draft = None
        assert kept.draft is None
        assert kept.all() == ()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names(plan, base, name):
    """A name that could be taken for something else is a name."""
    with Scenarios.beside(plan) as kept:
        kept.add(unsolved(name, name, name, base[1].inputs))
        kept.decide(name)
        found = kept.get(name)
    assert (found.name, found.note, found.by, found.decided) == (name, name, name, True)


@pytest.mark.parametrize("name", [*UNSEEN, "", "  ", "x" * 101])
def test_names_that_are_refused(plan, base, name):
    """A name that can't be seen, or is too long, is refused before there is a file."""
    with Scenarios.beside(plan) as kept, pytest.raises(ScenarioError):
        kept.keep(name, "", "Ana", base[1].inputs, AT)
    assert not database(plan).exists()


def test_notes(plan, base):
    """A note has lines, nothing that a terminal obeys, and an end."""
    noted = unsolved("x", "a\x1b[31mb\nc", "A\x1b", base[1].inputs)
    assert (noted.note, noted.by) == ("a\ufffd[31mb\nc", "A\ufffd")
    with pytest.raises(ScenarioError, match="at most 2,000 characters"):
        unsolved("x", "n" * 2001, "", base[1].inputs)


def keeper(plan: Path, base: Path, who: str, count: int) -> subprocess.Popen:
    """A process that keeps, ready to begin."""
    process = subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(plan), str(base), who, str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(PYTHONPATH=str(ROOT)),
    )
    assert process.stdout.readline() == "ready\n"
    return process


def test_two_sessions_lose_nothing(plan, base):
    """Two processes that keep fifty each at the same time, where there was no file, keep a hundred."""
    both = [keeper(plan, base[0], who, 50) for who in ("a", "b")]
    for process in both:
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.wait(SECONDS) for process in both] == [0, 0]
    for process in both:
        process.communicate()
    with Scenarios.beside(plan) as kept:
        names = {scenario.name for scenario in kept.all()}
        draft = kept.draft
    assert names == {f"{who} {number}" for who in "ab" for number in range(50)}
    assert draft in {"a 49", "b 49"}


def test_killed_while_it_keeps(plan, base):
    """Killed at any moment, what was said to be kept is kept; the file opens, and takes more."""
    moments = random.Random(7)  # noqa: S311 (moments, not secrets)
    said = set()
    for turn in range(8):
        process = keeper(plan, base[0], f"turn {turn}", 1000)
        process.stdin.write("\n")
        process.stdin.flush()
        time.sleep(moments.uniform(0.0, 0.25))
        process.kill()
        out, _ = process.communicate(timeout=SECONDS)
        assert process.returncode == -signal.SIGKILL
        said |= {f"turn {turn} {number}" for number in out.split()}
        with Scenarios.beside(plan) as kept:
            names = {scenario.name for scenario in kept.all()}
            draft = kept.draft
        assert said <= names
        assert len(names - said) <= turn + 1
        assert draft is None or draft in names
    assert said


def test_whoever_writes_for_long_is_waited_for(plan, base, monkeypatch):
    """A session waits for another that writes; where that takes too long, it says so."""
    path = kept_beside(plan, base[1])
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    done = threading.Timer(0.5, lambda: other.execute("COMMIT"))
    done.start()
    with Scenarios.beside(plan) as kept:
        kept.add(replace(base[1], name="waited"))
    done.join()
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(opening, "LONGEST_WAIT", 0.2)
    with (
        Scenarios.beside(plan) as kept,
        pytest.raises(ScenarioError, match=r"for 0\.2 seconds\. Try again"),
    ):
        kept.add(replace(base[1], name="late"))
    with Scenarios.beside(plan, read_only=True) as kept:
        assert [scenario.name for scenario in kept.all()] == ["base", "waited"]
    other.close()


def _foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE bookmarks (url)")
    other.close()


def _statement(words: str):
    def done(path: Path) -> None:
        with sqlite3.connect(path) as other:
            other.execute(words)
        other.close()

    return done


def _overwritten(start: int, content: bytes):
    def done(path: Path) -> None:
        whole = path.read_bytes()
        path.write_bytes(whole[:start] + content + whole[start + len(content) :])

    return done


def _letter(path: Path) -> None:
    whole = path.read_bytes()
    assert b"account_development" in whole
    path.write_bytes(whole.replace(b"account_development", b"account_developmenu"))


DAMAGED = {
    "random bytes": (lambda path: path.write_bytes(NOISE), "not a file of"),
    "text": (lambda path: path.write_text("a,b\n1,2\n"), "not a file of scenarios"),
    "one byte": (lambda path: path.write_bytes(b"S"), "not a file of scenarios"),
    "half a header": (lambda path: path.write_bytes(path.read_bytes()[:50]), "damaged"),
    "half a file": (lambda path: path.write_bytes(path.read_bytes()[:-6000]), "damaged"),
    "pages of noise": (_overwritten(4096, NOISE[:12_000]), "damaged"),
    "first page of noise": (_overwritten(100, NOISE[:3_900]), "damaged"),
    "one letter": (_letter, "damaged"),
    "zeros": (lambda path: path.write_bytes(bytes(20_000)), "not a file of scenarios"),
    "another program's": (_foreign, "another program's database"),
    "no tables": (_statement("DROP TABLE scenario"), "damaged"),
    "an edited row": (_statement("UPDATE scenario SET note = 'better'"), "damaged"),
    "a later version": (_statement("PRAGMA user_version = 2"), "a later version of allocate"),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), "not a regular file"),
    "a pipe": (lambda path: (path.unlink(), os.mkfifo(path)), "not a regular file"),
    "a link": (lambda path: path.symlink_to(path.rename(path.with_name("real.db"))), "this is a link"),
}


@pytest.mark.parametrize("how", DAMAGED)
@pytest.mark.parametrize("read_only", [True, False])
def test_a_damaged_file_is_refused(plan, base, how, read_only):
    """With a way out; nothing is written, neither to it nor beside it."""
    path = kept_beside(plan, base[1], replace(base[1], name="other"))
    do, message = DAMAGED[how]
    do(path)
    before = state(path.parent)
    with (
        pytest.raises(ScenarioError, match=message) as refused,
        Scenarios.beside(plan, read_only) as kept,
    ):
        kept.all()
    assert refused.value.exit_code == 2
    assert any(way in str(refused.value) for way in ("Move the file aside", "Use that", "Remove it"))
    assert state(path.parent) == before


@pytest.mark.parametrize("seed", range(60))
def test_any_damage(plan, base, seed):
    """Whatever happens to a few bytes, what comes back is what was kept, or the file is refused."""
    path = kept_beside(plan, base[1], replace(base[1], name="other"))
    chance = random.Random(seed)  # noqa: S311 (damage, not secrets)
    whole = bytearray(path.read_bytes())
    at = chance.randrange(100 if seed % 3 else len(whole))
    width = chance.choice((1, 1, 20, 300))
    whole[at : at + width] = chance.randbytes(width)
    path.write_bytes(whole)
    try:
        with Scenarios.beside(plan, read_only=bool(seed % 2)) as kept:
            assert kept.all() == (base[1], replace(base[1], name="other"))
    except ScenarioError:
        pass
    assert sorted(found.name for found in plan.parent.iterdir()) == [path.name, "plan.csv"]


def state(folder: Path) -> dict[str, bytes | str]:
    """What lies in a folder."""
    return {
        path.name: path.read_bytes() if path.is_file() else stat.filemode(path.lstat().st_mode)
        for path in folder.iterdir()
    }


def test_a_link_beside_it_is_refused(plan, base, tmp_path):
    """What SQLite lays beside the file is not written through a link to somewhere else."""
    target = tmp_path / "elsewhere" / "x"
    target.parent.mkdir()
    plan.with_name("plan.allocate.db-wal").symlink_to(target)
    with pytest.raises(ScenarioError, match="this is a link"):
        kept_beside(plan, base[1])
    assert list(target.parent.iterdir()) == []


def test_reading_makes_nothing(plan, base):
    """Where nothing is kept there is no file afterwards; where something is, it stays as it is."""
    with Scenarios.beside(plan, read_only=True) as kept:
        assert (kept.all(), kept.draft, kept.decided()) == ((), None, None)
        with pytest.raises(ScenarioError, match="opened to be read only"):
            kept.add(base[1])
    with Scenarios.beside(plan) as kept:
        assert kept.all() == ()
    assert [path.name for path in plan.parent.iterdir()] == ["plan.csv"]
    kept_beside(plan, base[1])
    before = state(plan.parent)
    with Scenarios.beside(plan, read_only=True) as kept:
        assert len(kept.all()) == 1
        with pytest.raises(ScenarioError, match="opened to be read only"):
            kept.draft = "x"
    assert state(plan.parent) == before


def test_an_empty_file_is_none_yet(plan, base):
    """A session that was killed as it made the file left nothing in it: the next one begins there."""
    database(plan).touch()
    with Scenarios.beside(plan, read_only=True) as kept:
        assert kept.all() == ()
    with Scenarios.beside(plan) as kept:
        kept.add(base[1])
        assert len(kept.all()) == 1


def test_a_folder_that_can_not_be_written_to(plan, base, monkeypatch):
    """What is kept there can be read."""
    path = kept_beside(plan, base[1])
    before = state(path.parent)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with Scenarios.beside(plan, read_only=True) as kept:
        assert kept.get("base").result == base[1].result
    assert state(path.parent) == before


@pytest.mark.parametrize("name", ["a?mode=ro#x%20.csv", "ü 北京.csv", "-x.csv", "a.b.csv", "no suffix"])
def test_odd_names_of_plans(tmp_path, base, name):
    """The file lies beside the plan whatever that is called."""
    path = kept_beside(tmp_path / name, base[1])
    assert [found.name for found in tmp_path.iterdir()] == [path.name]
    assert plan_here(tmp_path).with_suffix(".allocate.db") == path


def test_the_plan_that_has_scenarios(tmp_path, base):
    """It need not be named where there is one, by the name that was kept last."""
    with pytest.raises(ScenarioError, match="no plan of this folder has scenarios"):
        plan_here(tmp_path)
    kept_beside(tmp_path / "q1.csv", replace(base[1], plan_name="q1.xlsx"))
    assert plan_here(tmp_path) == tmp_path / "q1.xlsx"
    kept_beside(tmp_path / "q2.csv", base[1])
    with pytest.raises(ScenarioError, match=r"several .*q1.allocate.db, q2.allocate.db"):
        plan_here(tmp_path)


def test_it_is_marked_as_this_tools(plan, base):
    """Other programs can tell whose file it is, and which kind; it is in WAL mode."""
    path = kept_beside(plan, base[1])
    connection = sqlite3.connect(path)
    asked = ("application_id", "user_version", "journal_mode")
    assert [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in asked] == [
        APPLICATION,
        1,
        "wal",
    ]
    connection.close()
