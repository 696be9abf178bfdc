"""Plans solved apart, by whomever: the same answer, and nothing is lost on the way."""

import signal
import subprocess
import threading
import time
from dataclasses import replace

import pytest
from plans import MONTHS, NATIONAL, PATIENT, SALES, SMALL, plan_of
from running import COMMAND, environment
from whole import as_one

from allocator import certified
from allocator.allocation import allocate
from allocator.apart import together
from allocator.apart.hands import Threads
from allocator.apart.tasks import Question, forget
from allocator.apart.together import certified_best, certified_hours
from allocator.errors import InfeasibleError
from allocator.parts import batches, parts
from allocator.program import in_blocks
from allocator.solving import passes, solver
from allocator.solving.fixed_hours import todays_hours
from allocator.solving.settings import Settings

pytestmark = pytest.mark.usefixtures("small_batches")


def test_batches_share_no_rep_and_lose_nothing(national):
    found = batches(national, 800)
    assert 5 < len(found) < len(list(parts(national)))
    for numbers, every in (
        ([k for part in found for k in part.territories], range(len(national.territories))),
        ([r for part in found for r in part.reps], range(len(national.reps))),
        ([i for part in found for i in part.rows], range(len(national.rows))),
    ):
        assert sorted(numbers) == list(every)


@pytest.mark.parametrize("stability", [0.0, 1e-6, 0.002, 0.05, 0.5])
def test_solved_apart_as_solved_together(national, stability):
    settings = Settings(stability=stability)
    (apart, best), (one, known) = certified_best(national, settings, PATIENT), as_one(national, settings)
    assert best.optimum == pytest.approx(known.optimum, rel=1e-9)
    assert best.bound == pytest.approx(known.bound, rel=1e-9)
    assert apart.outcome.moved == pytest.approx(one.outcome.moved, rel=1e-6, abs=1e-3)
    assert apart.revenue >= (1 - stability) * best.optimum * (1 - 1e-6)
    assert apart.limits_checked == one.limits_checked
    assert best.moves.worst < 1e-6


def test_todays_hours_earn_the_same_apart(national):
    hours = todays_hours(national)
    apart = certified_hours(national, hours, Settings(), PATIENT)
    one = certified.certified_hours(in_blocks(national), hours, Settings(), PATIENT)
    assert apart.revenue == pytest.approx(one.revenue, rel=1e-9)
    assert apart.drained == one.drained
    assert apart.outcome.hours == one.outcome.hours


def test_the_whole_programme_is_put_together_and_proven(national):
    _, best = certified_best(national, Settings(), PATIENT)
    assert isinstance(best, together.BestApart)
    assert best.first.revenue == pytest.approx(best.optimum, rel=1e-9)
    assert best.first.proof.worst < 1e-6
    assert best.first.solution.basis is not None


def test_what_no_fact_tells_apart_gets_the_same_in_any_batch():
    """Eighty copies of one small territory, in several batches: the same hours everywhere."""
    columns = "hours,opportunities,open,win_rate,deal_size,cycle_days,hours_per_opportunity"
    text = f"territory,rep,area,{columns}\n"
    for k in range(80):
        text += f"T{k},R{k},prospecting,120,30,12,0.2,20000,45,\n"
        text += f"T{k},R{k},opportunity_management,150,,,,,,6\n"
    found = allocate(plan_of(text, MONTHS), MONTHS, stability=0.01)
    assert isinstance(found.best, together.BestApart)
    by_area = {}
    for row, hours in zip(found.instance.rows, found.recommended.hours, strict=True):
        by_area.setdefault(row.area, set()).add(hours)
    assert all(len(hours) == 1 for hours in by_area.values())


def test_threads_answer_to_the_byte(national):
    """Two threads find what one finds, in whatever order they get to it."""
    own, _ = certified_best(national, Settings(), PATIENT)
    threaded, best = certified_best(national, Settings(workers=2), PATIENT)
    assert threaded.outcome == own.outcome
    assert threaded.proof == own.proof
    again = certified_best(national, Settings(workers=3), PATIENT)[1]
    assert best.first.solution.values.tolist() == again.first.solution.values.tolist()


def test_what_a_thread_raises_is_raised_here(national):
    """A batch without a split ends the others at work, and the next plan is solved as ever."""
    rows = tuple(row._replace(least=1e6) if i == 7 else row for i, row in enumerate(national.rows))
    impossible = replace(national, rows=rows)
    before = threading.active_count()
    for workers in (1, 2):
        with pytest.raises(InfeasibleError):
            certified_best(impossible, Settings(workers=workers), PATIENT)
    assert threading.active_count() == before
    found, _ = certified_best(national, Settings(workers=2), PATIENT)
    assert found.revenue > 0


def test_what_waits_for_others_has_less_time_left():
    """The time for solving is that of all questions together, not of each one anew."""

    class Asleep:
        clock = PATIENT

        def rest(self):
            pass

    def sleep(asked):
        left = asked.clock.left
        time.sleep(0.2)
        return left

    questions = [
        Question(("a run", n), sleep, (), Settings(), 0.5, lambda _: Asleep()) for n in range(4)
    ]
    left = Threads(1).ask(questions, lambda: None)
    forget("a run")
    assert 0.5 >= left[0] > left[1] >= left[2] >= left[3] == 0
    assert left[1] <= 0.3


def test_solvers_work_side_by_side(national, monkeypatch):
    """With two workers, two batches are in the solver's hands at the same time."""
    run, inside, most = solver.Solver.run_for, [], []

    def watched(solver, seconds):
        inside.append(solver)
        most.append(len(inside))
        run(solver, seconds)
        inside.remove(solver)

    monkeypatch.setattr(solver.Solver, "run_for", watched)
    certified_best(national, Settings(workers=2), PATIENT)
    assert max(most) == 2


def test_ctrl_c_ends_all_threads(tmp_path):
    """By week, national.csv takes many batches; two seconds after Ctrl-C nothing is left at work."""
    words = [*COMMAND, str(NATIONAL), "--steps", "40", "--workers", "2"]
    restored = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}
    job = subprocess.Popen(
        words,
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **restored,
    )
    time.sleep(2)
    assert job.poll() is None
    began = time.monotonic()
    job.send_signal(signal.SIGINT)
    _, err = job.communicate(timeout=20)
    assert time.monotonic() - began < 2
    assert job.returncode == 130
    assert b"Traceback" not in err


def test_a_price_proves_most_batches(national, monkeypatch):
    """What moves the fewest hours at the price is what earns its floor, but for a batch or two."""
    solved_again, fewest = [], passes._fewest

    def watched(*arguments):
        solved_again.append(arguments)
        return fewest(*arguments)

    monkeypatch.setattr(passes, "_fewest", watched)
    _, best = certified_best(national, Settings(), PATIENT)
    assert len(best.kept) > 5
    assert len(solved_again) <= 2


def test_workers_are_one_or_more():
    with pytest.raises(ValueError, match="workers"):
        allocate(plan_of(SMALL), SALES, workers=0)
