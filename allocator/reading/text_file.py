"""CSV, or text of that kind, as a sheet: decoded, and split where its own delimiter is."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence

from allocator.reading.sheet import BLANKS, Line, Sheet, refused

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
LINES_LOOKED_AT = 20


def read_text(name: str, content: bytes) -> Sheet:
    """The lines of a CSV file, whatever its encoding, delimiter and line ends.

    Raises `PlanError` for what is not text with rows.
    """
    text, encoding, notes = _decoded(name, content)
    declared = text[:20].partition("\n")[0].strip().strip('"').lower()
    skipped = 0
    if declared.startswith("sep=") and len(declared) == len("sep=") + 1 and declared[-1] not in '"\n':
        delimiter, skipped = declared[-1], 1
        text = text.partition("\n")[2]
        notes.append("The first line ('sep=…') says what separates the cells, and is left out")
    else:
        delimiter = _delimiter(text[:100_000].split("\n"))
    separated = DELIMITERS.get(delimiter, ascii(delimiter))
    if delimiter != ",":
        notes.append(f"Cells are separated by {separated}")
    lines = tuple(_lines(name, text, delimiter, skipped))
    source = f"{encoding} text, cells separated by {separated}"
    return Sheet(name, lines, tuple(notes), source, semicolons=delimiter == ";")


def _lines(name: str, text: str, delimiter: str, skipped: int) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    stripped, number = _Stripped(), skipped
    while True:
        number, begun = number + 1, reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            left = text.split("\n", begun)[-1]
            raise refused(name, *_explained(error, left), row=number) from error
        yield Line(number, tuple(map(stripped.__getitem__, cells)))


class _Stripped(dict[str, str]):
    """Cells without white space at their ends, by what was there: each distinct one is kept once."""

    def __missing__(self, cell: str) -> str:
        self[cell] = cell.strip(BLANKS)
        return self[cell]


def _decoded(name: str, content: bytes) -> tuple[str, str, list[str]]:
    """The text with plain line ends, its encoding, and notes on how it was decoded."""
    notes = []
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding, shown = "utf-16", "UTF-16"
        notes.append("Read as UTF-16, as 'Unicode text' is saved")
    elif content.startswith(codecs.BOM_UTF8):
        encoding, shown = "utf-8-sig", "UTF-8"
    else:
        encoding, shown = "utf-8", "UTF-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise refused(name, "the file can't be decoded", "Save it as CSV UTF-8") from error
        text, shown = _as_windows_1252(name, content), "Windows-1252"
        notes.append("Not UTF-8: read as Windows-1252; save as CSV UTF-8 to be sure of accents")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        at = text[: text.index("\0")].count("\n") + 1
        raise refused(name, "a NUL byte stands in the file", "Save it as CSV UTF-8", row=at)
    if not text.strip(BLANKS):
        raise refused(name, "the file is empty", "Start from a template: allocate new my-plan.csv")
    return text, shown, notes


def _as_windows_1252(name: str, content: bytes) -> str:
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise refused(name, "the file can't be decoded", "Save it as CSV UTF-8") from error


def _delimiter(lines: Sequence[str]) -> str:
    """The delimiter that splits one of the first lines with anything in them into the most cells."""
    top = [line for line in lines if line.strip()][:LINES_LOOKED_AT]
    return max(DELIMITERS, key=lambda mark: max((line.count(mark) for line in top), default=0))


def _explained(error: csv.Error, left: str) -> tuple[str, str]:
    """What is wrong, and the remedy; `left`: the text from the row on."""
    too_long, never_closed = "field larger" in str(error), left.count('"') % 2
    if too_long and not never_closed:
        return "a cell has more than 131,072 characters", "Shorten it"
    if too_long or "unexpected end" in str(error):
        return "a quotation mark that opens a cell is never closed", "Close it, or double it"
    return f"the row can't be read ({error})", 'Double the quotation marks inside a cell ("")'
