"""Response curves: through today's point, as chords that never promise more than the curve."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx  # noqa: PT013 (it reads as a word)

from allocator.curves import LEVELS, Curve, brought_by, through_today

tried = settings(max_examples=40, derandomize=True, deadline=None)
curves = st.builds(
    lambda hours, today, potential: (hours, through_today(hours, today * potential, potential)),
    st.floats(0.5, 2000),
    st.floats(0.02, 0.98),
    st.floats(0.1, 1e6),
)


def points(curve: Curve) -> list[tuple[float, float]]:
    """Where the chords meet: effective hours, and what they bring."""
    reached = [(0.0, 0.0)]
    for segment in curve.segments:
        hours, brought = reached[-1]
        reached.append((hours + segment.width, brought + segment.width * segment.slope))
    return reached


def test_known_curve():
    """Half of a potential of 100 by 100·ln 2 hours: 1 − 1/e of it by 100, chords at the levels."""
    curve = through_today(100 * math.log(2), 50, 100)
    assert curve.scale == approx(100)
    assert curve.value(100) == approx(100 * (1 - 1 / math.e))
    assert curve.segments[0].width == approx(100 * math.log(10 / 9))
    assert curve.segments[0].slope == approx(10 / (100 * math.log(10 / 9)))
    assert [brought for _, brought in points(curve)] == approx([100 * level for level in LEVELS])


@tried
@given(curves)
def test_today_is_reproduced(made):
    """Today's hours bring what they bring today, on the curve and on its chords."""
    hours, curve = made
    assert brought_by(curve.segments, hours) == approx(curve.value(hours), rel=1e-9)
    assert any(reached == approx(hours, rel=1e-9) for reached, _ in points(curve))


@tried
@given(curves)
def test_chords_lie_on_and_below_the_curve(made):
    """Chords meet on the curve, flatten one by one, and lie below it in between."""
    _, curve = made
    for hours, brought in points(curve):
        assert brought == approx(curve.value(hours), rel=1e-9)
        assert brought_by(curve.segments, hours + 0.1 * curve.scale) <= curve.value(
            hours + 0.1 * curve.scale
        ) * (1 + 1e-12)
    slopes = [segment.slope for segment in curve.segments]
    assert slopes == sorted(slopes, reverse=True)
    assert slopes[-1] > 0


def test_todays_level_is_a_point_of_its_own():
    """A level of 0.37 today adds a point to the twelve; one of 0.4, or 1e-10 beside it, does not."""
    assert len(through_today(10, 37, 100).segments) == len(LEVELS)
    assert len(through_today(10, 40, 100).segments) == len(LEVELS) - 1
    assert len(through_today(10, 40 + 1e-8, 100).segments) == len(LEVELS) - 1
    assert len(through_today(10, 99.5, 100).segments) == len(LEVELS)


def test_nothing_is_gained_past_the_last_point():
    """Hours past the last chord bring nothing, and stretched chords last longer."""
    curve = through_today(10, 50, 100)
    assert brought_by(curve.segments, 1e9) == approx(99)
    assert brought_by(curve.segments, 1e9, stretch=1.5) == approx(148.5)
    assert brought_by(curve.segments, 30, stretch=1.5) == approx(1.5 * brought_by(curve.segments, 20))
    assert brought_by(curve.segments, 0) == 0


@tried
@given(curves, st.floats(1.01, 5), st.floats(0.05, 4))
def test_potential_bends_the_curve_about_today(made, factor, at):
    """A larger potential brings more beyond today's hours, less before them, the same at them."""
    hours, curve = made
    wider = through_today(hours, curve.value(hours), curve.potential * factor)
    gain = wider.value(at * hours) - curve.value(at * hours)
    assert wider.value(hours) == approx(curve.value(hours))
    assert gain * (at - 1) >= -1e-9 * curve.potential


@pytest.mark.parametrize(
    ("hours", "brought", "potential"), [(0, 5, 10), (5, 0, 10), (5, 10, 10), (5, 11, 10), (-1, 5, 10)]
)
def test_impossible_curves_are_refused(hours, brought, potential):
    """There is no curve without hours, without results, or at and above its potential."""
    with pytest.raises(ValueError, match="no curve"):
        through_today(hours, brought, potential)
