"""Heads more, part by part of a plan: where the next one goes, and how few are enough."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from plans import PATIENT, SALES
from running import ROOT

from allocator.answers.heads import _asked, heads_for
from allocator.apart import growing
from allocator.apart.growing import Whole
from allocator.apart.growth import Growth
from allocator.apart.tasks import Priced
from allocator.apart.whole_heads import WholeHeads
from allocator.program import in_blocks, more_heads
from allocator.program.variants import earning
from allocator.reading import read_plan
from allocator.solving import highs
from allocator.solving.optimum import solved
from allocator.solving.settings import Settings

NATIONAL = read_plan(ROOT / "inputs" / "national.csv", SALES)
HOURS = 440.0
MILLION = 1e6


def asked_for(target, settings):
    return _asked(NATIONAL, SALES, target, HOURS, settings, PATIENT)


@pytest.fixture(scope="module")
def growth():
    """The national plan with a rep without hours in each of its sixty territories."""
    asked, settings = asked_for(0.0, Settings()), Settings()
    with Growth(asked.case, asked.added, HOURS, settings, PATIENT) as found:
        yield found


@pytest.fixture(scope="module")
def most(growth):
    """What the plan earns with today's reps."""
    return growth.revenue


def test_each_head_goes_where_it_brings_most(growth, most):
    """As if each place were tried, on the programme of the whole plan."""
    asked = asked_for(0.0, Settings())
    sized = more_heads(in_blocks(asked.case), asked.added, HOURS)

    def earned(counts):
        program = sized.program.bounded(list(sized.sizes), counts, counts)
        return solved(program, Settings(), PATIENT).revenue

    counts = [0] * len(asked.added)
    assert most == pytest.approx(earned(counts), rel=1e-9)
    for _ in range(2):
        best = max(
            earned([count + (at == place) for at, count in enumerate(counts)])
            for place in range(len(counts))
        )
        counts[growth.add()] += 1
        assert growth.revenue == pytest.approx(best, rel=1e-9)
        assert earned(counts) == pytest.approx(best, rel=1e-9)
    assert growth.heads == {at: count for at, count in enumerate(counts) if count}
    reached = growth.certified()
    assert reached.revenue == pytest.approx(growth.revenue, rel=1e-9)
    assert reached.limits_broken < 1e-9


def the_whole(target):
    """The least heads that earn a number, as one programme of the whole plan."""
    asked = asked_for(target, Settings())
    sized = more_heads(in_blocks(asked.case), asked.added, HOURS)
    program = sized.program.with_rows([earning(sized.program, target)])
    cost = np.zeros(program.columns)
    cost[list(sized.sizes)] = 1.0
    return program.minimizing(cost), list(sized.sizes)


@pytest.mark.parametrize("more", [0.2, 3.0])
def test_the_least_heads_in_parts_are_those_of_the_whole(growth, most, more):
    target = most + more * MILLION
    whole = solved(the_whole(target)[0], Settings(), PATIENT)
    assert growth.least(target).heads == pytest.approx(whole.solution.objective, rel=1e-6)


def test_no_number_of_heads_is_enough(growth):
    assert growth.least(1e12) is None


@pytest.mark.parametrize("more", [0.7, 1.5, 1.93, 4.02])
def test_the_fewest_are_those_of_the_integer_programme(most, more):
    """Of the whole plan; whether one at a time proves to be the fewest, or is one too many."""
    target = most + more * MILLION
    program, sizes = the_whole(target)
    fewest = highs.solve_whole(program.matrix, sizes, None)
    answer = heads_for(NATIONAL, SALES, target, HOURS, Settings(), PATIENT).fewest
    assert answer.count == round(fewest.values[sizes].sum())
    assert answer.bound == answer.count
    assert answer.outcome.revenue >= target * (1 - 1e-9)


class Part:
    """A part where a head in a place brings so much, each further one less."""

    def __init__(self, draw, places):
        self.gains = [np.sort(draw.uniform(0, 20, 6))[::-1] for _ in range(places)]
        self.dearest = sorted((-gain, at) for at, mine in enumerate(self.gains) for gain in mine)

    def at(self, counts):
        """What so many heads by place earn."""
        return sum(float(mine[:count].sum()) for mine, count in zip(self.gains, counts, strict=True))

    def best(self, heads):
        """The most that so many heads earn."""
        return -sum(gain for gain, _ in self.dearest[:heads])

    def dealt(self, heads):
        """Where that many earn most."""
        places = [at for _, at in self.dearest[:heads]]
        return tuple(places.count(at) for at in range(len(self.gains)))


class Parts:
    """Says of parts what is asked: in parts of heads, they may earn a little more."""

    def __init__(self, parts):
        self.parts, self.count = parts, len(parts)

    def each(self, doing, task, arguments):
        """The answer of every part."""
        return self.some(doing, task, list(enumerate(arguments)))

    def some(self, _, task, asked):
        """The answers of some, each of them asked once."""
        assert len({b for b, _ in asked}) == len(asked)
        return [self.answer(self.parts[b], task, *arguments) for b, arguments in asked]

    @staticmethod
    def answer(part, task, asked):
        """One of the three tasks."""
        if task is growing.weigh:
            count = sum(-gain > 1 / asked for gain, _ in part.dearest)
            return Priced(part.best(count), float(count), 0.0, np.zeros(0))
        if task is growing.most_with:
            return part.best(asked) * (1.0 if len(part.gains) == 1 else 1.02)
        return Whole(part.dealt(asked), part.best(asked), 0.0)


@pytest.mark.parametrize("seed", range(30))
def test_whole_heads_are_dealt_out_as_by_trying_all(seed):
    """Of parts with one place and with several, at whatever price the search for them begins."""
    draw = np.random.default_rng(seed)
    parts = [Part(draw, int(draw.integers(1, 4))) for _ in range(3)]
    target = float(draw.uniform(0.1, 0.7)) * sum(part.best(18) for part in parts)
    price = 1 / float(draw.uniform(2.0, 20.0))
    known = WholeHeads(Parts(parts), [len(part.gains) for part in parts], target, price)
    for heads in range(12):
        best = max(
            sum(part.best(count) for part, count in zip(parts, counts, strict=True))
            for counts in product(range(heads + 1), repeat=len(parts))
            if sum(counts) <= heads
        )
        found = known.counts(heads)
        assert (found is not None) == (best >= target)
        if found is not None:
            assert sum(map(sum, found)) <= heads
            earned = sum(part.at(counts) for part, counts in zip(parts, found, strict=True))
            assert earned >= target * (1 - 1e-12)
