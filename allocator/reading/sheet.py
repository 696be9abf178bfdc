"""A file as lines of cells: decoded, split, and numbered as a spreadsheet numbers them."""

from __future__ import annotations

import codecs
import csv
import io
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from allocator.errors import PlanError, Problem

MOST_BYTES = 50_000_000
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}


@dataclass(frozen=True)
class Line:
    """One line of a sheet: its row number as a spreadsheet counts, and its cells, stripped."""

    number: int
    cells: tuple[str, ...]

    @property
    def blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.cells)


@dataclass(frozen=True)
class Sheet:
    """The lines of a file, and what was noted while it was read."""

    name: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()


def read_sheet(path: Path) -> Sheet:
    """The lines of a CSV file, whatever its encoding, delimiter and line ends.

    Raises `PlanError` for what is not a readable text file with rows.
    """
    content, notes = _decoded(path)
    lines = content.splitlines()
    skipped = 0
    declared = lines[0].strip().strip('"').lower() if lines else ""
    if declared.startswith("sep=") and len(declared) == len("sep=") + 1:
        delimiter, skipped = declared[-1], 1
        content = content.split("\n", 1)[1] if "\n" in content else ""
        notes.append("The first line ('sep=…') says what separates the cells, and is left out")
    else:
        delimiter = _delimiter(lines)
    if delimiter != ",":
        notes.append(f"Cells are separated by {DELIMITERS.get(delimiter, repr(delimiter))}")
    found: list[Line] = []
    reader = csv.reader(io.StringIO(content), delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            raise _refused(path, *_explained(error), row=skipped + len(found) + 1) from error
        found.append(Line(skipped + len(found) + 1, tuple(cell.strip() for cell in cells)))
    return Sheet(path.name, tuple(found), tuple(notes))


def _decoded(path: Path) -> tuple[str, list[str]]:
    """The file's text with plain line ends, and notes on how it was decoded."""
    content = _bytes(path)
    notes = []
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
        notes.append("Read as UTF-16, as 'Unicode text' is saved")
    elif content.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    else:
        encoding = "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise _refused(path, "the file can't be decoded", "Save it as CSV UTF-8") from error
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError:
            raise _refused(path, "the file can't be decoded", "Save it as CSV UTF-8") from error
        notes.append("Not UTF-8: read as Windows-1252; save as CSV UTF-8 to be sure of accents")
    if "\0" in text:
        at = text[: text.index("\0")].count("\n") + 1
        raise _refused(path, "a NUL byte stands in the file", "Save it as CSV UTF-8", row=at)
    if not text.strip():
        raise _refused(path, "the file is empty", "Start from a template: allocate new my-plan.csv")
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes


def _bytes(path: Path) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise _refused(path, "this is a folder", "Name the plan's file in it")
        if not stat.S_ISREG(status.st_mode):
            raise _refused(path, "this is not a regular file", "Save the plan to a file first")
        if status.st_size > MOST_BYTES:
            size = f"the file has {status.st_size / 1e6:,.0f} MB, more than {MOST_BYTES / 1e6:,.0f} MB"
            raise _refused(path, size, "Leave out what is not the plan's rows")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise _refused(path, "there is no such file", "Check the name and the folder") from error
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        remedy = "Check the file's permissions"
        raise _refused(path, f"the file can't be read ({reason})", remedy) from error


def _delimiter(lines: Sequence[str]) -> str:
    """The delimiter that splits the first lines with anything in them into the most cells."""
    top = [line for line in lines if line.strip()][:20]
    return max(DELIMITERS, key=lambda mark: max((line.count(mark) for line in top), default=0))


def _explained(error: csv.Error) -> tuple[str, str]:
    if "field larger" in str(error):
        return "a cell has more than 131,072 characters", "Shorten it"
    if "unexpected end" in str(error):
        return "a quotation mark that opens a cell is never closed", "Close it, or double it"
    return f"the row can't be read ({error})", 'Double the quotation marks inside a cell ("")'


def _refused(path: Path, message: str, remedy: str, row: int | None = None) -> PlanError:
    return PlanError([Problem(message, remedy, file=path.name, row=row)])
