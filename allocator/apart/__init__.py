"""Plans solved apart: batches of territories that share no rep, each by itself, and put together.

A batch is a plan of its own but for one thing: revenue that is given up for fewer moves is given up
where it saves the most, over all batches. `price` finds out where. Reps of many territories are in
many batches: those who are interchangeable are one team to the programme (`pool`), the hours of all of
them get prices (`hour_prices`), and `joint` solves the whole from where batches stand with these.
`dividing` makes the batches, `batch` is one where it is solved, `tasks` what is done for it, `hands` who
does it, `asking` has it done for all; `both_passes` is what is asked for the recommended split
(`both_passes_sharing` where they share hours), `totals` puts the answers together, `together` holds the
certificate to the whole, `one` makes one programme of them. `frontier` is what is known of batches that
are weighed by a price on revenue; `fewer_moves` shares out moves by it, `moves_as_one` finds the same
where batches share hours. `again` solves for other facts or hours from where a like plan ended;
`least_hours` does until a number is earned. `growth` adds heads where they bring most, in parts that
share no rep (`growing` is one of them where it is solved), and `whole_heads` finds how few are enough.
"""
