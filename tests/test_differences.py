"""What tells two scenarios apart: their plans, their models and how they were solved."""

from plans import SALES
from running import ROOT

from allocator import read_model, read_plan
from allocator.answers.whatif import changed_plan
from allocator.model import Model
from allocator.reading.changes import Wanted
from allocator.scenarios.differences import Inputs, differences
from allocator.solving.settings import Settings


def test_differences():
    """Each figure that is not alike, by its place, with what each side says; alike ones not at all."""
    model = read_model("sales_execution")
    plan = read_plan(ROOT / "inputs" / "plan.csv", model)
    rep, territory = plan.reps[0], plan.territories[0]
    wanted = Wanted(
        sets=[f"win_rate[partners, {territory}] = 40%"],
        hours=[f"{rep} = 300"],
        add_reps=[f"Kim in {territory} = 9"],
    )
    edited = changed_plan(plan, model, wanted)[1]
    before = Inputs(plan, model, Settings())
    assert differences(before, before) == ()
    other = Inputs(edited, model.with_steps(3), Settings(stability=0.01))
    found = differences(before, other)
    told = {(one.territory, one.rep, one.area, one.column): (one.before, one.after) for one in found}
    rate = plan.facts[territory, "partners"].win_rate
    assert told[territory, None, "partners", "win_rate"] == (rate, 0.4)
    assert told[None, rep, None, "capacity"] == (plan.hours_by_rep[rep], 300.0)
    assert told[None, "Kim", None, "capacity"] == (None, 9.0)
    assert told[None, None, None, "steps"] == (1.0, 3.0)
    assert told[None, None, None, "stability"] == (1e-6, 0.01)
    of_kim = {at[3] for at in told if at[1] == "Kim"}
    assert of_kim == {"capacity", "hours", "opportunities", "open"}
    assert {at[3] for at in told if at[1] != "Kim"} == {"win_rate", "capacity", "steps", "stability"}
    assert [len(one.values) for one in differences(before, other, before)] == [3] * len(found)


def test_differences_of_models():
    """Two models differ in their areas' keys and in their couplings, not in what says why."""
    plan = read_plan(ROOT / "inputs" / "solo.csv", SALES)
    declared = SALES.model_dump()
    declared["areas"]["partners"]["share"] = (0.2, 0.5)
    first, *others = declared["couplings"]
    declared["couplings"] = [{**first, "rate": 0.123, "why": "because"}, *others]
    other = Model.model_validate(declared)
    found = differences(Inputs(plan, SALES, Settings()), Inputs(plan, other, Settings()))
    coupling = SALES.couplings[0]
    assert {(one.area, one.column): one.values for one in found} == {
        ("partners", "share"): (
            f"[{SALES.areas['partners'].share[0]}, {SALES.areas['partners'].share[1]}]",
            "[0.2, 0.5]",
        ),
        (None, f"couplings.{coupling.name}.rate"): (coupling.rate, 0.123),
    }
