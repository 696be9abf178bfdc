"""The parts of a plan that have nothing to do with one another: territories meet only through reps."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from allocator.instance import Hours, Instance, Rep
from allocator.model import Model


@dataclass(frozen=True)
class Part:
    """Territories that share reps, directly or through others, as an instance of their own.

    `territories`, `reps` and `rows` are their numbers in the whole, by their number in `instance`.
    """

    instance: Instance
    territories: tuple[int, ...]
    reps: tuple[int, ...]
    rows: tuple[int, ...]

    def under(self, model: Model) -> Part:
        """The same part by another model's rules, such as in one step."""
        return replace(self, instance=replace(self.instance, model=model))


def parts(whole: Instance) -> Iterator[Part]:
    """The smallest parts that share no rep, in the order of their first territory."""
    for territories in _groups(whole):
        yield part_of(whole, territories)


def batches(whole: Instance, columns: int, overlays: frozenset[int] = frozenset()) -> tuple[Part, ...]:
    """Parts put together, in that order, to batches whose programmes have so many columns or so.

    One by one, small parts cost more to hand over than to solve. Batches are about as large as one
    another and of an even number, so that two who solve them have as much to do. The reps `overlays`
    join nothing: each batch with rows of theirs has them, with all of their capacity.
    """
    groups = list(_groups(whole, overlays))
    sizes = [sum(columns_of(whole, k) for k in territories) for territories in groups]
    total = sum(sizes)
    count = 2 * math.ceil(total / (columns + total / len(sizes) / 2) / 2)
    found: defaultdict[int, list[int]] = defaultdict(list)
    done = 0
    for territories, size in zip(groups, sizes, strict=True):
        found[count * (2 * done + size) // (2 * total)] += territories
        done += size
    return tuple(part_of(whole, tuple(sorted(territories))) for territories in found.values())


def columns_of(whole: Instance, k: int) -> int:
    """The columns of a territory's programme, about: hours, segments, opportunities by depth."""
    territory = whole.territories[k]
    by_source = 6 + len(whole.model.depths)
    return whole.steps * (len(territory.rows) + by_source * len(territory.sources))


def overlay_reps(whole: Instance, columns: int) -> frozenset[int]:
    """Reps of many territories, without whom the plan falls into parts of about so many columns.

    None where it does anyway, or where it doesn't without them either.
    """
    wide = frozenset(r for r, rep in enumerate(whole.reps) if _territories(whole, rep) > MANY)
    if not wide:
        return frozenset()
    with_them, without = (_largest(whole, reps) for reps in (frozenset[int](), wide))
    return wide if with_them > PAYS * columns and without * PAYS < with_them else frozenset()


MANY = 8
"""Territories of a rep who is none of the many that cover a few neighbours."""
PAYS = 4
"""How many times as large a part has to be for its overlay reps to be set apart."""


def _territories(whole: Instance, rep: Rep) -> int:
    return len({whole.rows[i].territory for i in rep.rows})


def _largest(whole: Instance, overlays: frozenset[int]) -> int:
    """The columns of the largest part."""
    return max(sum(columns_of(whole, k) for k in group) for group in _groups(whole, overlays))


def _groups(whole: Instance, overlays: frozenset[int] = frozenset()) -> Iterable[tuple[int, ...]]:
    """Territories that share reps, directly or through others, by their numbers."""
    joined = list(range(len(whole.territories)))
    for rep in (rep for r, rep in enumerate(whole.reps) if r not in overlays):
        numbers = [_first(joined, whole.rows[i].territory) for i in rep.rows]
        first = min(numbers, default=0)
        for number in numbers:
            joined[number] = first
    groups: dict[int, list[int]] = {}
    for k in range(len(joined)):
        groups.setdefault(_first(joined, k), []).append(k)
    return map(tuple, groups.values())


def _first(joined: list[int], k: int) -> int:
    """The first territory that k is joined with; the way there is made shorter (union–find)."""
    while joined[k] != k:
        joined[k] = joined[joined[k]]
        k = joined[k]
    return k


def part_of(whole: Instance, territories: tuple[int, ...]) -> Part:
    """Some territories alone; reps who also have others keep all of their capacity."""
    rows = tuple(sorted(i for k in territories for i in whole.territories[k].rows))
    return only(whole, territories, rows)


def only(whole: Instance, territories: tuple[int, ...], rows: tuple[int, ...]) -> Part:
    """Some territories with some of their rows alone; reps keep all of their capacity."""
    reps = tuple(sorted({whole.rows[i].rep for i in rows}))
    territory_at, rep_at, row_at = _places(territories), _places(reps), _places(rows)

    def here(numbers: Iterable[int]) -> tuple[int, ...]:
        return tuple(row_at[i] for i in numbers if i in row_at)

    part = replace(
        whole,
        rows=tuple(
            Hours(territory_at[row.territory], rep_at[row.rep], *row[2:])
            for row in (whole.rows[i] for i in rows)
        ),
        territories=tuple(
            replace(k, rows=here(k.rows)) for k in (whole.territories[k] for k in territories)
        ),
        reps=tuple(replace(rep, rows=here(rep.rows)) for rep in (whole.reps[r] for r in reps)),
    )
    return Part(part, territories, reps, rows)


def _places(numbers: Sequence[int]) -> dict[int, int]:
    return {number: place for place, number in enumerate(numbers)}
