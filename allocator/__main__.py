"""`allocate`, and `python -m allocator`."""

from __future__ import annotations

from typing import NoReturn

from allocator.interrupts import leave_on_signals


def main() -> NoReturn:
    """Run the command line."""
    leave_on_signals()
    from allocator import cli

    cli.main()


if __name__ == "__main__":
    main()
