"""Opening the file of scenarios: made where there is none, refused where it is anything else.

Before SQLite is let near a file, its first bytes say whose it is, so that nothing is ever written to a
file of another program's.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeVar

from allocator.errors import ScenarioError

Found = TypeVar("Found")
Purpose = Literal["read", "write", "make"]
"""To read only; to write too, if the file is there; to write in any case."""

APPLICATION = 0x616C6C6F
"""'allo': which program's file this is, in SQLite's own place for that."""
SCHEMA = 1
"""Which tables the file has; a file with a higher number is of a later version of the tool."""

SIGNATURE = b"SQLite format 3\0"
HEADER = 100
LONGEST_WAIT = 20.0
"""Seconds in which other sessions should have written what they write."""
PAUSE = 0.02
CHECKED = 20_000_000
"""Bytes up to which a file is checked whole as it is opened."""

TABLES = (
    """CREATE TABLE scenario (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL,
        edition INTEGER NOT NULL,
        name TEXT NOT NULL,
        note TEXT NOT NULL,
        by TEXT NOT NULL,
        at TEXT NOT NULL,
        plan_name TEXT NOT NULL,
        plan_csv BLOB NOT NULL,
        model_name TEXT NOT NULL,
        model_toml TEXT NOT NULL,
        settings_json TEXT NOT NULL,
        result TEXT NOT NULL,
        versions TEXT NOT NULL,
        seal TEXT NOT NULL,
        UNIQUE (key, edition)
    ) STRICT""",
    "CREATE TABLE decided (only INTEGER PRIMARY KEY CHECK (only = 1), scenario INTEGER) STRICT",
    "CREATE TABLE draft (only INTEGER PRIMARY KEY CHECK (only = 1), state TEXT NOT NULL) STRICT",
)


def opened(path: Path, purpose: Purpose) -> sqlite3.Connection | None:
    """A connection to the scenarios in `path`; None where there are none yet and none are to be made.

    Raises `ScenarioError`, with a way out, for anything that is not a sound file of scenarios.
    """
    with explained(path):
        if not (_looked_at(path) or purpose == "make"):
            return None
        connection = _connected(path, purpose)
        try:
            if purpose != "read":
                _have_tables(connection)
            _check_whole(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection


def _connected(path: Path, purpose: Purpose) -> sqlite3.Connection:
    """A connection that waits for others.

    One that only reads may write beside the file what it reads by, as SQLite does, and takes it away.
    """
    mode = "mode=rwc" if purpose == "make" else "mode=rw"
    if purpose == "read" and not os.access(path.parent, os.W_OK):
        # SQLite can't lay the files here by which several share one; who could write has none open.
        mode = "mode=ro" if path.with_name(path.name + "-wal").exists() else "mode=ro&immutable=1"
    address = f"{path.absolute().as_uri()}?{mode}"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=LONGEST_WAIT)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute(f"PRAGMA query_only = {int(purpose == 'read')}")
    return connection


def _have_tables(connection: sqlite3.Connection) -> None:
    """Tables where there are none, and reading and writing that don't wait for each other."""

    def there() -> bool:
        return bool(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])

    if not again(there):
        with transaction(connection):
            if not there():  # another session may have been first
                for table in TABLES:
                    connection.execute(table)
                connection.execute(f"PRAGMA application_id = {APPLICATION}")
                connection.execute(f"PRAGMA user_version = {SCHEMA}")
    again(lambda: connection.execute("PRAGMA journal_mode = WAL").fetchall())


def _check_whole(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file of which a part is not what SQLite wrote."""
    if path.stat().st_size <= CHECKED:
        found = again(lambda: connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        if found != "ok":
            raise damaged(path, found)


def _looked_at(path: Path) -> bool:
    """Whether there is a file with scenarios in it; refuses what is something else."""
    for suffix in ("-wal", "-shm", "-journal", ""):
        if path.with_name(path.name + suffix).is_symlink():
            raise ScenarioError(
                f"{path}{suffix}: this is a link; scenarios lie beside their plan. Remove it"
            )
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False
    if not stat.S_ISREG(status.st_mode):
        raise ScenarioError(f"{path}: this is not a regular file. {way_out(path)}")
    if not status.st_size:
        return False
    with path.open("rb") as file:
        header = file.read(HEADER)
    if not header.startswith(SIGNATURE):
        raise ScenarioError(f"{path}: this is not a file of scenarios. {way_out(path)}")
    if len(header) < HEADER:
        raise damaged(path, "it ends in its first line")
    if int.from_bytes(header[68:72], "big") != APPLICATION:
        raise ScenarioError(f"{path}: this is another program's database. {way_out(path)}")
    if (schema := int.from_bytes(header[60:64], "big")) > SCHEMA:
        raise ScenarioError(
            f"{path}: a later version of allocate wrote this (its scenarios are of kind {schema}, and "
            f"this version knows {SCHEMA}). Use that version, or at least as late a one"
        )
    return True


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raise what SQLite or the system says as a `ScenarioError` with a way out."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            message = f"another session has been writing to it for {LONGEST_WAIT:g} seconds. Try again"
            raise ScenarioError(f"{path}: {message}; nothing was kept") from error
        if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
            message = "the file, or its folder, can't be written to. Check their permissions"
            raise ScenarioError(f"{path}: {message}; nothing was kept") from error
        if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
            raise ScenarioError(f"{path}: the disk refuses ({error}); nothing was kept") from error
        raise damaged(path, str(error)) from error
    except UnicodeDecodeError as error:
        raise damaged(path, "its text is not UTF-8") from error
    except OSError as error:
        message = f"the file can't be read ({error.strerror}). Check its permissions"
        raise ScenarioError(f"{path}: {message}") from error


def damaged(path: Path, how: str) -> ScenarioError:
    """The error for a file that holds scenarios no more, or not all of them."""
    return ScenarioError(f"{path}: the file of scenarios is damaged ({how}). {way_out(path)}")


def way_out(path: Path) -> str:
    """What to do about a file that can't be used."""
    return (
        f"Nothing was written, and the plan itself is untouched. Move the file aside (with "
        f"{path.name}-wal, if that is there) or restore it from a copy; a new one is made where none is"
    )


def again(ask: Callable[[], Found]) -> Found:
    """What `ask` gives, asked again while other sessions are in its way.

    SQLite waits for most of them itself, though not where waiting could never end.
    """
    end = time.monotonic() + LONGEST_WAIT
    while True:
        try:
            return ask()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            if time.monotonic() > end:
                raise
        time.sleep(PAUSE)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is written in it, or nothing."""
    again(lambda: connection.execute("BEGIN IMMEDIATE"))
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    again(lambda: connection.execute("COMMIT"))
