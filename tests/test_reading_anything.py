"""Reading whatever comes: random files and random cells are plans, or are refused as plans."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_plan import HEADER, ROWS, plan_text

from allocator import read_model, read_plan
from allocator.errors import PlanError, Problem

MODEL = read_model("sales_execution")
CALM = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}

BYTES = st.one_of(
    st.binary(max_size=300),
    st.text("ab,;\t\"'=\r\n1%", max_size=80).map(str.encode),
    st.text('sep=;|"\n\u2028, territoryarea', max_size=60).map(str.encode),
)
CELL = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=12),
    st.floats().map(str),
    st.integers().map(str),
    st.text("0123456789.,%-+eE $€()/:", max_size=9),
)
EDIT = st.tuples(st.integers(0, len(ROWS) - 1), st.sampled_from(HEADER), CELL)


def problems_of(path: Path) -> tuple[Problem, ...]:
    """What a plan is refused with, if it is."""
    try:
        read_plan(path, MODEL)
    except PlanError as error:
        return error.problems
    return ()


@settings(max_examples=200, **CALM)
@given(content=BYTES)
def test_any_bytes(plan_file, content):
    """Whatever bytes a file holds, it is a plan or it is refused with a message and a remedy."""
    assert all(problem.message and problem.remedy for problem in problems_of(plan_file(content)))


@settings(max_examples=300, **CALM)
@given(edits=st.lists(EDIT, min_size=1, max_size=4), delimiter=st.sampled_from(",;\t"))
def test_any_cells(plan_file, edits, delimiter):
    """Whatever stands in the cells, each problem names the file and fits on one printable line."""
    problems = problems_of(plan_file(plan_text(edits, delimiter=delimiter)))
    assert all(problem.file == "plan.csv" and problem.remedy for problem in problems)
    assert all(str(problem).isprintable() for problem in problems)


@settings(max_examples=200, **CALM)
@given(place=st.integers(0, 300), junk=st.binary(min_size=1, max_size=3), cut=st.integers(0, 5))
def test_any_damage(plan_file, place, junk, cut):
    """A plan damaged anywhere by a few bytes is a plan still, or is refused as one."""
    whole = plan_text().encode()
    path = plan_file(whole[:place] + junk + whole[place + cut :])
    assert all(problem.message and problem.remedy for problem in problems_of(path))
