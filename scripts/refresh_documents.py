"""Put what the commands print today under the commands that the documents show.

    python scripts/refresh_documents.py

Every console block of README.md and docs/*.md that is run by the tests is written anew. Blocks after
`<!-- not run -->` stay.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"(?P<skip><!-- not run -->\n)?```console\n(?P<text>.*?)```", re.DOTALL)


def refreshed(text: str) -> str:
    """A document with what its commands print under them."""
    return BLOCK.sub(lambda found: found[0] if found["skip"] else _block(found["text"]), text)


def _block(text: str) -> str:
    commands = re.findall(r"^\$ (.*)$", text, flags=re.MULTILINE)
    return "```console\n" + "".join(f"$ {command}\n{_printed(command)}" for command in commands) + "```"


def _printed(command: str) -> str:
    line = f'allocate() {{ "{sys.executable}" -m allocator "$@"; }}; {command}'
    done = subprocess.run(  # noqa: S603 (the documents' own commands)
        ["/bin/bash", "-c", line], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


def main() -> None:
    """Write the documents that changed."""
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        before = path.read_text(encoding="utf-8")
        after = refreshed(before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            print(f"Wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
