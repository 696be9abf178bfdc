"""`allocate PLAN`: today's split and the one that earns the most."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocator.cli.group import EXAMPLES, MAIN_JOB, MainCommand, allocate_command
from allocator.cli.job import Job, Share, relax_option, with_job
from allocator.cli.writers import split_briefing, split_writers

if TYPE_CHECKING:
    from allocator.allocation import Allocation
    from allocator.reports.terminal import By


@allocate_command.command(MAIN_JOB, cls=MainCommand, hidden=True, epilog=EXAMPLES)
@with_job
@click.option(
    "--by",
    type=click.Choice(["area", "rep", "step"]),
    default="area",
    show_default=True,
    help="What the table of hours has lines for.",
)
@click.option(
    "--within",
    type=Share(),
    metavar="SHARE",
    help="Show the range of hours that stays within SHARE of the best revenue. Default: 1%, for plans "
    "of up to 2,500 rows and steps.",
)
@relax_option
@click.option("--cross-check", is_flag=True, help="Solve with the other solver too; say the difference.")
@click.option(
    "--certificate",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the whole certificate to a .json file.",
)
def split(
    job: Job,
    by: By,
    within: float | None,
    relax: bool,
    cross_check: bool,
    certificate: Path | None,
) -> None:
    """Today's split of the hours in PLAN, and the one that earns the most."""
    from allocator.reports.files import ALLOCATED
    from allocator.writing import check_outputs

    certificates = [certificate] if certificate else []
    check_outputs(certificates, job.plan, job.force, suffixes=(".json",))
    job.check_outputs(*certificates, suffixes=ALLOCATED)

    from allocator.allocation import allocate
    from allocator.answers.cross_check import cross_checked
    from allocator.answers.explanation import explained

    with job.progress as progress:
        plan, model = job.read(progress)
        allocation = allocate(
            plan,
            model,
            stability=job.stability,
            solver=job.solver,
            time_limit=job.time_limit,
            workers=job.settings.workers,
            cluster=job.cluster,
            relax=relax,
            progress=progress,
        )
        if cross_check:
            progress("Solving with the other solver too")
            allocation = cross_checked(allocation)
        explanation = explained(allocation, within, progress)
        briefing = split_briefing(job, allocation, explanation, progress)
    whole = {path: _certificate(allocation) for path in certificates}
    job.hand_on(split_writers(briefing, by), whole)


def _certificate(allocation: Allocation) -> str:
    from allocator.reports.proof import to_certificate

    return to_certificate(allocation)
