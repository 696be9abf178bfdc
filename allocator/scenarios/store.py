"""The scenarios of one plan, in the file beside it. What was kept once is never changed nor deleted."""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from allocator.allocation import Allocation
from allocator.errors import ScenarioError
from allocator.progress import Progress, silent
from allocator.scenarios.differences import Inputs, inputs_of
from allocator.scenarios.opening import damaged, explained, opened, transaction
from allocator.scenarios.scenario import Scenario, key_of, scenario_of

SUFFIX = ".allocate.db"
Stored = str | bytes | int
STORED = (
    "key",
    "edition",
    "name",
    "note",
    "by",
    "at",
    "plan_name",
    "plan_csv",
    "model_name",
    "model_toml",
    "settings_json",
    "result",
    "versions",
)
"""The columns that a scenario is read from, in the order in which they are sealed."""

ALL = (
    f"SELECT s.seal, s.id IS (SELECT scenario FROM decided), {', '.join(STORED)} "  # noqa: S608
    "FROM scenario AS s"
)
LATEST = " WHERE edition = (SELECT max(edition) FROM scenario WHERE key = s.key)"


class Scenarios:
    """The scenarios that are kept beside a plan; use it in a `with` block, and in one thread.

    The file is made when something is first kept. `read_only`: nothing is written, not even that.
    """

    def __init__(self, path: Path, read_only: bool = False) -> None:
        self.path = path
        self._read_only = read_only
        self._open: sqlite3.Connection | None = None

    @classmethod
    def beside(cls, plan: Path, read_only: bool = False) -> Self:
        """The scenarios of the plan in this file: those of plan.csv are in plan.allocate.db."""
        return cls(plan.with_suffix(SUFFIX), read_only)

    def __enter__(self) -> Self:
        """Open the file, where there is one. Raises `ScenarioError` for one that can't be used."""
        self._open = opened(self.path, "read" if self._read_only else "write")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Close the file."""
        if self._open is not None:
            self._open.close()
        self._open = None

    def keep(  # noqa: PLR0913 (who, when and what)
        self,
        name: str,
        note: str,
        by: str,
        allocation: Allocation | Inputs,
        at: datetime,
        *,
        replace: bool = False,
        progress: Progress = silent,
    ) -> Scenario:
        """Keep a plan, a model and settings, those of an allocation, and what `allocate` says of them.

        `replace`: under a name that is there already; what was kept before stays in the history.
        Raises `ScenarioError` where that is not wanted, and what `allocate` raises.
        """
        if not replace and self._has(name):
            raise _taken(name)
        inputs = allocation if isinstance(allocation, Inputs) else inputs_of(allocation)
        return self.add(scenario_of(name, note, by, inputs, at, progress=progress), replace=replace)

    def add(self, scenario: Scenario, *, replace: bool = False) -> Scenario:
        """Keep a scenario as it is, as the latest of its name."""
        key = key_of(scenario.name)
        with self._writing() as connection:
            last = connection.execute("SELECT max(edition) FROM scenario WHERE key = ?", (key,))
            edition = (last.fetchone()[0] or 0) + 1
            if edition > 1 and not replace:
                raise _taken(scenario.name)
            kept = dataclasses.replace(scenario, edition=edition, decided=False)
            values = _values(kept)
            connection.execute(
                f"INSERT INTO scenario (seal, {', '.join(STORED)}) "  # noqa: S608
                f"VALUES ({', '.join('?' * (1 + len(STORED)))})",
                (_seal(values), *values),
            )
        return kept

    def all(self, every: bool = False) -> tuple[Scenario, ...]:
        """The latest of each name, or `every` one, in the order in which they were kept."""
        return self._found(f"{ALL}{'' if every else LATEST} ORDER BY s.id")

    def versions_of(self, name: str) -> tuple[Scenario, ...]:
        """All that was kept under a name, oldest first. Raises `ScenarioError` where nothing was."""
        found = self._found(f"{ALL} WHERE key = ? ORDER BY edition", key_of(name))
        if not found:
            raise self._unknown(name)
        return found

    def get(self, name: str) -> Scenario:
        """The latest that was kept under a name. Raises `ScenarioError` where nothing was."""
        return self.versions_of(name)[-1]

    def decided(self) -> Scenario | None:
        """The one that is decided on, if one is, even where another was kept under its name since."""
        found = self._found(f"{ALL} WHERE s.id = (SELECT scenario FROM decided)")  # noqa: S608
        return found[0] if found else None

    def decide(self, name: str | None) -> None:
        """Mark the latest of this name as the one that is decided on, and no other; None for none."""
        if name is not None:
            self.get(name)
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO decided (only, scenario) VALUES "
                "(1, (SELECT id FROM scenario WHERE key = ? ORDER BY edition DESC LIMIT 1)) "
                "ON CONFLICT (only) DO UPDATE SET scenario = excluded.scenario",
                (None if name is None else key_of(name),),
            )

    @property
    def draft(self) -> str | None:
        """What is under way and not kept under a name, as it was written here; None for nothing."""
        rows = self._rows("SELECT state FROM draft")
        return str(rows[0][0]) if rows else None

    @draft.setter
    def draft(self, state: str | None) -> None:
        with self._writing() as connection:
            if state is None:
                connection.execute("DELETE FROM draft")
            else:
                connection.execute(
                    "INSERT INTO draft (only, state) VALUES (1, ?) "
                    "ON CONFLICT (only) DO UPDATE SET state = excluded.state",
                    (state,),
                )

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction, in a file that is there from now on."""
        if self._read_only:
            raise ScenarioError(f"{self.path}: opened to be read only")
        if self._open is None:
            self._open = opened(self.path, "make")
        assert self._open is not None
        with explained(self.path), transaction(self._open):
            yield self._open

    def _rows(self, statement: str, *values: str) -> list[tuple[Any, ...]]:
        if self._open is None:
            return []
        with explained(self.path):
            return self._open.execute(statement, values).fetchall()

    def _found(self, statement: str, *values: str) -> tuple[Scenario, ...]:
        return tuple(self._read(*row) for row in self._rows(statement, *values))

    def _read(self, seal: str, decided: int, *values: Stored) -> Scenario:
        """A row of the table as a scenario, if it is what was written."""
        if _seal(values) != seal:
            raise damaged(self.path, "a scenario is not what was kept")
        given: dict[str, Any] = dict(zip(STORED, values, strict=True))
        del given["key"]
        given["versions"] = json.loads(given["versions"])
        return Scenario(**given, decided=bool(decided))

    def _has(self, name: str) -> bool:
        return bool(self._rows("SELECT 1 FROM scenario WHERE key = ?", key_of(name)))

    def _unknown(self, name: str) -> ScenarioError:
        names = [scenario.name for scenario in self.all()]
        near = difflib.get_close_matches(name[:100], names, n=1)
        guess = f". Did you mean '{near[0]}'?" if near else f"; there are {', '.join(names)}"
        return ScenarioError(f"no scenario is called '{name[:100]}'{guess if names else ''}")


def _values(scenario: Scenario) -> tuple[Stored, ...]:
    """What is stored of a scenario, in the order of the columns."""
    worked_out = {
        "key": key_of(scenario.name),
        "versions": json.dumps(dict(scenario.versions)),
    }
    return tuple(worked_out.get(column) or getattr(scenario, column) for column in STORED)


def _seal(values: Iterable[Stored]) -> str:
    """What changes where a single letter of the values does, alike wherever it is worked out."""
    return hashlib.sha256(ascii(tuple(values)).encode()).hexdigest()


def _taken(name: str) -> ScenarioError:
    return ScenarioError(
        f"a scenario is called '{name}' already. Choose another name, or replace it, with "
        "'allocate history PLAN keep NAME --replace': what was kept stays in the history"
    )


def plan_here(folder: Path) -> Path:
    """The plan of this folder that has scenarios. Raises `ScenarioError` unless there is just one."""
    found = sorted(folder.glob(f"*{SUFFIX}"))
    if not found:
        raise ScenarioError("no plan of this folder has scenarios. Name the plan")
    if len(found) > 1:
        several = ", ".join(path.name for path in found)
        raise ScenarioError(f"several plans of this folder have scenarios ({several}). Name the plan")
    stem = found[0].with_name(found[0].name.removesuffix(SUFFIX) + ".csv")
    with Scenarios.beside(stem, read_only=True) as kept:
        names = [Path(scenario.plan_name) for scenario in kept.all()]
    return stem.with_suffix(names[-1].suffix) if names else stem
