"""The programme as ready arrays, a component at a time: what the floor is given."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Rows:
    """least ≤ A·z ≤ most, A stored by rows: row r has `index[start[r]:start[r + 1]]` with `value`."""

    start: Integers
    index: Integers
    value: Floats
    least: Floats
    most: Floats


@dataclass(frozen=True)
class Component:
    """One component's programme: maximize cost·z + constant; then, for the second pass, more of it.

    `unit` is what one of the objective is in the plan's currency. `moves` columns (hours moved, at least
    0) come after those of the first pass, with the `further` rows; the last of these is the revenue's,
    whose least is known once the first pass is solved.
    """

    unit: float
    constant: float
    cost: Floats
    least: Floats
    most: Floats
    rows: Rows
    moves: int
    further: Rows


def save(components: list[Component], path: Path) -> None:
    """Keep the arrays in a file."""
    with path.open("wb") as file:
        pickle.dump(components, file, protocol=pickle.HIGHEST_PROTOCOL)


def load(path: Path) -> list[Component]:
    """The arrays that were kept."""
    with path.open("rb") as file:
        found: list[Component] = pickle.load(file)  # noqa: S301 (written by this run)
    return found
