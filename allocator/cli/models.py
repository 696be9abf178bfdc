"""`allocate models` and `allocate new`: where a model and a plan of one's own begin."""

from __future__ import annotations

from pathlib import Path

import click

from allocator.characters import visible
from allocator.cli.group import allocate_command


@allocate_command.group(
    "models", invoke_without_command=True, short_help="List the models; 'models show NAME' prints one."
)
@click.pass_context
def models_command(ctx: click.Context) -> None:
    """List the models that come with the tool; 'models show NAME' prints one."""
    if ctx.invoked_subcommand is None:
        from allocator.reading import models

        known = models()
        width = max(len(name) for name in known)
        for name, line in known.items():
            click.echo(f"{name:<{width}}  {line}")


@models_command.command("show")
@click.argument("name")
def show_model(name: str) -> None:
    """Print the model NAME, to read or to copy: allocate models show velocity > my.toml."""
    from allocator.reading import model_text

    click.echo(model_text(name), nl=False)


@allocate_command.command("new", short_help="Write a template to fill in.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--model",
    default="sales_execution",
    metavar="NAME|PATH",
    show_default=True,
    help="Whose areas to make rows for.",
)
@click.option("--force", is_flag=True, help="Replace FILE if it is there already.")
def new(file: Path, model: str, force: bool) -> None:
    """Write a template to FILE that runs as it is, and say what to fill in."""
    from allocator.reading import read_model
    from allocator.template import guide, template
    from allocator.writing import check_outputs, write_all

    check_outputs([file], None, force, suffixes=(".csv",))
    chosen = read_model(model)
    write_all({file: "\ufeff" + template(chosen)}, force)
    click.echo(guide(chosen, visible(str(file)), visible(model)))
