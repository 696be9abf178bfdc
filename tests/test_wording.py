"""How figures and names are written, and tables that hold them on a narrow terminal."""

from __future__ import annotations

import pytest

from allocator import wording
from allocator.reports import layout


@pytest.mark.parametrize(
    ("worded", "expected"),
    [
        (wording.figure(1234567.4), "1,234,567"),
        (wording.figure(-1234.56, 1), "−1,234.6"),
        (wording.figure(-0.04, 1), "0.0"),
        (wording.figure(-0.4), "0"),
        (wording.amount(99.44), "99.4"),
        (wording.amount(100.4), "100"),
        (wording.amount(-1500), "−1,500"),
        (wording.change(12.4), "+12"),
        (wording.change(-12.4), "−12"),
        (wording.change(0.4), "0"),
        (wording.change(-0.4), "0"),
        (wording.change(0.44, 1), "+0.4"),
        (wording.money(1234567.8, "€"), "€1,234,568"),
        (wording.money(-1234.5, "$"), "−$1,234"),
        (wording.money(12.349, "$"), "$12.35"),
        (wording.money(-0.001, "$"), "$0.00"),
        (wording.money(0, ""), "0.00"),
        (wording.money_change(5000, "$"), "+$5,000"),
        (wording.money_change(-5000, "$"), "−$5,000"),
        (wording.money_change(0.001, "$"), "$0.00"),
        (wording.per_cent(0.25), "25.0%"),
        (wording.per_cent(0.6, 0), "60%"),
        (wording.per_cent_change(0.286), "+28.6%"),
        (wording.per_cent_change(-0.1), "−10.0%"),
        (wording.per_cent_change(0.0004), "0.0%"),
        (wording.plural(1, "rep"), "1 rep"),
        (wording.plural(0, "rep"), "0 reps"),
        (wording.plural(1200, "territory", "territories"), "1,200 territories"),
        (wording.area_name("opportunity_management"), "Opportunity management"),
        (wording.in_sentence("account_development"), "account development"),
        (wording.names([]), "none"),
        (wording.names(["North"]), "North"),
        (wording.names(["North", "Coast", "North"]), "North and Coast"),
        (wording.names("ABCD"), "A, B, C and D"),
        (wording.names("ABCDE"), "A, B, C and 2 more"),
        (wording.names(map(str, range(2000))), "0, 1, 2 and 1,997 more"),
        (str(wording.decimals_for([999.9, -3])), "1"),
        (str(wording.decimals_for([-1000])), "0"),
        (str(wording.decimals_for([])), "1"),
    ],
)  # fmt: skip
def test_wording(worded, expected):
    """Figures have separators, a real minus, no sign on nothing, and words their plural."""
    assert worded == expected


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_narrow_terminal_loses_nothing_of_a_table(width):
    """Names and figures stand there in full however narrow it is; names may go on below themselves."""
    table = layout.table()
    table.add_column("Territory", overflow="fold", ratio=1, min_width=layout.LABEL)
    figures = [f"{number:,}" for number in range(1_000_000, 6_000_000, 1_000_000)]
    for number in range(5):
        table.add_column(f"{number} and more", justify="right", no_wrap=True)
    table.add_row("Northumberland", *figures)
    text = layout.printed([table], width)
    assert all(figure in text for figure in figures)
    assert all(f"{number} and more" in text for number in range(5))
    assert "Northumberlan" in text
    assert max(map(len, text.splitlines())) <= layout.WIDTH
