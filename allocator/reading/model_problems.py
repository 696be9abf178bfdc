"""What is wrong in a model file, in the words of those who write one: place, line, remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from allocator.errors import Problem
from allocator.model import Area, Coupling, Depth, InconsistentError, Model, Objective, Renewals
from allocator.reading.toml_lines import Lines

EXAMPLES = {
    "name": '"My model"',
    "period_days": "91",
    "steps": "3, a whole number",
    "later": "1.0, a share of 1",
    "creates": "true",
    "works": "true",
    "potential": "2.5, a number above 1",
    "share": "[0.10, 0.60], the least and the most, as shares of 1",
    "decay": "0.5, a share of 1",
    "end_pipeline": "1.0",
    "depths": '[{ name = "standard", effort = 1.0, win = 1.0 }]',
    "effort": "1.0",
    "win": "1.0",
    "renewals": "{ rate = 0.90, floor = 0.85, headroom = 0.50 }",
    "limits": '"partners", the name of an area',
    "grows": '"prospecting", the name of an area',
    "goodwill": "0.2",
    "by": '"worked"; or "opportunities", or "wins"',
    "of": '["partners"], a list of areas',
    "rate": "0.30",
    "lag": "0, a whole number of steps",
}
EXAMPLES_OF_RENEWALS = {
    "rate": "0.90, a share below 1",
    "floor": "0.85, a share of 1",
    "headroom": "0.50, a share above 0",
}
PLAINER = {
    "Tuple should have at least 1 item after validation, not 0": "should name at least one area",
    "be a valid boolean": "be true or false",
    "be a valid integer": "be a whole number",
    "be a valid number": "be a number",
    "be a valid string": "be a text in quotation marks",
    "be a valid tuple": "be a list in square brackets",
    "be a valid dictionary": "be a table",
}
"""The words of what checks the types, and ours for them."""

MOST_SHOWN = 60
NAME_OF_KEY = "[key]"
"""What the checker of types calls the place of a name that stands before an equals sign."""


def model_problems(
    file: str, error: ValidationError, declared: Mapping[str, Any], lines: Lines
) -> Iterator[Problem]:
    """Every problem of a model file, as users read it."""
    for detail in error.errors(include_url=False):
        loc = detail["loc"]
        cause = detail.get("ctx", {}).get("error")
        at = cause.at if isinstance(cause, InconsistentError) else ()
        message, remedy = _said(detail, _place(loc, declared))
        yield Problem(message, remedy, file=file, line=lines.line(*loc, *at))


def _said(detail: ErrorDetails, place: str) -> tuple[str, str]:
    """What is wrong at a place, and what to write instead."""
    loc, kind = detail["loc"], detail["type"]
    if kind == "extra_forbidden":
        known = _keys(loc[:-1])
        near = difflib.get_close_matches(str(loc[-1]), known, n=1)
        remedy = f"Did you mean {near[0]}?" if near else f"The keys here are {', '.join(known)}"
        return f"{place} is not a key of the model", remedy
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, InconsistentError):
        return (f"{place}: {cause}" if place else str(cause)), cause.remedy
    example = _example(loc)
    if kind == "missing":
        return f"{place} is missing", f"Add it, for example {example}" if example else "Add it"
    return f"{place} {_expected(detail)}", (
        f"Write, for example, {example}" if example else "Look the key up in the README"
    )


def _expected(detail: ErrorDetails) -> str:
    """What should stand there, and what does."""
    said = detail["msg"].replace("Input should", "should")
    for words, ours in PLAINER.items():
        said = said.replace(words, ours)
    given = f", not {repr(detail['input'])[:MOST_SHOWN]}"
    if isinstance(detail["input"], dict | list):
        given = ""
    return f"{said[:1].lower()}{said[1:]}{given}"


def _example(loc: Sequence[int | str]) -> str:
    """What a key looks like when it is right."""
    keys = [key for key in loc if isinstance(key, str)]
    if not keys:
        return ""
    examples = EXAMPLES_OF_RENEWALS if "renewals" in keys[:-1] else EXAMPLES
    return f"{keys[-1]} = {examples[keys[-1]]}" if keys[-1] in examples else ""


def _place(loc: Sequence[int | str], declared: Mapping[str, Any]) -> str:
    """Where in the file: couplings and depths by their names, everything else by its keys."""
    parts: list[str] = []
    here: Any = declared
    for key in loc:
        try:
            here = here[key]
        except (KeyError, IndexError, TypeError):
            here = None
        if isinstance(key, int):
            called = here.get("name") if isinstance(here, dict) else None
            parts[-1] += f" '{called}'" if called else f" no. {key + 1}"
        elif key != NAME_OF_KEY:
            parts.append(key)
    return ".".join(parts)


def _keys(loc: Sequence[int | str]) -> list[str]:
    """The keys that stand at a place of a model file."""
    keys = [str(key) for key in loc if not isinstance(key, int)]
    kinds: dict[str, type[BaseModel]] = {
        "objective": Objective,
        "couplings": Coupling,
        "depths": Depth,
        "renewals": Renewals,
    }
    last = keys[-1] if keys else ""
    kind = kinds.get(last, Area if keys[:1] == ["areas"] else Model)
    return list(kind.model_fields)
