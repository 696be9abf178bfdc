"""What a start loads, and what is left to do at the end of a run: neither changes an answer."""

from __future__ import annotations

from pathlib import Path

from running import large_plan, script
from small_plan import plan_text


def test_help_loads_no_charts():
    """What draws is loaded where something is drawn, and not for anything else."""
    done = script(
        "import sys, allocator.cli, allocator.reports.files, allocator.writing",
        "print(sorted({'altair', 'jinja2', 'vl_convert'} & set(sys.modules)))",
    )
    assert done.out.strip() == "[]"


def test_a_table_loads_no_more_than_it_takes(tmp_path: Path):
    """Half of what a start takes is loading: other answers, other files and other plans can wait."""
    plan = tmp_path / "plan.csv"
    plan.write_text(large_plan(150))
    done = script(
        "import sys",
        "from allocator.cli import allocate_command",
        f"allocate_command([{str(plan)!r}, '--steps', '6'], standalone_mode=False)",
        "print(*(name for name in sys.modules if name.startswith('allocator.')), file=sys.stderr)",
    )
    assert "Recommended" in done.out
    loaded = done.err.split()
    others = ("answers.leverage", "answers.reach", "answers.whatif", "answers.compare", "answers.worth")
    later = (*others, "reading.workbook", "reports.machine", "apart.joint", "apart.again")
    assert {f"allocator.{name}" for name in later}.isdisjoint(loaded)
    assert "allocator.apart.together" in loaded


def test_the_end_looks_for_no_cycles(tmp_path: Path):
    """The interpreter's end would go through all that a large plan has come to."""
    plan = tmp_path / "small.csv"
    plan.write_text(plan_text())
    done = script(
        "import atexit, gc, sys",
        "from allocator.cli import main",
        "atexit.register(lambda: print(gc.get_freeze_count() > 10_000 > len(gc.get_objects())))",
        f"sys.argv = ['allocate', {str(plan)!r}, '--quiet']",
        "main()",
    )
    assert done.out.splitlines()[-1] == "True"
