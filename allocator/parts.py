"""The parts of a plan that have nothing to do with one another: territories meet only through reps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from allocator.instance import Instance, Territory


@dataclass(frozen=True)
class Part:
    """Territories that share reps, directly or through others, as an instance of their own.

    `territories`, `reps` and `rows` are their numbers in the whole, by their number in `instance`.
    """

    instance: Instance
    territories: tuple[int, ...]
    reps: tuple[int, ...]
    rows: tuple[int, ...]


def parts(whole: Instance) -> Iterator[Part]:
    """The smallest parts that share no rep, in the order of their first territory."""
    joined = list(range(len(whole.territories)))
    for rep in whole.reps:
        numbers = {joined[whole.rows[i].territory] for i in rep.rows}
        joined = [min(numbers) if number in numbers else number for number in joined]
    for number in dict.fromkeys(joined):
        yield _part(whole, tuple(k for k, other in enumerate(joined) if other == number))


def _part(whole: Instance, territories: tuple[int, ...]) -> Part:
    rows = tuple(i for i, row in enumerate(whole.rows) if row.territory in set(territories))
    reps = tuple(sorted({whole.rows[i].rep for i in rows}))
    territory_at, rep_at, row_at = _places(territories), _places(reps), _places(rows)

    def here(numbers: Iterable[int]) -> tuple[int, ...]:
        return tuple(row_at[i] for i in numbers)

    def moved(territory: Territory) -> Territory:
        return replace(
            territory,
            rows=here(territory.rows),
            working_rows=here(territory.working_rows),
            sources=tuple(replace(s, rows=here(s.rows)) for s in territory.sources),
            renewing=tuple(replace(m, rows=here(m.rows)) for m in territory.renewing),
        )

    part = replace(
        whole,
        rows=tuple(
            replace(row, territory=territory_at[row.territory], rep=rep_at[row.rep])
            for row in (whole.rows[i] for i in rows)
        ),
        territories=tuple(moved(whole.territories[k]) for k in territories),
        reps=tuple(replace(rep, rows=here(rep.rows)) for rep in (whole.reps[r] for r in reps)),
    )
    return Part(part, territories, reps, rows)


def _places(numbers: Sequence[int]) -> dict[int, int]:
    return {number: place for place, number in enumerate(numbers)}
