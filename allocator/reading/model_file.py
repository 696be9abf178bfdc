"""Model files: found by name or path, read from TOML, refused with every problem at once."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from allocator.errors import ModelError, Problem
from allocator.model import Area, Coupling, Depth, Model, Objective, Renewals

MOST_BYTES = 1_000_000


def models() -> dict[str, str]:
    """The models that come with the tool: name → one line about it, in alphabetical order."""
    return {
        name: _first_line(model_text(name))
        for name in sorted(path.stem for path in _folder().iterdir() if path.suffix == ".toml")
    }


def read_model(name: str | Path) -> Model:
    """The model of that name, or in that TOML file.

    A name is one of `models()`; anything that ends in .toml or contains a separator is a path.
    Raises `ModelError` with every problem found.
    """
    where = str(name)
    text = _file(Path(where)) if _is_path(where) else model_text(where)
    file = Path(where).name
    try:
        declared = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refused(file, f"this is not TOML: {error}", "Mend that line") from error
    except (ValueError, RecursionError) as error:
        # Numbers of thousands of digits and brackets thousands deep: Python itself gives up.
        line = max(text.splitlines(), key=len)
        message = f"this is not TOML that can be read ('{line[:30]}…')"
        raise _refused(file, message, "Mend that line") from error
    try:
        return Model.model_validate({"name": Path(where).stem, **declared})
    except ValidationError as error:
        raise ModelError(_problems(file, error, declared)) from error


def model_text(name: str) -> str:
    """The text of one of the models that come with the tool. Raises `ModelError` for another name."""
    known = sorted(path.stem for path in _folder().iterdir() if path.suffix == ".toml")
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        guess = f"did you mean {near[0]}? " if near else ""
        remedy = f"{guess}The models are {', '.join(known)}; a file of your own ends in .toml"
        raise _refused("", f"there is no model '{name}'", remedy[0].upper() + remedy[1:])
    return (_folder() / f"{name}.toml").read_text(encoding="utf-8")


def _folder() -> Path:
    """Where the models are: in the installed package, or beside it in a checkout."""
    package = Path(str(resources.files("allocator")))
    inside = package / "models"
    return inside if inside.is_dir() else package.parent / "models"


def _is_path(where: str) -> bool:
    return where.endswith(".toml") or "/" in where or "\\" in where


def _first_line(text: str) -> str:
    first = text.split("\n", 1)[0]
    return first.lstrip("# ").strip() if first.startswith("#") else ""


def _file(path: Path) -> str:
    try:
        if not path.is_file():
            missing = "this is not a regular file" if path.exists() else "there is no such file"
            raise _refused(path.name, missing, "Check the name and the folder")
        if path.stat().st_size > MOST_BYTES:
            raise _refused(path.name, "a model file of more than 1 MB", "Check that it is the model")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(path.name, "the file is not UTF-8", "Save it as UTF-8") from error
    except OSError as error:
        message = f"the file can't be read ({error.strerror})"
        raise _refused(path.name, message, "Check the file's permissions") from error


def _refused(file: str, message: str, remedy: str) -> ModelError:
    return ModelError([Problem(message, remedy, file=file)])


def _problems(file: str, error: ValidationError, declared: Mapping[str, Any]) -> Iterator[Problem]:
    for detail in error.errors(include_url=False):
        place = _place(detail["loc"], declared)
        if detail["type"] == "extra_forbidden":
            key = str(detail["loc"][-1])
            known = _keys(detail["loc"][:-1])
            near = difflib.get_close_matches(key, known, n=1)
            remedy = f"Did you mean {near[0]}?" if near else f"The keys here are {', '.join(known)}"
            yield Problem(f"{place} is not a key of the model", remedy.rstrip("."), file=file)
        elif detail["type"] == "value_error":
            message = str(detail["ctx"]["error"])
            yield Problem(f"{place}: {message}" if place else message, "Mend it there", file=file)
        elif detail["type"] == "missing":
            yield Problem(f"{place} is missing", "Add it", file=file)
        else:
            given = (
                f", and is {detail['input']!r}" if not isinstance(detail["input"], dict | list) else ""
            )
            message = f"{place}: {detail['msg'][0].lower()}{detail['msg'][1:]}{given}"
            yield Problem(message, "Mend it there", file=file)


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
        else:
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
