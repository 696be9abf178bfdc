"""`allocate session PLAN`: a page for the projector on which a team plans its quarter."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from allocator.cli.group import allocate_command
from allocator.cli.job import (
    max_mb_option,
    model_option,
    sheet_option,
    stability_option,
    steps_option,
)

EXAMPLES = """\b
Examples:
  allocate session my-plan.csv               opens in the browser, on this machine alone
  allocate session my-plan.csv --share       for others in this network, with a token
Scenarios that are kept live beside the plan, in my-plan.allocate.db."""


@allocate_command.command(
    "session", epilog=EXAMPLES, short_help="Plan together in the browser: assumptions, scenarios."
)
@click.argument("plan", type=click.Path(path_type=Path))
@model_option
@steps_option
@stability_option
@sheet_option
@max_mb_option
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    metavar="N",
    help="The port. Default: the first free from 8501.",
)
@click.option(
    "--share", is_flag=True, help="Let others in who have the address with the token it prints."
)
@click.option("--no-browser", is_flag=True, help="Print the address, and leave opening it to you.")
def session(
    plan: Path,
    model: str,
    steps: int | None,
    stability: float,
    sheet: str | None,
    max_mb: float,
    port: int | None,
    share: bool,
    no_browser: bool,
) -> None:
    """Open PLAN in the browser: move assumptions, see split, money and leverage, keep scenarios."""
    if find_spec("streamlit") is None:
        from allocator.errors import ExtraError

        raise ExtraError("session")
    from allocator.reading import read_model, read_plan
    from allocator.session.opened import Opened
    from allocator.session.serve import Serving, serve
    from allocator.solving.settings import Settings, cores

    chosen = read_model(model)
    if steps is not None:
        chosen = chosen.with_steps(steps)
    read_plan(plan, chosen, sheet, max_mb)
    opened = Opened(plan, chosen, Settings(stability=stability, workers=cores()), sheet, max_mb)
    serve(opened, Serving(port, share, not no_browser), _say)


def _say(address: str) -> None:
    click.echo(f"The session is at {address} (Ctrl-C ends it)")
