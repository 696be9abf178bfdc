"""Put into the documents what their commands print today, and the benchmarks' tables.

    python scripts/refresh_documents.py

Every console block of README.md and docs/*.md that is run by the tests is written anew. Blocks after
`<!-- not run -->` stay. The tables between `<!-- measured -->` or `<!-- at scale -->` and `<!-- end -->`
are those of benchmarks/results.json.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.asked import WEEKS
from benchmarks.results import load
from benchmarks.tables import at_scale, for_readme

ROOT = Path(__file__).parents[1]
MEASURED = re.compile(r"(<!-- (measured|at scale) -->\n\n).*?(?=\n\n<!-- end -->)", re.DOTALL)
BLOCK = re.compile(r"(?P<skip><!-- not run -->\n)?```console\n(?P<text>.*?)```", re.DOTALL)


def refreshed(text: str, folder: Path) -> str:
    """A document with what its commands print, run in `folder`, and with the benchmarks' tables."""
    text = MEASURED.sub(_measured, text)
    return BLOCK.sub(lambda found: found[0] if found["skip"] else _block(found["text"], folder), text)


def _measured(found: re.Match[str]) -> str:
    """The benchmarks' tables that belong in a place."""
    results = load(ROOT / "benchmarks" / "results.json")
    made = for_readme(results) if found[2] == "measured" else at_scale(results, WEEKS)
    return f"{found[1]}{made}"


def _block(text: str, folder: Path) -> str:
    commands = re.findall(r"^\$ (.*)$", text, flags=re.MULTILINE)
    printed = (f"$ {command}\n{_printed(command, folder)}" for command in commands)
    return f"```console\n{''.join(printed)}```"


def _printed(command: str, folder: Path) -> str:
    line = f'allocate() {{ "{sys.executable}" -m allocator "$@"; }}; {command}'
    done = subprocess.run(  # noqa: S603 (the documents' own commands)
        ["/bin/bash", "-c", line], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


def main() -> None:
    """Write the documents that changed; what their commands write goes with a temporary folder."""
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        before = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            for name in ("inputs", "models"):
                shutil.copytree(ROOT / name, Path(folder, name))
            after = refreshed(before, Path(folder))
        if after != before:
            path.write_text(after, encoding="utf-8")
            print(f"Wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
