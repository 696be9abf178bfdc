"""Plans whose batches share the hours of overlay reps: the optimum and the fewest moves of the whole."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from plans import PATIENT, national_rows, overlaid, overlaid_national, plan_of
from whole import as_one, as_the_whole

from allocator.apart import hour_prices, joint
from allocator.apart.dividing import divided
from allocator.apart.fewer_moves import best_with_moves
from allocator.apart.together import certified_best
from allocator.deriving import instance
from allocator.errors import InfeasibleError
from allocator.parts import overlay_reps, parts
from allocator.progress import silent
from allocator.reading import read_model
from allocator.solving import highs
from allocator.solving.basis import IDLE, LOWER, SPENT
from allocator.solving.second_pass import Moving
from allocator.solving.settings import Settings
from allocator.solving.solver import PRIMAL_SIMPLEX, loaded

pytestmark = pytest.mark.usefixtures("small_batches")


@pytest.mark.parametrize("stability", [0.0, 1e-6, 0.01, 0.5])
def test_overlay_reps_are_shared_by_batches(solves_of_the_whole, stability):
    """Two reps of all sixty territories: solved apart, the optimum and the fewest moves of the whole."""
    case = overlaid_national(reps=2, steps=2)
    assert len(list(parts(case))) == 1
    assert len(overlay_reps(case, 800)) == 2
    settings = Settings(stability=stability)
    apart, best = certified_best(case, settings, PATIENT)
    assert len(solves_of_the_whole) == 4, "two passes of the plan in one step, and two by month"
    (again, _), (one, known) = as_the_whole(case, replace(settings, workers=2), hours=1e-4)
    assert again.outcome == apart.outcome
    assert best.bound == pytest.approx(known.bound, rel=1e-9)
    assert apart.limits_checked == one.limits_checked
    assert best.moves.gap < 1e-6
    assert best.first.revenue == best.optimum


def test_some_batches_have_no_shared_hours(monkeypatch):
    """Two reps of a third of the territories: a batch of others has nothing to share."""
    monkeypatch.setattr("allocator.apart.dividing.BATCH_COLUMNS", 300)
    rules = read_model("sales_execution").with_steps(3)
    lines = overlaid(national_rows(), 2).splitlines()
    rows = list(csv.DictReader(lines))
    covered = list(dict.fromkeys(row["territory"] for row in rows))[:20]
    few = [lines[0]] + [
        line
        for line, row in zip(lines[1:], rows, strict=True)
        if row["territory"] in covered or not row["rep"].startswith("Overlay")
    ]
    case = instance(plan_of("\n".join(few) + "\n", rules), rules)
    plan = divided(case, Settings())
    shared = [bool(plan.piece(b).overlays) for b in range(len(plan.parts))]
    assert any(shared)
    assert not all(shared)
    as_the_whole(case, optimum=1e-8, moved=1e-4)


def test_the_second_pass_starts_where_its_batches_are_best(monkeypatch, solves_of_the_whole):
    """With prices in place of its limits, no column of the whole is worth a change, not by a hair."""
    monkeypatch.setattr(hour_prices, "HAIR", 1e-4)
    certified_best(overlaid_national(reps=3, steps=6), Settings(), PATIENT)
    matrix, start, _ = solves_of_the_whole[-1]
    duals = np.zeros(len(matrix.row_least))
    duals[start.limits] = start.prices
    least, most = matrix.row_least.copy(), matrix.row_most.copy()
    least[start.limits], most[start.limits] = -np.inf, np.inf
    cost = matrix.cost - matrix.priced(duals)
    solver = loaded(replace(matrix, cost=cost, row_least=least, row_most=most), PRIMAL_SIMPLEX)
    solver.setBasis(start.basis.handed_over())
    solver.run_for(None)
    assert solver.getInfo().simplex_iteration_count == 0


def test_what_a_change_is_worth_is_known_where_the_whole_starts(monkeypatch, solves_of_the_whole):
    """By the batches' duals and the prices, in the whole's units, no column can gain by any change."""
    monkeypatch.setattr(hour_prices, "HAIR", 0.0)
    _, best = certified_best(overlaid_national(reps=3, steps=3), Settings(), PATIENT)
    best_with_moves(best, [1e4], Settings(), PATIENT, silent)
    priced = [(matrix, start) for matrix, start, _ in solves_of_the_whole if start.prices.any()]
    kinds = {(matrix.maximize, len(start.limits)) for matrix, start in priced}
    assert kinds >= {(True, 9), (False, 10), (True, 10)}, "most revenue, fewest moves, most with fewer"
    for matrix, start in priced:
        duals, columns = start.duals.copy(), start.basis.columns
        duals[start.limits] = start.prices
        earned = (matrix.cost - matrix.priced(duals)) * (1 if matrix.maximize else -1)
        little = 1e-7 * np.median(np.abs(start.prices))
        assert np.abs(earned[columns == IDLE]).max() <= little
        assert earned[columns == LOWER].max() <= little
        assert earned[columns == SPENT].min() >= -little


def test_the_whole_is_a_few_steps_from_the_priced_batches(solves_of_the_whole):
    """Three reps by month: both passes start where most of it is done, and are vertices of the whole."""
    (_, best), (_, known) = as_the_whole(overlaid_national(reps=3, steps=3))
    *_, first, second = solves_of_the_whole
    for program, found in ((known.first.program, first), (known.second.program, second)):
        nothing = highs._solved(program.matrix, None, highs._Attempt(None, "off"))
        assert 0 < found.solution.steps <= 0.2 * nothing.getInfo().simplex_iteration_count
    assert best.first.proof.worst < 1e-9


@pytest.mark.parametrize(("limits", "steps", "long"), [(7, 4, True), (8, 4, False), (1, 3, False)])
def test_what_is_faster_is_said_where_it_takes_long(monkeypatch, limits, steps, long):
    """Two reps in four steps share eight limits; by month it is fast, however many they are."""
    monkeypatch.setattr(joint, "MANY_LIMITS", limits)
    said = []
    certified_best(
        overlaid_national(reps=2, steps=steps),
        Settings(),
        PATIENT,
        lambda doing, _=None: said.append(doing),
    )
    passes = {doing.removesuffix(" (fewer --steps are faster)") for doing in said if "--steps" in doing}
    assert passes == ({"Finding the best split", "Finding the fewest moves"} if long else set())


def test_batches_go_on_from_their_prices(monkeypatch):
    """With hours allotted in place of prices a batch is a few steps from its fewest moves."""
    found, as_it_was = [], Moving.solve_from

    def watched(moves, start, program, clock):
        found.append((program.matrix, start, as_it_was(moves, start, program, clock)))
        return found[-1][-1]

    monkeypatch.setattr(Moving, "solve_from", watched)
    certified_best(overlaid_national(reps=3, steps=3), Settings(), PATIENT)
    assert found
    with_no_prices = 0
    for matrix, start, solution in found:
        alone = loaded(matrix, PRIMAL_SIMPLEX)
        alone.setBasis(start.basis.handed_over())
        alone.run_for(None)
        assert solution.objective == pytest.approx(alone.getObjectiveValue(), rel=1e-9)
        with_no_prices += alone.getInfo().simplex_iteration_count
    assert 0 < sum(solution.steps for *_, solution in found) <= 0.5 * with_no_prices


def test_hours_that_cannot_be_divided_as_today(monkeypatch, solves_of_the_whole):
    """In one step a limit that today's division breaks leaves shared hours without first prices."""
    monkeypatch.setattr("allocator.apart.dividing.BATCH_COLUMNS", 300)
    case = overlaid_national(reps=1, steps=1)
    first = next(i for i, row in enumerate(case.rows) if case.reps[row.rep].name == "Overlay 0")
    more = case.rows[first]._replace(least=0.9 * case.reps[case.rows[first].rep].capacity)
    case = replace(case, rows=(*case.rows[:first], more, *case.rows[first + 1 :]))
    found, best = certified_best(case, Settings(), PATIENT)
    assert not solves_of_the_whole[0].start.prices.any()
    assert best.optimum == pytest.approx(as_one(case, Settings())[1].optimum, rel=1e-9)
    assert sum(found.outcome.hours[first]) >= more.least * (1 - 1e-9)


def test_a_plan_that_no_split_keeps_in_one_step(monkeypatch):
    """As where pipelines only grow by what came a step before: then no prices are known beforehand."""
    as_it_was = joint.Joint.most_revenue

    def none_in_one_step(it, *arguments):
        if it._program.instance.steps == 1:
            raise InfeasibleError
        return as_it_was(it, *arguments)

    monkeypatch.setattr(joint.Joint, "most_revenue", none_in_one_step)
    as_the_whole(overlaid_national(reps=2, steps=2))


def test_shared_hours_that_nobody_wants(monkeypatch):
    """Ten times the hours: what is left of them is worth nothing, and no price is put on it."""
    case = overlaid_national(reps=2, steps=2)
    reps = tuple(
        replace(rep, capacity=1000 * rep.capacity) if rep.name.startswith("Overlay") else rep
        for rep in case.reps
    )
    case = replace(case, reps=reps)
    (_, best), _ = as_the_whole(case)
    assert not joint.earned_by_shared(divided(case, Settings()), best.first).any()


def test_no_split_of_shared_hours(monkeypatch):
    """Batches that could do with what the others have, but not all of them together."""
    case = overlaid_national(reps=2, steps=2)
    overlay = next(rep for rep in case.reps if rep.name == "Overlay 0")
    share = overlay.capacity / len(overlay.rows)
    rows = tuple(
        row._replace(least=1.5 * share) if i in overlay.rows else row for i, row in enumerate(case.rows)
    )
    with pytest.raises(InfeasibleError):
        certified_best(replace(case, rows=rows), Settings(), PATIENT)
