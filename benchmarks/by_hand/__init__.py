"""The first pass written by hand in other tools, as a good user of each would write it.

Each module has `best(facts)`: the optimum in the plan's currency. All write the programme of
`allocator.program` (capacity, bounds, shares, creating, market, backlog, working, trust, next period,
renewing) over the same flat lists, for the whole plan at once, and solve it with the tool's usual
solver.
"""
