"""What can be wrong with an answer, one thing at a time: what a solver says, or what is made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import Any
from unittest.mock import patch

import numpy as np

from allocator import certified
from allocator.errors import InfeasibleError
from allocator.outcome import Use
from allocator.program.matrix import Matrix
from allocator.solving import optimum
from allocator.solving.fixed_hours import HoursUsed
from allocator.solving.optimum import SolvedProgram
from allocator.solving.passes import Best
from allocator.solving.solution import Solution, solution

Answer = Callable[[Matrix, Solution, Random], Solution]
Worked = list[list[list[list[float]]]]


def value_moved(_: Matrix, found: Solution, random: Random) -> Solution:
    """One unit from a column above 0 to another, the objective as claimed."""
    values = found.values.copy()
    source = random.choice(np.flatnonzero(values > 1e-3).tolist() or [0])
    amount = min(1.0, values[source])
    values[source] -= amount
    values[random.randrange(len(values))] += amount
    return replace(found, values=values)


def value_made_up(matrix: Matrix, found: Solution, random: Random) -> Solution:
    """One unit more of a column, and the objective that it has then."""
    values = found.values.copy()
    values[random.randrange(len(values))] += 1.0
    return solution(matrix, values, found.duals, found.basis)


def all_smaller(matrix: Matrix, found: Solution, _: Random) -> Solution:
    """All values 1 % smaller, and the objective that they have then."""
    return solution(matrix, found.values * 0.99, found.duals, found.basis)


def value_not_a_number(_: Matrix, found: Solution, random: Random) -> Solution:
    """A column without a value."""
    values = found.values.copy()
    values[random.randrange(len(values))] = np.nan
    return replace(found, values=values)


def dual_times(factor: float, _: Matrix, found: Solution, random: Random) -> Solution:
    """One dual that is not 0, times a factor."""
    duals = found.duals.copy()
    duals[random.choice(np.flatnonzero(duals).tolist() or [0])] *= factor
    return replace(found, duals=duals)


def objective_off(_: Matrix, found: Solution, random: Random) -> Solution:
    """An objective that is off by 0.1 %."""
    return replace(found, objective=found.objective * random.choice((0.999, 1.001)))


def said_impossible(_: Matrix, _found: Solution, _random: Random) -> Solution:
    """No answer: the solver says that there is none."""
    raise InfeasibleError("no split of the hours keeps every limit")


ANSWERS: dict[str, Answer] = {
    "a unit moved": value_moved,
    "a unit made up": value_made_up,
    "all values 1% smaller": all_smaller,
    "a value is no number": value_not_a_number,
    "a dual flipped": partial(dual_times, -1.0),
    "a dual lost": partial(dual_times, 0.0),
    "a dual is no number": partial(dual_times, np.nan),
    "objective off by 0.1%": objective_off,
    "impossible, it says": said_impossible,
}
PROOFS = (
    "a unit moved",
    "a dual flipped",
    "a dual lost",
    "a dual is no number",
    "objective off by 0.1%",
)
"""What can be wrong with an optimum after it was accepted, and before the answer is certified."""


def hour_moved(use: Use, random: Random) -> Use:
    """An hour of one step moved from one row to another."""
    hours = np.asarray(use.hours).tolist()
    giver = random.choice([i for i, row in enumerate(hours) if sum(row) > 1] or [0])
    step = max(range(len(hours[giver])), key=hours[giver].__getitem__)
    hours[giver][step] -= 1.0
    hours[random.randrange(len(hours))][step] += 1.0
    return replace(use, hours=hours)


def hours_become(change: Callable[[float], float], use: Use, random: Random) -> Use:
    """The hours of one row in one step changed."""
    hours = np.asarray(use.hours).tolist()
    row = random.choice(hours)
    step = random.randrange(len(row))
    row[step] = change(row[step])
    return replace(use, hours=hours)


def work_made_up(use: Use, random: Random) -> Use:
    """One opportunity more worked, of some source at some depth."""
    worked = _worked(use)
    depths = random.choice(random.choice(random.choice(worked)))
    depths[random.randrange(len(depths))] += 1.0
    return replace(use, worked=worked)


def work_swapped(use: Use, random: Random) -> Use:
    """What was worked of one source said of the next, in one territory."""
    worked = _worked(use)
    sources = random.choice(worked)
    sources.insert(0, sources.pop())
    return replace(use, worked=worked)


def work_shifted(use: Use, random: Random) -> Use:
    """What was worked of one source said a step later, and the last step's in the first."""
    worked = _worked(use)
    steps = random.choice(random.choice(worked))
    steps.insert(0, steps.pop())
    return replace(use, worked=worked)


def work_deepened(use: Use, random: Random) -> Use:
    """What was worked at one depth said of the next."""
    worked = _worked(use)
    depths = random.choice(random.choice(random.choice(worked)))
    depths.insert(0, depths.pop())
    return replace(use, worked=worked)


def _worked(use: Use) -> Worked:
    return [np.asarray(sources).tolist() for sources in use.worked]


WORK: dict[str, Callable[[Use, Random], Use]] = {
    "an opportunity worked is made up": work_made_up,
    "sources swapped": work_swapped,
    "steps shifted": work_shifted,
    "depths shifted": work_deepened,
}
SPLIT = {
    "an hour moved": hour_moved,
    "hours below zero": partial(hours_become, lambda hours: -1.0 - hours),
    "hours are no number": partial(hours_become, lambda _: np.nan),
    "hours 0.1% more": partial(hours_become, lambda hours: hours * 1.001),
    **WORK,
}


def _split(change: Callable[[Use, Random], Use], best: Best, random: Random) -> Best:
    use = change(best.chosen.use, random)
    return best if use == best.chosen.use else replace(best, chosen=replace(best.chosen, use=use))


def _revenue(best: Best, random: Random) -> Best:
    revenue = best.chosen.revenue * random.choice((0.999, 1.001))
    return replace(best, chosen=replace(best.chosen, revenue=revenue))


def _proof(which: str, change: Answer, best: Best, random: Random) -> Best:
    solved: SolvedProgram = getattr(best, which)
    found = change(solved.matrix, solved.solution, random)
    return replace(best, **{which: replace(solved, solution=found)})


def _todays_work(change: Callable[[Use, Random], Use], now: HoursUsed, random: Random) -> HoursUsed:
    use = change(now.solved.use, random)
    return now if use == now.solved.use else replace(now, solved=replace(now.solved, use=use))


def _todays_revenue(now: HoursUsed, random: Random) -> HoursUsed:
    revenue = now.solved.revenue * random.choice((0.999, 1.001))
    return replace(now, solved=replace(now.solved, revenue=revenue))


def _todays_proof(now: HoursUsed, random: Random) -> HoursUsed:
    figure = random.choice(("primal", "dual", "complementary", "gap"))
    return replace(now, proof=replace(now.proof, **{figure: random.choice((0.001, np.nan))}))


def _drained_claimed(now: HoursUsed, random: Random) -> HoursUsed:
    kept = [k for k in range(len(now.solved.use.worked)) if k not in now.drained]
    return replace(now, drained=now.drained | {random.choice(kept)}) if kept else now


def _drained_denied(now: HoursUsed, random: Random) -> HoursUsed:
    if not now.drained:
        return now
    return replace(now, drained=now.drained - {random.choice(sorted(now.drained))})


@dataclass
class Seen:
    """Whether anything was changed."""

    changed: bool = False


@dataclass(frozen=True)
class Corruption:
    """A change to what `function` of a module returns: to each return, or to the one at `at`."""

    module: Any
    function: str
    change: Callable[..., Any]
    every: bool = True

    @contextmanager
    def at_work(self, random: Random, calls: int) -> Iterator[Seen]:
        """Make it so, where honest work calls the function so many times."""
        honest, made, seen = getattr(self.module, self.function), 0, Seen()
        at = None if self.every else random.randrange(calls + 1)

        def corrupted(*given: object) -> object:
            nonlocal made
            made += 1
            found = honest(*given)
            if at not in {None, calls, made - 1}:
                return found
            about = (given[0].matrix,) if self.function == "solve" else ()
            changed = self.change(*about, found, random)
            seen.changed |= changed is not found
            return changed

        with patch.object(self.module, self.function, corrupted):
            yield seen


def _everything() -> Iterator[tuple[str, Corruption]]:
    for name, answer in ANSWERS.items():
        yield f"solver: {name}", Corruption(optimum, "solve", answer, every=False)
    for name in PROOFS:
        for which in ("first", "second"):
            change = partial(_proof, which, ANSWERS[name])
            yield f"{which} pass, once solved: {name}", Corruption(certified, "best_split", change)
    for name, use in SPLIT.items():
        yield f"split: {name}", Corruption(certified, "best_split", partial(_split, use))
    yield "split: revenue off by 0.1%", Corruption(certified, "best_split", _revenue)
    for name, use in {"an hour moved": hour_moved, **WORK}.items():
        yield f"today: {name}", Corruption(certified, "hours_used", partial(_todays_work, use))
    yield "today: revenue off by 0.1%", Corruption(certified, "hours_used", _todays_revenue)
    yield "today: a proof's figure", Corruption(certified, "hours_used", _todays_proof)
    yield "today: a drained pipeline claimed", Corruption(certified, "hours_used", _drained_claimed)
    yield "today: a drained pipeline denied", Corruption(certified, "hours_used", _drained_denied)


CORRUPTIONS = dict(_everything())
