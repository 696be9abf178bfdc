"""Runs ended at random moments, and full disks: the earlier output or the whole new one, nothing else.

`allocate plan.csv -o out.csv --force`, with an earlier out.csv in place, is sent SIGINT, SIGTERM or
SIGKILL: at a random moment, or as soon as its temporary file appears. Whatever happens, out.csv is the
earlier one or the complete new one. After SIGINT and SIGTERM the run is over within 2 s, with the
exit code that belongs to the signal, has left no file and no process, and has said that it wrote
out.csv if and only if it has. For every ten of these, one run meets a disk or a pipe that is full: it
says so, does not end well, and leaves nothing behind either.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from campaign import each, options, report
from rooms import EARLIER, JOBS, Room, room, small_disk

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
CODES = {signal.SIGINT: (130,), signal.SIGTERM: (143, -15), signal.SIGKILL: (-9,)}
FULL = ("stdout", "file too large", "folder", "solver's folder")
FULL_FOR_SOLVER = "full: solver's folder"
OF_A_KILLED_RUN = (".out.csv.", "allocate-")
PATIENCE = 120.0
AT_ONCE = 2.0
AT_WRITING = 0.3
MOST_AFTER_WRITING = 0.02


@dataclass
class Ended:
    """How one run ended; `wrong` says what does not hold."""

    what: str
    seconds: float = 0.0
    replaced: bool = False
    finished: bool = False
    early: bool = False
    left: int = 0
    skipped: bool = False
    wrong: list[str] = field(default_factory=list)


_UNDISTURBED: dict[tuple[str, str], tuple[float, bytes]] = {}


def _undisturbed(name: str, solver: str) -> tuple[float, bytes]:
    """How long a run takes here, and what out.csv is after it."""
    if (name, solver) not in _UNDISTURBED:
        with room(JOBS[name]) as here:
            began = time.monotonic()
            process = here.start(JOBS[name], solver)
            _, said = process.communicate(timeout=PATIENCE)
            assert process.returncode == JOBS[name].code, said
            assert not here.strays(), here.strays()
            _UNDISTURBED[name, solver] = (time.monotonic() - began, here.output.read_bytes())
    return _UNDISTURBED[name, solver]


def killed(case_at: tuple[int, int]) -> Ended:
    """One run, ended by a signal."""
    random = Random(f"kill {case_at}")  # noqa: S311 (moments, not secrets)
    name, solver = random.choice(list(JOBS)), random.choice(("highs", "cbc"))
    takes, complete = _undisturbed(name, solver)
    job, sent = JOBS[name], SIGNALS[case_at[1] % len(SIGNALS)]
    moment, later = random.uniform(0.0, 1.05 * takes), random.uniform(0.0, MOST_AFTER_WRITING)
    at_writing = job.code == 0 and random.random() < AT_WRITING
    found = Ended(sent.name)
    with room(job) as here:
        process = here.start(job, solver)
        if at_writing:
            _wait_for_writing(here, process)
        time.sleep(later if at_writing else moment)
        found.early = process.poll() is None and not _begun(process.pid)
        began = time.monotonic()
        process.send_signal(sent)
        _, said = process.communicate(timeout=PATIENCE)
        found.seconds = time.monotonic() - began
        _judge(found, here, process, complete)
        found.finished = process.returncode == job.code
        _judge_ending(found, here, process, sent, said.decode())
    when = "writing" if at_writing else f"{moment:.2f} s of {takes:.2f}"
    found.wrong = [f"{wrong} ({solver}, {name}, {when})" for wrong in found.wrong]
    return found


def _wait_for_writing(here: Room, process: subprocess.Popen[bytes]) -> None:
    """Return when the temporary file beside out.csv appears, or the run is over."""
    while process.poll() is None and not any(
        name.startswith(OF_A_KILLED_RUN)
        for name in os.listdir(here.folder)  # noqa: PTH208 (quick)
    ):
        time.sleep(0.0005)


def _begun(pid: int) -> bool:
    """Whether Python has come to the tool's first lines, which see to signals."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    caught, ignored = (
        int(status.partition(f"{mask}:")[2].split()[0], 16) for mask in ("SigCgt", "SigIgn")
    )
    return bool((caught | ignored) >> (signal.SIGTERM - 1) & 1)


def _judge(found: Ended, here: Room, process: subprocess.Popen[bytes], complete: bytes) -> None:
    """What holds after any end."""
    now = here.output.read_bytes() if here.output.exists() else b""
    found.replaced = now == complete != EARLIER
    found.left = len(here.processes()) + len(here.strays())
    if now not in {EARLIER, complete}:
        found.wrong.append(f"out.csv is neither the earlier nor the new one: {now[:60]!r}")
    if process.returncode == 0 and not found.replaced:
        found.wrong.append("ended well without the new out.csv")


def _judge_ending(
    found: Ended, here: Room, process: subprocess.Popen[bytes], sent: signal.Signals, said: str
) -> None:
    """What holds after this signal, or where the run was over before it came."""
    if not (found.finished or found.early) and process.returncode not in CODES[sent]:
        found.wrong.append(f"exit code {process.returncode}")
    if sent == signal.SIGKILL:
        if not all(name.startswith(OF_A_KILLED_RUN) for name in here.strays()):
            found.wrong.append(f"left behind: {here.strays()}")
        return
    if found.left:
        found.wrong.append(f"left behind: {here.strays()} and processes {here.processes()}")
    if found.seconds > AT_ONCE:
        found.wrong.append(f"took {found.seconds:.1f} s to end")
    if "Traceback" in said and not found.early:
        found.wrong.append(f"a traceback: {said.strip().splitlines()[-1]}")
    if ("Wrote" in said) != found.replaced:
        found.wrong.append(f"out.csv is {'new' if found.replaced else 'old'}, and it said {said!r}")


def filled(case_at: tuple[int, int]) -> Ended:
    """One run against a disk, or a pipe's end, that is full."""
    random = Random(f"full {case_at}")  # noqa: S311 (sizes, not secrets)
    found = Ended(f"full: {FULL[case_at[1] % len(FULL)]}")
    name, solver = ("small", "cbc") if found.what == FULL_FOR_SOLVER else ("large", "highs")
    job, (_, complete) = JOBS[name], _undisturbed(name, solver)
    kilobytes = 4 * random.randint(2, 10) if solver == "cbc" else 16
    with room(job) as here, small_disk(here.folder / "disk", kilobytes) as disk:
        if disk is None and "folder" in found.what:
            found.skipped = True
        elif found.what == "full: stdout":
            with Path("/dev/full").open("wb") as full:
                _run_full(found, here, here.start(job, solver, stdout=full), complete)
        elif found.what == "full: file too large":
            process = here.start(job, solver, preexec_fn=_small_files_only)
            _run_full(found, here, process, complete)
        elif found.what == FULL_FOR_SOLVER and disk is not None:
            there = Room(here.folder, disk)
            _run_full(found, there, there.start(job, solver), complete)
        elif disk is not None:
            there = Room(disk, here.temporary)
            (disk / "plan.csv").write_text(job.plan, encoding="utf-8")
            there.output.write_bytes(EARLIER)
            _run_full(found, there, there.start(job, solver), complete)
    return found


def _small_files_only() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))


def _run_full(found: Ended, here: Room, process: subprocess.Popen[bytes], complete: bytes) -> None:
    _, said = process.communicate(timeout=PATIENCE)
    _judge(found, here, process, complete)
    if process.returncode not in {2, 4} or not said.strip() or b"Traceback" in said:
        found.wrong.append(f"exit code {process.returncode}, said {said.decode()!r}")
    if found.left:
        found.wrong.append(f"left behind: {here.strays()} and processes {here.processes()}")
    if found.replaced != (found.what == "full: stdout"):
        found.wrong.append(f"out.csv is {'new' if found.replaced else 'old'}")


def main() -> int:
    """Run the campaign; the exit code says whether it holds."""
    arguments = options(__doc__, 200).parse_args()
    numbers = [(arguments.seed, at) for at in range(arguments.cases)]
    full = numbers[: max(len(FULL), len(numbers) // 10)]
    results = [*each(killed, numbers, arguments.workers), *each(filled, full, arguments.workers)]
    return verdict(results, arguments.seed)


def verdict(results: list[Ended], seed: int) -> int:
    """The table of the campaign, and whether it holds."""
    figures: list[tuple[str, object]] = []
    for what, count in Counter(found.what for found in results if not found.skipped).items():
        those = [found for found in results if found.what == what]
        figures += [(what, count), ("  with the new out.csv", sum(found.replaced for found in those))]
        if not what.startswith("full"):
            figures += [
                ("  while Python itself was starting", sum(found.early for found in those)),
                ("  over before it came", sum(found.finished for found in those)),
                ("  left something behind", sum(found.left > 0 for found in those)),
                ("  slowest to end, s", f"{max(found.seconds for found in those):.2f}"),
            ]
    figures.append(("skipped: no small disk here", sum(found.skipped for found in results)))
    return report(figures, [f"seed {seed}, {f.what}: {wrong}" for f in results for wrong in f.wrong])


if __name__ == "__main__":
    sys.exit(main())
