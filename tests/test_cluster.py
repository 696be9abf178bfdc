"""Plans solved by the workers of a Dask scheduler: the same to the byte, whoever is lost on the way."""

import json
import signal
import socketserver
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Thread

import pytest
from plans import NATIONAL, PATIENT, SALES, national_rows, overlaid, overlaid_national, plan_of
from running import ROOT, run

from allocator.allocation import allocate
from allocator.answers.compare import compare
from allocator.answers.explanation import explain
from allocator.answers.leverage import leverage
from allocator.answers.reach import reach
from allocator.apart.cluster import CONNECT_SECONDS
from allocator.apart.together import certified_best
from allocator.errors import SolverError
from allocator.reading import read_plan
from allocator.solving.settings import Settings

pytestmark = pytest.mark.usefixtures("small_batches")


@pytest.fixture(scope="module")
def overlaid_by_month():
    """The same with two reps of all territories, no two alike."""
    return overlaid_national(reps=2, steps=2)


def address_in(file):
    """Where the scheduler says that it is, once it has written its file to the end."""
    with suppress(OSError, json.JSONDecodeError):
        return json.loads(file.read_text())["address"]
    return None


@contextmanager
def cluster(folder):
    """A scheduler and two workers on loopback: the address, and the processes, scheduler first."""
    python = [sys.executable, "-m"]
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    where = Path(folder, "scheduler.json")
    words = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(where)]
    processes = [subprocess.Popen([*python, "distributed.cli.dask_scheduler", *words], **quiet)]
    try:
        until = time.monotonic() + 60
        while (address := address_in(where)) is None and time.monotonic() < until:
            time.sleep(0.1)
        words = [address, "--no-nanny", "--no-dashboard", "--nthreads", "1"]
        worker = [*python, "distributed.cli.dask_worker", *words]
        processes += [subprocess.Popen(worker, **quiet) for _ in range(2)]
        yield address, processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.parametrize(("plan", "most_stay"), [("national", 150), ("overlaid_by_month", 2)])
def test_a_cluster_answers_to_the_byte_with_a_worker_killed(
    request, monkeypatch, tmp_path, plan, most_stay
):
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    monkeypatch.setattr("allocator.apart.dividing.MOST_STAY_SHARING", most_stay)
    case = request.getfixturevalue(plan)
    own, _ = certified_best(case, Settings(), PATIENT)
    with cluster(tmp_path) as (address, (_, *workers)):
        with distributed.Client(address) as client:
            client.wait_for_workers(2, timeout=60)
        found, _ = certified_best(case, Settings(cluster=address), PATIENT)
        assert found.outcome == own.outcome
        killed = []

        def kill_one(doing, done=None):
            if doing == "Finding the fewest moves" and not killed:
                workers[0].send_signal(signal.SIGKILL)
                killed.append(doing)

        found, _ = certified_best(case, Settings(cluster=address), PATIENT, kill_one)
        assert killed
        assert found.outcome == own.outcome
        assert found.proof == own.proof


def further(plan, settings):
    """What else is asked of a plan: fewer moves, the gains of levers, and what a number takes."""
    curve = compare(plan, SALES, moves=True, settings=settings).curve
    levers = leverage(plan, SALES, "best", settings=settings).levers
    return curve, levers, reach(plan, SALES, 4.7e7, settings=settings).rows


def test_ranges_and_comparisons_on_a_cluster_with_a_worker_killed(tmp_path, monkeypatch):
    """What an explanation and a comparison ask further is asked of the workers, and is the same."""
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    monkeypatch.setattr("allocator.apart.dividing.BATCH_COLUMNS", 200)
    plan, rules = plan_of(national_rows(30)), SALES
    ours = explain(allocate(plan, rules, workers=2))
    earned = [split.certified.outcome for split in compare(plan, rules).splits]
    answers = further(plan, Settings(workers=2))
    monkeypatch.setattr("allocator.apart.hands.Threads.ask", None)
    with cluster(tmp_path) as (address, (_, *workers)):
        with distributed.Client(address) as client:
            client.wait_for_workers(2, timeout=60)
        there, told = allocate(plan, rules, cluster=address), []

        def kill_one(doing, done=None):
            if doing == "Asking how firm the hours are" and done and not told:
                workers[0].send_signal(signal.SIGKILL)
            told.append(doing)

        assert explain(there, progress=kill_one) == ours
        assert told.count("Asking how firm the hours are") > 10
        assert workers[0].wait(timeout=10) == -signal.SIGKILL
        found = compare(plan, rules, settings=Settings(cluster=address))
        assert [split.certified.outcome for split in found.splits] == earned
        assert further(plan, Settings(cluster=address)) == answers


def test_heads_on_a_cluster(tmp_path, monkeypatch):
    """The parts of the plan are asked for heads one by one, and for whole ones, by the workers."""
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    plan = read_plan(NATIONAL, SALES)
    target = allocate(plan, SALES).revenue_optimal + 4e6

    def heads(settings):
        return reach(plan, SALES, target, heads=True, settings=settings).heads

    ours = heads(Settings(workers=2))
    assert ours.fewest.count > 1
    monkeypatch.setattr("allocator.apart.hands.Threads.ask", None)
    with cluster(tmp_path) as (address, _):
        with distributed.Client(address) as client:
            client.wait_for_workers(2, timeout=60)
        assert heads(Settings(cluster=address)) == ours


def test_answers_to_batches_that_share_hours_on_a_cluster(tmp_path, monkeypatch):
    """Fewer moves, levers and least hours where reps of many territories join all, to the byte."""
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    monkeypatch.setattr("allocator.apart.dividing.BATCH_COLUMNS", 150)
    plan = plan_of(overlaid(national_rows(30), 2), SALES)
    answers = further(plan, Settings(workers=2))
    monkeypatch.setattr("allocator.apart.hands.Threads.ask", None)
    with cluster(tmp_path) as (address, _):
        with distributed.Client(address) as client:
            client.wait_for_workers(2, timeout=60)
        assert further(plan, Settings(cluster=address)) == answers


def test_answers_that_are_lost_with_a_worker_are_worked_out_again(tmp_path):
    """A worker ends that has answered, and still has its answers: another answers in its place."""
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    plan = read_plan(NATIONAL, SALES)
    with cluster(tmp_path) as (address, (_, *workers)):
        with distributed.Client(address) as client:
            client.wait_for_workers(2, timeout=60)
        there = allocate(plan, SALES, cluster=address)

        def end(doing, done=None):
            if doing == "Asking how firm the hours are" and done == 1 and workers[0].poll() is None:
                workers[0].kill()
                workers[0].wait()
                time.sleep(0.1)

        assert explain(there, progress=end) == explain(allocate(plan, SALES, workers=2))
        assert workers[0].poll() is not None


@pytest.mark.parametrize("whom", ["the scheduler", "all workers"])
def test_a_cluster_that_goes_away(tmp_path, monkeypatch, whom):
    """Nobody waits for a cluster that is gone: it is said, in the tool's words."""
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    monkeypatch.setattr("allocator.apart.cluster.CONNECT_SECONDS", 5)
    plan = read_plan(NATIONAL, SALES)
    with cluster(tmp_path) as (address, processes):
        with distributed.Client(address) as client:
            client.wait_for_workers(2, timeout=60)
        there, gone = allocate(plan, SALES, cluster=address), []

        def end(doing, done=None):
            if doing == "Asking how firm the hours are" and not gone:
                gone.extend(processes[:1] if whom == "the scheduler" else processes[1:])
                for process in gone:
                    process.kill()

        with pytest.raises(SolverError, match=r"does not answer|no workers"):
            explain(there, progress=end)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "http://127.0.0.1:9", "", "nobody here"])
def test_a_cluster_that_is_not_there(tmp_path, address):
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    nobody(address, tmp_path)


def test_a_cluster_that_is_a_web_page(tmp_path):
    """Such as the scheduler's own, one port further on: it answers in another language."""
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    with socketserver.TCPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as page:
        Thread(target=page.serve_forever, daemon=True).start()
        nobody(f"tcp://127.0.0.1:{page.server_address[1]}", tmp_path)
        page.shutdown()


def nobody(address, folder):
    """At this address nobody is found, which is said in one message and in time."""
    began = time.monotonic()
    plan = ROOT / "inputs" / "national.csv"
    found = run(plan, "--steps", "3", "--cluster", address, folder=folder)
    assert found.code == 2
    assert f"No Dask scheduler answers at '{address}'" in found.err
    assert "Traceback" not in found.err
    assert "Exception" not in found.err
    assert time.monotonic() - began < 2 * CONNECT_SECONDS
