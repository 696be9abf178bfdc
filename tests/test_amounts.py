"""Amounts of money on the command line, as people say them."""

import pytest
from click.testing import CliRunner

from allocator.cli import allocate_command
from allocator.cli.reach import Money


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("12m", 12e6), ("1.2M", 1.2e6), ("850k", 850e3), ("12,000,000", 12e6), ("$12m", 12e6),
        ("€ 900", 900), ("1.5 bn", 1.5e9), ("1,200.50", 1200.5),
    ],
)  # fmt: skip
def test_amounts(written, amount):
    """Amounts are read as people say them."""
    assert Money().convert(written, None, None) == amount


@pytest.mark.parametrize(
    "written",
    ["", "0", "-5", "nan", "inf", "1e6", "1_000", "12,00", "1.234.567", "12mm", "m", "٣", "9" * 20],
)  # fmt: skip
def test_no_amounts(written):
    """What is no amount, or may be meant in two ways, is refused as bad usage."""
    done = CliRunner().invoke(allocate_command, ["reach", "plan.csv", "--revenue", written])
    assert done.exit_code == 2
    assert "Invalid value for '--revenue'" in done.output
