"""A scenario solved anew from what is kept of it, held to what it said when it was kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from allocator.allocation import Allocation, allocate
from allocator.answers.explanation import Explanation, explained
from allocator.progress import Progress, silent
from allocator.reports.machine import to_json
from allocator.scenarios.differences import Inputs

if TYPE_CHECKING:
    from allocator.scenarios.scenario import Scenario


@dataclass(frozen=True)
class SolvedAgain:
    """A scenario's allocation and explanation, and whether they say what was kept, to the byte."""

    allocation: Allocation
    explanation: Explanation | None
    same: bool


def solve_again(scenario: Scenario, workers: int = 1, progress: Progress = silent) -> SolvedAgain:
    """The scenario solved from its plan, model and settings. Raises what `allocate` raises.

    `workers`: the most threads that solve a large plan, which makes no difference to the answer.
    """
    inputs = scenario.inputs
    inputs = replace(inputs, settings=replace(inputs.settings, workers=workers))
    allocation, explanation = _answered(inputs, progress)
    return SolvedAgain(allocation, explanation, to_json(allocation, explanation) == scenario.result)


def result_of(inputs: Inputs, progress: Progress = silent) -> str:
    """What `allocate --format json` prints for these inputs."""
    return to_json(*_answered(inputs, progress))


def _answered(inputs: Inputs, progress: Progress) -> tuple[Allocation, Explanation | None]:
    settings = inputs.settings
    allocation = allocate(
        inputs.plan,
        inputs.model,
        stability=settings.stability,
        solver=settings.solver,
        time_limit=settings.time_limit,
        relax=inputs.relax,
        workers=settings.workers,
        cluster=settings.cluster,
        progress=progress,
    )
    return allocation, explained(allocation, progress=progress)
