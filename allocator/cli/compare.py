"""`allocate compare PLAN [OTHER …]`: the false choices, side by side."""

from __future__ import annotations

from pathlib import Path

import click

from allocator.cli.group import allocate_command
from allocator.cli.job import Job, Share, with_job
from allocator.cli.writers import answer_writers

EXAMPLES = """\b
Examples:
  allocate compare my-plan.csv               today, equal, all in on each area, recommended
  allocate compare my-plan.csv --lean 50%    half of each rep's hours on the area, not 70%
  allocate compare my-plan.csv plan-b.csv    the hours of plan-b.csv as well
  allocate compare my-plan.csv --moves       what a part of the moves brings"""


@allocate_command.command(
    "compare", epilog=EXAMPLES, short_help="Set today, simple splits and the best one side by side."
)
@with_job
@click.argument("others", nargs=-1, metavar="[OTHER]...", type=click.Path(path_type=Path))
@click.option(
    "--lean",
    type=Share(whole=True),
    default="70%",
    metavar="SHARE",
    show_default=True,
    help="Share of each rep's hours in a territory that 'all in' puts on an area.",
)
@click.option("--moves", is_flag=True, help="Add what a part of the recommended split's moves brings.")
def compare(job: Job, others: tuple[Path, ...], lean: float, moves: bool) -> None:
    """Set today's split of PLAN beside an equal one, all in on each area, and the recommended one.

    Of each OTHER plan the hours are added, on the facts of PLAN.
    """
    from allocator.writing import check_outputs

    job.check_outputs()
    for other in others:
        check_outputs(job.outputs, other, job.force)

    from allocator.answers.compare import compare as compared
    from allocator.reading import read_plan
    from allocator.reading.any_file import WORKBOOKS

    sheets = [job.sheet if other.suffix.lower() in WORKBOOKS else None for other in others]
    from allocator.answers.briefing import Briefing
    from allocator.reports import compare as report

    with job.progress as progress:
        plan, model = job.read(progress)
        found = compared(
            plan,
            model,
            [
                read_plan(other, model, sheet, job.max_mb)
                for other, sheet in zip(others, sheets, strict=True)
            ],
            lean=lean,
            moves=moves,
            settings=job.settings,
            progress=progress,
        )
    job.hand_on(answer_writers(report, found, Briefing(plan, model, comparison=found)))
