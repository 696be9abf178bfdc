"""A model as the file that it could have been read from: TOML with every digit, without comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from allocator.model import Model

BARE = re.compile(r"[A-Za-z0-9_-]+")


def model_toml(model: Model) -> str:
    """The text of a file that reads back as an equal model; what nothing was said about stays unsaid."""
    said = model.model_dump(exclude_unset=True, exclude_none=True)
    couplings = said.pop("couplings", ())
    tables = {f"areas.{_key(name)}": area for name, area in said.pop("areas").items()}
    if "objective" in said:
        tables["objective"] = said.pop("objective")
    lines = [*_pairs(said)]
    for name, table in tables.items():
        lines += ["", f"[{name}]", *_pairs(table)]
    for coupling in couplings:
        lines += ["", "[[couplings]]", *_pairs(coupling)]
    return "\n".join(lines) + "\n"


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    return (f"{_key(key)} = {toml_value(value)}" for key, value in table.items())


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else _text(name)


def toml_value(value: object) -> str:
    """A value as TOML writes it; a number is written with every digit."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return f"{{ {', '.join(_pairs(value))} }}"
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(toml_value, value))}]"
    return repr(value)


def _text(text: str) -> str:
    """A text in quotation marks: as JSON has it, and the one control that only JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
