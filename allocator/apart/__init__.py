"""Plans solved apart: batches of territories that share no rep, each by itself, and put together.

A batch is a plan of its own but for one thing: revenue that is given up for fewer moves is given up
where it saves the most, over all batches. `price` finds out where. Reps of many territories are in
many batches: those who are interchangeable are one team to the programme (`pool`), the hours of all of
them get prices (`hour_prices`), and `joint` solves the whole from where batches stand with these.
`dividing` makes the batches, `batch` is one where it is solved, `tasks` what is done for it, `hands` who
does it, `asking` has it done for all; `together` puts the answers together and holds the certificate to
the whole, `one` makes one programme of them.
"""

from allocator.apart.dividing import Divided, divided
from allocator.apart.together import certified_best, certified_hours

__all__ = ["Divided", "certified_best", "certified_hours", "divided"]
