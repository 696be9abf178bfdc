"""Where a run's time goes, by stage: a thread looks at what the main thread is doing.

Nothing in the tool is touched: what is under way is known by the rooms and functions that are being
run, and by what the tool says of its progress. What other threads do counts where the main one waits
for them: whatever that is, it is part of today's split, of the solve or of the second pass.
"""

from __future__ import annotations

import re
import sys
import threading
import time
from collections import defaultdict
from types import CodeType, FrameType

LOOK_SECONDS = 0.004
OTHER = "other"

WITHIN = (
    ("imports", r"importlib\._bootstrap:"),
    ("write", r"allocator\.(reports|notes|writing|cli\.writers)\b"),
    ("explain", r"allocator\.answers\b"),
    ("second pass", r"allocator\.(solving\.passes:fewest_that_earn|apart\.price:)"),
)
"""Stages to which all work belongs that is done on their behalf, by module and function."""

AT = (
    ("check", r"allocator\.checked:_?(check|row_problems|fact_problems)"),
    ("read", r"allocator\.(reading|plan|model)\b"),
    ("instance", r"allocator\.(instance|deriving|alike|ordering|curves|parts):"),
    ("hand over", r"allocator\.(program\.matrix:|solving\.solver:(loaded|hand_over))"),
    ("read back", r"allocator\.solving\.optimum:(use_of|averaged|_mean_by)"),
    ("build", r"allocator\.program\b"),
    ("certificate", r"allocator\.(certificate|certified|limits|outcome|rules|allocation|recommended):"),
    ("certificate", r"allocator\.apart\.totals:"),
    ("solve", r"allocator\.(solving|apart)\b"),
    ("write", r"allocator\.cli\b"),
)
"""Other work, by the innermost of the tool's own functions that belongs to any stage."""

ALLOCATE = "allocator.allocation:allocate"
TODAY, FEWEST = "Working out what today's split earns", "Finding the fewest moves"
"""What `allocate` says when it begins with each."""

STAGES = (
    *("imports", "read", "check", "instance", "build", "hand over", "solve", "second pass"),
    *("read back", "certificate", "today's split", "explain", "write", OTHER),
)
AFTER_THE_SOLVES = ("read back", "certificate")
_WITHIN = [(name, re.compile(pattern)) for name, pattern in WITHIN]
_AT = [(name, re.compile(pattern)) for name, pattern in AT]


def stage_of(stack: list[str], doing: str = "") -> str:
    """The stage of a stack of `module:function`, outermost first; `doing`: what was said last."""
    allocating = ALLOCATE in stack
    if allocating and doing.startswith(TODAY):
        return "today's split"
    for name, pattern in _WITHIN:
        if any(pattern.match(place) for place in stack):
            return name
    stage = _innermost(stack)
    if allocating and doing.startswith(FEWEST) and stage not in AFTER_THE_SOLVES:
        return "second pass"
    return stage


def _innermost(stack: list[str]) -> str:
    for place in reversed(stack):
        for name, pattern in _AT:
            if pattern.match(place):
                return name
    return OTHER


class Watch(threading.Thread):
    """Counts the main thread's seconds by stage until it is stopped; `doing` is for it to be told."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.doing = ""
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._main = threading.main_thread().ident
        self._over = threading.Event()
        self._seen: dict[tuple[str | CodeType, ...], str] = {}

    def run(self) -> None:
        """Give the time since the last look to what is under way now."""
        last = time.perf_counter()
        while not self._over.wait(LOOK_SECONDS):
            frame = sys._current_frames().get(self._main or 0)  # noqa: SLF001 (there is no other way)
            now = time.perf_counter()
            self.seconds[self._stage(frame)] += now - last
            last = now

    def _stage(self, frame: FrameType | None) -> str:
        """As `stage_of`, which takes longer than to look: each stack is thought about once."""
        codes: list[str | CodeType] = [self.doing]
        at = frame
        while at is not None:
            codes.append(at.f_code)
            at = at.f_back
        seen = tuple(codes)
        if seen not in self._seen:
            self._seen[seen] = stage_of(_stack(frame), self.doing)
        return self._seen[seen]

    def stop(self) -> dict[str, float]:
        """Seconds by stage, in the order of `STAGES`."""
        self._over.set()
        self.join()
        return {stage: self.seconds[stage] for stage in STAGES if stage in self.seconds}


def _stack(frame: FrameType | None) -> list[str]:
    found = []
    while frame is not None:
        found.append(f"{frame.f_globals.get('__name__', '')}:{frame.f_code.co_name}")
        frame = frame.f_back
    return found[::-1]
