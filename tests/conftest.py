"""Fixtures that several test files share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from running import ROOT

from allocator.answers.compare import Comparison, compare
from allocator.answers.reach import Reach, reach
from allocator.apart import joint
from allocator.deriving import instance
from allocator.instance import Instance
from allocator.program.matrix import Matrix
from allocator.reading import read_model, read_plan
from allocator.solving import from_prices
from allocator.solving.solution import Solution


class SolvedFromPrices(NamedTuple):
    """A programme, where it started, and its optimum."""

    matrix: Matrix
    start: from_prices.Priced
    solution: Solution


@pytest.fixture
def plan_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a plan's text or bytes to a file in a temporary folder, and say where."""

    def write(content: str | bytes, name: str = "plan.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


@pytest.fixture(scope="session")
def national() -> Instance:
    """The national plan by month, in about eleven small batches."""
    rules = read_model("sales_execution").with_steps(3)
    return instance(read_plan(ROOT / "inputs" / "national.csv", rules), rules)


@pytest.fixture(scope="session")
def region() -> Comparison:
    """The example plan's splits, beside itself."""
    rules = read_model("sales_execution")
    plan = read_plan(ROOT / "inputs" / "plan.csv", rules)
    return compare(plan, rules, [plan])


@pytest.fixture(scope="session")
def five_million() -> Reach:
    """What a number takes in the example plan that three more people reach."""
    rules = read_model("sales_execution")
    return reach(read_plan(ROOT / "inputs" / "plan.csv", rules), rules, 5e6, heads=True)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans of some dozen territories are solved apart."""
    monkeypatch.setattr("allocator.apart.dividing.BATCH_COLUMNS", 800)


@pytest.fixture
def solves_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> list[SolvedFromPrices]:
    """The programmes of a whole that start from priced batches, as they come."""
    found: list[SolvedFromPrices] = []

    def watched(matrix: Matrix, start: from_prices.Priced, seconds: float | None) -> Solution:
        found.append(SolvedFromPrices(matrix, start, from_prices.solve(matrix, start, seconds)))
        return found[-1].solution

    of_the_whole = SimpleNamespace(Priced=from_prices.Priced, solve=watched)
    monkeypatch.setattr(joint, "from_prices", of_the_whole)  # batches start from prices as well
    return found
