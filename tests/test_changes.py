"""The small language of changes: what may be written, and what is said of what may not."""

from __future__ import annotations

import pytest
from plans import SALES, SMALL, plan_of

from allocator.answers.whatif import changed_plan
from allocator.errors import MOST_SHOWN, PlanError
from allocator.reading.changes import Wanted, read_changes

PLAN = plan_of(SMALL)
ODD = plan_of(
    SMALL.replace("North,", '"Dallas, TX",').replace("South,", "Partners,").replace("Cat", "A = B")
)
"""The same plan with a comma in a territory's name, an area's name for one, and a rep with an '='."""


def read(wanted, plan=PLAN):
    """The changes of texts that have nothing wrong with them."""
    changes, problems = read_changes(wanted, plan, SALES)
    assert problems == ()
    return changes


def refused(wanted, plan=PLAN):
    """Every problem of texts that are refused."""
    with pytest.raises(PlanError) as caught:
        changed_plan(plan, SALES, wanted)
    assert caught.value.exit_code == 2
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("win_rate[partners] = 40%", ("win_rate", "partners", None, "=", 0.4)),
        ("win_rate=0.4", ("win_rate", None, None, "=", 0.4)),
        (" Win Rate [ Channel ,  North ] =.4", ("win_rate", "partners", "North", "=", 0.4)),
        ("win-rate[North,AD]-=5%", ("win_rate", "account_development", "North", "-=", 0.05)),
        ("deal_size[North] *= 110%", ("deal_size", None, "North", "*=", 1.1)),
        ("deal_size[North]/=1.25", ("deal_size", None, "North", "/=", 1.25)),
        ("deal_size = $12,000", ("deal_size", None, None, "=", 12000.0)),
        ("open += 3", ("open", None, None, "+=", 3.0)),
        ("skill -= 0", ("skill", None, None, "-=", 0.0)),
    ],
)
def test_facts(text, expected):
    """Column, place in either order, operator and value, in the writings that plans are read in."""
    (found,) = read(Wanted(sets=[text]))
    place = (found.area, found.territory)
    assert (found.column.name, *place, found.operator, found.value) == expected


def test_odd_names():
    """Names may have commas and operators in them, and be those of an area where both are named."""
    wanted = Wanted(
        sets=[
            "skill[Dallas, TX] = 2",
            "skill[Dallas, TX, partners] = 2",
            "open[partners, Partners] = 2",
        ],
        hours=["A = B *= 2"],
        add_reps=["Kim in Partners, Dallas, TX = 4"],
        drop_reps=[" A  = B "],
    )
    found = read(wanted, ODD)
    assert [(c.area, c.territory) for c in found[:3]] == [
        (None, "Dallas, TX"),
        ("partners", "Dallas, TX"),
        ("partners", "Partners"),
    ]
    assert (found[3].rep, found[3].operator, found[3].value) == ("A = B", "*=", 2.0)
    assert (found[4].territories, found[4].hours) == (("Partners", "Dallas, TX"), 4.0)
    assert found[5].rep == "A = B"


@pytest.mark.parametrize(
    ("option", "text", "words"),
    [
        ("sets", "win_rat = 1", ["'win_rat'", "Did you mean 'win_rate'?"]),
        ("sets", "zzz = 1", ["'zzz'", "min_hours, max_hours"]),
        ("sets", "hours[North] = 1", ["hours can't be set", "--hours 'NAME = 300'"]),
        ("sets", "capacity = 1", ["capacity can't be set", "--hours"]),
        ("sets", "territory = 1", ["territory can't be set", "--hours"]),
        ("sets", "area = 1", ["area can't be set", "--hours"]),
        ("sets", "rep = 1", ["rep can't be set", "--hours", "--add-rep"]),
        ("sets", "win_rate[partnrs] = 1", ["'partnrs'", "Did you mean 'partners'?"]),
        ("sets", "win_rate[north, partners] = 1", ["'north'", "Did you mean 'North'?"]),
        ("sets", "win_rate[zzz] = 1", ["'zzz'", "prospecting", "South"]),
        ("sets", "win_rate[] = 1", ["''", "North"]),
        ("sets", "win_rate[North, South] = 1", ["several territories", "a --set of its own"]),
        ("sets", "win_rate[partners, prospecting] = 1", ["several areas"]),
        ("sets", "win_rate[opp mgmt] = 1", ["means nothing on rows of opportunity_management"]),
        ("sets", "deal_size[AD, South] = 1", ["no rows of account_development in South"]),
        ("sets", "renewals[South] = 1", ["no rows with renewals in South"]),
        ("sets", "win_rate[partners] 40%", ["win_rate[partners] = 40%"]),
        ("sets", "win_rate[partners = 40%", ["Write it as in"]),
        ("sets", "win_rate =", ["value is missing"]),
        ("sets", "win_rate = 40", ["Did you mean 40%?"]),
        ("sets", "win_rate = nan", ["'nan' is not a number"]),
        ("sets", "win_rate *= x", ["'x' is not a number", "1.1 or 110%"]),
        ("sets", "win_rate *= -1", ["'-1' is too small", "1.1 or 110%"]),
        ("sets", "win_rate /= 0", ["divided by 0"]),
        ("sets", "win_rate *= 4", ["win_rate of account_development in North would be 1.4", "(100%)"]),
        ("sets", "renewal_rate += 10%", ["would be 1", "below 1 (100%)"]),
        ("sets", "open[partners, North] -= 4", ["would be -1", "0 or more"]),
        ("sets", "deal_size *= 1e9", ["at or below 1e+12"]),
        ("sets", "skill *= 0", ["skill of prospecting in North for Ann", "0.001 or more"]),
        ("sets", "max_hours[South] *= 0", []),
        ("hours", "Anne = 300", ["'Anne'", "Did you mean 'Ann'?"]),
        ("hours", "Ann", ["Dana = 300"]),
        ("hours", "Ann = many", ["'many' is not a number"]),
        ("hours", "Ann -= 300", ["the hours of Ann would be -30"]),
        ("add_reps", "Kim", ["Kim in North = 480"]),
        ("add_reps", "Ann in North = 3", ["'Ann' is there already", "--hours"]),
        ("add_reps", "Kim in Nroth = 3", ["'Nroth'", "Did you mean 'North'?"]),
        ("add_reps", "Kim in North, = 3", ["''", "North, South"]),
        ("add_reps", "Kim in North = -3", ["too small"]),
        ("add_reps", "Kim in North =", ["value is missing"]),
        ("add_reps", "K\u200bm in North", ["U+200B"]),
        ("drop_reps", "cat", ["'cat'", "Did you mean 'Cat'?"]),
    ],
)
def test_refusals(option, text, words):
    """Whatever can't be changed is refused with the change itself, what is wrong and what to write."""
    wanted = Wanted(**{option: [text]})
    if not words:
        assert changed_plan(PLAN, SALES, wanted)[0][0].values == ()
        return
    problems = refused(wanted)
    name = {"sets": "--set", "hours": "--hours", "add_reps": "--add-rep", "drop_reps": "--drop-rep"}
    assert all(
        problem.startswith(f"{name[option]} '{text.replace(chr(0x200B), '�')}': ")
        for problem in problems
    )
    assert [word for word in words if word not in problems[0]] == []


def test_a_name_of_both():
    """A name that is an area's and a territory's is called ambiguous, with what to write instead."""
    (problem,) = refused(Wanted(sets=["skill[Partners] = 2"]), ODD)
    assert "'Partners' is ambiguous: an area and a territory" in problem
    assert "Write partners for the area" in problem
    assert "[partners, Partners]" in problem
    both = plan_of(SMALL.replace("North,", "partners,").replace("South,", "prospecting,"))
    (problem,) = refused(Wanted(sets=["open[partners, prospecting] = 2"]), both)
    assert "ambiguous: partners in prospecting or prospecting in partners" in problem


def test_mixed_currencies():
    """Money in another currency than the plan's is refused."""
    plan = plan_of(SMALL.replace("20000", "$20000"))
    (problem,) = refused(Wanted(sets=["deal_size = €5000"]), plan)
    assert "the plan's money is in $, and this is in €" in problem
    assert refused(Wanted(sets=["deal_size = $5000", "renewals = £5"]))


def test_all_problems_at_once():
    """Everything that is wrong is said in one go: words, figures, and the plan that they make."""
    wanted = Wanted(
        sets=[
            "win_rat[Nroth] = 30",
            "win_rate *= 9",
            "opportunities[prospecting, North] *= 4",
            "potential = 99",
        ],
        hours=["Anne = x"],
        add_reps=["Ann in Nroth = x"],
        drop_reps=["Cta"],
    )
    problems = refused(wanted)
    assert [problem.split(":")[0] for problem in problems] == [
        *["--set 'win_rat[Nroth] = 30'"] * 2,
        *["--hours 'Anne = x'"] * 2,
        *["--add-rep 'Ann in Nroth = x'"] * 3,
        "--drop-rep 'Cta'",
        *["--set 'win_rate *= 9'"] * 5,
        "plan.csv with these changes, row 2, column potential",
    ]


def test_many_problems():
    """Of many problems the first are shown and the rest counted."""
    with pytest.raises(PlanError) as caught:
        changed_plan(PLAN, SALES, Wanted(drop_reps=[f"R{n}" for n in range(MOST_SHOWN + 7)]))
    assert str(caught.value).endswith("7 more problems of this kind or others.")


def test_no_control_characters_in_messages():
    """What is quoted of a change does nothing to a terminal."""
    (problem,) = refused(Wanted(hours=["A\x1b[31mnn = 3"]))
    assert "\x1b" not in problem
