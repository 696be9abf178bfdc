"""What the tool prints and writes, and who judges that a name in it is not live.

A new output is a word and a judge in `runs`.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from hostile import obeyed

PLAIN = "Plain"
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
APOSTROPHES = re.compile(r"(^|;)( *)'+(?=[=+\-@＝＋－＠])")
ENDED_WELL, REFUSED, IMPOSSIBLE = 0, 2, 3


def without_apostrophes(name: str) -> str:
    """A name without those that keep it from being a formula: what it is in the plan."""
    return APOSTROPHES.sub(r"\1\2", name)


@dataclass(frozen=True)
class Names:
    """What stands in a plan and its model: as it should come back, each of them somewhere."""

    territories: frozenset[str] = frozenset([PLAIN])
    reps: frozenset[str] = frozenset([PLAIN])
    plan: str = "plan.csv"
    model: str = "Sales execution"


Judge = Callable[[bytes, Names], Iterator[str]]


@dataclass(frozen=True)
class Run:
    """A command line, the codes that it may end with, and who judges what it prints and writes."""

    words: tuple[str, ...]
    codes: tuple[int, ...]
    stdout: Judge
    files: Mapping[str, Judge] = field(default_factory=dict)


def terminal(said: bytes, _: Names) -> Iterator[str]:
    """Nothing that a terminal obeys, and nothing that nobody sees."""
    text = said.decode()
    if found := obeyed(text.replace("\n", "")):
        yield f"{found!r} in {text[:200]!r}"


def cells(content: bytes, _: Names) -> Iterator[str]:
    """No cell is a formula, whichever mark separates cells here."""
    text = content.decode("utf-8-sig")
    for mark in (",", ";", "\t"):
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            for cell in line:
                if cell.lstrip(" ").startswith(LIVE) and not _is_number(cell):
                    yield f"a live cell between {mark!r}: {cell[:80]!r}"


def sheet(content: bytes, names: Names) -> Iterator[str]:
    """The same, and the names come back between commas."""
    yield from cells(content, names)
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    for column, expected in (("territory", names.territories), ("rep", names.reps)):
        found = {without_apostrophes(line[column]) for line in lines}
        if found != expected:
            yield f"{column} is {found!r} in the CSV, and {set(expected)!r} in the plan"


def part(content: bytes, names: Names) -> Iterator[str]:
    """Valid JSON in which every name is one that the plan, or its model, has."""
    read = json.loads(content)
    own = {"plan": {names.plan}, "model": {names.model}}
    for key, known in ({"territory": names.territories, "rep": names.reps} | own).items():
        if not (found := set(_values(read, key))) <= known:
            yield f"{key} is {found!r} in the JSON, and {set(known)!r} in the plan"


def document(content: bytes, names: Names) -> Iterator[str]:
    """The same, and every territory is there, the plan's name and its model's."""
    yield from part(content, names)
    read = json.loads(content)
    if set(_values(read, "territory")) != names.territories or not {"plan", "model"} <= set(read):
        yield f"names are missing in the JSON: {content[:300]!r}"


FORMULA = re.compile(rb"<f>([^<]*)</f>")
OUR_FORMULAS = re.compile(rb"(ROUND|SUM|SUBTOTAL|IF|[A-Z]+\d+|[\d(),:/=-])+")
LINKS = re.compile(rb"<hyperlink|relationships/(hyperlink|externalLink)|<ddeLink")


def workbook(content: bytes, _: Names) -> Iterator[str]:
    """Well-formed parts without links, and formulas of our own alone: of places, never of names."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in book.namelist():
            one = book.read(name)
            ElementTree.fromstring(one)  # noqa: S314 (just written)
            yield from (f"a link in {name}: {found[0]!r}" for found in LINKS.finditer(one))
            for formula in FORMULA.findall(one):
                if not OUR_FORMULAS.fullmatch(formula):
                    yield f"a formula in {name}: {formula[:80]!r}"


def any_json(content: bytes, _: Names) -> Iterator[str]:
    """Valid JSON."""
    json.loads(content)
    yield from ()


def markup(content: bytes, _: Names) -> Iterator[str]:
    """A page or a drawing in which no name is an element, an attribute or a script."""
    text = content.decode()
    opened = re.sub(r"(<script\b[^>]*>).*?</script>", r"\1", text, flags=re.DOTALL)
    if found := obeyed(opened.replace("\n", "")):
        yield f"{found[:20]!r} in a page"
    if text.count("<script") != PAGE_SCRIPTS * ("<html" in text):
        yield f"{text.count('<script')} scripts"
    for tag in re.findall(r"<([^\s/>!]+)[^>]*>", opened):
        if tag not in ELEMENTS:
            yield f"an element {tag[:40]!r}"
    if live := re.findall(r"<[^>]*\son\w+\s*=[^>]*>", opened):
        yield f"a live attribute in {live[0][:100]!r}"


PAGE_SCRIPTS = 3
ELEMENTS = (
    "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "p", "dl", "div",
    "dt", "dd", "small", "nav", "ul", "li", "a", "main", "section", "figure", "figcaption", "svg",
    "g", "path", "text", "tspan", "line", "rect", "defs", "details", "summary", "label", "input",
    "output", "table", "caption", "thead", "tbody", "tr", "th", "td", "script",
)  # fmt: skip
SPLIT = ("-o", "out.csv", "-o", "out.json", "-o", "out.xlsx", "--certificate", "proof.json")
FILES: Mapping[str, Judge] = {
    "out.csv": sheet,
    "out.json": document,
    "out.xlsx": workbook,
    "proof.json": document,
}


def runs(plan: str, codes: tuple[int, ...] = (ENDED_WELL,), *more: str) -> tuple[Run, ...]:
    """Every output of a plan that can be solved: a new one is a word and a judge here."""
    return (
        Run((plan, "--by", "rep", *SPLIT, *more), codes, terminal, FILES),
        Run((plan, "--by", "step", "--steps", "2", "--format", "csv", *more), codes, sheet),
        Run((plan, "--by", "area", "--quiet", *more), codes, terminal),
        Run(("check", plan, *more), codes, terminal),
        Run(("check", plan, "--format", "json", *more), codes, document),
    )


def answers(plan: str, codes: tuple[int, ...] = (ENDED_WELL,), *more: str) -> tuple[Run, ...]:
    """The outputs of the other commands, beside a plan that is called other.csv."""
    commands = (("compare", plan, "other.csv"), ("leverage", plan), ("reach", plan, "--revenue", "100k"))
    files = ("-o", "out.csv", "-o", "out.json", "-o", "out.xlsx", *more)
    judged: dict[str, Judge] = {"out.csv": cells, "out.json": part, "out.xlsx": workbook}
    changed = ("whatif", plan, "--set", "win_rate *= 1.01", "--save", "plan-b.csv")
    return (
        *(Run((*command, *files), codes, terminal, judged) for command in commands),
        Run((*changed, *files), codes, terminal, {**judged, "plan-b.csv": cells}),
    )


def drawn(plan: str, codes: tuple[int, ...] = (ENDED_WELL,), *more: str) -> tuple[Run, ...]:
    """A plan's page and its picture."""
    files: dict[str, Judge] = {"out.html": markup, "out.svg": markup}
    words = [word for file in files for word in ("-o", file)]
    return (Run((plan, *words, *more), codes, terminal, files),)


def failing(*more: str) -> tuple[Run, ...]:
    """What is said of plans that no split can keep, and of those that are wrong."""
    impossible, refused = (IMPOSSIBLE, REFUSED), (REFUSED,)
    return (
        Run(("impossible.csv", "-o", "out.csv", *more), impossible, terminal),
        Run(("impossible.csv", "--relax", *more), (ENDED_WELL, REFUSED), terminal),
        Run(("wrong.csv", "-o", "out.csv", *more), refused, terminal),
        Run(("check", "wrong.csv", "--format", "json", *more), refused, any_json),
    )


def _values(read: object, key: str) -> Iterator[str]:
    """Every value that stands under a key, however deep."""
    if isinstance(read, dict):
        if isinstance(read.get(key), str):
            yield read[key]
        yield from (found for part in read.values() for found in _values(part, key))
    elif isinstance(read, list):
        yield from (found for part in read for found in _values(part, key))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
