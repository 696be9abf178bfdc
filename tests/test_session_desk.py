"""What a session changes is what `allocate whatif` changes; what it is at can be had again."""

from __future__ import annotations

import shlex
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from running import ROOT

from allocator import allocate, read_model, read_plan
from allocator.answers.whatif import changed_plan
from allocator.errors import PlanError
from allocator.interrupts import Stop, StoppedError, stopped_by
from allocator.progress import silent
from allocator.reading.changes import Wanted
from allocator.session.assumptions import LEVERS, NO_LIMIT, Assumptions, Limits, command
from allocator.session.desk import Desk, loaded
from allocator.session.draft import Draft, from_text, to_text
from allocator.session.memo import Memo
from allocator.session.opened import Opened
from allocator.session.underway import finished
from allocator.solving.settings import Settings

MODEL = read_model("sales_execution")
PATH = ROOT / "inputs" / "plan.csv"
PLAN = read_plan(PATH, MODEL)
ROW = ("North", "opportunity_management", "Dana")
ASKED = Assumptions(
    levers=((("win_rate", None), 10), (("deal_size", "North"), -20), (("capacity", "Coast"), 5)),
    limits=((ROW, Limits(locked=True)), (("Coast", "partners", PLAN.rows[-1].rep), Limits(1.5, 80.25))),
    hours=(("Ben", 400.5),),
    target=5e6,
)


def desk() -> Desk:
    opened = Opened(PATH, MODEL, Settings())
    return Desk(opened, loaded(opened, PATH.name, PATH.read_bytes()))


def wanted(line: str) -> Wanted:
    """The changes that a command line asks for."""
    words = shlex.split(line)
    assert words[:2] == ["allocate", "whatif"]
    pairs = list(zip(words[3::2], words[4::2], strict=True))
    return Wanted(
        sets=[text for option, text in pairs if option == "--set"],
        hours=[text for option, text in pairs if option == "--hours"],
    )


def test_the_command_line_says_the_same():
    """The command that the page shows makes the very plan that the page shows."""
    asked = replace(
        ASKED, limits=((ROW, Limits(locked=True)), (("North", "partners", "Ben"), Limits(5, 60)))
    )
    line = command(PLAN.name, asked.changes(PLAN, MODEL))
    assert changed_plan(PLAN, MODEL, wanted(line))[1] == asked.changed(PLAN, MODEL)[1]


@pytest.mark.parametrize("column", LEVERS)
@pytest.mark.parametrize("territory", [None, "North"])
def test_each_lever(column, territory):
    """Each lever moves its column by so many per cent, in the whole plan or in one territory alone."""
    changes, plan = Assumptions().with_lever((column, territory), 10).changed(PLAN, MODEL)
    assert plan != PLAN
    values = [value for done in changes for value in done.values]
    assert values
    for value in values:
        assert value.after == pytest.approx(1.1 * value.before, rel=1e-12)
        assert territory in (None, value.territory) or value.rep in {
            row.rep for row in PLAN.rows if row.territory == territory
        }


def test_leaving_a_row_as_it_is():
    """A row that is left as it is has today's hours as both its bounds, after its rep got fewer."""
    asked = Assumptions().with_limits({ROW: Limits(locked=True)}).with_hours({"Dana": 220.0})
    _, plan = asked.changed(PLAN, MODEL)
    at = next(i for i, row in enumerate(plan.rows) if (row.territory, row.area, row.rep) == ROW)
    row = plan.rows[at]
    assert row.min_hours == row.max_hours == plan.todays_split[at]
    assert row.max_hours == pytest.approx(110 * 220 / 440)


def test_back_to_the_plan():
    """What is moved and moved back asks nothing, and the plan is the file's."""
    asked = Assumptions().with_lever(("win_rate", None), 10).with_lever(("win_rate", None), 0)
    asked = asked.with_limits({ROW: Limits(5)}).with_limits({ROW: Limits()})
    assert asked.with_hours({"Dana": 3.0}).with_hours({"Dana": None}) == Assumptions()
    assert Assumptions().changed(PLAN, MODEL) == ((), PLAN)


def test_no_most_hours():
    """A row's most hours can be taken away."""
    with_most = Assumptions().with_limits({ROW: Limits(most=50.0)}).changed(PLAN, MODEL)[1]
    without = Assumptions().with_limits({ROW: Limits(most=NO_LIMIT)}).changed(with_most, MODEL)[1]
    assert next(r.max_hours for r in without.rows if (r.territory, r.area, r.rep) == ROW) == NO_LIMIT


def test_what_cannot_be():
    """Assumptions that a plan can't have are refused in the command line's words."""
    asked = Assumptions().with_limits({ROW: Limits(50.0, 20.0)})
    with pytest.raises(PlanError, match="min_hours 50 is above max_hours 20"):
        asked.changed(PLAN, MODEL)


def test_a_draft_comes_back():
    """A draft is the assumptions again, every digit of them; one of another kind is none."""
    draft = Draft.of(ASKED, None)
    again = from_text(to_text(draft))
    assert again is not None
    assert again.assumptions == ASKED
    assert to_text(Draft.of(Assumptions(), None)) == "{}"
    assert from_text("{}") == Draft()
    for text in ("", "[]", '{"levers": [{"column": "area"}]}', '{"later": 1}', '{"target": NaN}'):
        assert from_text(text) is None


def test_a_draft_of_another_plan():
    """What a draft says of territories, rows and reps that the plan no longer has is left out."""
    fewer = replace(PLAN, rows=tuple(row for row in PLAN.rows if row.territory != "Coast"))
    kept = ASKED.that_fit(fewer)
    assert [lever for lever, _ in kept.levers] == [("win_rate", None), ("deal_size", "North")]
    assert [place for place, _ in kept.limits] == [ROW]
    assert kept.hours == ASKED.hours


def test_a_plan_that_was_sent():
    """A plan that is sent goes through the door of files, and comes back with a draft."""
    sent, content = desk(), (ROOT / "inputs" / "solo.csv").read_bytes()
    sent.send("solo.csv", content)
    again = desk()
    again.restore(sent.draft)
    assert again.base.plan.rows == sent.base.plan.rows
    assert again.base.plan.facts == sent.base.plan.facts
    with pytest.raises(PlanError, match=r"bad\.csv"):
        again.send("bad.csv", b"territory,area\nNorth,partners\n")
    assert again.base.plan.rows == sent.base.plan.rows
    again.send_back()
    assert again.base.plan == PLAN


def test_answers_are_kept():
    """What was worked out once is not worked out again; the number to reach changes no split."""
    found = desk()
    first = found.allocation()
    found.asked = replace(found.asked, target=5e6)
    assert found.allocation() is first
    found.asked = found.asked.with_lever(("win_rate", None), 1)
    assert found.allocation() is not first
    assert found.before() is first


def test_a_memo_is_bounded():
    """A memo keeps so many answers, those asked for last."""
    memo: Memo[int] = Memo(2)
    memo.keep("a", 1)
    memo.keep("b", 2)
    assert memo.get("a") == 1
    memo.keep("c", 3)
    assert [memo.get(key) for key in "abc"] == [1, None, 3]


def test_work_that_nobody_waits_for():
    """Work ends soon when the page turns to something else, and says how far it is until then."""
    ended, told = threading.Event(), []

    def work(progress):
        progress("Counting", 0.25)
        try:
            while True:
                time.sleep(0.01)
                progress("Counting", 0.25)
        finally:
            ended.set()

    class TurnedError(BaseException):
        pass

    def tell(doing, done=None):
        told.append((doing, done))
        raise TurnedError

    with pytest.raises(TurnedError):
        finished(work, tell)
    assert ended.wait(2)
    assert told == [("Counting", 0.25)]


def test_solving_that_nobody_waits_for():
    """A solver at work in a thread is stopped while it solves."""
    stop = Stop()
    threading.Timer(0.2, stop.ask).start()
    weeks = MODEL.with_steps(26)
    with stopped_by(stop), pytest.raises(StoppedError):
        allocate(read_plan(ROOT / "inputs" / "national.csv", weeks), weeks)


def test_solving_side_by_side():
    """Two threads that solve at once find what each would find alone."""
    plans = [Assumptions().with_lever(("win_rate", None), by).changed(PLAN, MODEL)[1] for by in (5, 10)]
    alone = [allocate(plan, MODEL).revenue for plan in plans]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda plan: allocate(plan, MODEL).revenue, plans * 10))
    assert found == alone * 10


def test_work_that_fails():
    """What work raises is raised where it is waited for."""
    with pytest.raises(ZeroDivisionError):
        finished(lambda _: 1 / 0, silent)
    assert finished(lambda _: 7, silent) == 7
