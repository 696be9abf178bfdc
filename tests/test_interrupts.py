"""Signals: what must not be cut in two is done first, and what was turned off stays off."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from running import COMMAND, SECONDS, environment, large_plan

from allocator.interrupts import Beside, stoppable, undisturbed


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Ctrl-C raises, even where the tests were started in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interruption_waits(ctrl_c):
    """Ctrl-C inside an undisturbed block, or one in another, is raised once the block is done."""
    done = []

    @undisturbed()
    def work() -> None:
        with undisturbed():
            signal.raise_signal(signal.SIGINT)
            done.append("inner")
        done.append("outer")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["inner", "outer"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_work_that_is_just_begun_ends_too(ctrl_c, monkeypatch):
    """Ctrl-C while a solver's thread is begun is raised once that has ended, not beside it."""
    begin, told, ended = Beside.start, threading.Event(), threading.Event()

    def begin_interrupted(beside: Beside) -> None:
        begin(beside)
        signal.raise_signal(signal.SIGINT)

    def work() -> None:
        told.wait(SECONDS)
        ended.set()

    monkeypatch.setattr(Beside, "start", begin_interrupted)
    with pytest.raises(KeyboardInterrupt):
        stoppable(work, told.set)
    assert ended.is_set()


def test_other_threads_have_nothing_to_wait_for(ctrl_c):
    """A block in another thread leaves the main thread's signals alone."""
    found = []

    @undisturbed()
    def look() -> None:
        found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert found == [signal.default_int_handler]


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="there are no terminals that hang up here")
def test_what_is_turned_off_stays_off(tmp_path):
    """A run that is to outlive its terminal, as under nohup, does not end when the terminal goes."""
    (tmp_path / "plan.csv").write_text(large_plan(4))
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    process = subprocess.Popen(
        [*COMMAND, "plan.csv", "--steps", "6", "-o", "out.csv", "--quiet"],
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.DEVNULL,
    )
    signal.signal(signal.SIGHUP, before)
    while process.poll() is None:
        os.kill(process.pid, signal.SIGHUP)
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
    assert (process.returncode, (tmp_path / "out.csv").exists()) == (0, True)


def test_the_exit_code_of_an_interruption(tmp_path):
    """Ctrl-C ends with 130 under `python -m`, even where it met code that Python was making."""
    (tmp_path / "met.py").write_text(
        "from allocator.cli import running\n"
        "def run():\n"
        "    try:\n"
        "        exec('raise KeyboardInterrupt')\n"
        "    except KeyboardInterrupt:\n"
        "        return running.INTERRUPTED\n"
        "running.run = run\n"
        "running.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "met"], cwd=tmp_path, env=environment(), check=False, timeout=SECONDS
    )
    assert done.returncode == 130
