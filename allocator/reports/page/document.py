"""From the parts of a page to one HTML document: scripts and styles inside, and nothing else let in."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from allocator.charts.look import VEGA_LITE, drawing
from allocator.reports.page.parts import Figure, Page

LIVE = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&'\u2028\u2029"})
"""What could end a script or begin one, as JSON may write it too."""


AUTOSIZE = {"type": "fit-x", "contains": "padding", "resize": True}
"""As wide as its place; the height follows, once the width that labels leave is known."""
SMALL = 300
"""Pixels across a still picture of which two stand side by side."""


@dataclass(frozen=True)
class Shown:
    """A chart as the page has it: its words, a still picture, and its number among the drawings."""

    number: int
    point: str
    note: str
    description: str
    picture: str


def rendered(page: Page) -> str:
    """The page as HTML."""
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(_file("page.html.jinja"))
    style, script, library = _file("page.css"), _file("page.js"), _library()
    specs: list[dict[str, Any]] = []
    shown = {id(figure): _shown(figure, specs) for s in page.sections for figure in s.figures}
    return template.render(
        page=page,
        shown=shown,
        id=id,
        style=style,
        script=script,
        library=library,
        drawings=json.dumps(specs, ensure_ascii=False, separators=(",", ":")).translate(LIVE),
        policy=(
            f"default-src 'none'; script-src {_hash(library)} {_hash(script)}; "
            f"style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
        ),
    )


def _shown(figure: Figure, specs: list[dict[str, Any]]) -> Shown:
    """The chart's words for the page to set, its picture, and its drawing, as wide as there is room."""
    import vl_convert

    spec = drawing(figure.chart)
    title = spec.pop("title")
    description = spec.pop("description")
    still = spec | ({"width": SMALL} if figure.small else {})
    picture = vl_convert.vegalite_to_svg(still, vl_version=VEGA_LITE)
    specs.append(spec | {"width": "container", "autosize": AUTOSIZE})
    return Shown(
        number=len(specs) - 1,
        point=" ".join(title["text"]),
        note=" ".join(title.get("subtitle", ())),
        description=description,
        picture=picture,
    )


@functools.cache
def _library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script."""
    import vl_convert

    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=VEGA_LITE)


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
