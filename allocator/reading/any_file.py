"""Any file to a sheet: what it is decides how it is read, not what it is called."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

from allocator.errors import PlanError
from allocator.reading.sheet import Sheet, refused, shown
from allocator.reading.text_file import read_text

MOST_MB = 50
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIPPED = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
WORKBOOKS = {".xlsx", ".xlsm"}
NOT_PLANS = {
    b"%PDF": "a PDF document",
    b"{\\rtf": "a text document (RTF)",
    b"\x1f\x8b": "compressed (gzip)",
    b"<!doctype html": "a web page",
    b"<html": "a web page",
    b"<table": "a web page",
}


def read_sheet(path: Path, sheet: str | None = None, max_mb: float = MOST_MB) -> Sheet:
    """The lines of a CSV file, or of the sheet of that name in a workbook.

    Raises `PlanError` for what is neither, or larger than `max_mb` megabytes.
    """
    return sheet_of(path, _content(path, max_mb), sheet, max_mb)


def sheet_of(path: Path, content: bytes, sheet: str | None, max_mb: float) -> Sheet:
    """The same for a file that is read already; of its path, only the name matters."""
    if len(content) > max_mb * 1e6:
        raise _too_large(path.name, len(content), max_mb)
    suffix = path.suffix.lower()
    if content.startswith(ZIPPED):
        from allocator.reading.workbook import read_workbook

        found = read_workbook(path.name, content, sheet, max_mb)
        other = f"An Excel workbook, though its name ends in {shown(suffix)}"
        note = "" if suffix in WORKBOOKS else other
    else:
        _refuse_others(path.name, content)
        if sheet is not None:
            raise refused(path.name, "a CSV file has no sheets", "Leave --sheet out")
        found = read_text(path.name, content)
        note = f"Text, though its name ends in '{suffix}'" if suffix in {*WORKBOOKS, ".xls"} else ""
    return replace(found, notes=(note, *found.notes)) if note else found


def _refuse_others(name: str, content: bytes) -> None:
    if content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise refused(name, "the workbook is protected by a password", "Save it without one")
        raise refused(name, "this is an old Excel workbook (.xls)", "Save it as .xlsx or CSV UTF-8")
    start = content[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for magic, what in NOT_PLANS.items():
        if start.startswith(magic.lower()):
            raise refused(name, f"this is {what}, not a table", "Save the plan as .xlsx or CSV UTF-8")


def _content(path: Path, max_mb: float) -> bytes:
    """The file's bytes, once it is known to be a file of acceptable size."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise refused(path.name or str(path), "this is a folder", "Name the plan's file in it")
        if not stat.S_ISREG(status.st_mode):
            raise refused(path.name, "this is not a regular file", "Save the plan to a file first")
        if status.st_size > max_mb * 1e6:
            raise _too_large(path.name, status.st_size, max_mb)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise refused(path.name, "there is no such file", "Check the name and the folder") from error
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        remedy = "Check the file's permissions"
        raise refused(path.name, f"the file can't be read ({reason})", remedy) from error
    except ValueError as error:
        raise refused("", "a file's name can't hold a NUL", "Check the name") from error


def _too_large(name: str, size: int, max_mb: float) -> PlanError:
    message = f"the file has {size / 1e6:,.1f} MB, more than {max_mb:,g} MB"
    return refused(name, message, "Leave out what is not the plan's rows, or raise --max-mb")
