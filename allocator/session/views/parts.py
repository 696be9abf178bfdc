"""What the page is made of: sentences, numbers, tables and charts, with every name escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from typing import Any

import streamlit as st

from allocator.charts.look import Drawn, drawing
from allocator.reports.page.document import AUTOSIZE
from allocator.reports.page.parts import Number, Table

PADDING = dict.fromkeys(("left", "top", "right", "bottom"), 6)
HIGHER = 1.3
"""How much higher still such a chart is."""
LARGER = 1.7
"""How much larger the letters of a chart are that is to be read from the back of a room."""


def style() -> None:
    """The page's own look."""
    css = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    st.html(f"<style>{css}</style>")


def sentence(text: str, kind: str = "") -> None:
    """A paragraph; `kind` is the look that it has."""
    st.html(f'<p class="allocate {kind}">{escape(text)}</p>')


def sentences(texts: Iterable[str], title: str = "") -> None:
    """A list of sentences under a title."""
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    heading = f"<h3>{escape(title)}</h3>" if title else ""
    if items:
        st.html(f'<div class="allocate">{heading}<ul>{items}</ul></div>')


def refusal(title: str, error: Exception) -> None:
    """Why something can't be, in the words that the command line has for it."""
    lines = "".join(f"<li>{escape(line)}</li>" for line in str(error).splitlines())
    st.html(f'<div class="allocate refusal" role="alert"><b>{escape(title)}</b><ul>{lines}</ul></div>')


def numbers(those: Iterable[Number]) -> None:
    """Numbers with what they count, side by side."""
    cells = "".join(
        f'<div class="{"strong" if one.strong else ""}"><dt>{escape(one.name)}</dt>'
        f"<dd>{escape(one.said)} <small>{escape(one.more)}</small></dd></div>"
        for one in those
    )
    st.html(f'<dl class="allocate numbers">{cells}</dl>')


def table(found: Table, marked: Sequence[Sequence[bool]] = ()) -> None:
    """A table; `marked` cells stand out, line by line without the first column."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in found.header)
    body = ""
    for at, row in enumerate(found.rows):
        marks = marked[at] if at < len(marked) else ()
        cells = "".join(
            f'<td class="{"marked" if nth < len(marks) and marks[nth] else ""}">{escape(cell)}</td>'
            for nth, cell in enumerate(row[1:])
        )
        body += f'<tr><th scope="row">{escape(row[0])}</th>{cells}</tr>'
    st.html(
        f'<div class="allocate wide" tabindex="0" role="group" aria-label="{escape(found.caption)}">'
        f"<table><caption>{escape(found.caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def chart(drawn: Drawn, key: str, large: bool = False) -> None:
    """A chart under its point, as wide as there is room."""
    spec = drawing(drawn)
    title, description = spec.pop("title"), spec.pop("description")
    sentence(" ".join(title["text"]), "point large" if large else "point")
    if note := " ".join(title.get("subtitle", ())):
        sentence(note, "note")
    spec = _adapted(spec, LARGER if large else 1.0)
    spec |= {"width": "container", "autosize": AUTOSIZE, "padding": PADDING}
    st.vega_lite_chart(spec=spec, theme=None, width="stretch", key=key, alt=description)


SIZES = ("fontSize", "labelFontSize", "subtitleFontSize", "titleFontSize", "height")


def _adapted(spec: dict[str, Any], larger: float) -> dict[str, Any]:
    """A drawing with its letters so many times as large, and marks that are drawn, not read aloud."""
    return {key: _part(key, part, larger) for key, part in spec.items()}


def _part(key: str, part: Any, larger: float) -> Any:  # noqa: ANN401 (any part of a specification)
    if key == "mark":
        mark = part if isinstance(part, dict) else {"type": part}
        return {**_adapted(mark, larger), "aria": False}
    if key == "data":
        return part
    if isinstance(part, dict):
        return _adapted(part, larger)
    if isinstance(part, list):
        return [_part("", one, larger) for one in part]
    if key in SIZES and isinstance(part, int | float):
        return round(part * larger * (HIGHER if key == "height" and larger > 1 else 1))
    return part
