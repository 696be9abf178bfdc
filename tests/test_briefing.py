"""A briefing: what an allocation has found already is not looked for again, and is the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plans import MONTHS, SALES, SMALL, plan_of

from allocator import allocate
from allocator.allocation import Allocation
from allocator.answers.briefing import brief
from allocator.answers.compare import compare
from allocator.answers.leverage import leverage


@pytest.fixture(scope="module")
def allocation() -> Allocation:
    """The small plan's, in months."""
    return allocate(plan_of(SMALL, MONTHS), MONTHS)


def revenues(found) -> list[float]:
    """What every split of a comparison earns, and what fewer moves do."""
    return [split.revenue for split in found.splits] + [point.revenue for point in found.curve.points]


def test_what_is_known_changes_no_figure(allocation):
    """With the allocation at hand, every figure and the count of programmes stay what they are."""
    plan, model = allocation.plan, allocation.model
    known = brief(allocation, None)
    alone = compare(plan, model, moves=True)
    assert revenues(known.comparison) == revenues(alone)
    assert known.comparison.certificate == alone.certificate
    for at in ("today", "best"):
        mine, other = leverage(plan, model, at, known=allocation), leverage(plan, model, at)
        assert (mine.levers, mine.hours, mine.revenue) == (other.levers, other.hours, other.revenue)
        assert (mine.revenue_optimal, mine.certificate) == (other.revenue_optimal, other.certificate)


def test_what_is_known_is_not_solved_again(allocation, monkeypatch):
    """The best split is looked for once, and so is what today's hours earn."""

    def again(*arguments):
        raise AssertionError("This is known already")

    monkeypatch.setattr("allocator.recommended.recommended_split", again)
    known = brief(allocation, None)
    assert known.comparison.recommended.certified is allocation.certified
    assert known.comparison.today.certified is allocation.certified_today
    assert known.leverage.revenue_optimal == allocation.revenue_optimal


def test_another_plans_allocation_is_not_known(allocation):
    """An allocation of other facts, or with other settings, is no answer to this plan."""
    plan, model = allocation.plan, allocation.model
    dearer = {
        place: replace(fact, deal_size=(fact.deal_size or 0) * 2) for place, fact in plan.facts.items()
    }
    other = allocate(replace(plan, facts=dearer), model)
    assert revenues(compare(plan, model, moves=True, known=other)) == revenues(
        compare(plan, model, moves=True)
    )
    assert leverage(plan, model, known=other).levers == leverage(plan, model).levers
    stable = allocate(plan, model, stability=0.05)
    assert compare(plan, model, known=stable).recommended.revenue == allocation.revenue
    assert compare(plan, SALES, known=allocation).recommended.revenue == allocate(plan, SALES).revenue
