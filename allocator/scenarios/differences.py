"""What tells plans apart: each figure, of plan, model or settings, that is not alike in all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from allocator.allocation import Allocation
from allocator.columns import COLUMNS, stands_on
from allocator.model import Model
from allocator.model_toml import toml_value
from allocator.plan import Plan
from allocator.plan_csv import said
from allocator.solving.settings import Settings

Value = str | float | None
Place = tuple[str | None, str | None, str | None, str]
"""Territory, rep and area, where it has them, and the column or the key of the model or settings."""


@dataclass(frozen=True)
class Inputs:
    """What an answer depends on. `relax`: limits may give way where no split keeps all of them."""

    plan: Plan
    model: Model
    settings: Settings
    relax: bool = False


def inputs_of(allocation: Allocation) -> Inputs:
    """What an allocation was made from."""
    return Inputs(allocation.plan, allocation.model, allocation.settings, bool(allocation.relaxed))


@dataclass(frozen=True)
class Difference:
    """A figure that is not alike in all that were set side by side; None where nothing is said.

    `column` is one of the plan's, or a key of the model, such as 'couplings.referrals.rate', or of the
    settings. `values` has one for each that was set side by side.
    """

    territory: str | None
    rep: str | None
    area: str | None
    column: str
    values: tuple[Value, ...]

    @property
    def before(self) -> Value:
        """The value of the first."""
        return self.values[0]

    @property
    def after(self) -> Value:
        """The value of the last."""
        return self.values[-1]


def differences(*sides: Inputs) -> tuple[Difference, ...]:
    """What tells these apart, in the order of their rows, then the model's, then the settings'."""
    tables = [(inputs, _figures(inputs)) for inputs in sides]
    places = dict.fromkeys(place for _, table in tables for place in table)
    return tuple(
        Difference(*place, values)
        for place in places
        if len(set(values := tuple(_at(place, *side) for side in tables))) > 1
    )


def _at(place: Place, inputs: Inputs, table: Mapping[Place, Value]) -> Value:
    """The figure of a place; of a rep whose capacity is not said, the hours that stand in for it."""
    rep, column = place[1], place[3]
    if column == "capacity" and place not in table and rep is not None:
        return inputs.plan.hours_by_rep.get(rep)
    return table.get(place)


def _figures(inputs: Inputs) -> dict[Place, Value]:
    """Every figure that is said, by its place."""
    return {
        **dict(_of_plan(inputs.plan, inputs.model)),
        **{(None, None, area, key): value for area, key, value in _of_model(inputs.model)},
        **{(None, None, None, key): value for key, value in _of_settings(inputs)},
    }


def _of_plan(plan: Plan, model: Model) -> Iterator[tuple[Place, Value]]:
    for row in plan.rows:
        for column in COLUMNS:
            if column.kind == "text" or not stands_on(column, model.areas[row.area]):
                continue
            where: tuple[str | None, str | None, str | None] = (row.territory, row.rep, row.area)
            if column.of_rep:
                where = (None, row.rep, None)
            elif column.one_fact:
                where = (row.territory, None, row.area)
            if (value := said(plan, row, column)) is not None:
                yield (*where, column.name), value


def _of_model(model: Model) -> Iterator[tuple[str | None, str, Value]]:
    """Area, where it is one's, key and value of everything that a model says, but why."""
    declared = model.model_dump(exclude_none=True)
    for name, area in declared.pop("areas").items():
        for key, value in area.items():
            yield name, key, _shown(value)
    for coupling in declared.pop("couplings"):
        for key, value in coupling.items():
            if key not in ("name", "why"):
                yield None, f"couplings.{coupling['name']}.{key}", _shown(value)
    yield None, "objective.later", declared.pop("objective")["later"]
    yield None, "model", declared.pop("name")
    for key, value in declared.items():
        yield None, key, _shown(value)


def _shown(value: object) -> Value:
    """A value of a model: a number or a word as it is, anything else as a model file writes it."""
    if isinstance(value, (str, float)):
        return value
    return float(value) if type(value) is int else toml_value(value)


def _of_settings(inputs: Inputs) -> Iterator[tuple[str, Value]]:
    settings = inputs.settings
    yield "solver", settings.solver
    yield "stability", settings.stability
    yield "time_limit", settings.time_limit
    yield "relax", str(inputs.relax).lower()
