"""Cells that are refused or read with a note: the items of the list of what people hand over."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from understanding import understood
from workbooks import cell_xml, small_rows, workbook

HOURS = "plan.csv, row 2, column hours:"
THOUSANDS = "',' was read as a thousands separator (1 cell)"


def no(what: str) -> list[str]:
    """Refused for the hours of the first row."""
    return ["R", f"{HOURS} {what}"]


def formatted(value: object, code: str) -> Callable[..., None]:
    """Put a value in a format into the hours of the first row."""
    return lambda book, sheet: sheet.write("D2", value, book.add_format({"num_format": code}))


def without_value() -> bytes:
    """A workbook whose first hours are a formula that no spreadsheet has worked out."""
    book = workbook(edit=lambda _, sheet: sheet.write_formula("D2", "=2*200", None, 400))
    return cell_xml(book, b"</f><v>400</v>", b"</f>")


DATE = "is a date. Format the cell as a number, or a name as text, and type it anew."
TIME = "is a time of day. Format the cell as a number and write hours as a decimal, such as 8.5."
IN_BOOKS = [
    ("39 formatted", workbook(edit=formatted(1234.5, "#,##0.00 €")), ["A"]),
    ("39 text", workbook(small_rows([(0, "hours", "1,234")])), ["N", f"hours: {THOUSANDS}"]),
    ("43 formatted", workbook(edit=formatted(400, "0%")), ["A"]),
    (
        "47 #REF!",
        cell_xml(workbook(), b'"D2"><v>400</v>', b'"D2" t="e"><v>#REF!</v>'),
        no("'#REF!' is a spreadsheet's error value. Mend the formula behind it."),
    ),
    (
        "51 date",
        workbook(edit=formatted(datetime.date(2026, 3, 5), "mmm-yy")),
        no(f"'2026-03-05' {DATE}"),
    ),
    ("53 time", workbook(edit=formatted(8.5 / 24, "h:mm")), no(f"'8:30' {TIME}")),
    ("53 hours", workbook(edit=formatted(30.25 / 24, "[h]:mm")), no(f"'30:15' {TIME}")),
    (
        "54 no value",
        without_value(),
        no("the cell holds a formula without its value. Open and save the file in a spreadsheet."),
    ),
    ("54 value", workbook(edit=lambda _, sheet: sheet.write_formula("D2", "=8*50", None, 400)), ["A"]),
    (
        "logical",
        workbook(small_rows([(0, "hours", True)])),
        no("'TRUE' is a logical value. Type a number or a text in its place."),
    ),
]


@pytest.mark.parametrize(
    ("content", "expected"), [c[1:] for c in IN_BOOKS], ids=[c[0] for c in IN_BOOKS]
)
def test_cells_of_workbooks(plan_file, content, expected):
    """A workbook's cell is read by what it holds, not by how it looks, unless it looks like a date."""
    kind, *said = understood(plan_file(content, "plan.xlsx"))
    assert [kind, *(line.replace("plan.xlsx", "plan.csv") for line in said)] == expected
