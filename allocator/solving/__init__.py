"""From a programme to a certified optimum: solvers, statuses, the passes."""
