"""What the commands that solve a plan have in common: its options, reading it, handing results on."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from allocator.characters import visible
from allocator.cli.printing import print_text, shown_progress
from allocator.interrupts import end_on_signals, undisturbed
from allocator.progress import Progress

if TYPE_CHECKING:
    from allocator.cli.writers import Writers
    from allocator.model import Model
    from allocator.plan import Plan
    from allocator.solving.settings import Settings, SolverName


class Share(click.ParamType[float]):
    """A share of 1, written 0.005 or 0.5%; `whole`: all of it is a share as well."""

    name = "share"

    def __init__(self, whole: bool = False) -> None:
        self.whole = whole

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """0.5% or 0.005 as 0.005; at least 0 and below 1, or up to it."""
        if isinstance(value, float):
            return value
        text = str(value).strip()
        try:
            share = float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            self.fail(f"{text!r} is not a share; write 0.5% or 0.005", param, ctx)
        if not (0 <= share < 1 or (self.whole and share == 1)):
            most = "at most" if self.whole else "below"
            percent = f"; write {text}% if that is meant" if 1 <= share < 100 and text[-1] != "%" else ""
            self.fail(f"{text!r} should be at least 0 and {most} 100%{percent}", param, ctx)
        return share


class Seconds(click.ParamType[float]):
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


plan_argument = click.argument("plan", type=click.Path(path_type=Path))
model_option = click.option(
    "--model",
    default="sales_execution",
    metavar="NAME|PATH",
    show_default=True,
    help="How areas couple: a name from 'allocate models', or a .toml file.",
)
steps_option = click.option(
    "--steps",
    type=click.IntRange(1, 366),
    metavar="N",
    help="Steps to plan the period in: 1 steady, 3 months, 13 weeks; lags count them. "
    "Default: the model's.",
)
stability_option = click.option(
    "--stability",
    type=Share(),
    default="0.0001%",
    metavar="SHARE",
    show_default=True,
    help="Share of the best revenue to trade for fewer moves, such as 0.5%.",
)
relax_option = click.option(
    "--relax", is_flag=True, help="If no split keeps every limit, make the least change to them."
)
sheet_option = click.option(
    "--sheet", metavar="NAME", help="The workbook's sheet that has the plan, where several have rows."
)
max_mb_option = click.option(
    "--max-mb",
    type=click.FloatRange(0, min_open=True),
    default=50,
    metavar="N",
    show_default=True,
    help="Refuse a plan's file of more than N MB.",
)


def format_option(*formats: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """What to print: a table to read, or one of the `formats` for machines."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", *formats]),
        default="table",
        show_default=True,
        help="What to print.",
    )


SOLVING = (
    model_option,
    steps_option,
    stability_option,
    click.option(
        "--solver",
        type=click.Choice(["highs", "cbc"]),
        default="highs",
        show_default=True,
        help="What solves the linear programme.",
    ),
    click.option(
        "--time-limit",
        type=Seconds(),
        metavar="SECONDS",
        help="Give up after so many seconds of solving.",
    ),
    click.option(
        "--workers",
        type=click.IntRange(1, 1024),
        metavar="N",
        help="Threads to solve a large plan with. Default: one for each core.",
    ),
    click.option(
        "--cluster",
        metavar="ADDRESS",
        help="Have the workers of a Dask scheduler solve it, such as tcp://10.0.0.5:8786.",
    ),
)
"""How a plan is solved; the fields of a `Job` of these names."""
output_option = click.option(
    "-o",
    "--output",
    "outputs",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Write a file as well, by its suffix: .xlsx, .html (a page), .png or .svg (charts), .csv, "
    "or .json; for an allocation .lp, .mps and .parquet, too. Repeatable.",
)
force_option = click.option("--force", is_flag=True, help="Replace files that are there already.")
quiet_option = click.option(
    "--quiet", is_flag=True, help="No progress and no messages; with -o, print nothing."
)
HANDING_ON = (output_option, sheet_option, max_mb_option, force_option, quiet_option)


@dataclass(frozen=True)
class Outputs:
    """Where the results on a plan go: what is printed, and which files are written."""

    plan: Path
    form: str
    outputs: tuple[Path, ...]
    force: bool
    quiet: bool

    @property
    def progress(self) -> AbstractContextManager[Progress]:
        """What is under way, on the terminal where there is one; from now on it ends in good order."""
        end_on_signals()
        return shown_progress(self.quiet)

    def check_outputs(self, *more: Path, suffixes: Sequence[str] = ()) -> None:
        """Refuse what could not be written before any work is done.

        `more` are further outputs; `suffixes` are those that this answer can be written as beside those
        that every answer can.
        """
        from allocator.writing import SUFFIXES, check_outputs

        check_outputs([*self.outputs, *more], self.plan, self.force, (*SUFFIXES, *suffixes))

    def wants(self, suffixes: Sequence[str]) -> bool:
        """Whether a file of one of these suffixes is asked for."""
        return any(path.suffix.lower() in suffixes for path in self.outputs)

    def write(self, writers: Writers, more: Mapping[Path, str | bytes] | None = None) -> None:
        """Write every output and `more`, whole or not at all."""
        from allocator.writing import write_all

        contents = {path: writers[path.suffix.lower()]() for path in self.outputs} | dict(more or {})
        with undisturbed():  # who interrupts now should know that the files are there
            write_all(contents, self.force)
            for path in () if self.quiet else contents:
                click.echo(f"Wrote {visible(str(path))}", err=True)

    def hand_on(self, writers: Writers, more: Mapping[Path, str | bytes] | None = None) -> None:
        """Write every output and `more`, then print what was asked for."""
        self.write(writers, more)
        if not (self.outputs and self.quiet):
            print_text(str(writers[self.form]()))


@dataclass(frozen=True)
class Job(Outputs):
    """A plan to be solved, how, and where the results go."""

    model: str
    steps: int | None
    stability: float
    solver: SolverName
    time_limit: float | None
    workers: int | None
    cluster: str | None
    sheet: str | None
    max_mb: float

    @property
    def settings(self) -> Settings:
        """How to solve."""
        from allocator.solving.settings import Settings, cores

        return Settings(
            self.solver,
            self.stability,
            self.time_limit,
            workers=self.workers or cores(),
            cluster=self.cluster,
        )

    def read(self, progress: Progress) -> tuple[Plan, Model]:
        """The plan and its model."""
        from allocator.reading import read_model, read_plan

        model = read_model(self.model)
        if self.steps is not None:
            model = model.with_steps(self.steps)
        progress("Reading the plan")
        return read_plan(self.plan, model, self.sheet, self.max_mb), model


def solving_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options about solving, in their order."""
    for option in reversed(SOLVING):
        command = option(command)
    return command


def with_job(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command a `Job` as its first argument, made from the options that all such have."""

    @functools.wraps(command)
    def packed(**options: object) -> object:
        job = {field.name: options.pop(field.name) for field in fields(Job)}
        return command(Job(**job), **options)  # type: ignore[arg-type]

    # The command's own options stand between those about solving and those about results; click
    # keeps them last one first.
    own = getattr(command, "__click_params__", [])
    packed.__click_params__ = []  # type: ignore[attr-defined]
    for option in reversed((format_option("json", "csv"), *HANDING_ON)):
        packed = option(packed)
    packed.__click_params__ += own  # type: ignore[attr-defined]
    return plan_argument(solving_options(packed))
