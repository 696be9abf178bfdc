"""Response curves: what effective hours bring, with saturation, as straight segments for the LP.

The curve is the modified exponential F(e) = P·(1 − exp(−e/τ)) through today's point
(e0, n0), so that today's numbers are reproduced exactly (formulation, "Response curve"; the
modified exponential is one of the standard sales response functions, see Lilien, Rangaswamy and
De Bruyn, *Principles of Marketing Engineering*).
"""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from allocator.arrays import Floats, Number

LEVELS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
ONE_POINT = 1e-9


class Segment(NamedTuple):
    """A straight piece of a response curve: `width` effective hours that bring `slope` an hour."""

    width: float
    slope: float


@dataclass(frozen=True)
class Curve:
    """A response curve through today's point.

    `potential` P is what endless hours would bring (opportunities, or money for renewals), `scale` τ
    the effective hours after which all but 1/e of it is there, and `today` n0/P the part of it that is
    there today.
    """

    potential: float
    scale: float
    today: float

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The chords that the programme uses, steepest first."""
        width, slope = chords([self])
        return tuple(map(Segment, width[:, 0].tolist(), slope[:, 0].tolist()))

    @property
    def bends_at_today(self) -> bool:
        """Whether today's point is one of its own, and none of `LEVELS`."""
        above = bisect(LEVELS, self.today)
        return all(abs(level - self.today) >= ONE_POINT for level in LEVELS[above - 1 : above + 1])

    def value(self, effective_hours: float) -> float:
        """F(e), the smooth curve, in the unit of the potential."""
        return -self.potential * math.expm1(-effective_hours / self.scale)


def through_today(effective_hours: float, brought: float, potential: float) -> Curve:
    """The curve through today's point: `brought` (n0) by `effective_hours` (e0), up to `potential`.

    Raises `ValueError` unless 0 < brought < potential and effective_hours > 0: no other curve of
    this kind exists.
    """
    if not (effective_hours > 0 and 0 < brought < potential):
        raise ValueError(f"no curve through {brought} at {effective_hours} hours below {potential}")
    today = brought / potential
    return Curve(potential, -effective_hours / math.log1p(-today), today)


def chords(curves: Sequence[Curve]) -> tuple[Floats, Floats]:
    """Widths in effective hours and slopes of the chords (chord × curve), steepest first.

    They join the points of `LEVELS` and today's; of the curves, today's is such a level for all or none.
    """
    potential, scale, today = np.array([(c.potential, c.scale, c.today) for c in curves]).T
    level = np.repeat(np.array(LEVELS)[:, None], len(curves), axis=1)
    hours = np.repeat(np.array([-math.log1p(-mine) for mine in LEVELS])[:, None], len(curves), axis=1)
    if curves[0].bends_at_today:
        level = np.sort(np.vstack((level, today)), axis=0)
        of_today = [-math.log1p(-mine) for mine in today.tolist()]
        hours = np.sort(np.vstack((hours, of_today)), axis=0)
    width = np.diff(scale * hours, axis=0)
    return width, np.diff(potential * level, axis=0) / width


def brought_by(
    segments: Iterable[tuple[Number, Number]], effective_hours: Number, stretch: Number = 1.0
) -> Number:
    """What `effective_hours` bring along the chords, each `stretch` times as wide as declared.

    `segments` are widths with their slopes; all of these are numbers, or arrays of as many numbers.
    Hours past the last chord bring nothing. Filling the steepest chord first is the best use.
    """
    brought: Number = 0.0
    left = effective_hours
    for width, slope in segments:
        used = np.maximum(np.minimum(left, width * stretch), 0.0)
        brought = brought + slope * used
        left = left - used
    return brought
