"""Each constraint family of the programme, written out for a plan small enough to check by hand.

A file of tests/golden says, in its comment, what the arithmetic is; then it gives the model, the
plan, and the rows that the family declares for them. After a change of the mathematics, redo the
arithmetic in the comment by hand, and only then let the rows be written anew:

    GOLDEN_UPDATE=1 python -m pytest tests/test_golden.py
"""

from __future__ import annotations

import math
import os
import re
from pathlib import Path

import pytest
from plans import case_of, model_of

from allocator.program import EVERY_FAMILY, Program, at_most_moves, build, fewest_moves
from allocator.program.declared import Terms

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(GOLDEN.glob("*.txt"))
SECOND_PASS = ("moves", "revenue")
MOST_MOVES = "most_moves"
NAMES = {"objective", *(family.__name__ for family in EVERY_FAMILY), *SECOND_PASS, MOST_MOVES}
HEADINGS = ("=== model", "=== plan", "=== programme")


def test_every_family_has_a_golden_programme():
    """A constraint family without a golden file, or a golden file without a family, is noticed."""
    assert {file.stem for file in FILES} == NAMES


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_golden_programme(file):
    """The family declares, for a tiny plan, just the rows that were checked by hand."""
    comment, model, plan, expected = _parts(file.read_text(encoding="utf-8"))
    program = build(case_of(plan, model_of(model)))
    if file.stem in SECOND_PASS:
        program = fewest_moves(program, 10_000.0)
    elif file.stem == MOST_MOVES:
        program = at_most_moves(program, 25.0)
    found = "\n".join(written(program, file.stem)) + "\n"
    if os.environ.get("GOLDEN_UPDATE"):
        parts = (comment, f"=== model{model}", f"=== plan{plan}", f"=== programme\n{found}")
        file.write_text("".join(parts), encoding="utf-8")
    assert comment.startswith("#"), "the arithmetic by hand is missing"
    assert expected == found


def _parts(text: str) -> list[str]:
    """Comment, model, plan and expected rows of a golden file."""
    parts = []
    for heading in HEADINGS:
        part, found, text = text.partition(heading)
        assert found, f"there is no '{heading}'"
        parts.append(part)
    return [*parts, text.lstrip("\n")]


def written(program: Program, family: str) -> list[str]:
    """One family in plain text: its rows, and the bounds that it puts on variables."""
    names = _names(program)
    if family == "objective":
        revenue = _sum(_costs(program), program.matrix.constant, names=names)
        return [f"maximize {revenue}", f"in units of {program.money:g}"]
    lines = []
    if family == "moves":
        lines.append(f"minimize {_sum(_costs(program), names=names)}")
    rows = []
    for limit, row in zip(program.limits, program.rows(), strict=True):
        if limit.family == family:
            rows.append(f"{_sum(row.terms, names=names)} {row.sense} {_number(row.right)}")
    bounded = {"market": "u", "renewing": "g"}.get(family)
    rows += [
        f"{names[var]} <= {_number(most)}"
        for var, most in enumerate(program.matrix.most.tolist())
        if names[var][0] == bounded and most < math.inf
    ]
    return [*lines, *sorted(rows, key=_by_names)]


def _costs(program: Program) -> list[tuple[int, float]]:
    return [(var, cost) for var, cost in enumerate(program.matrix.cost.tolist()) if cost]


def _sum(terms: Terms, constant: float = 0.0, *, names: dict[int, str]) -> str:
    parts = [
        f"{'-' if a < 0 else '+'} {'' if abs(a) == 1 else _number(abs(a)) + ' '}{names[var]}"
        for var, a in sorted(terms, key=lambda term: _by_names(names[term[0]]))
    ]
    if constant:
        parts.append(f"+ {_number(constant)}")
    return " ".join(parts).removeprefix("+ ")


def _by_names(text: str) -> list[str | int]:
    """Text by the names in it, numbers by their size: what the order of declaration can't change."""
    named = " ".join(re.findall(r"\w+\[.*?\]", text))
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", named)]


def _number(value: float) -> str:
    return f"{value + 0.0:.6g}"


def _names(program: Program) -> dict[int, str]:
    """Every variable by what it means; steps and segments count from 1."""
    case, names = program.instance, {}
    depths = [depth.name for depth in case.model.depths]
    for row, in_steps in zip(case.rows, program.x, strict=True):
        place = f"{case.territories[row.territory].name}, {row.area}, {case.reps[row.rep].name}"
        names |= {var: f"x[{place}, {t}]" for t, var in enumerate(in_steps.tolist(), 1)}
    for k, territory in enumerate(case.territories):
        mine = program.variables(k)
        names |= {var: f"X[{territory.name}, {area}]" for area, var in mine.X.items()}
        for s, source in enumerate(territory.sources):
            for t in range(case.steps):
                place = f"{territory.name}, {source.area}, {t + 1}"
                names[mine.n[s][t]], names[mine.b[s][t]] = f"n[{place}]", f"b[{place}]"
                names |= {var: f"u[{place}, {j}]" for j, var in enumerate(mine.u[s][t], 1)}
                worked = zip(depths, mine.w[s][t], strict=True)
                names |= {var: f"w[{place}, {depth}]" for depth, var in worked}
        for m, renewing in enumerate(territory.renewing):
            for t in range(case.steps):
                place = f"{territory.name}, {renewing.area}, {t + 1}"
                names |= {var: f"g[{place}, {j}]" for j, var in enumerate(mine.g[m][t], 1)}
    added = [var for var in range(program.columns) if var not in names]
    for at, var in enumerate(added):
        row = case.rows[at // 2]
        place = f"{case.territories[row.territory].name}, {row.area}, {case.reps[row.rep].name}"
        names[var] = f"{('more', 'less')[at % 2]}[{place}]"
    return names
