"""Pictures: what each command writes as .png and .svg, the same bytes each time, and quick help."""

from __future__ import annotations

import struct
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from running import ROOT, run

PLAN = ROOT / "inputs" / "plan.csv"
COMMANDS = [
    ([], "4,454,233 with the recommended split"),
    (["leverage"], "Most leverage of the facts"),
    (["compare"], "going all in"),
    (["reach", "--revenue", "5m", "--heads"], "head by head"),
    (["whatif", "--set", "win_rate *= 1.1"], "before and after"),
]


def written(folder: Path, words: list[str], *files: str, plan: Path = PLAN) -> list[bytes]:
    """The files that a command writes of a plan."""
    command, options = words[:1], words[1:]
    outputs = [part for file in files for part in ("-o", file)]
    done = run(*command, plan, *options, "--quiet", *outputs, folder=folder)
    assert done.code == 0, done.err
    return [(folder / file).read_bytes() for file in files]


def size(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG, in pixels."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize(("words", "says"), COMMANDS, ids=lambda one: one[0] if one else "split")
def test_each_command_draws_its_answer(tmp_path: Path, words, says):
    """A picture of each answer is sharp, wide enough to project, and says what the answer says."""
    png, svg = written(tmp_path, words, "a.png", "a.svg")
    width, height = size(png)
    assert width >= 1600
    assert height > 600
    root = ET.fromstring(svg)  # noqa: S314 (our own)
    text = " ".join("".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text"))
    assert says in text
    assert "undefined" not in text
    assert "NaN" not in svg.decode()


def test_same_bytes_again(tmp_path: Path):
    """The same plan gives the same drawing and the same page, byte for byte."""
    files = ("a.svg", "a.html")
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    small = ROOT / "inputs" / "solo.csv"
    assert written(one, [], *files, plan=small) == written(other, [], *files, plan=small)
