"""`allocate reach PLAN --revenue 12m`: what a number takes, in hours and in heads."""

from __future__ import annotations

import click

from allocator.cli.group import allocate_command
from allocator.cli.job import Job, with_job
from allocator.cli.writers import answer_writers


class Money(click.ParamType[float]):
    """An amount above 0 as people say it: 12m, 1.2M, 850k, 12,000,000 or $12m."""

    name = "money"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """12m as 12,000,000; nothing that could be meant in two ways."""
        from allocator.reading.amount import read_amount
        from allocator.reading.sheet import Bad

        found = read_amount(str(value))
        if isinstance(found, Bad):
            self.fail(f"{found.message}; {found.remedy}", param, ctx)
        return found


@allocate_command.command("reach", short_help="Say what a revenue number takes, in hours and heads.")
@with_job
@click.option(
    "--revenue",
    type=Money(),
    required=True,
    metavar="AMOUNT",
    help="The number to reach in the period: 12m, 850k or 12,000,000.",
)
@click.option(
    "--heads", is_flag=True, help="Also in whole people, one at a time where each brings most."
)
def reach(job: Job, revenue: float, heads: bool) -> None:
    """Find the least hours with which PLAN earns a number, as it is and with better facts.

    All reps' hours grow or shrink alike, and every limit holds; beside the plan as it is stand better
    win rates, larger deals and less work for each opportunity. --stability has no part in it: the
    split shown has the fewest moves of those that earn the number.
    """
    job.check_outputs()

    from allocator.answers.briefing import Briefing
    from allocator.answers.reach import reach as what_it_takes
    from allocator.reports import reach as report

    with job.progress as progress:
        plan, model = job.read(progress)
        found = what_it_takes(
            plan, model, revenue, heads=heads, settings=job.settings, progress=progress
        )
    job.hand_on(answer_writers(report, found, Briefing(plan, model, reach=found)))
