"""Overlay reps who are the same to the programme, pooled: one team while it is solved, reps again after.

Reps with rows for the same areas of the same territories, equally skilled there and without bounds of
their own, are interchangeable: what they do together decides what is earned. So their hours are one
team's, and ten of them have no more prices than one (`joint`). Whatever they could do, the team can,
so what bounds the team bounds them. The other way round, `handed_out` finds each one's hours in the
team's: at most its capacity in each step, and nearer to today's in no row than the team's moves ask for.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from allocator.arrays import Floats, Integers
from allocator.instance import Instance
from allocator.parts import only

EVEN_ROUNDS, ROUNDS = 50, 2000
FITTED = 1e-10
"""How near hours have to be, relative, to what capacities and the fewest moves ask for."""

LEAST, MOST = 1e-15, 1e15
"""Of what hours are scaled by for one limit; no hours come to nothing, whatever is asked."""


class UndividedError(Exception):
    """No division of a team's hours was found that moves no more than the team does."""


@dataclass(frozen=True)
class Team:
    """Reps who are pooled: by rep and place, their rows; places are rows of the team in `pooled`."""

    rows: Integers
    places: Integers
    today: Floats
    capacity: Floats


@dataclass(frozen=True)
class Pool:
    """A plan, and the same with teams in place of reps who are interchangeable.

    `row`: by row of the plan, the row of `pooled` that its hours are in.
    """

    case: Instance
    pooled: Instance
    row: Integers
    teams: tuple[Team, ...]

    def together(self, hours: Sequence[Sequence[float]]) -> Floats:
        """Hours (row × step) of the plan, by row of `pooled`."""
        found = np.zeros((len(self.pooled.rows), self.case.steps))
        np.add.at(found, self.row, np.array(hours, np.float64).reshape(len(self.row), -1))
        return found

    def stands_for(self, r: int) -> int:
        """The rep of `pooled` with whose hours those of a rep of the plan are; both by number."""
        first = self.case.reps[r].rows[0]
        return self.pooled.rows[int(self.row[first])].rep

    def handed_out(self, hours: Floats) -> Floats:
        """Hours (row × step) of `pooled`, by row of the plan: each rep's part of the team's."""
        found: Floats = hours[self.row]
        for team in self.teams:
            found[team.rows] = _parts(team, hours[team.places])
        return found


def pool(case: Instance, overlays: Collection[int]) -> Pool | None:
    """The plan with those `overlays` (by number) pooled that are interchangeable; None if none are."""
    alike: dict[object, list[int]] = {}
    for r in sorted(overlays):
        mine = [case.rows[i] for i in case.reps[r].rows]
        if case.reps[r].capacity > 0 and all(row.least == 0 and row.most == math.inf for row in mine):
            work = tuple(sorted((row.territory, row.area, row.skill) for row in mine))
            alike.setdefault(work, []).append(r)
    groups = [reps for reps in alike.values() if len(reps) > 1]
    return _pooled(case, groups) if groups else None


def _pooled(case: Instance, groups: Sequence[Sequence[int]]) -> Pool:
    """The first rep of each group stands for all of them."""
    stands_for, rows, reps = list(range(len(case.rows))), list(case.rows), list(case.reps)
    of_groups = []
    for group in groups:
        by_rep = np.array([_by_place(case, r) for r in group])
        today = np.array([[case.rows[i].today for i in mine] for mine in by_rep.tolist()])
        capacity = np.array([case.reps[r].capacity for r in group])
        of_groups.append((by_rep, today, capacity))
        for place, hours in zip(by_rep.T.tolist(), today.T.tolist(), strict=True):
            rows[place[0]] = rows[place[0]]._replace(today=math.fsum(hours))
            for i in place:
                stands_for[i] = place[0]
        reps[group[0]] = replace(reps[group[0]], capacity=math.fsum(capacity.tolist()))
    whole = replace(case, rows=tuple(rows), reps=tuple(reps))
    part = only(whole, tuple(range(len(case.territories))), tuple(sorted(set(stands_for))))
    place_of = {i: at for at, i in enumerate(part.rows)}
    return Pool(
        case,
        part.instance,
        np.array([place_of[i] for i in stands_for], np.int32),
        tuple(
            Team(by_rep, np.array([place_of[i] for i in by_rep[0].tolist()]), today, capacity)
            for by_rep, today, capacity in of_groups
        ),
    )


def _by_place(case: Instance, r: int) -> list[int]:
    """A rep's rows in the order of what they are for."""
    return sorted(case.reps[r].rows, key=lambda i: (case.rows[i].territory, case.rows[i].area))


def _parts(team: Team, hours: Floats) -> Floats:
    """Each rep's hours (rep × place × step) in those of the team (place × step)."""
    found = _evenly(team, hours)
    return found if _holds(team, hours, found) else _nearest(team, hours, found)


def _holds(team: Team, hours: Floats, found: Floats) -> bool:
    """Whether reps together move no more than the team, and none is above its capacity in any step.

    They move no more where in each place all have at least as many hours as today, or all at most.
    """
    moved, most = found.sum(axis=2) - team.today, team.capacity[:, None] / hours.shape[1]
    short = np.where(_more(team, hours), -moved, moved) > FITTED * (1 + team.today)
    return not short.any() and not (found.sum(axis=1) > most * (1 + FITTED)).any()


def _more(team: Team, hours: Floats) -> npt.NDArray[np.bool_]:
    """The places in which the team has more hours than today."""
    return np.asarray(hours.sum(axis=1) > team.today.sum(axis=0))


def _evenly(team: Team, hours: Floats) -> Floats:
    """A division by rule: what a rep has in each place, and in each step, is decided beforehand.

    Places with fewer hours than today lose them in proportion to who is there, and the reps who lose
    them have what other places gain. In every step a rep has the same part of the team's hours. What
    has these sums is found by scaling to each of them in turn (iterative proportional fitting, Deming
    and Stephan 1940), in a few rounds where it can be.
    """
    in_all, today = hours.sum(axis=1), team.today
    left = np.minimum(1.0, _ratio(in_all, today.sum(axis=0))) * today
    lost = today.sum(axis=1) - left.sum(axis=1)
    gained = _ratio(lost, lost.sum())[:, None] * np.maximum(0.0, in_all - today.sum(axis=0))
    by_place = left + gained
    by_step = by_place.sum(axis=1)[:, None] * _ratio(hours.sum(axis=0), hours.sum())
    found: Floats = by_place[:, :, None] * _ratio(hours, in_all[:, None])
    for _ in range(EVEN_ROUNDS):
        if _holds(team, hours, found):
            break
        found *= _ratio(by_place, found.sum(axis=2))[:, :, None]
        found *= _ratio(by_step, found.sum(axis=1))[:, None, :]
        found *= _ratio(hours, found.sum(axis=0))
    return found


def _nearest(team: Team, hours: Floats, base: Floats) -> Floats:
    """The division nearest to `base` that holds, or `base` where none is found.

    Hours are scaled in turn to what each limit allows until all are kept (as above; for limits that
    may be slack, Csiszár 1975).
    """
    today, most = team.today, team.capacity[:, None] / hours.shape[1]
    more = _more(team, hours)
    by_rep_and_place, by_rep_and_step = np.ones(today.shape), np.ones((len(today), hours.shape[1]))
    for _ in range(ROUNDS):
        found = base * by_rep_and_place[:, :, None] * by_rep_and_step[:, None, :]
        found *= _ratio(hours, found.sum(axis=0))
        if _holds(team, hours, found):
            return found
        wanted = by_rep_and_place * _ratio(today, found.sum(axis=2))
        by_rep_and_place = np.where(more, wanted.clip(1.0, MOST), wanted.clip(LEAST, 1.0))
        found = base * by_rep_and_place[:, :, None] * by_rep_and_step[:, None, :]
        found *= _ratio(hours, found.sum(axis=0))
        by_rep_and_step = (by_rep_and_step * _ratio(most, found.sum(axis=1))).clip(LEAST, 1.0)
    return base


def _ratio(wanted: Floats, found: Floats) -> Floats:
    """What to multiply by; 1 where there is nothing."""
    wanted, found = np.broadcast_arrays(wanted, found)
    return np.divide(wanted, found, out=np.ones(found.shape), where=found > 0)
