"""The linear programme: the mathematics of the allocation, declared once, row by row.

Territories that are alike (`alike`) have the same rows with other numbers, so these are declared once
(`constraints`) with arrays for numbers (`block`), and laid side by side (`build`). `in_pulp` has the
same programme in PuLP, for CBC and for the tests that hold the two to one another.

Sets and data are those of `allocator.instance`; steps count t = 0…T−1 here.

Variables, all ≥ 0
    x[i][t]        hours of row i in step t
    X[k][a]        hours of area a in territory k over the period, X_ka = Σ_i Σ_t x_it
    u[k][s][t][j]  effective hours of source s in segment j of its response curve
    n[k][s][t]     opportunities created
    w[k][s][t][d]  opportunities worked at depth d
    b[k][s][t]     backlog left at the end of the step
    g[k][m][t][j]  effective hours in segment j of the curve of renewing area m

Maximize projected revenue
    Σ v·(φ_t + later·(1 − φ_t))·p_d·w_kstd  +  Σ (R·lo + renewal slopes · g)

Subject to, one function each below
     1 capacity      Σ_{i of r} x_it ≤ C_r / T
     2 bounds        min_i ≤ Σ_t x_it ≤ max_i
     3 shares        share_lo·X_k ≤ X_ka ≤ share_hi·X_k,  X_k = Σ_a X_ka; the upper ones are left
                     out where those of the areas present add up to less than 1
     4 creating      Σ_j u_kstj ≤ Σ_{i=(k,·,s)} q_i x_it,  n_kst = Σ_j σ_j u_kstj
     5 market        u_kstj ≤ (ω_j/T)·(1 + Σ_{grows} rate·driver_{k,t−lag} / (P/T)); a driver
                     before the first step is 0
     6 backlog       b_kst = D·(b_ks,t−1 + n_kst − Σ_d w_kstd),  b_ks before the first step = o,
                     D = (1 − decay)^(1/T),  Σ_d w_kstd ≤ b_ks,t−1 + n_kst
     7 working       Σ_{s,d} effort_d·hours_per_opportunity·w_kstd ≤ Σ_{i=(k,·,works)} q_i x_it
     8 trust         n_kst ≤ Σ_{limits} (goodwill·n0/T + rate·driver_{k,t−lag}); before the first
                     step each source of a driver counts with today's rate n0/T
     9 next_period   Σ_s (b_ks,T−2 + n_ks,T−1 − Σ_d w_ks,T−1,d) ≥ end_pipeline · Σ_s o_ks
    10 renewing      Σ_j g_kmtj ≤ Σ_{i=(k,·,m)} q_i x_it,  g_kmtj ≤ width_j/T

Second pass: the fewest moves
    Among all with revenue ≥ (1 − stability)·optimum, minimize Σ_i (more_i + less_i), where
    Σ_t x_it = h_i + more_i − less_i. Of several such, the one with the least Σ_i ρ_i·(more_i + less_i)
    is taken, with weights ρ_i that differ from row to row (`settled`).

Moves for money
    The same limits and objective with Σ_i (more_i + less_i) ≤ the moves allowed (`at_most_moves`).

Programmes that decide capacities as well are in `allocator.program.sized`.

Money is counted in `Program.money` (a power of ten of the plan's currency), so that the numbers
that the solver sees stay near 1.
"""

from allocator.program.build import Guess, InBlocks, build, in_blocks
from allocator.program.constraints import EVERY_FAMILY
from allocator.program.declared import Limit
from allocator.program.programme import Program
from allocator.program.sized import (
    Sized,
    any_hours,
    least_hours,
    least_possible_hours,
    more_heads,
)
from allocator.program.variants import (
    MOST_MOVES,
    REVENUE,
    at_most_moves,
    both_passes,
    earning_at_least,
    fewest_moves,
    least_drain,
    moving,
    same_hours,
    settled,
    with_capacities,
    with_hours_priced,
)

__all__ = [
    "EVERY_FAMILY",
    "MOST_MOVES",
    "REVENUE",
    "Guess",
    "InBlocks",
    "Limit",
    "Program",
    "Sized",
    "any_hours",
    "at_most_moves",
    "both_passes",
    "build",
    "earning_at_least",
    "fewest_moves",
    "in_blocks",
    "least_drain",
    "least_hours",
    "least_possible_hours",
    "more_heads",
    "moving",
    "same_hours",
    "settled",
    "with_capacities",
    "with_hours_priced",
]
