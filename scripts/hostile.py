"""Names that somebody might give a territory to see what happens, by family.

A family is kept (as it is, with white space folded) or refused: whatever is invisible, or obeyed by a
terminal, and whatever is too long.
"""

from __future__ import annotations

import random
import unicodedata

FORMULAS = (
    "=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "=HYPERLINK(\"http://x.example\",\"x\")",
    "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "＝1+1", "＋1", "－1", "＠x", "'=1+1", "''=1", "x;=1+1",
    "x; =1+1;y", "x;'=1", ";=1+1", "x,=1+1", "\",=1+1,\"", "\";=1+1;\"", "=", "+", "@", "-x", "=-1",
    "%0A=1", "|=1", "=DDE(\"x\";\"y\";\"z\")", "-2+3+cmd|' /C calc'!A0", "x\n=1+1", "x\t=1+1",
    "\u00a0=1", "\u3000=1", "\u2003=1",
)  # fmt: skip
TERMINAL = (
    "\x1b[31mred", "x\x1b[2J", "\x1b]0;title\x07", "\x1b]8;;http://x.example\x07x\x1b]8;;\x07", "x\x07",
    "x\by", "\x9b31m", "\x90x\x9c", "x\x1b", "\x1bc", "\x1b[?25l", "\x00", "x\x7f", "\x1b]52;c;eA==\x07",
    "x\x85y", "\x1b(0x", "\x0e x",
)  # fmt: skip
BIDI = tuple(
    f"x{mark}y" for mark in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
)
ZERO_WIDTH = tuple(
    f"x{mark}y"
    for mark in "\u200b\u200c\u200d\u2060\u00ad\u180e\u2061\u2063\U000e0041\u2028\u2029\ue000"
)
PAGES = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>", "&lt;b&gt;",
    "</script><script>", "javascript:alert(1)", "<!--", "]]>", "<style>*{}</style>", "' onclick='x",
    "<svg><script>1</script></svg>", "&#x3c;b&#x3e;", "<?xml?>", "<!DOCTYPE x [<!ENTITY y 'z'>]>", "&y;",
    "</text><script>", "data:text/html,x", "<iframe src=//x.example>", "<a href=x>y", "\\u003cb\\u003e",
)  # fmt: skip
TEMPLATES = (
    "{0.__class__}", "{}", "{0}", "%s", "%(x)s", "%n%n%n", "${x}", "$x", "{{7*7}}", "{% raw %}",
    "#{7*7}", "{x!r:>9}", "[bold]x[/bold]", "[/]", "[link=http://x.example]x[/link]", ":smile:",
    "\\x1b[31m",
    "\\", "\\n", "%d%d", "{{''.__class__.__mro__}}", "<%= 1 %>", "f\"{1}\"",
)  # fmt: skip
WORDS = (
    "$(rm x)", "`x`", "; ls", "| ls", "&& ls", "> x.csv", "x & y", "'; DROP TABLE x; --", "\"",
    "''", "!!", "*", "?", "~", "--help", "-o", "--force", "!important", "x\\", "\"x\"", "x\"y", "x''y",
    ",", ";", ",,,",
)  # fmt: skip
PATHS = (
    "../../x", "..\\..\\x", "C:\\con", "CON", "NUL", "con.csv", "/etc/passwd", "//x.example/y", ".",
    "..", "./x", "x/", "file:///etc/passwd", "\\\\x\\y", "COM1", "~/x", "x.csv", "out.csv", ".hidden",
)  # fmt: skip
KEYWORDS = (
    "ROWS", "COLUMNS", "RHS", "BOUNDS", "ENDATA", "free", "x1 <= 5", "Subject To", "End", "maximize",
    "NAME", "RANGES", "inf", "-inf", "nan", "1e400", "st", "R0", "x0", "0", "None", "null", "NA", "true",
    "Total", "Sum", "All territories", "territory", "hours", "team", "1", "1,000", "1e5", "#",
)  # fmt: skip
LETTERS = (
    "🙂", "é", "e\u0301", "ﬁ", "Å", "Å", "A\u030a", "ß", "İ", "ı", "שלום", "مرحبا", "東京都", "ｆｕｌｌ",
    "𝔁", "½",
    "ZA\u0300\u0301\u0302\u0303\u0304LGO", "x  y", " x ", "X", "x", "a\nb", "a\r\nb", "a\x0bb", "\u3164",
    "\u2800x", "🇩🇪", "☃\ufe0f", "\ufffd", "日本;語", "x" * 200, "é" * 200, "🙂" * 60, "x " * 99 + "x",
)  # fmt: skip
LONG = ("x" * 201, "🙂" * 201, "=" * 5000, "x y " * 2000, "é" * 100_000)
ERRORS = ("#REF!", "#N/A", "#value!")

KEPT = (*FORMULAS, *PAGES, *TEMPLATES, *WORDS, *PATHS, *KEYWORDS, *LETTERS)
REFUSED = (*TERMINAL, *BIDI, *ZERO_WIDTH, *LONG, *ERRORS)
BLANKS = str.maketrans(dict.fromkeys("\t\r\n\v\f\u00a0\u2007\u202f\u3000\ufeff", " "))


def hostile(seed: int, number: int) -> str:
    """A name: first each of the lists, in a shuffled order, then two or three of them joined."""
    listed = [*KEPT, *REFUSED]
    random.Random(f"hostile {seed}").shuffle(listed)  # noqa: S311 (not for secrets)
    if number < len(listed):
        return listed[number]
    chance = random.Random(f"hostile {seed}/{number}")  # noqa: S311 (not for secrets)
    parts = chance.choices(listed, k=chance.choice((2, 2, 3)))
    return chance.choice(("", " ", ";", "\n", "\u00a0")).join(parts)


def folded(name: str) -> str:
    """A name as it should come back: its white space and line breaks as single spaces."""
    return " ".join(filter(None, name.translate(BLANKS).split(" ")))


def obeyed(text: str) -> str:
    """The characters of a text that a terminal obeys or that nobody sees."""
    return "".join(c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def acceptable(name: str) -> bool:
    """Whether a plan or a model may have it, in the form in which it is given here."""
    return 0 < len(name) <= 200 and not obeyed(name)
