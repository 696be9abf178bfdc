"""Where in a plan a change is meant: areas, territories and lists of them, as people write them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from allocator.model import Model
from allocator.plan import Plan
from allocator.reading import areas
from allocator.reading.cells import folded
from allocator.reading.sheet import Bad, shown

MANY = 12
"""Names that a message lists at most."""


Place = tuple[str | None, str | None, str | None]
"""Area, territory and rep; None for all of them."""


def place(text: str, plan: Plan, model: Model) -> Place | Bad:
    """Area and territory, in either order, and then a rep; names may have commas in them."""
    found = set(_places(text, plan, model))
    for comma in re.finditer(",", text):
        if (rep := folded(text[comma.end() :])) in plan.hours_by_rep:
            before = _places(text[: comma.start()], plan, model)
            found |= {(area, territory, rep) for area, territory, _ in before}
    if len(found) == 1:
        return found.pop()
    return _ambiguous(folded(text), found) if found else _no_place(text, plan, model)


def _places(text: str, plan: Plan, model: Model) -> Iterator[Place]:
    """Every area, territory or both that a text can be read as."""
    whole = folded(text)
    if area := _area(whole, model):
        yield (area, None, None)
    if whole in plan.rows_by_territory:
        yield (None, whole, None)
    for comma in re.finditer(",", text):
        parts = (folded(text[: comma.start()]), folded(text[comma.end() :]))
        for one, other in (parts, parts[::-1]):
            if (area := _area(one, model)) and other in plan.rows_by_territory:
                yield (area, other, None)


def _ambiguous(text: str, found: Iterable[Place]) -> Bad:
    readings = sorted((area or "", territory or "", rep or "") for area, territory, rep in found)
    known_as = {area for area, territory, rep in readings if area and not territory and not rep}
    if known_as:
        (area,) = known_as
        remedy = f"For one place name both: [{area}, {text}]"
        if area != text:
            remedy = f"Write {area} for the area. {remedy}"
        return Bad(f"{shown(text)} is ambiguous: an area and a territory", remedy)
    said = " or ".join(" in ".join(filter(None, reading)) for reading in readings)
    return Bad(f"{shown(text)} is ambiguous: {said}", "Rename the territory in the plan")


def _no_place(text: str, plan: Plan, model: Model) -> Bad:
    """Why a text in brackets names no place."""
    known = [*model.areas, *plan.territories, *plan.reps]
    parts = [folded(part) for part in text.split(",")]
    for part in parts:
        if part in plan.hours_by_rep:
            remedy = f"Name the area and the territory first: [area, territory, {part}]"
            return Bad(f"{shown(part)} is a rep, and a change is to a place", remedy)
        if part not in plan.rows_by_territory and not _area(part, model):
            return unknown(part, "an area of the model, or a territory or a rep of the plan", known)
    what = "areas" if _area(parts[0], model) else "territories"
    remedy = "Name an area, a territory, or one of each; give every change a --set of its own"
    return Bad(f"{shown(folded(text))} names several {what}", remedy)


def _area(text: str, model: Model) -> str | None:
    found = areas.area(text, model.areas) if text else None
    return found if isinstance(found, str) else None


def territories(text: str, known: Sequence[str]) -> tuple[str, ...] | Bad:
    """The territories in a list with commas, where names may have commas themselves."""
    parts, names, at = text.split(","), frozenset(known), 0
    most = max((name.count(",") for name in names), default=0) + 1
    named: dict[str, None] = {}
    while at < len(parts):
        for count in range(min(most, len(parts) - at), 0, -1):
            name = folded(",".join(parts[at : at + count]))
            if name in names:
                named[name] = None
                at += count
                break
        else:
            return unknown(folded(parts[at]), "a territory of the plan", known)
    return tuple(named)


def unknown(text: str, what: str, known: Collection[str]) -> Bad:
    """A name that nothing has, with the nearest that something has."""
    by_letters = {name.casefold().replace("_", " "): name for name in known}
    word = text[:100].casefold().replace("_", " ")
    near = difflib.get_close_matches(word, list(by_letters), n=1, cutoff=0.6)
    if near:
        return Bad(f"{shown(text)} is not {what}", f"Did you mean '{by_letters[near[0]]}'?")
    more = ", …" if len(known) > MANY else ""
    return Bad(f"{shown(text)} is not {what}", f"There are {', '.join(list(known)[:MANY])}{more}")
