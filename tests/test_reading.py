"""Reading a plan: what ops teams hand over is understood, and noted where that took a guess."""

from __future__ import annotations

import codecs
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from small_plan import HEADER, ROWS, plan_text, row, table_text
from workbooks import workbook

from allocator import read_model, read_plan
from allocator.errors import PlanError
from allocator.plan import Facts, Plan

Write = Callable[..., Path]
PLAIN = plan_text()


@pytest.fixture
def read(plan_file: Write) -> Callable[[str | bytes], Plan]:
    """Read a plan from its text or bytes."""
    return lambda content: read_plan(plan_file(content))


def noted(plan: Plan, *words: str) -> bool:
    """Whether one of the plan's notes holds all these words."""
    return any(all(word in note for word in words) for note in plan.notes)


def test_plain(read):
    """A plain plan is read row by row, its facts by territory and area, without a note."""
    plan = read(PLAIN)
    assert plan.notes == ()
    assert [(row.territory, row.area, row.rep, row.hours, row.line) for row in plan.rows] == [
        ("North", "prospecting", "Ada", 400, 2),
        ("North", "opportunity_management", "Ada", 300, 3),
        ("North", "account_development", "Ada", 200, 4),
        ("North", "partners", "Ada", 100, 5),
    ]
    assert plan.facts["North", "prospecting"] == Facts(potential=100, win_rate=0.25, deal_size=12000)
    assert plan.facts["North", "opportunity_management"] == Facts(hours_per_opportunity=12)


def test_columns_in_any_order(read):
    """The order of the columns means nothing."""
    backwards = table_text([list(reversed(cells)) for cells in (HEADER, *ROWS)])
    assert read(backwards).rows == read(PLAIN).rows


@pytest.mark.parametrize("style", [str.upper, str.title, lambda name: f"  {name.replace('_', ' ')} "])
def test_columns_in_any_writing(read, style):
    """Letter case, and spaces around and within the columns' names, mean nothing."""
    plan = read(table_text([[style(name) for name in HEADER], *ROWS]))
    assert plan.rows == read(PLAIN).rows
    assert plan.facts == read(PLAIN).facts


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + PLAIN.encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r\n", 2).encode(),
        PLAIN.replace("\n", "\n\n").encode(),
        PLAIN.encode() + b"\n,,,,,,,,,,\n \n",
    ],
    ids=["BOM", "CR", "CRLF", "mixed line ends", "blank lines", "blank rows at the end"],
)
def test_accepted_silently(read, content):
    """A byte order mark, any line ends and blank rows change neither rows nor notes."""
    plan = read(content)
    assert [row.hours for row in plan.rows] == [400, 300, 200, 100]
    assert plan.facts == read(PLAIN).facts
    assert plan.notes == ()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (PLAIN.encode("utf-16"), "UTF-16"),
        (codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"), "UTF-16"),
        (plan_text([(0, "rep", "Zoë")]).encode("cp1252"), "Windows-1252"),
        (plan_text(delimiter=";"), "semicolons"),
        (plan_text(delimiter="\t"), "tabs"),
        ("sep=;\n" + plan_text(delimiter=";"), "sep="),
        ("sep=|\r\n" + plan_text(delimiter="|"), "sep="),
    ],
)
def test_accepted_with_a_note(read, content, word):
    """Other encodings and delimiters are read alike, and a note says so."""
    plan = read(content)
    assert [row.hours for row in plan.rows] == [400, 300, 200, 100]
    assert plan.facts == read(PLAIN).facts
    assert noted(plan, word)


def test_accents_survive_an_old_encoding(read):
    """A name in Windows-1252 is the name that was typed."""
    plan = read(plan_text([(at, "rep", "Zoë") for at in range(4)]).encode("cp1252"))
    assert plan.reps == ("Zoë",)


def test_title_rows_are_noted(read):
    """Titles above the header are left out with a note, and rows keep their spreadsheet numbers."""
    plan = read("Plan for Q3\n\nowner: ops,draft\n" + PLAIN)
    assert noted(plan, "2 title rows")
    assert [row.line for row in plan.rows] == [5, 6, 7, 8]


def test_multi_line_cells(read):
    """A quoted cell with a line break is one cell of one row, its white space folded in a name."""
    plan = read(plan_text([(0, "territory", "North\nEast"), (1, "rep", "Ada\r\nL.")]))
    assert plan.rows[0].territory == "North East"
    assert plan.rows[1].rep == "Ada L."
    assert [row.line for row in plan.rows] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("cell", "area"),
    [
        ("Opportunity Mgmt", "opportunity_management"),
        ("AD", "account_development"),
        ("Channel", "partners"),
        ("PROSPECTING", "prospecting"),
        ("Account  Development", "account_development"),
        ("opportunity-management", "opportunity_management"),
        ("Partner", "partners"),
    ],
)
def test_what_areas_are_called(read, cell, area):
    """Aliases, initials, and variants in case and spacing of an area are read as it, with a note."""
    at = [cells[1] for cells in ROWS].index(area)
    plan = read(plan_text([(at, "area", cell)]))
    assert plan.rows[at].area == area
    assert noted(plan, " ".join(cell.split()), area)


def test_defaults(read):
    """What the contract lets out has the contract's default."""
    columns = [
        "territory", "area", "hours", "opportunities", "win_rate", "deal_size", "hours_per_opportunity",
    ]  # fmt: skip
    short = table_text([[cells[HEADER.index(name)] for name in columns] for cells in (HEADER, *ROWS)])
    plan = read(short)
    first = plan.rows[0]
    assert (first.rep, first.min_hours, first.max_hours, first.skill, first.open) == (
        "North team", 0, math.inf, 1, 0,
    )  # fmt: skip
    facts = plan.facts["North", "account_development"]
    assert (facts.potential, facts.cycle_days, facts.renewals, facts.renewal_rate) == (None, 0, 0, None)


@pytest.mark.parametrize("again", ["", "0.25", "25%", "25.0 %"])
def test_a_fact_once_or_alike(read, again):
    """A territory's fact may stand once, or alike on every row, per cent or not; amounts add up."""
    more = row(
        territory="North", area="prospecting", rep="Bo", hours="50", opportunities="4", win_rate=again
    )
    plan = read(plan_text(extra=[more]))
    assert plan.facts["North", "prospecting"].win_rate == 0.25
    assert sum(row.opportunities for row in plan.rows if row.area == "prospecting") == 44


@pytest.mark.parametrize("tenths", [7, 9, 28, 145, 323, 555, 999])
def test_per_cent_and_share_are_one_value(read, tenths):
    """A rate given as 0.7% on one row and 0.007 on another is the same rate, whatever its digits."""
    more = row(
        territory="North", area="prospecting", rep="Bo", hours="50", opportunities="4",
        win_rate=f"{tenths / 10}%",
    )  # fmt: skip
    plan = read(plan_text([(0, "win_rate", f"{tenths / 1000:.3f}")], [more]))
    assert plan.facts["North", "prospecting"].win_rate == pytest.approx(tenths / 1000)


@pytest.mark.parametrize("name", ["NA", "None", "null", "nan", "-", "0", "TRUE", "=1+1", "<b>Ada</b>"])
def test_names_stay_names(read, name):
    """A territory or rep that is called like a missing value, a formula or a tag keeps its name."""
    changes = [(at, column, name) for at in range(4) for column in ("territory", "rep")]
    plan = read(plan_text(changes))
    assert (plan.territories, plan.reps) == ((name,), (name,))


@pytest.mark.parametrize(
    ("column", "cell", "value", "note"),
    [
        ("win_rate", "25%", 0.25, "per cent"),
        ("win_rate", "25 %", 0.25, "per cent"),
        ("deal_size", "12,000", 12000, "thousands"),
        ("deal_size", "€12000", 12000, "€"),
        ("deal_size", "1.2e4", 12000, ""),
        ("deal_size", "12\u00a0000", 12000, "no-break"),
        ("potential", "n/a", None, ""),
        ("potential", "–", None, ""),
    ],
)
def test_numbers_as_people_type_them(read, column, cell, value, note):
    """Per cent, separators, currency marks and signs of absence are understood, and noted."""
    plan = read(plan_text([(0, column, cell)]))
    assert getattr(plan.facts["North", "prospecting"], column) == value
    assert noted(plan, column, note) if note else not plan.notes


FORMATS = [
    ('"€"#,##0', "€"), ("#,##0 €", "€"), (r"\$#,##0", "$"), ("[$€-407]#,##0.00", "€"), ("[$USD] 0", "$"),
    ('_("$"* #,##0.00_);("$"* 0)', "$"), ("#,##0", ""), ("[Red][>5]0.0", ""), ('0 "hours"', ""),
    ("0.00%", ""), ('#,##0;"€"#,##0', ""), ("General", ""),
]  # fmt: skip
"""What a spreadsheet shows a number with, and the currency that it says."""


@pytest.mark.parametrize(("code", "mark"), FORMATS)
def test_currency_of_a_workbooks_formats(read, code, mark):
    """A column of money that a workbook shows with a currency's mark says the plan's currency."""
    at = HEADER.index("deal_size")

    def money(book, sheet):
        sheet.write_number(1, at, 12000, book.add_format({"num_format": code}))

    plan = read(workbook(edit=money))
    assert plan.currency == mark
    assert [note for note in plan.notes if "currency" in note] == (
        [f"deal_size: '{mark}' is the plan's currency (1 cell)"] if mark else []
    )


def test_currencies_of_a_workbook_are_not_mixed(read):
    """Two currencies are refused, also where the figures are equal; hours shown as money say nothing."""

    def money(book, sheet):
        for at, column, mark in ((1, "deal_size", "€"), (3, "deal_size", "$"), (2, "hours", "£")):
            sheet.write_number(
                at, HEADER.index(column), 12000, book.add_format({"num_format": f'"{mark}"0'})
            )

    with pytest.raises(PlanError, match=r"mixes currencies: € \(row 2\) and \$ \(row 4\)"):
        read(workbook(edit=money))


def test_currency(read):
    """The mark on the plan's money becomes the plan's currency."""
    assert read(plan_text([(0, "deal_size", "£12,000")])).currency == "£"


@pytest.mark.parametrize(("header", "near"), [("winrate", "win_rate"), ("dealsize", "deal_size")])
def test_unknown_columns_are_noted(read, header, near):
    """A column that is not the plan's is left out with a note that names the nearest one."""
    plan = read(
        table_text([[*cells, "7"] if cells != HEADER else [*cells, header] for cells in (HEADER, *ROWS)])
    )
    assert noted(plan, f"'{header}'", "left out", f"did you mean {near}?")


def test_data_under_no_header_is_noted(read):
    """Cells under an empty header cell are not left out in silence."""
    plan = read(table_text([[*HEADER, ""], *([*cells, "7"] for cells in ROWS)]))
    assert any("left out" in note for note in plan.notes)


def test_cells_that_mean_nothing_are_noted(read):
    """A figure on a row of an area that has no such fact is left out with a note."""
    assert noted(read(plan_text([(1, "win_rate", "0.5")])), "win_rate", "opportunity_management")


def test_to_frame_is_the_file(read):
    """The plan as a table has the file's rows and columns, and nothing where nothing was given."""
    frame = read(PLAIN).to_frame()
    assert list(frame["hours"]) == [400, 300, 200, 100]
    assert list(frame["win_rate"].fillna(-1)) == [0.25, -1, 0.30, 0.30]


def test_a_shipped_model_is_the_default(plan_file):
    """Without a model, a plan is read under sales_execution."""
    path = plan_file(PLAIN)
    assert read_plan(path) == read_plan(path, read_model("sales_execution"))
