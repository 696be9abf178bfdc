"""The command line: `allocate PLAN`, and the commands around it.

The only place where an error becomes an exit code. What is not needed to answer `--help` is
imported inside the commands.
"""

from __future__ import annotations

import difflib
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from allocator import __version__
from allocator.errors import AllocatorError

if TYPE_CHECKING:
    from allocator.allocation import Allocation
    from allocator.reports.terminal import By
    from allocator.solving.settings import SolverName

MAIN_JOB = "split"
INTERRUPTED = 130
WIDEST = 120

EXAMPLES = """\b
Examples:
  allocate new my-plan.csv                 a template to fill in
  allocate check my-plan.csv               how the plan is understood, before it is solved
  allocate my-plan.csv                     today's split and the recommended one
  allocate my-plan.csv --by rep            the same, for each rep
  allocate my-plan.csv --stability 1%      give up 1% of revenue for fewer moves
  allocate my-plan.csv -o result.csv       write the hours to a file as well
  allocate my-plan.csv --model enterprise  another kind of business
A plan that is called like a command: allocate ./models"""


class _MainJob(click.Group):
    """A group whose main job needs no name: what is not a command is a plan."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the main job's name before anything that is neither a command nor the group's own."""
        own = {"--help", "-h", "--version"}
        if args and args[0] not in self.commands and args[0] not in own:
            self._refuse_mistyped(args[0], ctx)
            args = [MAIN_JOB, *args]
        return super().parse_args(ctx, args)

    def _refuse_mistyped(self, word: str, ctx: click.Context) -> None:
        """What is nearly a command, and no file, was meant to be that command."""
        known = [name for name in self.commands if name != MAIN_JOB]
        near = difflib.get_close_matches(word, known, n=1, cutoff=0.75)
        if near and not os.path.lexists(word):
            message = f"There is no file '{word}'. Did you mean the command 'allocate {near[0]}'?"
            raise click.UsageError(message, ctx)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Show the main job's usage, which is what a new user needs."""
        return ["[OPTIONS] PLAN"]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show the main job's options, then the commands."""
        job = self.commands[MAIN_JOB]
        options = (param for param in job.get_params(ctx) if isinstance(param, click.Option))
        records = [record for option in options if (record := option.get_help_record(ctx))]
        records.insert(-1, ("--version", "Show the version and exit."))
        with formatter.section("Options"):
            formatter.write_dl(records)
        self.format_commands(ctx, formatter)


class _MainContext(click.Context):
    """The main job goes by the tool's own name in usage lines and hints."""

    @property
    def command_path(self) -> str:
        """'allocate', where another command would be 'allocate models'."""
        return self.parent.command_path if self.parent else super().command_path


class _MainCommand(click.Command):
    context_class = _MainContext


class _Share(click.ParamType[float]):
    """A share of 1, written 0.005 or 0.5%."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """0.5% or 0.005 as 0.005; at least 0 and below 1."""
        if isinstance(value, float):
            return value
        text = str(value).strip()
        try:
            share = float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            self.fail(f"{text!r} is not a share; write 0.5% or 0.005", param, ctx)
        if not 0 <= share < 1:
            self.fail(f"{text!r} should be at least 0 and below 100%", param, ctx)
        return share


class _Seconds(click.ParamType[float]):
    """A time above 0, in seconds."""

    name = "seconds"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number of seconds; nothing that is not a number, not even nan."""
        try:
            seconds = float(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a number of seconds", param, ctx)
        if not seconds > 0:
            self.fail(f"{value!r} should be above 0 seconds", param, ctx)
        return seconds


@click.group(
    cls=_MainJob,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXAMPLES,
)
@click.version_option(__version__, prog_name="allocate")
def allocate_command() -> None:
    """Divide limited rep hours where they carry each other.

    PLAN is a CSV file or an Excel workbook with a row for each territory and area (and rep): today's
    hours, what they bring, what a win is worth. The answer is the split of the same hours that is
    projected to earn the most, beside what today's split earns, with the limits that hold it back.
    """


_sheet_option = click.option(
    "--sheet", metavar="NAME", help="The workbook's sheet that has the plan, where several have rows."
)
_max_mb_option = click.option(
    "--max-mb",
    type=click.FloatRange(0, min_open=True),
    default=50,
    metavar="N",
    show_default=True,
    help="Refuse a plan's file of more than N MB.",
)


@allocate_command.command(MAIN_JOB, cls=_MainCommand, hidden=True, epilog=EXAMPLES)
@click.argument("plan", type=click.Path(path_type=Path))
@click.option(
    "--model",
    default="sales_execution",
    metavar="NAME|PATH",
    show_default=True,
    help="How areas couple: a name from 'allocate models', or a .toml file.",
)
@click.option(
    "--steps",
    type=click.IntRange(1, 366),
    metavar="N",
    help="Steps to plan the period in: 1 steady, 3 months, 13 weeks. Default: the model's.",
)
@click.option(
    "--stability",
    type=_Share(),
    default="0.0001%",
    metavar="SHARE",
    show_default=True,
    help="Share of the best revenue to trade for fewer moves, such as 0.5%.",
)
@click.option(
    "--solver",
    type=click.Choice(["highs", "cbc"]),
    default="highs",
    show_default=True,
    help="What solves the linear programme.",
)
@click.option(
    "--time-limit",
    type=_Seconds(),
    metavar="SECONDS",
    help="Give up after so many seconds of solving.",
)
@click.option(
    "--by",
    type=click.Choice(["area", "rep", "step"]),
    default="area",
    show_default=True,
    help="What the table of hours has lines for.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="What to print.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Write a file as well, by its suffix: .csv or .json. Repeatable.",
)
@click.option(
    "--relax", is_flag=True, help="If no split keeps every limit, make the least change to them."
)
@click.option("--cross-check", is_flag=True, help="Solve with the other solver too; say the difference.")
@click.option(
    "--certificate",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the whole certificate to a .json file.",
)
@_sheet_option
@_max_mb_option
@click.option("--force", is_flag=True, help="Replace files that are there already.")
@click.option("--quiet", is_flag=True, help="No progress and no messages; with -o, print nothing.")
def split(
    plan: Path,
    model: str,
    steps: int | None,
    stability: float,
    solver: SolverName,
    time_limit: float | None,
    by: By,
    form: str,
    outputs: tuple[Path, ...],
    relax: bool,
    cross_check: bool,
    certificate: Path | None,
    sheet: str | None,
    max_mb: float,
    force: bool,
    quiet: bool,
) -> None:
    """Today's split of the hours in PLAN, and the one that earns the most."""
    from allocator.writing import check_outputs, write_all

    certificates = [certificate] if certificate else []
    check_outputs(certificates, plan, force, suffixes=(".json",))
    check_outputs([*outputs, *certificates], plan, force)

    from allocator.allocation import allocate
    from allocator.answers.cross_check import cross_checked
    from allocator.reading import read_model, read_plan

    with _progress(quiet) as progress:
        chosen = read_model(model)
        if steps is not None:
            chosen = chosen.with_steps(steps)
        progress("Reading the plan")
        allocation = allocate(
            read_plan(plan, chosen, sheet, max_mb),
            chosen,
            stability=stability,
            solver=solver,
            time_limit=time_limit,
            relax=relax,
            progress=progress,
        )
        if cross_check:
            progress("Solving with the other solver too")
            allocation = cross_checked(allocation)
    files: dict[str, Callable[[], str]] = {
        ".csv": lambda: "\ufeff" + _csv(allocation, by),
        ".json": lambda: _json(allocation, by),
    }
    contents = {path: files[path.suffix.lower()]() for path in outputs}
    if certificate is not None:
        contents[certificate] = _certificate(allocation)
    write_all(contents, force)
    if not (outputs and quiet):
        _print({"table": _table, "json": _json, "csv": _csv}[form](allocation, by))
    if not quiet:
        for path in contents:
            click.echo(f"Wrote {path}", err=True)


def _print(text: str) -> None:
    """Write to stdout; whoever closes it early has seen enough, which is no error."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _nowhere()


def _nowhere() -> None:
    """Nothing more can go to stdout, not even what the interpreter would flush at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _json(allocation: Allocation, _: By) -> str:
    from allocator.reports.machine import to_json

    return to_json(allocation)


def _certificate(allocation: Allocation) -> str:
    from allocator.reports.proof import to_certificate

    return to_certificate(allocation)


def _csv(allocation: Allocation, by: By) -> str:
    from allocator.reports.machine import to_csv

    return to_csv(allocation, by_step=by == "step")


def _table(allocation: Allocation, by: By) -> str:
    from allocator.reports.terminal import to_text

    return to_text(allocation, by, *_screen())


def _screen() -> tuple[int, bool]:
    """How many columns a report may take, and whether colours reach anyone."""
    from allocator.reports.layout import WIDTH

    if sys.stdout is None or not sys.stdout.isatty():
        return WIDTH, False
    columns = os.get_terminal_size(sys.stdout.fileno()).columns or WIDTH
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return min(columns, WIDEST), not plain


@allocate_command.command("check", short_help="Say how a plan is understood, without solving it.")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option(
    "--model",
    default="sales_execution",
    metavar="NAME|PATH",
    show_default=True,
    help="How areas couple: a name from 'allocate models', or a .toml file.",
)
@_sheet_option
@_max_mb_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="What to print.",
)
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
        _print(checking.refusal_json(plan.name, chosen, error.problems))
        return error.exit_code
    _print(checking.to_json(found) if form == "json" else checking.to_text(found, *_screen()))
    return 0


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
    click.echo(guide(chosen, str(file), model))


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """A line on the terminal that says what is under way, where there is a terminal to say it on."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("Starting") as status:
        yield status.update


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    for ending in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        signal.signal(ending, _end)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A console shows what it can; a file or pipe gets every name as it is.
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace")
    sys.exit(_run())


def _end(number: int, _: object) -> NoReturn:
    """End as Ctrl-C does, so that solvers stop and temporary files go, with the signal's own code."""
    raise SystemExit(128 + number)


def _run() -> int:
    try:
        result = allocate_command.main(prog_name="allocate", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("Interrupted; nothing was written.", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except AllocatorError as error:
        click.echo(_failure(error), err=True)
        return error.exit_code
    except OSError as error:
        _nowhere()
        if isinstance(error, BrokenPipeError):
            return 0
        click.echo(f"Error: the output can't be written: {error.strerror}", err=True)
        return 2
    return result if isinstance(result, int) else 0


def _failure(error: AllocatorError) -> str:
    text = str(error)
    return text if "\n" in text else f"Error: {text}"
