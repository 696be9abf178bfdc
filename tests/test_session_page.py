"""The page's logic without a browser: what is moved, shown, kept, taken up and refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from running import ROOT

from allocator import allocate, read_model, read_plan
from allocator.answers.whatif import changed_plan
from allocator.reading.changes import Wanted
from allocator.scenarios import Scenarios
from allocator.session.opened import Opened, open_plan
from allocator.solving.settings import Settings
from allocator.wording import money

pytest.importorskip("streamlit", reason="the extra 'session' is not installed")
from streamlit.testing.v1 import AppTest

SCRIPT = ROOT / "allocator" / "session" / "page.py"
MODEL = read_model("sales_execution")
HOSTILE = "<img src=x onerror=alert(1)> **b** ![i](http://evil.example/i.png) $x$"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A sample plan in a folder of its own."""
    return Path(shutil.copy(ROOT / "inputs" / "plan.csv", tmp_path / "plan.csv"))


def page(plan: Path) -> AppTest:
    """The page of a plan as it opens."""
    open_plan(Opened(plan, MODEL, Settings()))
    shown = AppTest.from_file(str(SCRIPT), default_timeout=60).run()
    assert not shown.exception
    return shown


def html(shown: AppTest) -> str:
    """Everything that stands on the page as HTML."""
    return "\n".join(str(part.proto.body) for part in shown.get("html"))


def slider(shown: AppTest, label: str):
    return next(one for one in shown.slider if one.label == label)


def button(shown: AppTest, label: str):
    return next(one for one in shown.button if one.label == label)


def test_a_lever_says_what_the_command_line_says(plan):
    """With the win rate a tenth better, the page has the figures of the same what-if."""
    shown = page(plan)
    assert "4,454,233" in html(shown)
    slider(shown, "Win rate").set_value(10).run()
    asked = Wanted(sets=["win_rate *= 1.1"])
    found = allocate(changed_plan(read_plan(plan, MODEL), MODEL, asked)[1], MODEL)
    for revenue in (found.revenue_now, found.revenue):
        assert money(revenue, "") in html(shown)
    assert "allocate whatif plan.csv --set &#x27;win_rate *= 1.1&#x27;" in html(shown)
    button(shown, "All as planned").click().run()
    assert "4,454,233" in html(shown)
    assert slider(shown, "Win rate").value == 0


def test_a_lever_of_one_territory(plan):
    """A lever may be moved in one territory alone, beside those of the whole plan."""
    shown = page(plan)
    slider(shown, "Capacity").set_value(5).run()
    shown.selectbox[0].select("Coast").run()
    assert slider(shown, "Win rate").value == 0
    slider(shown, "Win rate").set_value(-20).run()
    assert "win_rate[Coast] *= 0.8" in html(shown)
    assert "--hours" in html(shown)
    shown.selectbox[0].select(None).run()
    assert slider(shown, "Capacity").value == 5


def test_a_page_that_is_gone_comes_back(plan):
    """A page that opens later is at what the last one was at."""
    slider(page(plan), "Deal size").set_value(-10).run()
    again = page(plan)
    assert slider(again, "Deal size").value == -10
    assert "deal_size *= 0.9" in html(again)


def test_keeping_and_deciding(plan):
    """What is kept stands side by side, what differs is marked, and one is decided on."""
    shown = page(plan)
    for name, moved in (("As it is", 0), ("Better", 10)):
        slider(shown, "Win rate").set_value(moved).run()
        next(one for one in shown.text_input if one.label == "Name").set_value(name)
        button(shown, "Keep as scenario").click().run()
        assert not shown.exception
    assert '<td class="marked">4,723,037</td>' in html(shown)
    next(one for one in shown.selectbox if one.label == "Decided on").select("Better")
    button(shown, "Mark as decided").click().run()
    assert "Better (decided on)" in html(page(plan))
    with Scenarios.beside(plan, read_only=True) as kept:
        assert [(one.name, one.decided) for one in kept.all()] == [("As it is", False), ("Better", True)]


def test_two_pages_at_once(plan):
    """Two pages on one plan keep beside each other; a name that is taken is refused by the later."""
    pages = [page(plan), page(plan)]
    for shown, name in zip([*pages, pages[1]], ("One", "Two", "One"), strict=True):
        next(one for one in shown.text_input if one.label == "Name").set_value(name)
        button(shown, "Keep as scenario").click().run()
    assert "a scenario is called" in html(pages[1])
    with Scenarios.beside(plan, read_only=True) as kept:
        assert [one.name for one in kept.all()] == ["One", "Two"]


def test_going_on_from_a_scenario(plan):
    """A scenario's plan is put on the desk, and earns there what it was kept with."""
    shown = page(plan)
    slider(shown, "Win rate").set_value(10).run()
    next(one for one in shown.text_input if one.label == "Name").set_value("Better")
    button(shown, "Keep as scenario").click().run()
    button(shown, "All as planned").click().run()
    next(one for one in shown.selectbox if one.label == "Go on from").select("Better")
    button(shown, "Put on the desk").click().run()
    assert slider(shown, "Win rate").value == 0
    assert "4,723,037" in html(shown)


def test_a_plan_that_is_sent(plan):
    """A plan that is sent is read by the door of files: refused in its words, or on the desk."""
    shown = page(plan)
    shown.get("file_uploader")[0].set_value(("bad.csv", b"territory,area\nNorth,sailing\n", "text/csv"))
    shown.run()
    assert "bad.csv" in html(shown)
    shown.get("file_uploader")[0].set_value(
        ("solo.csv", (ROOT / "inputs" / "solo.csv").read_bytes(), "text/csv")
    )
    shown.run()
    assert not shown.exception
    assert "solo.csv" in html(shown)
    assert sorted(path.name for path in plan.parent.iterdir()) == ["plan.allocate.db", "plan.csv"]


def test_the_number_to_reach(plan):
    """A number is read as the command line reads it; one that is out of reach says so."""
    shown = page(plan)
    number = next(one for one in shown.text_input if one.label == "Revenue in the period")
    number.set_value("5m").run()
    assert "5.0m takes 1.22 times" in html(shown)
    number.set_value("99bn").run()
    assert "is out of reach" in html(shown)
    number.set_value("much").run()
    assert "is not an amount" in html(shown)


def test_what_cannot_be_is_said(plan):
    """A lever that a fact can't follow is refused in the command line's words, and can be moved back."""
    shown = page(plan)
    text = plan.read_text(encoding="utf-8").replace(",0.25,26000", ",0.75,26000")
    plan.write_text(text, encoding="utf-8")
    shown = page(plan)
    slider(shown, "Win rate").set_value(100).run()
    assert not shown.exception
    assert "Keep it at or below 1 (100%)" in html(shown)
    slider(shown, "Win rate").set_value(0).run()
    assert "Revenue with the recommended split" in html(shown)


def test_presenting(plan):
    """The view for the projector has the numbers and one picture, and leads back."""
    shown = page(plan)
    button(shown, "Present").click().run()
    assert not shown.exception
    assert not shown.slider
    assert "4,454,233" in html(shown)
    assert len(shown.get("vega_lite_chart")) == 1
    button(shown, "Back to the session").click().run()
    assert shown.slider


def test_hostile_names(plan):
    """Names that would be markup or Markdown are only ever text."""
    text = plan.read_text(encoding="utf-8").replace("North,", f"{HOSTILE.replace(',', ';')},")
    plan.write_text(text.replace("Dana", "=1+1 [d](javascript:alert(1))"), encoding="utf-8")
    shown = page(plan)
    slider(shown, "Capacity").set_value(5).run()
    assert not shown.exception
    assert "<img src=x" not in html(shown)
    assert "&lt;img src=x" in html(shown)
    for kind in ("markdown", "caption", "heading", "header", "title"):
        assert not [
            part for part in shown.get(kind) if "img" in str(part.proto) or "Dana" in str(part.proto)
        ]


def test_a_damaged_file_of_scenarios(plan):
    """Where scenarios can't be kept, the page says so and works."""
    plan.with_name("plan.allocate.db").write_text("not a database", encoding="utf-8")
    shown = page(plan)
    assert "4,454,233" in html(shown)
    assert "this is not a file of scenarios" in html(shown)
