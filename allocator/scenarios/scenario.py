"""One kept scenario: a plan as it was edited, its model and settings, and what `allocate` said of it."""

from __future__ import annotations

import getpass
import json
import platform
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from allocator import __version__
from allocator.characters import invisible, visible
from allocator.errors import ScenarioError
from allocator.model import Model
from allocator.model_toml import model_toml
from allocator.plan import Plan
from allocator.plan_csv import plan_csv
from allocator.progress import Progress, silent
from allocator.reading.model_file import model_of
from allocator.reading.plan_file import plan_of
from allocator.reading.text_file import read_text
from allocator.scenarios.differences import Inputs
from allocator.scenarios.solved_again import result_of
from allocator.solving.settings import Settings

LONGEST_NAME = 100
LONGEST_NOTE = 2000


@dataclass(frozen=True)
class Scenario:
    """What was kept under a name, so that it can be solved again and says the same.

    `at` is in UTC, ISO 8601. `plan_csv` holds the plan with its changed facts, bounds and capacities,
    `model_toml` its model, `settings_json` how it was solved. `result` is what `allocate --format json`
    prints for these. `versions`: what solved it, by name. `edition` counts what was kept under one name.
    """

    name: str
    note: str
    by: str
    at: str
    plan_name: str
    plan_csv: bytes
    model_name: str
    model_toml: str
    settings_json: str
    result: str
    versions: Mapping[str, str]
    decided: bool = False
    edition: int = 1

    @cached_property
    def model(self) -> Model:
        """The model that it was solved with."""
        return model_of(self.model_toml, f"the model of '{self.name}'")

    @cached_property
    def plan(self) -> Plan:
        """The plan as it was edited, read as a file of that name would be."""
        return plan_of(read_text(self.plan_name, self.plan_csv), self.model)

    @cached_property
    def _asked(self) -> Mapping[str, Any]:
        asked: Mapping[str, Any] = json.loads(self.settings_json)
        return asked

    @property
    def settings(self) -> Settings:
        """How it was solved; by how many threads is not kept, since it makes no difference."""
        asked = self._asked
        return Settings(asked["solver"], asked["stability"], asked["time_limit"])

    @property
    def relax(self) -> bool:
        """Whether limits were allowed to give way."""
        return bool(self._asked["relax"])

    @property
    def inputs(self) -> Inputs:
        """What it is made from, to be set beside others."""
        return Inputs(self.plan, self.model, self.settings, self.relax)

    @cached_property
    def figures(self) -> Mapping[str, Any]:
        """The result as a document."""
        document: Mapping[str, Any] = json.loads(self.result)
        return document

    @property
    def currency(self) -> str:
        """The mark that the plan's money carries, if any."""
        return str(self.figures["currency"])

    @property
    def revenue(self) -> float:
        """Projected revenue with the recommended split, in the plan's currency."""
        return float(self.figures["revenue"])

    @property
    def revenue_now(self) -> float:
        """Projected revenue with today's split of this plan, in the plan's currency."""
        return float(self.figures["revenue_now"])


def scenario_of(  # noqa: PLR0913 (who, when and what)
    name: str,
    note: str,
    by: str,
    inputs: Inputs,
    at: datetime,
    *,
    progress: Progress = silent,
) -> Scenario:
    """The scenario that a plan, a model and settings make, solved from what is kept of them.

    Raises `ScenarioError` for a name or note that can't be kept, and what `allocate` raises.
    """
    declared = model_toml(inputs.model)
    content = plan_csv(inputs.plan, inputs.model).encode()
    model = model_of(declared, inputs.model.name)
    plan = plan_of(read_text(inputs.plan.name, content), model)
    settings = inputs.settings
    return Scenario(
        name=checked_name(name),
        note=checked_note(note),
        by=visible(by)[:LONGEST_NAME],
        at=at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        plan_name=plan.name,
        plan_csv=content,
        model_name=model.name,
        model_toml=declared,
        settings_json=json.dumps(
            {
                "solver": settings.solver,
                "stability": settings.stability,
                "time_limit": settings.time_limit,
                "relax": inputs.relax,
            }
        ),
        result=result_of(replace(inputs, plan=plan, model=model), progress),
        versions=versions(),
    )


def checked_name(name: str) -> str:
    """A name without white space at its ends, if it can be told from others by looking at it."""
    name = unicodedata.normalize("NFC", " ".join(name.split(" ")).strip())
    if not name:
        raise ScenarioError("A scenario needs a name, such as 'Plan B'")
    if len(name) > LONGEST_NAME:
        raise ScenarioError(
            f"A scenario's name has at most {LONGEST_NAME} characters, not {len(name):,}"
        )
    if hidden := invisible(name):
        message = f"a scenario's name has an invisible or control character (U+{ord(hidden):04X})"
        raise ScenarioError(f"{message}; type the name anew without it")
    return name


def checked_note(note: str) -> str:
    """A note with plain line ends."""
    note = "\n".join(visible(line.expandtabs(4)).rstrip() for line in note.splitlines()).strip()
    if len(note) > LONGEST_NOTE:
        raise ScenarioError(f"A note has at most {LONGEST_NOTE:,} characters, not {len(note):,}")
    return note


def this_user() -> str:
    """Who is at work here, by the name that the system has."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a user without a name, as in some containers
        return "unknown"


def key_of(name: str) -> str:
    """What two names have in common that are one: letters in any case, white space at the ends."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).strip().casefold())


def versions() -> dict[str, str]:
    """What a result depends on beside its inputs: the tool, what solves, what runs both."""
    found = {"allocator": __version__}
    for package in ("highspy", "pulp"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "unknown"
    return {**found, "python": platform.python_version()}
