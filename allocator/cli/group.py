"""The command `allocate`: its main job needs no name, and other commands stand around it."""

from __future__ import annotations

import difflib
import os

import click

from allocator import __version__

MAIN_JOB = "split"

EXAMPLES = """\b
Examples:
  allocate new my-plan.csv                 a template to fill in
  allocate check my-plan.csv               how the plan is understood, before it is solved
  allocate my-plan.csv                     today's split and the recommended one
  allocate my-plan.csv --by rep            the same, for each rep
  allocate my-plan.csv --stability 1%      give up 1% of revenue for fewer moves
  allocate my-plan.csv -o result.csv       write the hours to a file as well
  allocate reach my-plan.csv --revenue 2m  what a number takes, in hours and heads
  allocate my-plan.csv --model enterprise  another kind of business
  allocate compare my-plan.csv             beside equal hours, and all in on each area
  allocate leverage my-plan.csv            where the next hour pays, and in which areas
  allocate whatif my-plan.csv --set 'win_rate *= 1.1'   what a change would do
  allocate session my-plan.csv             plan together in the browser
  allocate history my-plan.csv keep 'Plan A'            keep the plan as it is, to come back to
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


class MainContext(click.Context):
    """The main job goes by the tool's own name in usage lines and hints."""

    @property
    def command_path(self) -> str:
        """'allocate', where another command would be 'allocate models'."""
        return self.parent.command_path if self.parent else super().command_path


class MainCommand(click.Command):
    """The main job, which goes by the tool's own name."""

    context_class = MainContext


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
