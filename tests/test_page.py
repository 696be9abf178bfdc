"""The page: one file that lets nothing in or out, with every answer in it, and names that do nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from plans import renamed
from running import ROOT, large_plan

from allocator import Allocation, allocate, read_model, read_plan
from allocator.answers.briefing import Briefing, brief
from allocator.answers.explanation import explain
from allocator.answers.reach import reach
from allocator.answers.whatif import whatif
from allocator.plan import Plan
from allocator.reading.changes import Wanted
from allocator.reports.page import to_html

SALES = read_model("sales_execution")
PLAN = read_plan(ROOT / "inputs" / "plan.csv", SALES)
MOST_BYTES = 2_000_000
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\u00e9 {{7*7}} & \"q\" 'a'"
VOID = {"meta", "input", "br", "img", "link", "hr"}


class Read(HTMLParser):
    """A page as a browser takes it apart: elements with their attributes, and the text of each kind."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without anything in it."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """The element that began last ends."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text in the element that began last."""
        if self._open:
            self.texts.append((self._open[-1], data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]

    def text(self, tag: str) -> list[str]:
        """What stands directly in elements of a kind."""
        return [data for name, data in self.texts if name == tag and data.strip()]


def briefed(plan: Plan) -> Briefing:
    """A plan with what `allocate PLAN -o page.html` has to say."""
    allocation = allocate(plan, SALES)
    return brief(allocation, explain(allocation))


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    """The example plan."""
    return briefed(PLAN)


@pytest.fixture(scope="module")
def page(briefing) -> Read:
    """Its page."""
    return Read(to_html(briefing))


def drawings(page: Read) -> list[dict]:
    """The charts' specifications."""
    assert {"type": "application/json", "id": "drawings"} in page.all("script")
    return json.loads(page.text("script")[0])


def test_all_answers_are_there(page):
    """The page has a heading for each answer, what both splits earn, and the sentence that matters."""
    assert page.text("h2") == [
        "Why this split", "Where the hours go", "What becomes of the opportunities",
        "Where the next hour pays", "Which improvement pays", "The false choices, side by side",
        "What a part of the moves brings", "What more hours would find", "How firm the hours are",
        "Limits that bind", "Assumptions", "Notes and proof",
    ]  # fmt: skip
    assert [text.strip() for text in page.text("dd")] == ["3,462,622", "4,454,233", "+991,611"]
    assert any("of 100 worked, 32 are won, 15 today" in text for text in page.text("p"))
    assert any("proof that no split earns more than" in text for text in page.text("li"))
    assert any("Every win brings references" in text for text in page.text("li"))


def test_nothing_gets_in_or_out(page):
    """The policy lets only this page's own scripts and style run, by their hashes; nothing is loaded."""
    (policy,) = [
        one["content"] for one in page.all("meta") if one.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"

    def hashes(texts):
        return {
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
            for text in texts
        }

    assert set(rules["script-src"].split()) == hashes(page.text("script")[1:])
    assert set(rules["style-src"].split()) == hashes(page.text("style"))
    assert not any("src" in attributes or "style" in attributes for _, attributes in page.elements)
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert all(one["href"].startswith("#") for one in page.all("a"))
    assert "eval" not in policy
    assert page.all("link") == page.all("img") == page.all("iframe") == []
    assert not re.search(r"url\(|@import", page.text("style")[0])


def test_it_can_be_heard(page):
    """Each chart has words in place of its lines, each table a caption and headers with their scope."""
    charts = [one for one in page.all("div") if one.get("class") == "chart"]
    assert len(charts) == len(drawings(page)) > 10
    assert all(one["role"] == "img" and len(one["aria-label"]) > 40 for one in charts)
    assert {one.get("scope") for one in page.all("th")} == {"col", "row"}
    assert len(page.all("caption")) == len(page.all("table")) > 5
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == 1


def test_ids_are_one_of_a_kind(page):
    """No two elements have one id, and every link in the page leads somewhere."""
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {one["href"][1:] for one in page.all("a")} <= set(ids)


def test_paper_shows_each_chart_once(page):
    """In print the live drawing gives way to the still picture, by a rule as strong as on screen."""
    screen, paper = page.text("style")[0].split("@media print")
    assert re.search(r"\.chart \.live\b[^{]*\{[^}]*display: block", screen)
    assert ".chart .live { display: none; }" in paper
    assert ".drawn .still { display: block; }" in paper


def test_pictures_stand_in_for_scripts(page):
    """Every chart is there as a still picture too: for print, and where no scripts run."""
    assert len(page.all("svg")) == len(drawings(page))
    assert all(drawing["width"] == "container" for drawing in drawings(page))


@pytest.mark.parametrize("name", [HOSTILE, "\u2028<!--<script>", "]]>&y;</text><script>", "x" * 200])
def test_names_do_nothing(name):
    """A name that would be live in HTML, SVG or a script stands there as itself, and no element more."""
    plan = read_plan(ROOT / "inputs" / "solo.csv", SALES)
    hostile = Read(to_html(briefed(renamed(plan, lambda _: name, lambda _: f"{name}!"))))
    plain = Read(to_html(briefed(plan)))
    assert [tag for tag, _ in plain.elements] == [tag for tag, _ in hostile.elements]
    assert name in {record.get("name") for record in _records(drawings(hostile))}
    assert any(name in text for text in hostile.text("th"))


def _records(specs: list[dict]) -> list[dict]:
    """All data of all charts."""
    return [one for spec in specs for data in spec["datasets"].values() for one in data]


def test_hundreds_of_territories(plan_file):
    """A page of many territories stays small enough to mail, and its tables can be searched."""
    allocation = allocate(read_plan(plan_file(large_plan(300)), SALES), SALES)
    text = to_html(Briefing(allocation.plan, SALES, allocation=allocation))
    assert len(text.encode("utf-8")) < MOST_BYTES
    page = Read(text)
    assert sum(one.get("type") == "search" for one in page.all("input")) == 1
    assert {"T0", "T299"} <= set(page.text("th"))


def test_the_example_is_small(briefing):
    """The example's page, with all charts twice, is below two megabytes."""
    assert len(to_html(briefing).encode("utf-8")) < MOST_BYTES


@pytest.mark.parametrize("answer", ["leverage", "comparison", "reach", "whatif"])
def test_pages_of_one_answer(briefing, answer):
    """An answer alone makes a page of its own, with its headline."""
    found = {
        "leverage": lambda: briefing.leverage,
        "comparison": lambda: briefing.comparison,
        "reach": lambda: reach(PLAN, SALES, 5e6, heads=True),
        "whatif": lambda: whatif(PLAN, SALES, Wanted(sets=("deal_size *= 1.1",))),
    }[answer]()
    page = Read(to_html(Briefing(PLAN, SALES, **{answer: found})))
    assert len(page.text("h2")) >= 3
    assert drawings(page)
    assert any(len(text.strip()) > 40 for text in page.text("p"))


def test_an_allocation_without_an_explanation(briefing):
    """Where nobody asked why, the page leaves that out and says the rest."""
    assert isinstance(briefing.allocation, Allocation)
    page = Read(to_html(replace(briefing, explanation=None, leverage=None, comparison=None)))
    assert page.text("h2")[0] == "Where the hours go"
    assert "How firm the hours are" not in page.text("h2")
