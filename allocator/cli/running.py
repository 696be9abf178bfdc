"""Running the command line: signals, streams, and what an error means for the exit code."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from allocator.characters import visible
from allocator.cli.group import allocate_command
from allocator.cli.printing import nowhere
from allocator.errors import AllocatorError
from allocator.interrupts import ENDING, INTERRUPTED, EndedError, stay

OBJECTS = 1_000_000
"""Made between two looks for cycles: programmes have millions and few cycles, and looking takes time."""


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A console shows what it can; a file or pipe gets every name as it is.
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace")
    gc.set_threshold(OBJECTS)
    try:
        code = run()
    except EndedError as ended:
        code = ended.code
    stay()
    if code in {128 + number for number in ENDING}:
        # All is tidied up. Where Ctrl-C met an exec, as in a dataclass, 'python -m' would end by the
        # signal, whatever the code; and a solver that did not hear would meet the interpreter's end.
        os._exit(code)
    gc.freeze()  # at its end the interpreter would look for cycles in all that a plan has come to
    sys.exit(code)


def run(words: Sequence[str] | None = None) -> int:
    """The exit code of a command line, those of this process where no words are given."""
    try:
        result = allocate_command.main(words, prog_name="allocate", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        said = io.StringIO()
        error.show(said)
        click.echo("\n".join(map(visible, said.getvalue().split("\n"))), nl=False, err=True)
        return error.exit_code
    except AllocatorError as error:
        click.echo(_failure(error), err=True)
        return error.exit_code
    except OSError as error:
        nowhere()
        if isinstance(error, BrokenPipeError):
            return 0
        click.echo(f"Error: the output can't be written: {error.strerror}", err=True)
        return 2
    return result if isinstance(result, int) else 0


def _failure(error: AllocatorError) -> str:
    text = str(error)
    return text if "\n" in text else f"Error: {text}"
