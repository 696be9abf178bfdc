"""What ops teams hand over, 1 to 28: the file itself. The number of the case is in each test's id.

A: accepted in silence. N: accepted, with a note. R: refused, with the message.
"""

from __future__ import annotations

import codecs
import io
import os
import stat
import zipfile
from pathlib import Path

import pytest
from running import run
from small_plan import HEADER, plan_text
from understanding import MODEL, understood
from workbooks import SHEET, cell_xml, repacked, small_rows, workbook

from allocator import read_plan
from allocator.errors import PlanError

TEXT = plan_text()
BOOK = workbook()
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
NEW = "Start from a template: allocate new my-plan.csv."
AGAIN = "Open it in a spreadsheet and save it again, or save it as CSV UTF-8."
COPY = "Copy the plan's cells to a new sheet and save that."
LIES = "the sheet is not of the size it says: it has"


def foreign() -> bytes:
    """A zip file that is no workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("letter.txt", "Dear all")
    return out.getvalue()


def bomb() -> bytes:
    """A workbook of a megabyte whose sheet unpacks to 300."""
    return repacked(BOOK, {SHEET: lambda part: part + b" " * 300_000_000})


def lying(declared: bytes) -> bytes:
    """A workbook whose sheet declares other dimensions than it has."""
    return cell_xml(BOOK, b'ref="A1:K5"', b'ref="' + declared + b'"')


def shrunk() -> bytes:
    """A workbook whose zip says that the sheet is smaller than it is."""
    content = BOOK
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        size = packed.getinfo(SHEET).file_size
    return content.replace(size.to_bytes(4, "little"), (size // 2).to_bytes(4, "little"))


SEP = "The first line ('sep=…') says what separates the cells, and is left out"
TEXTS = [
    ("1 UTF-8 BOM", codecs.BOM_UTF8 + TEXT.encode(), ["A"]),
    ("2 UTF-16", TEXT.encode("utf-16"), ["N", "Read as UTF-16, as 'Unicode text' is saved"]),
    (
        "3 cp1252",
        plan_text([(0, "rep", "Zoë")]).encode("cp1252"),
        ["N", "Not UTF-8: read as Windows-1252; save as CSV UTF-8 to be sure of accents"],
    ),
    (
        "4 undecodable",
        b"territory,area\x81\n",
        ["R", "plan.csv: the file can't be decoded. Save it as CSV UTF-8."],
    ),
    ("5 semicolons", plan_text(delimiter=";"), ["N", "Cells are separated by semicolons"]),
    ("6 tabs", plan_text(delimiter="\t"), ["N", "Cells are separated by tabs"]),
    (
        "7 sep=",
        "sep=;\n" + plan_text(delimiter=";"),
        ["N", SEP, "Cells are separated by semicolons"],
    ),
    ("8 CR line ends", TEXT.replace("\n", "\r"), ["A"]),
    ("9 mixed line ends", TEXT.replace("\n", "\r\n", 2), ["A"]),
    (
        "10 NUL",
        TEXT.replace("North", "Nor\0th", 1),
        ["R", "plan.csv, row 2: a NUL byte stands in the file. Save it as CSV UTF-8."],
    ),
    (
        "11 unclosed quote",
        TEXT.replace("Ada", '"Ada', 1),
        [
            "R",
            "plan.csv, row 2: a quotation mark that opens a cell is never closed. "
            "Close it, or double it.",
        ],
    ),
    ("12 zero bytes", b"", ["R", f"plan.csv: the file is empty. {NEW}"]),
    (
        "13 header only",
        ",".join(HEADER),
        ["R", "plan.csv: the file has a header and no rows. Add a row for each territory and area."],
    ),
    ("14 blank lines only", "\n\r\n \n", ["R", f"plan.csv: the file is empty. {NEW}"]),
    ("15 xlsx named .csv", BOOK, ["N", "An Excel workbook, though its name ends in '.csv'"]),
    (
        "17 web page named .csv",
        "<html><table></table></html>",
        ["R", "plan.csv: this is a web page, not a table. Save the plan as .xlsx or CSV UTF-8."],
    ),
]

BOOKS = [
    ("a workbook", BOOK, ["A"]),
    ("16 csv named .xlsx", TEXT.encode(), ["N", "Text, though its name ends in '.xlsx'"]),
    ("17 old .xls", OLE, ["R", "this is an old Excel workbook (.xls). Save it as .xlsx or CSV UTF-8."]),
    ("18 truncated", BOOK[:900], ["R", f"the workbook is damaged or cut short. {AGAIN}"]),
    (
        "18 foreign zip",
        foreign(),
        ["R", "this is a zip file, not a workbook. Save the plan as .xlsx or CSV UTF-8."],
    ),
    (
        "19 password",
        OLE + "EncryptedPackage".encode("utf-16-le"),
        ["R", "the workbook is protected by a password. Save it without one."],
    ),
    (
        "20 bomb",
        bomb(),
        [
            "R",
            "the workbook unpacks to 300 MB, far more than a plan has. "
            "Save only the plan's sheet, or raise --max-mb.",
        ],
    ),
    ("20 zip lies", shrunk(), ["R", f"the workbook is damaged or cut short. {AGAIN}"]),
    (
        "20 sheet declares too much",
        lying(b"A1:XFD1048576"),
        ["R", f"{LIES} 5 rows where it declares A1:XFD1048576. {COPY}"],
    ),
    (
        "20 sheet declares too little",
        lying(b"A1:K3"),
        ["R", f"{LIES} 5 rows and 11 columns where it declares A1:K3. {COPY}"],
    ),
    (
        "20 cell beyond any sheet",
        cell_xml(BOOK, b"</row></sheetData>", b'<c r="ZZZ5"><v>1</v></c></row></sheetData>'),
        ["R", f"{LIES} a cell in column 18,278. {COPY}"],
    ),
    ("20 no size declared", lying(b"A1"), ["A"]),
    (
        "20 entities",
        cell_xml(BOOK, b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'),
        ["R", f"the workbook declares entities, as no spreadsheet does. {AGAIN}"],
    ),
    (
        "28 several sheets",
        workbook(small_rows(), small_rows(), names=["Plan 26", "Old"]),
        [
            "R",
            "the workbook has 2 sheets with rows: 'Plan 26', 'Old'. "
            'Say which has the plan: --sheet "Plan 26".',
        ],
    ),
    (
        "28 one sheet with rows",
        workbook([], small_rows(), names=["Read me", "Plan"]),
        ["N", "Read from the sheet 'Plan', the only one with rows that is not hidden"],
    ),
]


@pytest.mark.parametrize(("content", "expected"), [c[1:] for c in TEXTS], ids=[c[0] for c in TEXTS])
def test_text_files(plan_file, content, expected):
    """A text file, however it was saved, is understood or refused as the list says."""
    assert understood(plan_file(content)) == expected


@pytest.mark.parametrize(("content", "expected"), [c[1:] for c in BOOKS], ids=[c[0] for c in BOOKS])
def test_workbooks(plan_file, content, expected):
    """A workbook, or what is called one, is read or refused by what it holds."""
    kind, *said = understood(plan_file(content, "plan.xlsx"))
    assert [kind, *(line.removeprefix("plan.xlsx: ") for line in said)] == expected


@pytest.mark.parametrize("sheet", ["Old", "old", " OLD "])
def test_28_a_sheet_that_is_named(plan_file, sheet):
    """--sheet takes a sheet by its name, whatever its case and spacing, and then there is no doubt."""
    rows = small_rows([(0, "hours", 77)])
    path = plan_file(workbook(small_rows(), rows, names=["Plan", "Old"]), "plan.xlsx")
    assert read_plan(path, MODEL, sheet).rows[0].hours == 77


def test_28_a_sheet_that_is_not_there(plan_file):
    """A sheet that is not there is refused with the nearest; a CSV file has none."""
    path = plan_file(workbook(small_rows(), names=["Plan 26"]), "plan.xlsx")
    assert understood(path, "Plan26") == [
        "R",
        "plan.xlsx: there is no sheet 'Plan26'. Did you mean 'Plan 26'? The sheets are 'Plan 26'.",
    ]
    assert understood(plan_file(TEXT), "x") == [
        "R",
        "plan.csv: a CSV file has no sheets. Leave --sheet out.",
    ]


def test_21_too_large(plan_file, tmp_path):
    """A file above the limit is refused before it is read, and --max-mb raises the limit."""
    path = plan_file(TEXT)
    os.truncate(path, 60_000_000)
    message = "plan.csv: the file has 60.0 MB, more than 50 MB. "
    remedy = "Leave out what is not the plan's rows, or raise --max-mb."
    assert understood(path) == ["R", message + remedy]
    path.write_text(TEXT)
    with pytest.raises(PlanError, match=r"more than 0\.0001 MB"):
        read_plan(path, MODEL, max_mb=0.0001)
    assert run("check", "plan.csv", "--max-mb", "0.0001", folder=tmp_path).code == 2
    assert run("check", "plan.csv", "--max-mb", "1", folder=tmp_path).code == 0


def test_22_to_25_no_files(tmp_path, plan_file):
    """A folder, a missing file, a FIFO and a device are refused at once, with what they are."""
    os.mkfifo(tmp_path / "fifo.csv")
    folder = "this is a folder. Name the plan's file in it."
    special = "this is not a regular file. Save the plan to a file first."
    assert understood(tmp_path) == ["R", f"{tmp_path.name}: {folder}"]
    assert understood(tmp_path / "no.csv") == [
        "R",
        "no.csv: there is no such file. Check the name and the folder.",
    ]
    assert understood(tmp_path / "fifo.csv") == ["R", f"fifo.csv: {special}"]
    assert understood(Path(os.devnull)) == ["R", f"null: {special}"]


def test_24_unreadable(plan_file, monkeypatch):
    """A file that may not be read is refused with the reason."""
    path = plan_file(TEXT)
    path.chmod(stat.S_IWUSR)

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    message = "plan.csv: the file can't be read (Permission denied). Check the file's permissions."
    assert understood(path) == ["R", message]


def test_26_and_27_links_and_the_plan_itself(plan_file, tmp_path):
    """A link is read as the file it leads to; it is no output, and neither is the plan itself."""
    path = plan_file(TEXT)
    (tmp_path / "link.csv").symlink_to(path)
    assert understood(tmp_path / "link.csv") == ["A"]
    for output in ("link.csv", "plan.csv"):
        done = run("plan.csv", "-o", output, "--force", folder=tmp_path)
        assert (done.code, done.out) == (2, "")
        assert path.read_text() == TEXT
