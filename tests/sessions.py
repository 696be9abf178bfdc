"""A planning session as its users have it: served from a folder of its own, and open in a browser."""

from __future__ import annotations

import queue
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from running import COMMAND, environment

SECONDS = 30
ADDRESS = re.compile(r"http://\S+")


@dataclass(frozen=True)
class Served:
    """A session that runs: its process, and the addresses that it printed."""

    process: subprocess.Popen[str]
    addresses: tuple[str, ...]

    @property
    def address(self) -> str:
        """The address that it printed first, without what stands behind the port."""
        return self.addresses[0].partition("/?")[0].rstrip("/")

    @property
    def host(self) -> str:
        """Name and port of the address."""
        return self.address.removeprefix("http://")

    def end(self, number: int = signal.SIGINT) -> int:
        """End it by a signal; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(SECONDS)


@contextmanager
def served(plan: Path, *options: str, **changes: str) -> Iterator[Served]:
    """Serve a session of a plan until the block is done; `changes` are to the environment."""
    pytest.importorskip("streamlit", reason="the extra 'session' is not installed")
    process = subprocess.Popen(
        [*COMMAND, "session", plan.name, "--no-browser", *options],
        cwd=plan.parent,
        env=environment(PYTHONUNBUFFERED="1", **changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Served(process, tuple(_addresses(process, "--share" in options)))
    finally:
        process.kill()
        process.wait(SECONDS)
        assert process.stdout is not None
        process.stdout.close()


def _addresses(process: subprocess.Popen[str], share: bool) -> Iterator[str]:
    """The addresses that it prints when it is about to serve: one, or where it is shared several."""
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.put(line)
        lines.put("")

    threading.Thread(target=read, daemon=True).start()
    found = ADDRESS.findall(first := lines.get(timeout=SECONDS))
    assert found, first
    yield from found
    while share and (more := ADDRESS.findall(lines.get(timeout=SECONDS))):
        yield from more
        if "localhost" in more[0]:
            return
