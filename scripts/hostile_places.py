"""The places that take a name: plans and models that have it there, and what is run on them."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hostile import ERRORS, acceptable, folded, obeyed
from hostile_outputs import (
    ENDED_WELL,
    FILES,
    IMPOSSIBLE,
    PLAIN,
    REFUSED,
    SPLIT,
    Names,
    Run,
    answers,
    drawn,
    failing,
    runs,
    sheet,
    terminal,
    without_apostrophes,
)

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from small_plan import HEADER, ROWS

MAYBE = (ENDED_WELL, REFUSED, IMPOSSIBLE)
MODEL = (Path(__file__).parents[1] / "models" / "sales_execution.toml").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Place:
    """Where a name was put: the files that have it, what is run on them, what should come back."""

    name: str
    files: Mapping[str, str]
    runs: tuple[Run, ...]
    names: Names = field(default_factory=Names)


def places(name: str) -> Iterator[Place]:
    """Every place that takes a name."""
    yield _as_names(name)
    yield _as_column(name)
    for column in ("area", "hours", "deal_size", "opportunities"):
        rows = [_row(cells, PLAIN, **{column: name}) for cells in ROWS]
        yield Place(f"in {column}", {"plan.csv": _text(rows)}, _either("plan.csv"))
    yield _as_file(name)
    yield from _in_model(name)
    if "\0" not in name:
        words = (
            ("plan.csv", "--", name),
            ("plan.csv", f"--x{name}"),
            ("plan.csv", "--model", f"{name} x"),
        )
        words += (("plan.csv", "--sheet", name), ("models", "show", f"x{name}"), (f"./none/{name}",))
        maybe = [("whatif", "plan.csv", option, name) for option in ("--set", "--hours", "--drop-rep")]
        maybe += [("whatif", "plan.csv", "--add-rep", f"{name} in {PLAIN} = 40")]
        run = [Run(each_of, (REFUSED,), terminal) for each_of in words]
        run += [Run(each_of, (ENDED_WELL, REFUSED, IMPOSSIBLE), terminal) for each_of in maybe]
        plan = _text([_row(cells, PLAIN) for cells in ROWS])
        yield Place("on the command line", {"plan.csv": plan}, tuple(run))


def _as_names(name: str) -> Place:
    """As a territory and its rep, beside another that differs in as little as it can."""
    back = without_apostrophes(folded(name))
    twins = (back.swapcase(), f"{back} .")
    twin = next((t for t in twins if t != back and acceptable(t) and t == folded(t)), PLAIN)
    rows = [_row(cells, one) for one in (name, twin) for cells in ROWS]
    files = {
        "plan.csv": _text(rows),
        "other.csv": _text(rows),
        "impossible.csv": _text([_row(cells, name, min_hours="900") for cells in ROWS]),
        "wrong.csv": _text([*rows, _row(ROWS[0], name, deal_size="1", potential="2", capacity="x")]),
    }
    both = frozenset((back, twin))
    kept = acceptable(back) and back.upper() not in {error.upper() for error in ERRORS}
    code = (ENDED_WELL if kept else REFUSED,)
    tried = (*runs("plan.csv", code), *answers("plan.csv", code), *drawn("plan.csv", code), *failing())
    return Place("as names", files, tried, Names(both, both))


def _as_column(name: str) -> Place:
    """As a column that the tool does not know, and in its cells."""
    rows = [[*_row(cells, PLAIN), name] for cells in ROWS]
    return Place("as a column", {"plan.csv": _text(rows, name)}, _either("plan.csv"))


def _as_file(name: str) -> Place:
    """As the file's name, as far as a file can have it."""
    stem = name.replace("/", "_").replace("\0", "_")
    stem = stem.encode()[:200].decode(errors="ignore")
    file, out = f"{stem}.csv", f"./{stem}-out.csv"
    shown = "".join("\ufffd" if obeyed(c) else c for c in file)
    words = (f"./{file}", *SPLIT, "-o", out)
    write = Run(words, (ENDED_WELL,), terminal, {**FILES, f"{stem}-out.csv": sheet})
    failed = [Run((f"./{file}", "-o", f"./{stem}.x"), (REFUSED,), terminal)]
    failed += [Run((f"./none {file}",), (REFUSED,), terminal)]
    plan = _text([_row(cells, PLAIN) for cells in ROWS])
    done = (write, *runs(f"./{file}"), *answers(f"./{file}"), *failed)
    return Place("as a file", {file: plan, "other.csv": plan}, done, Names(plan=shown))


def _in_model(name: str) -> Iterator[Place]:
    """As the name of the model, of a coupling and a depth; as that of an area."""
    option = ("--model", "my.toml")
    code = ENDED_WELL if acceptable(name) else REFUSED
    plan = _text([_row(cells, PLAIN) for cells in ROWS])
    files = {"plan.csv": plan, "impossible.csv": _text([_row(c, PLAIN, min_hours="900") for c in ROWS])}
    for at in ("Sales execution", "Partner trust", "deep"):
        model = MODEL.replace(f'"{at}"', _toml(name))
        names = Names(model=name) if at == "Sales execution" else Names()
        tried = runs("plan.csv", (code,), *option)
        yield Place(f"in the model as {at}", {**files, "my.toml": model}, tried, names)
    model = MODEL.replace("[areas.partners]", f"[areas.{_toml(name)}]").replace(
        '"partners"', _toml(name)
    )
    rows = [_row(cells, PLAIN) for cells in ROWS]
    for row in rows:
        row[HEADER.index("area")] = row[HEADER.index("area")].replace("partners", name)
    area = {**files, "plan.csv": _text(rows), "my.toml": model, "wrong.csv": plan.replace("prosp", "x")}
    yield Place(
        "as an area",
        area,
        (*_either("plan.csv", *option), *drawn("plan.csv", MAYBE, *option), *failing(*option)[2:]),
    )


def _either(plan: str, *more: str) -> tuple[Run, ...]:
    """Runs of what may be a plan or not: what stands there may be a number, or be left out."""
    return runs(plan, MAYBE, *more)


def _row(cells: tuple[str, ...], name: str, **changes: str) -> list[str]:
    row = dict(zip(HEADER, cells, strict=True)) | {"territory": name, "rep": name, **changes}
    return [row.get(column, "") for column in (*HEADER, "min_hours", "capacity")]


def _text(rows: list[list[str]], *more: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([[*HEADER, "min_hours", "capacity", *more], *rows])
    return out.getvalue()


def _toml(name: str) -> str:
    """A TOML string; what can't stand in one as it is, by its number."""
    return '"' + "".join(c if c.isalnum() and c.isascii() else f"\\U{ord(c):08X}" for c in name) + '"'
