"""An Excel workbook as a sheet: the one that is asked for, or the only one with rows.

Workbooks are read with the standard library's own zip and XML readers. Ready-made readers give an
empty cell for #REF! and for a formula without its value, and one of them ends the process when a cell
stands at the far corner of the sheet; here each is a message with its row and column.
"""

from __future__ import annotations

import difflib
import posixpath
from dataclasses import dataclass

from allocator.reading.formats import Looks, read_looks
from allocator.reading.sheet import Sheet, refused, shown
from allocator.reading.worksheet import Worksheet, read_worksheet
from allocator.reading.zipped import Parts

MAIN = "xl/workbook.xml"
NOT_A_WORKBOOK = "Save the plan as .xlsx or CSV UTF-8"


@dataclass(frozen=True)
class _Tab:
    """One sheet of the workbook, as its tab shows it; `part` is where it is kept."""

    name: str
    hidden: bool
    part: str


@dataclass(frozen=True)
class _Workbook:
    """What all sheets of a workbook share."""

    parts: Parts
    tabs: tuple[_Tab, ...]
    strings: tuple[str, ...]
    looks: Looks

    def sheet(self, tab: _Tab) -> Worksheet:
        return read_worksheet(self.parts, tab.part, self.strings, self.looks)


def read_workbook(name: str, content: bytes, sheet: str | None, max_mb: float) -> Sheet:
    """The lines of a workbook's sheet. Raises `PlanError` where there is none, or more than one."""
    book = _open(Parts(name, content, max_mb))
    tab, found, notes = _chosen(book, sheet)
    if not found.lines:
        raise refused(name, "the sheet is empty", "Start from a template: allocate new my-plan.csv")
    return Sheet(
        name=name,
        lines=found.lines,
        notes=notes,
        source=f"Excel workbook, sheet {shown(tab.name)}",
        unusable=found.unusable,
        merged=found.merged,
    )


def _chosen(book: _Workbook, sheet: str | None) -> tuple[_Tab, Worksheet, tuple[str, ...]]:
    name = book.parts.name
    if sheet is not None:
        tab = _named(book, sheet)
        return tab, book.sheet(tab), ()
    visible = [tab for tab in book.tabs if not tab.hidden] or book.tabs
    read = [(tab, book.sheet(tab)) for tab in visible]
    filled = [(tab, found) for tab, found in read if found.lines]
    if len(filled) > 1:
        tabs = ", ".join(shown(tab.name) for tab, _ in filled[:10])
        remedy = f"Say which has the plan: --sheet {_quoted(filled[0][0].name)}"
        raise refused(name, f"the workbook has {len(filled)} sheets with rows: {tabs}", remedy)
    if not filled:
        raise refused(name, "the workbook is empty", "Start from a template: allocate new my-plan.csv")
    (tab, found), others = filled[0], len(book.tabs) - 1
    note = f"Read from the sheet {shown(tab.name)}, the only one with rows that is not hidden"
    return tab, found, (note,) if others else ()


def _named(book: _Workbook, sheet: str) -> _Tab:
    tabs = {tab.name.strip().casefold(): tab for tab in book.tabs}
    wanted = sheet.strip().casefold()
    if wanted in tabs:
        return tabs[wanted]
    near = difflib.get_close_matches(wanted[:100], tabs, n=1)
    guess = f"Did you mean {shown(tabs[near[0]].name)}? " if near else ""
    names = ", ".join(shown(tab.name) for tab in book.tabs[:10])
    raise refused(book.parts.name, f"there is no sheet {shown(sheet)}", f"{guess}The sheets are {names}")


def _quoted(name: str) -> str:
    return f'"{shown(name)[1:-1]}"' if " " in name else shown(name)[1:-1]


def _open(parts: Parts) -> _Workbook:
    main = _main_part(parts)
    targets = _targets(parts, main)
    tabs: list[_Tab] = []

    def start(tag: str, given: dict[str, str]) -> None:
        if tag != "sheet":
            return
        target = next((v for k, v in given.items() if k.rpartition(":")[2] == "id"), "")
        kind, part = targets.get(target, ("", ""))
        if kind == "worksheet":
            tabs.append(_Tab(given.get("name", ""), given.get("state", "visible") != "visible", part))

    parts.parse(main, start)
    if not tabs:
        raise refused(parts.name, "the workbook has no sheet of cells", NOT_A_WORKBOOK)
    by_kind = dict(targets.values())
    strings = _strings(parts, by_kind.get("sharedStrings", ""))
    return _Workbook(parts, tuple(tabs), strings, read_looks(parts, by_kind.get("styles", "")))


def _main_part(parts: Parts) -> str:
    """Where the workbook's list of sheets is kept."""
    if "_rels/.rels" in parts:
        for kind, part in _targets(parts, "").values():
            if kind == "officeDocument" and part.endswith(".xml") and part in parts:
                return part
    if MAIN in parts:
        return MAIN
    kinds = {"xl/workbook.bin": "a binary workbook (.xlsb)", "content.xml": "an OpenDocument file"}
    what = next((what for part, what in kinds.items() if part in parts), "a zip file, not a workbook")
    raise refused(parts.name, f"this is {what}", NOT_A_WORKBOOK)


def _targets(parts: Parts, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: id → (kind, part)."""
    folder, file = posixpath.split(part)
    listed = posixpath.join(folder, "_rels", f"{file}.rels")
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, given: dict[str, str]) -> None:
        if tag == "Relationship":
            target = posixpath.normpath(posixpath.join("/", folder, given.get("Target", "")))
            kind = given.get("Type", "").rpartition("/")[2]
            found[given.get("Id", "")] = (kind, target.lstrip("/"))

    if listed in parts:
        parts.parse(listed, start)
    return found


def _strings(parts: Parts, part: str) -> tuple[str, ...]:
    """The texts that cells share, by their number; readings of Asian names are left out."""
    strings: list[str] = []
    pieces: list[str] = []
    state = {"text": False, "phonetic": False}

    def start(tag: str, _: dict[str, str]) -> None:
        if tag == "si":
            pieces.clear()
        elif tag == "t":
            state["text"] = not state["phonetic"]
        elif tag == "rPh":
            state["phonetic"] = True

    def end(tag: str) -> None:
        if tag == "si":
            strings.append("".join(pieces))
        elif tag == "t":
            state["text"] = False
        elif tag == "rPh":
            state["phonetic"] = False

    def text(data: str) -> None:
        if state["text"]:
            pieces.append(data)

    if part in parts:
        parts.parse(part, start, end, text)
    return tuple(strings)
