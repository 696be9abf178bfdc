"""Answers to a plan in batches: those to the same plan as one, found apart and the same every time."""

import json
from dataclasses import replace

import pytest
from plans import PATIENT, changed, national_rows, overlaid, plan_of, with_facts

from allocator import allocate
from allocator.answers.compare import compare
from allocator.answers.leverage import SPLITS, leverage
from allocator.answers.moves import worth_drawing
from allocator.answers.reach import reach
from allocator.apart.again import most_again
from allocator.apart.fewer_moves import best_with_moves
from allocator.apart.least_hours import least_hours
from allocator.apart.together import certified_best
from allocator.deriving import instance
from allocator.errors import InfeasibleError, OutOfReachError
from allocator.progress import silent
from allocator.reading import read_model
from allocator.reports.compare import to_json as compared
from allocator.reports.leverage import to_json as leveraged
from allocator.reports.reach import to_json as reached
from allocator.solving import optimum
from allocator.solving.settings import Settings
from allocator.solving.solver import DUAL_SIMPLEX, loaded

RULES = read_model("sales_execution").with_steps(2)
STEADY = RULES.with_steps(1)
ROWS = national_rows(30)
APART = plan_of(ROWS, RULES)
"""A plan that falls into some batches that share no hours."""
FREE = changed(
    RULES,
    areas={
        name: {**area.model_dump(), "share": (0.0, 1.0), "end_pipeline": 0.0}
        for name, area in RULES.areas.items()
    },
)
"""The same model, which today's split keeps every limit of."""
DIFFERENT = plan_of(overlaid(ROWS, 2), RULES)
"""The plan with two overlay reps, no two alike, whose hours the batches share."""
ALIKE = plan_of(overlaid(ROWS, 3, lambda **_: "1.25"), RULES)
"""The plan with three who are, and so are pooled."""
ONE, MANY = 10**9, 200
NUMBER = 5e7
"""A little more than the most that these plans earn."""


@pytest.fixture
def in_batches(monkeypatch):
    def of(columns):
        monkeypatch.setattr("allocator.apart.dividing.BATCH_COLUMNS", columns)

    return of


@pytest.fixture
def sizes(monkeypatch):
    """The columns of every programme that is solved from here on."""
    found, as_it_was = [], optimum.solve

    def watched(program, *others):
        found.append(program.columns)
        return as_it_was(program, *others)

    monkeypatch.setattr(optimum, "solve", watched)
    return found


def same(one, other):
    """Whether two answers are the same but for rounding, whatever they are made of."""
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one:
            if key not in ("certificate", "solves"):
                same(one[key], other[key])
    elif isinstance(one, list):
        for mine, its in zip(one, other, strict=True):
            same(mine, its)
    elif isinstance(one, float):
        assert one == pytest.approx(other, rel=1e-6, abs=1e-5)
    else:
        assert one == other


@pytest.mark.parametrize(
    ("plan", "model", "stability"),
    [
        (APART, RULES, 1e-6),
        (APART, FREE, 0.01),
        (DIFFERENT, RULES, 1e-6),
        (DIFFERENT, FREE, 0.01),
        (DIFFERENT, RULES, 0.5),
        (DIFFERENT, FREE, 0.5),
        (ALIKE, RULES, 1e-6),
    ],
)
def test_fewer_moves(in_batches, sizes, plan, model, stability):
    """Each point of the curve is that of the whole plan, no move at all among them where it may be."""
    settings, curves = Settings(stability=stability), []
    for columns in (ONE, MANY):
        in_batches(columns)
        sizes.clear()
        curves.append(compare(plan, model, moves=True, settings=settings).curve)
    assert max(sizes) < 6 * MANY, "no programme is of the whole plan"
    one, many = curves
    assert many.least == pytest.approx(one.least, rel=1e-6, abs=1e-6)
    if plan is APART:
        assert (many.points[0].revenue is not None) == (model is FREE)
    for mine, its in zip(many.points, one.points, strict=True):
        assert (mine.revenue is None) == (its.revenue is None)
        if its.revenue is not None:
            # The splits that move the most differ by what the second pass leaves open of its moves.
            assert mine.revenue == pytest.approx(its.revenue, rel=1e-6)
            assert mine.reached.outcome.moved <= mine.moves * (1 + 1e-9) + 1e-6


@pytest.mark.parametrize(("plan", "drawn"), [(APART, True), (DIFFERENT, False), (ALIKE, False)])
def test_the_curve_is_drawn_unasked_where_that_takes_seconds(in_batches, plan, drawn):
    """By week, with reps of many territories, it takes minutes."""
    in_batches(MANY)
    monthly = allocate(plan, RULES)
    assert worth_drawing(monthly)
    assert worth_drawing(replace(monthly, model=RULES.with_steps(13))) == drawn


@pytest.mark.parametrize("plan", [APART, DIFFERENT, ALIKE])
@pytest.mark.parametrize("at", ["today", "best"])
def test_leverage(in_batches, sizes, at, plan):
    """What levers gain is the same; the hours of a recommended split are those of one of several."""
    settings = Settings()
    in_batches(ONE)
    one = leverage(plan, RULES, at, settings=settings)
    in_batches(MANY)
    sizes.clear()
    many = leverage(plan, RULES, at, settings=settings)
    assert max(sizes) < 6 * MANY
    assert many.revenue_optimal == pytest.approx(one.revenue_optimal, rel=1e-9)
    assert [(mine.lever, mine.area) for mine in many.levers] == [
        (its.lever, its.area) for its in one.levers
    ]
    for mine, its in zip(many.levers, one.levers, strict=True):
        assert mine.gain_today == pytest.approx(its.gain_today, rel=1e-7, abs=1e-3)
        assert mine.gain_best == pytest.approx(its.gain_best, rel=1e-7, abs=1e-3)
        same({**mine.credited}, {**its.credited})
    if at == "today":
        for mine, its in zip(many.hours, one.hours, strict=True):
            same({**mine.credited}, {**its.credited})


@pytest.mark.parametrize("at", ["today", "best"])
def test_leverage_where_it_could_be_credited_otherwise(in_batches, at):
    """Where all opportunities are worth the same, the model's order says who is credited."""
    alike = with_facts(
        APART,
        lambda f: f if f.win_rate is None else replace(f, win_rate=0.2, deal_size=1e4, cycle_days=0),
    )
    found = []
    for columns in (ONE, MANY):
        in_batches(columns)
        levers = leverage(alike, STEADY, at).levers
        found.append({(one.lever, one.area): {**one.credited} for one in levers})
    same(found[1], found[0])


@pytest.mark.parametrize("columns", [ONE, MANY])
def test_limits_that_miss_by_rounding_give_way_in_every_answer(in_batches, columns):
    """Minimums that add up to a millionth of an hour more than there is, as `allocate` takes them."""
    in_batches(columns)
    first = APART.rows[0]
    tight = replace(
        APART,
        rows=tuple(
            replace(row, min_hours=row.hours + 1e-6 * (row is first)) if row.rep == first.rep else row
            for row in APART.rows
        ),
    )
    best = allocate(tight, FREE)
    assert not best.relaxed
    assert compare(tight, FREE, moves=True).curve.points[-1].revenue == pytest.approx(best.revenue)
    for at in SPLITS:
        found = leverage(tight, FREE, at)
        assert found.revenue_optimal == pytest.approx(best.revenue_optimal, rel=1e-9)
        assert all(lever.gain_best is not None for lever in found.levers)


@pytest.mark.parametrize("plan", [APART, DIFFERENT, ALIKE])
def test_reach(in_batches, sizes, plan):
    """The least hours are those of the whole, whether the number takes more hours or fewer."""
    for target in (0.8, 1.2):
        number = target * NUMBER
        in_batches(ONE)
        one = reach(plan, STEADY, number)
        in_batches(MANY // 2)
        sizes.clear()
        many = reach(plan, STEADY, number)
        # Where hours are shared, the least that keep every limit are those of the whole.
        of_the_whole = [size for size in sizes if size > 6 * MANY]
        assert len(of_the_whole) <= (0 if plan is APART else len(many.rows))
        for mine, its in zip(many.rows, one.rows, strict=True):
            assert mine.theta == pytest.approx(its.theta, rel=1e-8)
            assert mine.largest == its.largest


@pytest.mark.parametrize(
    "asked",
    [
        lambda found: least_hours(found.plan, 0.8 * NUMBER, Settings(), PATIENT),
        lambda found: most_again(found.plan, Settings(), PATIENT, found.near),
        lambda found: best_with_moves(found, [1e4], Settings(), PATIENT, silent),
    ],
)
def test_the_whole_is_a_few_steps_from_where_a_like_plan_ended(in_batches, solves_of_the_whole, asked):
    """Whatever is asked of a plan whose batches share hours starts where most of it is done."""
    in_batches(MANY)
    _, best = certified_best(instance(DIFFERENT, RULES), Settings(), PATIENT)
    nothing = loaded(best.first.matrix, DUAL_SIMPLEX)
    nothing.run_for(None)
    solves_of_the_whole.clear()
    asked(best)
    assert (
        0
        < sum(found.solution.steps for found in solves_of_the_whole)
        <= 0.45 * nothing.getInfo().simplex_iteration_count
    )


def test_reach_where_revenue_does_not_ask_for_hours(in_batches):
    """Out of reach, or held up by limits on hours: the whole plan says so, as without batches."""
    in_batches(MANY)
    with pytest.raises(OutOfReachError):
        reach(APART, STEADY, 1e15)
    first = APART.rows[0]
    held = replace(APART, rows=(replace(first, min_hours=first.hours), *APART.rows[1:]))
    number = 1e6
    many = reach(held, STEADY, number)
    in_batches(ONE)
    assert many.as_planned.theta == pytest.approx(reach(held, STEADY, number).as_planned.theta, rel=1e-6)


@pytest.mark.parametrize("plan", [APART, DIFFERENT])
def test_the_same_whoever_solves(in_batches, plan):
    """To the byte, whether one thread solves the batches or three do."""
    in_batches(MANY)
    for ask in (
        lambda settings: json.dumps(compared(compare(plan, RULES, moves=True, settings=settings))),
        lambda settings: json.dumps(leveraged(leverage(plan, RULES, settings=settings))),
        lambda settings: json.dumps(reached(reach(plan, STEADY, NUMBER, settings=settings))),
    ):
        assert ask(Settings(workers=1)) == ask(Settings(workers=3))


def test_what_cannot_be_is_said_of_batches_as_well(in_batches):
    in_batches(MANY)
    first = APART.rows[0]
    never = replace(APART, rows=(replace(first, min_hours=1e7), *APART.rows[1:]))
    found = leverage(never, RULES)
    assert found.revenue_optimal is None
    with pytest.raises(InfeasibleError):
        compare(never, RULES, moves=True)
