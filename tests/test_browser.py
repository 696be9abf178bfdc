"""Pages in a browser: nothing is asked for, nothing goes wrong, nothing is cut, everyone can read them.

They need Chromium, and for the rules of accessibility axe-core, whose file AXE_CORE names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from browsers import AXE_CORE, CHROMIUM, SERIOUS, axe_core
from running import ROOT, run

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

PLANS = ("plan", "solo", "national")
WINDOWS = [(width, scheme) for width in (1400, 400) for scheme in ("light", "dark")]
PAPER = {"A4": 210, "Letter": 216}
"""Millimetres across, of which 13 on each side are left white."""
PIXELS = 96 / 25.4
"""Of a millimetre of paper."""
MOST_SHEETS = 25
CUT = """() => [...document.querySelectorAll(".chart svg")]
  .filter((svg) => svg.checkVisibility())
  .flatMap((svg) => {
    const inside = (box, frame) => box.left > frame.left - 1 && box.right < frame.right + 1
      && box.top > frame.top - 1 && box.bottom < frame.bottom + 1;
    const frame = svg.getBoundingClientRect();
    const clipped = inside(frame, svg.closest(".chart").getBoundingClientRect()) ? [] : ["a chart"];
    return clipped.concat([...svg.querySelectorAll("text")]
      .filter((text) => text.textContent.endsWith("…") || !inside(text.getBoundingClientRect(), frame))
      .map((text) => text.textContent));
  })"""
"""Words of charts that are cut short or stand over the edge, and charts wider than their place."""
pytestmark = pytest.mark.skipif(
    CHROMIUM is None and AXE_CORE is None, reason="there is no Chromium here"
)


@dataclass(frozen=True)
class Shown:
    """A page in its window, what it said on the console and which addresses it asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, Path]:
    """The pages that the command writes of the sample plans."""
    folder = tmp_path_factory.mktemp("pages")
    found = {name: folder / f"{name}.html" for name in PLANS}
    for name, path in found.items():
        done = run(ROOT / "inputs" / f"{name}.csv", "--quiet", "-o", path, folder=folder)
        assert (done.code, done.err) == (0, "")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium of its own."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM)
        yield found
        found.close()


@contextmanager
def shown(
    browser: Browser, path: Path, width: int, scheme: str = "light", rules_apply: bool = True
) -> Iterator[Shown]:
    """A page once all its charts are drawn; every other address that it asks for is refused."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        bypass_csp=not rules_apply,
    )
    there = Shown(context.new_page())

    def answer(route: Route) -> None:
        if route.request.url == path.as_uri():
            route.continue_()
        else:
            there.asked.append(route.request.url)
            route.abort()

    context.route("**/*", answer)
    there.page.on("console", lambda message: there.said.append(f"{message.type}: {message.text}"))
    there.page.on("pageerror", lambda error: there.said.append(str(error)))
    there.page.goto(path.as_uri())
    expect(there.page.locator(".chart.drawn").first).to_be_visible()
    expect(there.page.locator(".chart:not(.drawn)")).to_have_count(0)
    yield there
    context.close()


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
@pytest.mark.parametrize("name", PLANS)
def test_on_a_screen(browser, files, name, width, scheme):
    """Wide and narrow, light and dark: no message, no request, nothing cut, no scrolling sideways."""
    with shown(browser, files[name], width, scheme) as there:
        assert there.page.locator(".live svg").count() == there.page.locator(".chart").count() >= 10
        assert there.page.evaluate("document.scrollingElement.scrollWidth") <= width
        assert there.page.evaluate(CUT) == []
    assert (there.said, there.asked) == ([], [])


@pytest.mark.skipif(AXE_CORE is None, reason="AXE_CORE does not say where axe-core is")
@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (400, "dark")])
@pytest.mark.parametrize("name", PLANS)
def test_for_everyone(browser, files, name, width, scheme):
    """No rule of accessibility that matters seriously is broken, with every table unfolded."""
    with shown(browser, files[name], width, scheme, rules_apply=False) as there:
        for summary in there.page.locator("summary").all():
            summary.click()
        there.page.evaluate(axe_core())
        assert there.page.evaluate(SERIOUS) == []


@pytest.mark.parametrize("paper", PAPER)
@pytest.mark.parametrize("name", PLANS)
def test_on_paper(browser, files, name, paper):
    """On each kind of paper the still pictures stand whole, and the sheets are few."""
    with shown(browser, files[name], 1400) as there:
        sheets = there.page.pdf(format=paper)
        there.page.emulate_media(media="print")
        across = round((PAPER[paper] - 26) * PIXELS)
        there.page.set_viewport_size({"width": across, "height": 1000})
        assert there.page.locator(".still svg:visible").count() == there.page.locator(".chart").count()
        assert there.page.locator(".live:visible").count() == 0
        assert there.page.evaluate("document.scrollingElement.scrollWidth") <= across
        assert there.page.evaluate(CUT) == []
    assert 1 < len(re.findall(rb"/Type\s*/Page\b", sheets)) < MOST_SHEETS
    assert there.asked == []
