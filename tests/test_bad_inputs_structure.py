"""What ops teams hand over, 29 to 38: how the table is laid out. Numbers as in the tests' ids."""

from __future__ import annotations

import pytest
from small_plan import HEADER, ROWS, plan_text, table_text
from understanding import MODEL, understood
from workbooks import small_rows, workbook

from allocator import read_plan

TEXT = plan_text()
QUOTED = "\n".join(",".join(f'"{cell}"' for cell in cells) for cells in (HEADER, *ROWS)) + "\n"
SALESFORCE = QUOTED + '"Total"\n\n"Acme Inc."\n"Confidential Information - Do Not Distribute"\n'
MEND = "Mend the rows or the total, or delete the row."
UNMERGE = "the cells A2:A5 are merged. Unmerge them and fill each of them."
RAGGED = "Check for a missing or an extra separator; quote a cell that contains one."


def with_column(name: str) -> str:
    """The plan with one more column of that name."""
    return table_text([[*HEADER, name], *([*cells, "1"] for cells in ROWS)])


CASES = [
    ("29 title rows", "Plan for Q3\n\n" + TEXT, ["N", "1 title row above the header left out"]),
    (
        "31 duplicate header",
        with_column("Hours"),
        [
            "R",
            "plan.csv, row 1, column hours: the column hours stands twice, here as 'Hours'. "
            "Drop one of the two.",
        ],
    ),
    (
        "32 unknown column",
        with_column("winrate"),
        ["N", "The column 'winrate' is not one of the plan's and is left out; did you mean win_rate?"],
    ),
    (
        "32 column like none",
        with_column("Region code"),
        ["N", "The column 'Region code' is not one of the plan's and is left out"],
    ),
    (
        "33 missing column, nearly there",
        TEXT.replace("win_rate", "winrate"),
        [
            "R",
            "plan.csv, row 1, column win_rate: the column win_rate is missing. "
            "If 'winrate' is meant, rename it.",
        ],
    ),
    (
        "33 missing column",
        TEXT.replace("win_rate", "xyz"),
        [
            "R",
            "plan.csv, row 1, column win_rate: the column win_rate is missing. "
            "Add it: wins per opportunity worked at standard depth (0–1, or 25%).",
        ],
    ),
    (
        "34 short row",
        TEXT + "North,partners\n",
        ["R", f"plan.csv, row 6: the row has 2 cells and the header has 11. {RAGGED}"],
    ),
    (
        "34 long row",
        TEXT + "," * 11 + "1\n",
        ["R", f"plan.csv, row 6: the row has 12 cells and the header has 11. {RAGGED}"],
    ),
    ("35 blank trailing rows", TEXT + ",,,,,,,,,,\n\n , \n", ["A"]),
    (
        "36 total",
        TEXT + "Total,,,1000,60,,,,,,\n",
        ["N", "Row 6, 'Total', left out: it is the sum of hours and of opportunities"],
    ),
    (
        "36 total with separators",
        TEXT + 'Grand Total:,,,"1,000.00",,,,,,,\n',
        ["N", "Row 6, 'Grand Total:', left out: it is the sum of hours"],
    ),
    (
        "36 total of a territory",
        TEXT + "North total,,,1000,60,,,,,,\n",
        ["N", "Row 6, 'North total', left out: it is the sum of hours and of opportunities"],
    ),
    (
        "36 total in another column",
        TEXT + ",,Sum,1000,,,,,,,\n",
        ["N", "Row 6, 'Sum', left out: it is the sum of hours"],
    ),
    (
        "36 total of a territory in the area's column",
        TEXT + ",North total,,1000,60,,,,,,\n",
        ["N", "Row 6, 'North total', left out: it is the sum of hours and of opportunities"],
    ),
    (
        "36 wrong hours",
        TEXT + "Total,,,1001,60,,,,,,\n",
        [
            "R",
            "plan.csv, row 6, column hours: the row 'Total' has 1,001 hours, "
            f"and its rows add up to 1,000. {MEND}",
        ],
    ),
    (
        "36 wrong opportunities",
        TEXT + "Total,,,1000,59,,,,,,\n",
        [
            "R",
            "plan.csv, row 6, column opportunities: the row 'Total' has 59 opportunities, "
            f"and its rows add up to 60. {MEND}",
        ],
    ),
    ("36 report's footer", SALESFORCE, ["N", "3 lines of text under the rows left out"]),
    (
        "37 long cell",
        plan_text([(0, "rep", "x" * 140_000)]),
        ["R", "plan.csv, row 2: a cell has more than 131,072 characters. Shorten it."],
    ),
    ("38 multi-line cell", plan_text([(at, "territory", "North\nEast") for at in range(4)]), ["A"]),
]


@pytest.mark.parametrize(("content", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_structure(plan_file, content, expected):
    """A table laid out in a way of its own is understood or refused as the list says."""
    assert understood(plan_file(content)) == expected


def test_30_merged_header_cells(plan_file):
    """Merged cells in a workbook's header are refused, with where they are."""
    book = workbook(edit=lambda _, sheet: sheet.merge_range(0, 7, 0, 8, "win_rate"))
    assert understood(plan_file(book, "plan.xlsx")) == [
        "R",
        "plan.xlsx, row 1: the header's cells H1:I1 are merged. "
        "Unmerge them, and give each column its own name.",
    ]


def test_30_merged_cells_in_rows(plan_file):
    """Cells merged over rows leave rows without their territory, which is what the message says."""
    book = workbook(edit=lambda _, sheet: sheet.merge_range(1, 0, 4, 0, "North"))
    assert understood(plan_file(book, "plan.xlsx")) == [
        "R",
        *(f"plan.xlsx, row {row}, column territory: {UNMERGE}" for row in (3, 4, 5)),
    ]


def test_a_territory_called_total(plan_file):
    """A territory that is called Total is a territory: its rows name an area."""
    for below, notes in (
        ("", ["A"]),
        ("As of January\n", ["N", "1 line of text under the rows left out"]),
    ):
        path = plan_file(TEXT.replace("North", "Total") + below)
        assert understood(path) == notes
        assert [row.territory for row in read_plan(path, MODEL).rows] == ["Total"] * 4


def test_rows_keep_their_numbers_in_workbooks(plan_file):
    """Rows of a workbook are numbered as the spreadsheet shows, under empty rows and columns."""
    rows = [[None], [None, None, "A plan"], [None], *([None, *cells] for cells in small_rows())]
    rows[5][4] = "x"
    kind, message = understood(plan_file(workbook(rows), "plan.xlsx"))
    assert kind == "R"
    assert message.startswith("plan.xlsx, row 6, column hours: 'x' is not a number.")


def test_at_most_fifty_problems_are_shown(plan_file):
    """Of a file's problems, all in one go, fifty are shown and the rest are counted."""
    more = "".join(f"North,partners,r{at},x,1,,,,,,\n" for at in range(80))
    kind, *problems = understood(plan_file(TEXT + more))
    assert (kind, len(problems)) == ("R", 51)
    assert problems[-1] == "… and 30 more problems of this kind or others."
