"""Notes: each names the territories that it is about, in the plan's order, and no others."""

from __future__ import annotations

from plans import case_of, plan_of

from allocator.allocation import allocate
from allocator.answers.binding import binding
from allocator.notes import notes_before_solving
from allocator.reading import read_model

RULES = read_model("sales_execution")
HEADER = "territory,rep,area,hours,opportunities,win_rate,deal_size,hours_per_opportunity"


def plan(*partners: str, territories: str = "AB") -> str:
    """Territories of one rep each without partners, and rows for those."""
    rows = [
        line
        for name in territories
        for line in (
            f"{name},Rep {name},prospecting,100,20,0.2,9000,",
            f"{name},Rep {name},opportunity_management,120,,,,6",
            f"{name},Rep {name},account_development,80,10,0.3,9000,",
        )
    ]
    return "\n".join((HEADER, *rows, *partners)) + "\n"


def test_an_area_without_rows_is_named_where_it_is_missing():
    """No row is one thing, nobody left for a row another."""
    case = case_of(plan("B,Rep B,partners,60,8,0.3,9000,"), RULES)
    assert list(notes_before_solving(case)) == ["No row for partners in A: it gets no hours there"]


def test_one_who_can_work_is_enough():
    """Of two with rows for an area one has no hours: where the other has some, nobody is missed."""
    nobody, somebody = "A,Nobody,partners,0,0,,,", "A,Rep A,partners,60,8,0.3,9000,"
    both = case_of(plan(nobody, somebody, territories="A"), RULES)
    assert not [note for note in notes_before_solving(both) if "Nobody with hours" in note]
    alone = case_of(plan("A,Nobody,partners,0,0,0.3,9000,", territories="A"), RULES)
    (said,) = [note for note in notes_before_solving(alone) if "Nobody with hours" in note]
    assert said.startswith("Nobody with hours has a row for partners in A, which should get 10%")


def test_what_holds_for_the_period_binds_in_every_step():
    """And a limit of nothing, as on partners who bring nothing, binds nowhere."""
    rules = RULES.with_steps(3)
    found = allocate(plan_of(plan("A,Rep A,partners,60,0,0.3,9000,", territories="A"), rules), rules)
    whole = [one for one in binding(found) if one.family in ("shares", "next_period")]
    assert whole
    assert {count for one in whole for _, count in one.places} == {3}
    assert not [one for one in binding(found) if one.family != "shares" and one.area == "partners"]


def test_couplings_that_come_too_late_are_named():
    """What takes effect only after the last step is said, as lags count steps."""
    channel = read_model("channel")
    late = notes_before_solving(case_of(plan(), channel.with_steps(1)))
    said = " ".join(note for note in late if "Lags count steps" in note)
    assert all(coupling.lag == 1 and coupling.name in said for coupling in channel.couplings)
    in_time = notes_before_solving(case_of(plan(), channel.with_steps(2)))
    assert [note for note in in_time if "Lags count steps" in note] == []
