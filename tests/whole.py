"""Plans solved as one programme, which those solved apart are held to."""

from allocator import certified
from allocator.program import in_blocks
from allocator.solving.settings import Clock


def as_one(case, settings):
    """The recommended split, and what is behind it."""
    return certified.certified_best(in_blocks(case), settings, Clock(None))
