"""The linear programme as a file for other solvers, with names that a person can read."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from allocator.allocation import Allocation
from allocator.program import Limit, Program
from allocator.solving.solver import DUAL_SIMPLEX, loaded

LONGEST_PART = 24


def to_programme(allocation: Allocation, kind: str) -> bytes:
    """The first pass's programme as `lp` (CPLEX LP) or `mps` (free MPS).

    `lp` maximizes projected revenue; `mps` minimizes what is lost of it, minus revenue, since not
    every reader of MPS files heeds a section that says to maximize.
    Revenue is in the plan's currency, with the constant part that renews whatever is done; hours are
    for the period or step, opportunities are counted. Columns are called as in `allocator.program`,
    x, X, u, n, w, b and g, with territory, rep, area and step behind; rows by their family.
    """
    found = allocation.optimum
    matrix = found.matrix.times(found.program.money)
    if kind == "mps":
        matrix = replace(matrix.times(-1.0), maximize=False)
    highs = loaded(matrix, DUAL_SIMPLEX)
    for column, name in enumerate(_unique(_columns(found.program))):
        highs.passColName(column, name)
    for row, name in enumerate(_unique(_row(found.program, limit) for limit in found.program.limits)):
        highs.passRowName(row, name)
    with tempfile.TemporaryDirectory(prefix="allocate-") as folder:
        path = Path(folder, f"programme.{kind}")
        highs.writeModel(str(path))
        return path.read_bytes()


def _columns(program: Program) -> Iterator[str]:
    """A name for each column, in the order of the programme's columns."""
    instance = program.instance
    names: dict[int, str] = {}

    def name(var: int, *parts: str) -> None:
        names[var] = "_".join(parts)

    for i, row in enumerate(instance.rows):
        place, rep = _part(instance.territories[row.territory].name), _part(instance.reps[row.rep].name)
        for t, var in enumerate(program.x[i].tolist()):
            name(var, "x", place, rep, _part(row.area), f"t{t + 1}")
    for k, territory in enumerate(instance.territories):
        place, mine = _part(territory.name), program.variables(k)
        for area, var in mine.X.items():
            name(var, "X", place, _part(area))
        for s, source in enumerate(territory.sources):
            area = _part(source.area)
            for t in range(instance.steps):
                at = f"t{t + 1}"
                name(mine.n[s][t], "n", place, area, at)
                name(mine.b[s][t], "b", place, area, at)
                for j, var in enumerate(mine.u[s][t]):
                    name(var, "u", place, area, at, f"s{j + 1}")
                for depth, var in zip(instance.model.depths, mine.w[s][t], strict=True):
                    name(var, "w", place, area, at, _part(depth.name))
        for m, renewing in enumerate(territory.renewing):
            for t, segments in enumerate(mine.g[m]):
                for j, var in enumerate(segments):
                    name(var, "g", place, _part(renewing.area), f"t{t + 1}", f"s{j + 1}")
    return (names.get(var, "v") for var in range(program.columns))


def _row(program: Program, limit: Limit) -> str:
    instance = program.instance
    parts = [limit.family]
    if limit.territory is not None:
        parts.append(_part(instance.territories[limit.territory].name))
    if limit.rep is not None:
        parts.append(_part(instance.reps[limit.rep].name))
    if limit.area is not None:
        parts.append(_part(limit.area))
    if limit.step is not None:
        parts.append(f"t{limit.step + 1}")
    return "_".join(parts)


def _part(name: str) -> str:
    """A name as solvers' files can have it: ASCII letters and digits, not too long."""
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")[:LONGEST_PART] or "_"


def _unique(names: Iterator[str]) -> Iterator[str]:
    """Each name, numbered from its second time on."""
    taken: set[str] = set()
    count: dict[str, int] = {}
    for name in names:
        shown = name
        while shown in taken:
            count[name] = count.get(name, 1) + 1
            shown = f"{name}_{count[name]}"
        taken.add(shown)
        yield shown
