"""What ops teams hand over, 39 to 54: how numbers are written. Numbers as in the tests' ids."""

from __future__ import annotations

import pytest
from small_plan import plan_text
from understanding import MODEL, understood

from allocator import read_plan

HOURS = "plan.csv, row 2, column hours:"
WRITE = "Write a plain number of hours, such as 1234.5"
PLAIN = "Write it without a thousands separator, and with a decimal point if it needs one."
POINTS = "Write all of them with a decimal point."
SEMI = "Cells are separated by semicolons"
THOUSANDS = "',' was read as a thousands separator (1 cell)"
BOTH = "'.' was read as a thousands separator and ',' as a decimal comma (1 cell)"
MINUS = "a Unicode minus or a no-break space was read as plain (1 cell)"
MISSING = (
    "hours is missing. Write the hours planned today for the whole period; "
    "a rep's rows add up to the rep's capacity (hours); 0 if there are none."
)
RATE_MISSING = (
    "plan.csv, row 2, column win_rate: win_rate of prospecting in North is missing. "
    "Give it on one row of it: wins per opportunity worked at standard depth (0–1, or 25%)."
)


def no(what: str) -> list[str]:
    """Refused for the hours of the first row."""
    return ["R", f"{HOURS} {what}"]


CASES = [
    ("39 1,234", "hours", "1,234", ",", ["N", f"hours: {THOUSANDS}"]),
    ("39 1,234,567.5", "deal_size", "1,234,567.5", ",", ["N", f"deal_size: {THOUSANDS}"]),
    (
        "39 1'234",
        "hours",
        "1'234",
        ",",
        ["N", "hours: an apostrophe was read as a thousands separator (1 cell)"],
    ),
    ("39 12,34", "hours", "12,34,567", ",", no(f"'12,34,567' is not a number. {WRITE}.")),
    ("40 1.234,50", "hours", "1.234,50", ",", ["N", f"hours: {BOTH}"]),
    ("40 in semicolons", "hours", "1.234,50", ";", ["N", SEMI, f"hours: {BOTH}"]),
    ("40 12,5", "hours", "12,5", ";", ["N", SEMI, "hours: ',' was read as a decimal comma (1 cell)"]),
    ("41 1,234", "hours", "1,234", ";", no(f"'1,234' may be 1234 or 1.234. {PLAIN}")),
    (
        "42 $",
        "deal_size",
        "$125000",
        ",",
        ["N", "deal_size: '$' is the plan's currency (1 cell)"],
    ),
    (
        "42 €",
        "deal_size",
        "12.000,00 €",
        ",",
        ["N", "deal_size: '€' is the plan's currency (1 cell)", f"deal_size: {BOTH}"],
    ),
    (
        "42 code",
        "deal_size",
        "USD 12,000",
        ",",
        ["N", "deal_size: '$' is the plan's currency (1 cell)", f"deal_size: {THOUSANDS}"],
    ),
    ("42 hours", "hours", "$5", ",", no(f"'$5' is not a number. {WRITE}.")),
    ("43 45%", "win_rate", "45%", ",", ["N", "win_rate: per cent were read as shares (1 cell)"]),
    ("43 minutes", "hours", "45 min", ",", no(f"'45 min' is a number with letters. {WRITE}.")),
    ("43 hours", "hours", "45%", ",", no(f"'45%' is a percentage. {WRITE}.")),
    ("44 (1,200)", "hours", "(1,200)", ",", no(f"'(1,200)' is negative, in brackets. {WRITE}.")),
    ("45 minus", "hours", "\u22125", ",", no(f"'\u22125' is too small. {WRITE}, 0 or more.")),
    ("45 minus 0", "hours", "\u22120", ",", ["N", f"hours: {MINUS}"]),
    ("45 no-break space", "hours", "1\u00a0234", ",", ["N", f"hours: {MINUS}"]),
    ("45 no-break groups", "hours", "4\u00a000", ",", no(f"'4�00' is not a number. {WRITE}.")),
    ("46 N/A", "potential", "N/A", ",", ["A"]),
    ("46 -", "open", "-", ",", ["A"]),
    ("46 required", "hours", "N/A", ",", no(MISSING)),
    ("46 blank", "hours", "", ",", no(MISSING)),
    ("46 required fact", "win_rate", "-", ",", ["R", RATE_MISSING]),
    (
        "47 #REF!",
        "hours",
        "#REF!",
        ",",
        no("'#REF!' is a spreadsheet's error value. Mend the formula behind it."),
    ),
    ("48 inf", "hours", "inf", ",", no(f"'inf' is not a number. {WRITE}.")),
    ("48 NaN", "hours", "NaN", ",", no(f"'NaN' is not a number. {WRITE}.")),
    ("49 1e308", "hours", "1e308", ",", no(f"'1e308' is too large. {WRITE}, 1,000,000,000 at most.")),
    ("49 1e400", "hours", "1e400", ",", no(f"'1e400' is too large. {WRITE}, 1,000,000,000 at most.")),
    ("50 1_000", "hours", "1_000", ",", no(f"'1_000' is not a number. {WRITE}.")),
    ("50 digits", "hours", "١٢", ",", no(f"'١٢' is not a number. {WRITE}.")),
    (
        "51 Mar-26",
        "hours",
        "Mar-26",
        ",",
        no(f"'Mar-26' is a date. Format the cell as a number. {WRITE}."),
    ),
    (
        "51 ISO",
        "hours",
        "2026-03-05",
        ",",
        no(f"'2026-03-05' is a date. Format the cell as a number. {WRITE}."),
    ),
    ("52 -5", "hours", "-5", ",", no(f"'-5' is too small. {WRITE}, 0 or more.")),
    (
        "53 8:30",
        "hours",
        "8:30",
        ",",
        no("'8:30' is a time of day. Write hours as a decimal number, such as 8.5."),
    ),
    ("53 8h", "hours", "8h", ",", no(f"'8h' is a number with letters. {WRITE}.")),
    (
        "54 =A1*2",
        "hours",
        "=A1*2",
        ",",
        no("'=A1*2' is a formula without its value. Save the values, not the formulas."),
    ),
]


@pytest.mark.parametrize(
    ("column", "cell", "delimiter", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_numbers(plan_file, column, cell, delimiter, expected):
    """A number in one cell, however it is written, is read or refused as the list says."""
    path = plan_file(plan_text([(0, column, cell)], delimiter=delimiter))
    assert understood(path) == expected


def test_40_a_column_that_is_not_consistent(plan_file):
    """A decimal comma in a column that has decimal points as well is refused."""
    path = plan_file(plan_text([(0, "hours", "1.234,50"), (1, "hours", "300.5")]))
    what = "'1.234,50' has a decimal comma, and other cells of the column a decimal point."
    assert understood(path) == no(f"{what} {POINTS}")


def test_40_what_a_column_shows_holds_for_all_of_it(plan_file):
    """In a column of decimal commas 12.000 is twelve thousand, and so it is all over such a file."""
    cells = [(0, "win_rate", "0,25"), (2, "win_rate", "0,305"), (3, "win_rate", "0,3")]
    path = plan_file(plan_text([*cells, (0, "deal_size", "12.000")], delimiter=";"))
    plan = read_plan(path, MODEL)
    assert plan.facts["North", "prospecting"].deal_size == 12000
    assert plan.facts["North", "account_development"].win_rate == 0.305
    assert understood(path)[2:] == [
        "win_rate: ',' was read as a decimal comma (3 cells)",
        "deal_size: '.' was read as a thousands separator (1 cell)",
    ]


@pytest.mark.parametrize(("other", "noted"), [("9000", True), ("9000.5", False)])
def test_three_digits_behind_a_point_are_noted(plan_file, other, noted):
    """Where no cell of a column says what a point is, 12.000 is read as twelve, and that is said."""
    cells = [(0, "deal_size", "12.000 €"), (2, "deal_size", other), (3, "deal_size", "9000")]
    said = understood(plan_file(plan_text(cells)))
    note = "deal_size: '.' before three digits was read as a decimal point, not as a thousands separator"
    assert any(str(line).startswith(note) for line in said) == noted


def test_41_in_a_column_of_decimal_commas(plan_file):
    """Even where a column has decimal commas, 1,234 may be a thousand, and is refused."""
    path = plan_file(plan_text([(0, "hours", "1,234"), (1, "hours", "12,5")], delimiter=";"))
    assert understood(path) == no(f"'1,234' may be 1234 or 1.234. {PLAIN}")


def test_42_mixed_currencies(plan_file):
    """Money in two currencies is refused, with a row of each."""
    path = plan_file(plan_text([(0, "deal_size", "$12000"), (2, "deal_size", "€11000")]))
    assert understood(path) == [
        "R",
        "plan.csv, row 4, column deal_size: the plan mixes currencies: $ (row 2) and € (row 4). "
        "Convert all money to one.",
    ]
