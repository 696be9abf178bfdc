"""`allocate whatif PLAN`: what other facts, other hours, or a rep more or less would do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocator.cli.group import allocate_command
from allocator.cli.job import Job, relax_option, with_job
from allocator.cli.writers import answer_writers

if TYPE_CHECKING:
    from allocator.answers.whatif import WhatIf

EXAMPLES = """\b
Examples:
  allocate whatif my-plan.csv --set 'win_rate[partners] = 40%'
  allocate whatif my-plan.csv --set 'deal_size[North] *= 1.1' --hours 'Dana = 300'
  allocate whatif my-plan.csv --add-rep 'Kim in North, Coast = 480' --save plan-b.csv
  allocate whatif my-plan.csv --drop-rep Dana"""


@allocate_command.command(
    "whatif",
    short_help="Change facts, hours or reps; say what both splits earn then.",
    epilog=EXAMPLES,
)
@with_job
@click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="CHANGE",
    help="Change a column: 'win_rate[partners, North] = 40%', with an area, a territory, both or "
    "neither in the brackets, and then a rep for min_hours, max_hours and skill; =, *=, +=, -= or /=. "
    "Repeatable.",
)
@click.option(
    "--hours",
    multiple=True,
    metavar="CHANGE",
    help="Change the hours that a rep has: 'Dana = 300', 'Dana *= 0.5'. Repeatable.",
)
@click.option(
    "--add-rep",
    "add_reps",
    multiple=True,
    metavar="REP",
    help="Add a rep: 'Kim in North, South = 480'; without hours, the average rep's. Repeatable.",
)
@click.option(
    "--drop-rep", "drop_reps", multiple=True, metavar="NAME", help="Take a rep's hours away. Repeatable."
)
@relax_option
@click.option(
    "--save",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the changed plan to a .csv file, which 'allocate FILE' solves as shown here.",
)
def whatif(
    job: Job,
    sets: tuple[str, ...],
    hours: tuple[str, ...],
    add_reps: tuple[str, ...],
    drop_reps: tuple[str, ...],
    relax: bool,
    save: Path | None,
) -> None:
    """Change facts, hours or reps of PLAN, and see both splits before and after, and what moves.

    Changes apply in this order: --set, --hours, --add-rep, --drop-rep.
    """
    from allocator.reading.changes import Wanted
    from allocator.writing import check_outputs

    wanted = Wanted(sets, hours, add_reps, drop_reps)
    if not wanted:
        raise click.UsageError("Say what is to be different: --set, --hours, --add-rep or --drop-rep")
    saved = [save] if save else []
    check_outputs(saved, job.plan, job.force, suffixes=(".csv",))
    job.check_outputs(*saved)

    from allocator.answers import whatif as answer
    from allocator.answers.briefing import Briefing
    from allocator.reports import whatif as report

    with job.progress as progress:
        plan, model = job.read(progress)
        found = answer.whatif(plan, model, wanted, job.settings, relax=relax, progress=progress)
    job.hand_on(
        answer_writers(report, found, Briefing(plan, model, whatif=found)),
        {path: _plan(found) for path in saved},
    )


def _plan(found: WhatIf) -> str:
    from allocator.plan_csv import plan_csv

    return "\ufeff" + plan_csv(found.after.plan, found.after.model)
