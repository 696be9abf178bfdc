"""Plans solved as one programme, which those solved apart are held to."""

from plans import PATIENT

from allocator import certified
from allocator.program import in_blocks


def as_one(case, settings):
    """The recommended split, and what is behind it."""
    return certified.certified_best(in_blocks(case), settings, PATIENT)
