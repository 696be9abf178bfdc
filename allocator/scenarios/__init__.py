"""Kept scenarios of a plan: each one whole, in one SQLite file beside the plan.

`scenario` is one of them and how it is read back, `solved_again` what it says when it is solved anew,
`store` the file, `opening` how that is opened and what is refused, `differences` what tells plans apart.
"""

from allocator.scenarios.scenario import Scenario, scenario_of, this_user
from allocator.scenarios.store import Scenarios, plan_here

__all__ = ["Scenario", "Scenarios", "plan_here", "scenario_of", "this_user"]
