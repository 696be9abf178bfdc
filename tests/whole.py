"""Plans solved as one programme, which those solved apart are held to."""

import pytest
from plans import PATIENT

from allocator import certified
from allocator.apart.together import certified_best
from allocator.program import in_blocks
from allocator.solving.settings import Settings

AS_USUAL = Settings()


def as_one(case, settings):
    """The recommended split, and what is behind it."""
    return certified.certified_best(in_blocks(case), settings, PATIENT)


def as_the_whole(case, settings=AS_USUAL, optimum=1e-9, moved=1e-6, hours=0.0):
    """A plan solved apart and as one: the same optimum and fewest moves, relative or in hours.

    Both answers.
    """
    apart, one = certified_best(case, settings, PATIENT), as_one(case, settings)
    assert apart[1].optimum == pytest.approx(one[1].optimum, rel=optimum)
    assert apart[0].outcome.moved == pytest.approx(one[0].outcome.moved, rel=moved, abs=hours)
    return apart, one
