"""`allocate history PLAN show NAME` and `… export NAME`: a scenario as it was when it was kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from allocator.characters import visible
from allocator.cli.history import NAME, PLAN, history, kept_beside
from allocator.cli.job import (
    Outputs,
    force_option,
    format_option,
    max_mb_option,
    output_option,
    quiet_option,
    sheet_option,
)
from allocator.cli.printing import print_text, screen
from allocator.cli.writers import split_briefing, split_writers

if TYPE_CHECKING:
    from allocator.progress import Progress
    from allocator.reports.history import Since
    from allocator.scenarios import Scenario
    from allocator.scenarios.solved_again import SolvedAgain

EDITION = click.option(
    "--edition",
    type=click.IntRange(1),
    metavar="N",
    help="An earlier one that was kept under NAME. Default: the latest.",
)


@history.command("show", short_help="Print a scenario's report, and what PLAN says otherwise now.")
@PLAN
@NAME
@EDITION
@sheet_option
@max_mb_option
@format_option("json", "csv")
def show(plan: Path, name: str, edition: int | None, form: str, **now: Any) -> None:  # noqa: ANN401
    """Print what 'allocate' said of the scenario NAME; as a table, with what PLAN says otherwise now.

    It is solved again for it, and whatever is not as it was is said. As JSON it is printed as kept.
    --sheet and --max-mb are about PLAN as it is now.
    """
    from allocator.reports.history import heading

    outputs = Outputs(plan, form, (), force=False, quiet=False)
    scenario = _scenario(plan, name, edition)
    if form == "json":
        print_text(scenario.result)
        return
    with outputs.progress as progress:
        again = _solved_again(scenario, progress)
        briefing = split_briefing(outputs, again.allocation, again.explanation, progress)
    if form == "table":
        print_text(heading(scenario, _since(plan, scenario, **now), *screen()))
    outputs.hand_on(split_writers(briefing))


@history.command("export", short_help="Write a scenario's files, as 'allocate -o' does.")
@PLAN
@NAME
@EDITION
@output_option
@click.option(
    "--save",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write its plan to a .csv file, which 'allocate FILE' solves.",
)
@click.option(
    "--save-model",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write its model to a .toml file, for 'allocate --model FILE'.",
)
@force_option
@quiet_option
def export(
    name: str,
    edition: int | None,
    save: Path | None,
    save_model: Path | None,
    **options: Any,  # noqa: ANN401
) -> None:
    """Write the files of the scenario NAME, solved again, byte for byte as they were.

    Whatever is not as it was is said.
    """
    from allocator.reports.files import ALLOCATED
    from allocator.writing import check_outputs

    outputs = Outputs(form="table", **options)
    saved = {path: suffix for path, suffix in ((save, ".csv"), (save_model, ".toml")) if path}
    if not (outputs.outputs or saved):
        raise click.UsageError("Say which file to write: -o, --save or --save-model")
    for path, suffix in saved.items():
        check_outputs([path], outputs.plan, outputs.force, suffixes=(suffix,))
    outputs.check_outputs(suffixes=ALLOCATED)
    outputs.check_outputs(*saved, suffixes=(*ALLOCATED, *saved.values()))
    scenario = _scenario(outputs.plan, name, edition)
    contents: dict[Path, str | bytes] = {}
    if save:
        contents[save] = b"\xef\xbb\xbf" + scenario.plan_csv
    if save_model:
        contents[save_model] = scenario.model_toml
    if not outputs.outputs:
        outputs.write({}, contents)
        return
    with outputs.progress as progress:
        again = _solved_again(scenario, progress)
        briefing = split_briefing(outputs, again.allocation, again.explanation, progress)
    outputs.write(split_writers(briefing), contents)


def _scenario(plan: Path, name: str, edition: int | None) -> Scenario:
    """The latest scenario of a name, or that edition of it."""
    with kept_beside(plan) as kept:
        found = kept.versions_of(name)
    if edition is not None and edition > len(found):
        raise click.UsageError(f"'{found[-1].name}' was kept {len(found):,} times, not {edition:,}")
    return found[-1 if edition is None else edition - 1]


def _solved_again(scenario: Scenario, progress: Progress) -> SolvedAgain:
    """The scenario solved again, and a word on stderr where it does not say what it said."""
    from allocator.reports.history import not_as_kept
    from allocator.scenarios.solved_again import solve_again
    from allocator.solving.settings import cores

    again = solve_again(scenario, cores(), progress)
    if not again.same:
        click.echo(not_as_kept(scenario, again), err=True)
    return again


def _since(plan: Path, scenario: Scenario, **now: Any) -> Since:  # noqa: ANN401
    """What the plan's file says otherwise than the scenario, read under the scenario's model."""
    from dataclasses import replace

    from allocator.errors import PlanError
    from allocator.reading import read_plan
    from allocator.reports.history import Since
    from allocator.scenarios.differences import differences

    name = visible(plan.name)
    try:
        there = read_plan(plan, scenario.model, **now)
    except PlanError as error:
        return Since(name, why_not=str(error.problems[0]))
    return Since(name, differences(scenario.inputs, replace(scenario.inputs, plan=there)))
