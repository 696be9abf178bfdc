"""Building the programme of an instance: variables, families, objective."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from allocator.curves import Curve
from allocator.instance import Instance
from allocator.program.constraints import EVERY_FAMILY, FAMILIES_AT_FIXED_HOURS
from allocator.program.declared import Program, Term


def build(
    instance: Instance,
    hours: Sequence[Sequence[float]] | None = None,
    drained: Collection[int] = (),
    without: Collection[str] = (),
) -> Program:
    """The programme of `instance`.

    With `hours` (row × step), every x is fixed there, and bounds and shares are dropped: what these
    hours earn, used as well as they can be. `drained` are the territories (by number) in which the
    next period's pipeline is not asked for; `without` names families to leave out.
    """
    program = Program(instance, money_unit(instance))
    _declare(program, hours)
    families = EVERY_FAMILY if hours is None else FAMILIES_AT_FIXED_HOURS
    for family in (family for family in families if family.__name__ not in without):
        for limit, row in family(program):
            if limit.family != "next_period" or limit.territory not in drained:
                program.add(limit, row)
    program.objective, program.constant = projected_revenue(program)
    return program


def money_unit(instance: Instance) -> float:
    """The power of ten of the currency at or above the largest coefficient of the objective."""
    largest = max(
        (
            *(s.deal_size * max(s.win_rates) for k in instance.territories for s in k.sources),
            *(
                m.curve.segments[0].slope
                for k in instance.territories
                for m in k.renewing
                if m.curve is not None
            ),
        ),
        default=0.0,
    )
    return 10.0 ** math.ceil(math.log10(largest)) if largest > 0 else 1.0


def _declare(program: Program, hours: Sequence[Sequence[float]] | None) -> None:
    """Make every variable; fixed hours are variables without room."""
    instance, made = program.instance, program.variables
    steps, depths = range(instance.steps), len(instance.model.depths)
    for i, _ in enumerate(instance.rows):
        program.x.append(
            made(instance.steps)
            if hours is None
            else [program.variable(hours[i][t], hours[i][t]) for t in steps]
        )
    for k in instance.territories:
        program.X.append({} if hours else {area: program.variable() for area in k.shares})
        program.u.append([[made(_segments(s.curve)) for _ in steps] for s in k.sources])
        program.n.append([made(instance.steps) for _ in k.sources])
        program.w.append([[made(depths) for _ in steps] for _ in k.sources])
        program.b.append([made(instance.steps) for _ in k.sources])
        program.g.append([[made(_segments(m.curve)) for _ in steps] for m in k.renewing])


def _segments(curve: Curve | None) -> int:
    return len(curve.segments) if curve else 0


def projected_revenue(program: Program) -> tuple[list[Term], float]:
    """The objective, in units of `program.money`, and in the constant what renews whatever is done."""
    later = program.instance.model.objective.later
    terms: list[Term] = []
    for k, territory in enumerate(program.instance.territories):
        for s, source in enumerate(territory.sources):
            for t, booked in enumerate(source.booked):
                worth = source.deal_size * (booked + later * (1 - booked)) / program.money
                terms += (
                    (var, worth * rate)
                    for var, rate in zip(program.w[k][s][t], source.win_rates, strict=True)
                )
        for m, renewing in enumerate(territory.renewing):
            if renewing.curve is None:
                continue
            slopes = [segment.slope / program.money for segment in renewing.curve.segments]
            for in_step in program.g[k][m]:
                terms += zip(in_step, slopes, strict=True)
    return terms, renewed_anyway(program)


def renewed_anyway(program: Program) -> float:
    """What renews whatever is done, in units of `program.money`."""
    return sum(
        renewing.base / program.money
        for territory in program.instance.territories
        for renewing in territory.renewing
    )
