"""Fixtures that several test files share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from running import ROOT

from allocator.deriving import instance
from allocator.instance import Instance
from allocator.reading import read_model, read_plan
from allocator.solving import sifting
from allocator.solving.solver import Solver


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


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans of some dozen territories are solved apart."""
    monkeypatch.setattr("allocator.apart.dividing.BATCH_COLUMNS", 800)


@pytest.fixture
def steps_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The simplex steps of each programme of a whole that starts from priced batches, as they come."""
    steps: list[int] = []
    as_it_was = sifting.loaded

    def watched(*arguments: Any, **options: Any) -> Solver:
        solver, at = as_it_was(*arguments, **options), len(steps)
        run_for = solver.run_for
        steps.append(0)

        def counted(seconds: float | None) -> None:
            run_for(seconds)
            steps[at] += solver.getInfo().simplex_iteration_count

        monkeypatch.setattr(solver, "run_for", counted)
        return solver

    monkeypatch.setattr(sifting, "loaded", watched)
    return steps
