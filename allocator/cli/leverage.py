"""`allocate leverage PLAN`: where the next hour and the next improvement pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from allocator.cli.group import allocate_command
from allocator.cli.job import Job, with_job
from allocator.cli.writers import answer_writers

EXAMPLES = """\b
Examples:
  allocate leverage my-plan.csv             with the hours where they are today
  allocate leverage my-plan.csv --at best   once they are where they earn the most"""


if TYPE_CHECKING:
    from allocator.answers.leverage import At


@allocate_command.command(
    "leverage", epilog=EXAMPLES, short_help="Say where the next hour and what improvement pay most."
)
@with_job
@click.option(
    "--at",
    type=click.Choice(["today", "best"]),
    default="today",
    show_default=True,
    help="The split that hours are added to: today's or the recommended one.",
)
def leverage(job: Job, at: At) -> None:
    """Say what each area's next hour in PLAN earns, and what better facts do: there and elsewhere."""
    job.check_outputs()

    from allocator.answers.briefing import Briefing
    from allocator.answers.leverage import leverage as leverage_of
    from allocator.reports import leverage as report

    with job.progress as progress:
        plan, model = job.read(progress)
        found = leverage_of(plan, model, at, settings=job.settings, progress=progress)
    job.hand_on(answer_writers(report, found, Briefing(plan, model, leverage=found)))
