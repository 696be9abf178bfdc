"""`allocate check PLAN`: how a plan is understood, without solving it."""

from __future__ import annotations

from pathlib import Path

import click

from allocator.cli.group import allocate_command
from allocator.cli.job import format_option, max_mb_option, model_option, sheet_option
from allocator.cli.printing import print_text, screen


@allocate_command.command("check", short_help="Say how a plan is understood, without solving it.")
@click.argument("plan", type=click.Path(path_type=Path))
@model_option
@sheet_option
@max_mb_option
@format_option("json")
def check(plan: Path, model: str, sheet: str | None, max_mb: float, form: str) -> int:
    """Read PLAN without solving it: what was understood, what it says about today, what looks off."""
    from allocator.answers.reconciliation import check_plan
    from allocator.errors import ModelError, PlanError
    from allocator.reading import read_model, read_plan
    from allocator.reports import checking

    chosen = None
    try:
        chosen = read_model(model)
        found = check_plan(read_plan(plan, chosen, sheet, max_mb), chosen)
    except (ModelError, PlanError) as error:
        if form != "json":
            raise
        print_text(checking.refusal_json(plan.name, chosen, error.problems))
        return error.exit_code
    print_text(checking.to_json(found) if form == "json" else checking.to_text(found, *screen()))
    return 0
