"""Results to files: refused before the work starts, and then whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from allocator.errors import OutputError
from allocator.interrupts import undisturbed
from allocator.reports.files import BRIEFED

SUFFIXES = (".csv", ".json", *BRIEFED)
"""What every answer can be written as."""


def check_outputs(
    outputs: Sequence[Path], plan: Path | None, force: bool, suffixes: Sequence[str] = SUFFIXES
) -> None:
    """Raise `OutputError` for an output that could not, or should not, be written."""
    for path in outputs:
        if path.suffix.lower() not in suffixes:
            ends = f"{', '.join(suffixes[:-1])} or {suffixes[-1]}" if len(suffixes) > 1 else suffixes[0]
            raise OutputError(f"{path}: the file's name should end in {ends}, which says its format")
        if path.is_symlink():
            raise OutputError(f"{path}: this is a link; name the file itself")
        if path.exists():
            _check_existing(path, plan, force)
        if not path.parent.is_dir():
            raise OutputError(f"{path}: there is no folder {path.parent}")
        if not os.access(path.parent, os.W_OK):
            raise OutputError(f"{path}: the folder {path.parent} can't be written to")
    resolved = [path.resolve() for path in outputs]
    if len(set(resolved)) < len(resolved):
        raise OutputError("two outputs are one file; give each its own name")


def _check_existing(path: Path, plan: Path | None, force: bool) -> None:
    if plan is not None and os.path.lexists(plan) and path.samefile(plan):
        raise OutputError(f"{path}: this is the plan itself; give the result another name")
    if not path.is_file():
        raise OutputError(f"{path}: this is not a regular file")
    if not force:
        raise OutputError(f"{path}: the file is there already; --force replaces it")


@undisturbed()
def write_all(contents: Mapping[Path, str | bytes], force: bool) -> None:
    """Write every file, or none: all are complete on the disk before the first one is in place.

    Raises `OutputError` where the disk or the folder refuses; what was there before stays.
    """
    written: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            written[path] = _beside(path, content)
        for path, temporary in written.items():
            if path.exists() and not force:
                raise OutputError(f"{path}: the file is there already; --force replaces it")
            temporary.replace(path)
    except OSError as error:
        raise OutputError(f"the result can't be written: {error.strerror or error}") from error
    finally:
        for temporary in written.values():
            temporary.unlink(missing_ok=True)


def _beside(path: Path, content: str | bytes) -> Path:
    """A temporary file in the same folder that holds the content, complete and on the disk."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
    except BaseException:
        with suppress(FileNotFoundError):
            temporary.unlink()
        raise
    return temporary
