"""Hostile names in every place that takes one, through every output: none of them is live in any.

A name is put where a territory and a rep stand, over a column and into its cells, on the plan's file,
into the model and onto the command line. Whatever is printed has nothing in it that a terminal obeys.
A CSV, read as spreadsheets read it, has no cell that is a formula, and gives the names back; so does
JSON. A name that can't be had is refused with 2. No file appears but the outputs, and those only where
the run ended well.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from campaign import each, options, report
from hostile import hostile
from hostile_outputs import ENDED_WELL, Run, any_json, terminal
from hostile_places import Place, places

from allocator import cli


@dataclass
class Tried:
    """What came of one name."""

    codes: Counter[int] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def tried(case_at: tuple[int, int]) -> Tried:
    """One name in every place, through every output."""
    name, found, before = hostile(*case_at), Tried(), Path.cwd()
    with tempfile.TemporaryDirectory() as jail:
        for number, place in enumerate(places(name)):
            folder = Path(jail, f"{number}", "a", "b", "c")
            folder.mkdir(parents=True)
            for file, text in place.files.items():
                (folder / file).write_text(text, encoding="utf-8", newline="")
            os.chdir(folder)
            for run in place.runs:
                wrong = _wrong(run, place, Path(jail), found)
                found.wrong += (
                    f"{name[:60]!r} {place.name}, {' '.join(run.words)[:90]!r}: {w}" for w in wrong
                )
            os.chdir(before)
    return found


def _wrong(run: Run, place: Place, jail: Path, found: Tried) -> Iterator[str]:
    """Do one run, and say what does not hold of it."""
    out, err, there = io.StringIO(), io.StringIO(), set(jail.rglob("*"))
    as_on_a_terminal = patch("click.utils.should_strip_ansi", return_value=False)
    try:
        with redirect_stdout(out), redirect_stderr(err), as_on_a_terminal:
            code = cli.run(run.words)
    except Exception as error:
        yield f"failed with {type(error).__name__}: {error}"
        return
    found.codes[code] += 1
    if code not in run.codes:
        yield f"ended with {code}: {err.getvalue()[:300]!r}"
    yield from terminal(err.getvalue().encode(), place.names)
    new = {path.name: path for path in set(jail.rglob("*")) - there}
    expected = set(run.files) if code == ENDED_WELL else set()
    if set(new) != expected or any(path.parent != Path.cwd() for path in new.values()):
        yield f"made {sorted(new)}"
    refusal = any_json if "json" in run.words else terminal
    said = {run.stdout if code == ENDED_WELL else refusal: out.getvalue().encode()}
    written = [(run.files[file], new[file].read_bytes()) for file in expected & set(new)]
    for judge, text in (*said.items(), *written):
        found.judged[judge.__name__] += 1
        yield from judge(text, place.names)
    for path in new.values():
        path.unlink()


def main() -> int:
    """Run the campaign; the exit code says whether it holds."""
    arguments = options(__doc__, 300).parse_args()
    numbers = [(arguments.seed, at) for at in range(arguments.cases)]
    return verdict(list(each(tried, numbers, arguments.workers)), arguments.seed)


def verdict(results: list[Tried], seed: int) -> int:
    """The table of the campaign, and whether it holds."""
    codes: Counter[int] = sum((found.codes for found in results), Counter())
    judged: Counter[str] = sum((found.judged for found in results), Counter())
    figures: list[tuple[str, object]] = [
        ("names", len(results)),
        ("runs", codes.total()),
        *((f"  ended with {code}", count) for code, count in sorted(codes.items())),
        ("outputs", judged.total()),
        *((f"  {judge}", count) for judge, count in sorted(judged.items())),
    ]
    return report(figures, [f"seed {seed}: {wrong}" for found in results for wrong in found.wrong])


if __name__ == "__main__":
    sys.exit(main())
