"""The floor: the same programme given to HiGHS as ready arrays, a component at a time, on all cores.

Nothing can be much faster that solves this programme with this solver. The arrays are in memory before
the clock starts; what counts is passing them on, running, and the second pass, for every component.
Components are solved in threads, one a core (HiGHS lets the interpreter go while it works): that costs
nothing to start and shares the arrays.

Each choice is the fastest that was found: presolve on, dual simplex; the second pass on the kept solver,
which gets the moves as further columns and rows, by primal simplex from the vertex where the first one
stopped (fifty times faster than from nothing), without scaling and with Devex prices. Each component's
second pass keeps its own share of the revenue, where the tool's keeps the sum: so its moves are an upper
bound.

    python -m benchmarks.floor arrays.pickle
"""

from __future__ import annotations

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import highspy
import numpy as np

from benchmarks.arrays import Component, Floats, load

STABILITY = 1e-6
"""Share of the optimum that the second pass may give up: the tool's default."""
TOLERANCE = 1e-9
PRIMAL_SIMPLEX, DUAL_SIMPLEX = 4, 1
NO_SCALING, DEVEX = 0, 1


@dataclass(frozen=True)
class Floor:
    """What both passes took in seconds of the clock, and what they found.

    `first` and `second` are parts of `seconds`, in the proportion of what the components' passes took.
    `optimum` is in the plan's currency, `moves` in hours.
    """

    seconds: float
    first: float
    second: float
    optimum: float
    moves: float
    components: int
    nonzeros: int


@dataclass(frozen=True)
class _Passes:
    optimum: float
    moves: float
    first: float
    second: float


def floor(components: list[Component], workers: int) -> Floor:
    """Both passes of every component, the largest first."""
    began = time.perf_counter()
    order = sorted(components, key=lambda component: -len(component.cost))
    with ThreadPoolExecutor(min(workers, len(order))) as pool:
        passes = list(pool.map(_passes, order))
    seconds = time.perf_counter() - began
    first, second = sum(each.first for each in passes), sum(each.second for each in passes)
    return Floor(
        seconds=seconds,
        first=seconds * first / (first + second),
        second=seconds * second / (first + second),
        optimum=sum(each.optimum for each in passes),
        moves=sum(each.moves for each in passes),
        components=len(components),
        nonzeros=sum(len(component.rows.value) for component in components),
    )


def _passes(component: Component) -> _Passes:
    began = time.perf_counter()
    highs = highspy._core._Highs()  # noqa: SLF001 (without the banner that the class around it prints)
    options: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "threads": 1,
        "solver": "simplex",
        "simplex_strategy": DUAL_SIMPLEX,
        "primal_feasibility_tolerance": TOLERANCE,
        "dual_feasibility_tolerance": TOLERANCE,
    }
    for name, value in options.items():
        highs.setOptionValue(name, value)
    highs.passModel(_first(component))
    optimum = _solved(highs)
    between = time.perf_counter()
    _add_moves(highs, component, optimum)
    moves = _solved(highs)
    ended = time.perf_counter()
    return _Passes(optimum * component.unit, moves, between - began, ended - between)


def _first(component: Component) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(component.cost), len(component.rows.least)
    lp.sense_, lp.offset_ = highspy.ObjSense.kMaximize, component.constant
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = component.cost, component.least, component.most
    lp.row_lower_, lp.row_upper_ = component.rows.least, component.rows.most
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
    lp.a_matrix_.start_, lp.a_matrix_.index_ = component.rows.start, component.rows.index
    lp.a_matrix_.value_ = component.rows.value
    return lp


def _solved(highs: highspy.Highs) -> float:
    highs.run()
    status = highs.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"HiGHS stopped without an optimum: {status}")
    return float(highs.getInfo().objective_function_value)


def _add_moves(highs: highspy.Highs, component: Component, optimum: float) -> None:
    """Turn the solved first pass into the second one, at the vertex where the first one stopped."""
    own, moves, further = len(component.cost), component.moves, component.further
    hours, basis = np.array(highs.getSolution().col_value), highs.getBasis()
    least = further.least.copy()
    least[-1] = optimum * (1 - STABILITY) - component.constant
    highs.changeColsCost(own, np.arange(own, dtype=np.int32), np.zeros(own))
    highs.changeObjectiveOffset(0.0)
    highs.changeObjectiveSense(highspy.ObjSense.kMinimize)
    nothing = np.zeros(moves, np.int32), np.zeros(0, np.int32), np.zeros(0)
    highs.addCols(moves, np.ones(moves), np.zeros(moves), np.full(moves, np.inf), 0, *nothing)
    highs.addRows(
        len(least), least, further.most, len(further.value), further.start, further.index, further.value
    )
    highs.setBasis(_with_moves(basis, component, hours))
    highs.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
    highs.setOptionValue("simplex_scale_strategy", NO_SCALING)
    highs.setOptionValue("simplex_dual_edge_weight_strategy", DEVEX)


def _with_moves(basis: highspy.HighsBasis, component: Component, hours: Floats) -> highspy.HighsBasis:
    """The first pass's basis, with each row's move up or down basic where there is one."""
    status, further, own = highspy.HighsBasisStatus, component.further, len(component.cost)
    row_of = np.repeat(np.arange(len(further.least)), np.diff(further.start))
    of_hours = further.index < own
    moved: Floats = np.bincount(
        row_of[of_hours],
        further.value[of_hours] * hours[further.index[of_hours]],
        minlength=len(further.least),
    ).astype(np.float64)
    moved[:-1] -= further.least[:-1]
    moved[-1] = 0.0  # revenue's row
    carries = ~of_hours & (further.value * moved[row_of] < 0)
    columns = [status.kLower] * component.moves
    for column in further.index[carries].tolist():
        columns[column - own] = status.kBasic
    rows = [status.kLower if move else status.kBasic for move in moved.tolist()]
    basis.col_status = [*basis.col_status, *columns]
    basis.row_status = [*basis.row_status, *rows]
    return basis


def main() -> None:
    """Print what the floor took as a line of JSON."""
    components = load(Path(sys.argv[1]))
    print(json.dumps(asdict(floor(components, os.cpu_count() or 1))))


if __name__ == "__main__":
    main()
