"""Model files: found by name or path, read from TOML, refused with every problem at once."""

from __future__ import annotations

import difflib
import re
import tomllib
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from allocator.characters import visible
from allocator.errors import ModelError, Problem
from allocator.model import Model
from allocator.reading.model_problems import model_problems
from allocator.reading.toml_lines import Lines

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
    return model_of(text, Path(where).name)


def model_of(text: str, file: str) -> Model:
    """The model that a file of this text and name has. Raises `ModelError` with every problem found."""
    try:
        declared = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(file, error) from error
    except (ValueError, RecursionError) as error:
        # Numbers of thousands of digits and brackets thousands deep: Python itself gives up.
        line = max(text.splitlines(), key=len)
        message = f"this is not TOML that can be read ('{line[:30]}…')"
        remedy = "Write a number or a list of the length that is meant"
        raise _refused(file, message, remedy) from error
    try:
        return Model.model_validate({"name": visible(Path(file).stem), **declared})
    except ValidationError as error:
        raise ModelError(model_problems(file, error, declared, Lines(text))) from error


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


def _not_toml(file: str, error: tomllib.TOMLDecodeError) -> ModelError:
    """What the parser says, with its line where ours stand."""
    said = str(error)
    found = re.search(r" \(at line (\d+), column \d+\)", said)
    remedy = "Write key = value, texts in quotation marks, each key once"
    message = f"this is not TOML: {said.replace(found[0], '') if found else said}"
    line = int(found[1]) if found else None
    return ModelError([Problem(message, remedy, file=file, line=line)])
