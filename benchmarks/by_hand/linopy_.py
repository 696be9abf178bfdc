"""linopy: labelled arrays of variables, sums over groups of labels, handed to HiGHS directly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add

import linopy
import numpy as np
import pandas as pd
import xarray as xr
from linopy import LinearExpression, Variable

from benchmarks.by_hand.facts import Facts, Link


def best(facts: Facts) -> float:
    """The optimum in the plan's currency."""
    model = declared(facts)
    status, condition = model.solve(solver_name="highs", io_api="direct", output_flag=False)
    if status != "ok":
        raise RuntimeError(condition)
    return float(model.objective.value) + facts.base


def figures(dim: str, values: Iterable[float]) -> xr.DataArray:
    """A figure for each label of a dimension."""
    return xr.DataArray(pd.Series(list(values), dtype=float).rename_axis(dim))


def belongs(dim: str, to: str, labels: Iterable[int]) -> pd.Series:
    """For each label of a dimension, the label of another one that it belongs to."""
    return pd.Series(list(labels), name=to).rename_axis(dim)


def of(found: LinearExpression, labels: pd.Series) -> LinearExpression:
    """For each label of a dimension, what is found where it belongs."""
    return found.sel({labels.name: xr.DataArray(labels)}).drop_vars(str(labels.name))


def declared(facts: Facts) -> linopy.Model:
    """The programme; its objective is in the plan's currency, without what renews anyway."""
    m = linopy.Model()
    sizes = {
        "row": len(facts.rows),
        "area": len(facts.areas),
        "segment": len(facts.segments),
        "source": len(facts.sources),
        "depth": facts.depths,
        "piece": len(facts.renewing_segments),
        "step": facts.steps,
    }

    def variables(name: str, *dims: str) -> Variable:
        coords = [pd.RangeIndex(sizes[dim], name=dim) for dim in dims]
        return m.add_variables(lower=0, coords=coords, name=name)

    x, total = variables("x", "row", "step"), variables("X", "area")
    u, g = variables("u", "segment", "step"), variables("g", "piece", "step")
    n, b = variables("n", "source", "step"), variables("b", "source", "step")
    w = variables("w", "source", "depth", "step")
    worked = w.sum("depth")

    # A row is in one area of one territory; so is a source, what renews, and who works.
    area_of = {i: a for a, area in enumerate(facts.areas) for i in area.rows}
    rep_of = {i: r for r, rep in enumerate(facts.reps) for i in rep.rows}
    area_of_row = belongs("row", "area", (area_of[i] for i in range(sizes["row"])))
    rep_of_row = belongs("row", "rep", (rep_of[i] for i in range(sizes["row"])))
    effective = (x * figures("row", (row.skill for row in facts.rows))).groupby(area_of_row).sum()

    def effective_of(dim: str, rows_of: Iterable[Sequence[int]]) -> LinearExpression:
        return of(effective, belongs(dim, "area", (area_of[rows[0]] for rows in rows_of)))

    def driver(links: Sequence[Link]) -> LinearExpression:
        """By source and step, what the links of those that have any add."""
        parts = []
        for lag in sorted({link.lag for link in links}):
            mine = [link for link in links if link.lag == lag]
            source = belongs("link", "source", (link.by for link in mine))
            rates = xr.DataArray([link.worked for link in mine], dims=("link", "depth"))
            rates = rates.assign_coords(link=range(len(mine)), depth=range(sizes["depth"]))
            created = of(1 * n, source) * figures("link", (link.created for link in mine))
            added = created + (of(1 * w, source) * rates).sum("depth")
            summed = added.groupby(belongs("link", "source", (link.of for link in mine))).sum()
            parts.append(summed.shift(step=lag) if lag else summed)
        return reduce(add, parts)

    capacity = figures("rep", (rep.capacity / facts.steps for rep in facts.reps))
    m.add_constraints(x.groupby(rep_of_row).sum() <= capacity, name="capacity")
    hours = x.sum("step")
    least = figures("row", (row.least for row in facts.rows))
    most = figures("row", (row.most for row in facts.rows))
    m.add_constraints(hours >= least, mask=least > 0, name="least")
    m.add_constraints(hours <= most, mask=most < np.inf, name="most")

    territory_of_area = belongs("area", "territory", (area.territory for area in facts.areas))
    whole = of(total.groupby(territory_of_area).sum(), territory_of_area)
    least = figures("area", (area.least for area in facts.areas))
    most = figures("area", (area.most for area in facts.areas))
    m.add_constraints(total == hours.groupby(area_of_row).sum(), name="area_hours")
    m.add_constraints(total >= least * whole, name="least_share")
    m.add_constraints(total <= most * whole, mask=most < 1, name="most_share")

    source_of = belongs("segment", "source", (segment.of for segment in facts.segments))
    slopes = figures("segment", (segment.slope for segment in facts.segments))
    widths = figures("segment", (segment.width / facts.steps for segment in facts.segments))
    stretch = figures("segment", (segment.width / segment.potential for segment in facts.segments))
    available = effective_of("source", (source.rows for source in facts.sources))
    m.add_constraints(u.groupby(source_of).sum() <= available, name="spending")
    m.add_constraints(n == (u * slopes).groupby(source_of).sum(), name="creating")
    # What the couplings widen; the other segments are as wide as they are.
    grows = source_of.isin([link.of for link in facts.grows])
    here, there = source_of.index[grows], source_of.index[~grows]
    wider = of(driver(facts.grows), source_of[grows]) * stretch.sel(segment=here)
    m.add_constraints(u.sel(segment=here) <= widths.sel(segment=here) + wider, name="market")
    m.add_constraints(u.sel(segment=there) <= widths.sel(segment=there), name="plain_market")

    start = np.zeros((sizes["source"], facts.steps))
    start[:, 0] = [source.open for source in facts.sources]
    opened = xr.DataArray(start, dims=("source", "step"), coords=[range(size) for size in start.shape])
    available = b.shift(step=1).fillna(0) + n + opened
    left = available - worked
    m.add_constraints(b == facts.kept * left, name="backlog")
    m.add_constraints(worked <= available, name="only_what_is_there")
    limited = [allowed.of for allowed in facts.allowed]
    if limited:
        goodwill = xr.DataArray([a.created for a in facts.allowed], dims=("source", "step"))
        goodwill = goodwill.assign_coords(source=limited, step=range(facts.steps))
        m.add_constraints(n.sel(source=limited) <= goodwill + driver(facts.limits), name="trust")

    territory_of = belongs("source", "territory", (source.territory for source in facts.sources))
    efforts = xr.DataArray([facts.territories[k].effort for k in territory_of], dims=("source", "depth"))
    efforts = efforts.assign_coords(source=territory_of.index, depth=range(sizes["depth"]))
    taken = (w * efforts).sum("depth").groupby(territory_of).sum()
    working = effective_of("territory", (k.working_rows for k in facts.territories))
    m.add_constraints(taken <= working, name="working")
    pipeline = figures("territory", (territory.pipeline for territory in facts.territories))
    at_end = left.isel(step=-1).groupby(territory_of).sum()
    m.add_constraints(at_end >= pipeline, name="next_period")

    renewing_of = belongs("piece", "renewing", (piece.of for piece in facts.renewing_segments))
    wide = figures("piece", (piece.width / facts.steps for piece in facts.renewing_segments))
    m.add_constraints(g <= wide, name="renewal_widths")
    spent = g.groupby(renewing_of).sum()
    m.add_constraints(spent <= effective_of("renewing", facts.renewing), name="renewing")

    worth = xr.DataArray([s.worth for s in facts.sources], dims=("source", "step"))
    rates = xr.DataArray([s.win_rates for s in facts.sources], dims=("source", "depth"))
    value = (rates * worth).assign_coords(
        {dim: range(sizes[dim]) for dim in ("source", "depth", "step")}
    )
    renewed = g * figures("piece", (piece.slope for piece in facts.renewing_segments))
    m.add_objective((w * value).sum() + renewed.sum(), sense="max")
    return m
