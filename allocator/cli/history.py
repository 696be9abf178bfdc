"""`allocate history PLAN`: the scenarios that are kept of a plan, to list, to add to, to decide on."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from allocator.characters import visible
from allocator.cli.group import allocate_command
from allocator.cli.job import (
    Job,
    format_option,
    max_mb_option,
    quiet_option,
    relax_option,
    sheet_option,
    solving_options,
)
from allocator.cli.printing import print_text, screen

if TYPE_CHECKING:
    from allocator.scenarios import Scenarios

EXAMPLES = """\b
Examples:
  allocate history my-plan.csv                            what is kept, and what each earns
  allocate history my-plan.csv keep 'Plan A' --note 'as sent to finance'
  allocate history my-plan.csv decide 'Plan A'
  allocate history my-plan.csv show 'Plan A'              its report, and what changed since
  allocate history my-plan.csv export 'Plan A' -o a.xlsx
'allocate history show NAME' does as well where one plan of the folder has scenarios."""


class _History(click.Group):
    """A group whose commands are about a plan that may be named first: PLAN show NAME."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command before the plan, and 'list' where there is none."""
        if args[:1] not in (["--help"], ["-h"]) and (not args or args[0] not in self.commands):
            plan = [] if not args or args[0].startswith("-") else args[:1]
            rest = args[len(plan) :]
            if plan and rest and not rest[0].startswith("-"):
                if rest[0] not in self.commands:
                    known = ", ".join(self.commands)
                    raise click.UsageError(f"After PLAN comes one of {known}, not '{rest[0]}'", ctx)
                args = [rest[0], *plan, *rest[1:]]
            else:
                args = ["list", *args]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The plan where people write it."""
        return ["PLAN [COMMAND] [ARGS]..."]


def _one_plan(ctx: click.Context, _: click.Parameter, given: tuple[Path, ...]) -> Path:
    """The plan that is named, or the one of this folder that has scenarios."""
    from allocator.scenarios import plan_here

    if len(given) > 1:
        raise click.UsageError(
            "Name one PLAN and one NAME; put names with spaces in quotation marks", ctx
        )
    return given[0] if given else plan_here(Path())


PLAN = click.argument(
    "plan", nargs=-1, metavar="[PLAN]", callback=_one_plan, type=click.Path(path_type=Path)
)
NAME = click.argument("name")


@allocate_command.group(
    "history",
    cls=_History,
    epilog=EXAMPLES,
    short_help="Keep scenarios of a plan; list and reproduce them.",
)
def history() -> None:
    """List the scenarios that are kept of PLAN, or keep one, or reproduce one as it was.

    They lie beside the plan in one file: those of plan.csv in plan.allocate.db.
    """


@history.command("list", short_help="List them: 'allocate history PLAN' does the same.")
@PLAN
@click.option("--all", "every", is_flag=True, help="Also those that were replaced under their name.")
@format_option("json", "csv")
def list_scenarios(plan: Path, every: bool, form: str) -> None:
    """List the scenarios that are kept of PLAN, in the order in which they were kept."""
    from allocator.reports import history as report

    with kept_beside(plan) as kept:
        found = report.History(visible(plan.name), kept.all(every))
    made = {
        "table": lambda: report.to_text(found, *screen()),
        "json": lambda: report.to_json(found),
        "csv": lambda: report.to_csv(found),
    }
    print_text(made[form]())


@history.command("keep", short_help="Keep PLAN as it is, with its model, under a NAME.")
@PLAN
@NAME
@click.option("--note", default="", metavar="TEXT", help="What there is to know about it.")
@click.option(
    "--replace", is_flag=True, help="Under a NAME that is there; what was kept stays in the history."
)
@solving_options
@relax_option
@sheet_option
@max_mb_option
@quiet_option
def keep(name: str, note: str, replace: bool, relax: bool, **options: Any) -> None:  # noqa: ANN401
    """Keep PLAN as it is now, with its model, its settings and what they give, as the scenario NAME."""
    from allocator.reports.history import called
    from allocator.scenarios import this_user
    from allocator.scenarios.differences import Inputs

    if os.path.isfile(name):  # noqa: PTH113 (a Path refuses names that are too long for a file)
        raise click.UsageError(f"'{name}' is a file: give the scenario a name as well")
    job = Job(form="table", outputs=(), force=False, **options)
    with job.progress as progress, kept_beside(job.plan, read_only=False) as kept:
        inputs = Inputs(*job.read(progress), job.settings, relax)
        at = datetime.now(UTC)
        with_name = kept.keep(name, note, this_user(), inputs, at, replace=replace, progress=progress)
    if not job.quiet:
        click.echo(f"Kept {called(with_name)} in {visible(str(kept.path))}")


@history.command("decide", short_help="Mark the one that is decided on.")
@PLAN
@NAME
def decide(plan: Path, name: str) -> None:
    """Mark the scenario NAME, as it was kept last, as the one that is decided on, and no other."""
    from allocator.reports.history import called

    with kept_beside(plan, read_only=False) as kept:
        kept.decide(name)
        click.echo(called(kept.get(name)))


def kept_beside(plan: Path, read_only: bool = True) -> Scenarios:
    """The scenarios beside a plan; neither is there where the plan's name is wrong."""
    from allocator.reading.sheet import refused
    from allocator.scenarios import Scenarios

    if plan.is_dir():
        raise refused(plan.name or str(plan), "this is a folder", "Name the plan's file in it")
    kept = Scenarios.beside(plan, read_only)
    if not (os.path.lexists(plan) or os.path.lexists(kept.path)):
        raise refused(plan.name, "there is no such file", "Check the name and the folder")
    return kept
