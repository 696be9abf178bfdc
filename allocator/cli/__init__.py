"""The command line: `allocate PLAN`, and the commands around it.

The only place where an error becomes an exit code. What is not needed to answer `--help` is
imported inside the commands.
"""

from allocator.cli import (
    check,
    compare,
    history,
    leverage,
    models,
    reach,
    reproduce,
    session,
    split,
    whatif,
)
from allocator.cli.group import allocate_command
from allocator.cli.running import main, run

__all__ = [
    "allocate_command",
    "check",
    "compare",
    "history",
    "leverage",
    "main",
    "models",
    "reach",
    "reproduce",
    "run",
    "session",
    "split",
    "whatif",
]
