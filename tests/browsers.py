"""The browser that pages are looked at in, and the rules of accessibility that they are held to."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, (os.environ.get("CHROMIUM", ""), *NAMES))), None)
AXE_CORE = os.environ.get("AXE_CORE")
SERIOUS = """async () => (await axe.run()).violations
  .filter((found) => ["serious", "critical"].includes(found.impact))
  .map((found) => [found.id, found.nodes.map((node) => node.target.join(" "))])"""


def axe_core() -> str:
    """axe-core's script, from the file that AXE_CORE names."""
    assert AXE_CORE is not None
    return Path(AXE_CORE).read_text(encoding="utf-8")
