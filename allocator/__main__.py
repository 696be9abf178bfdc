"""`allocate`, and `python -m allocator`."""

from __future__ import annotations

from typing import NoReturn

from allocator.interrupts import leave_on_interrupt


def main() -> NoReturn:
    """Run the command line; while it is being loaded, Ctrl-C ends the process at once."""
    leave_on_interrupt()
    from allocator import cli

    cli.main()


if __name__ == "__main__":
    main()
