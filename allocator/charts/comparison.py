"""The false choices in pictures: what simple splits earn, what they squander, what few moves bring."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from allocator.answers.compare import Comparison, Split
from allocator.charts.bars import Bar, Part, bars, stacks
from allocator.charts.look import BLUE, GREY, INK, VERMILION, Drawn, finished, layered, values
from allocator.reports.compare_sentences import about_moves, headline, label
from allocator.wording import amount, in_sentence, money, money_unit, share

WORKED, UNWORKED = "worked", "left unworked"
SIMPLE, BEST = "simple splits", "recommended"
COLORS = {BEST: BLUE, SIMPLE: GREY}
HEIGHT = 260


def revenue_of_splits(found: Comparison) -> Drawn:
    """Revenue of every split, most first, the recommended one in its colour."""
    currency = found.plan.currency
    ranked = sorted(found.splits, key=lambda split: -split.revenue)
    those = [
        Bar(label(split), _series(split), split.revenue, money(split.revenue, currency))
        for split in ranked
    ]
    chart = bars(those, COLORS, f"Revenue in {money_unit(1.0, currency)}")
    return finished(chart, _point(found, ranked), "", "Bars of revenue by split")


def _point(found: Comparison, ranked: Sequence[Split]) -> str:
    """What is earned by the recommended split, today's, and the best of those that lean on one area."""
    currency = found.plan.currency
    said = (
        f"The recommended split earns {money(found.recommended.revenue, currency)}, today's "
        f"{money(found.today.revenue, currency)}"
    )
    leaning = next((split for split in ranked if split.kind == "all_in"), None)
    if leaning is None:
        return said
    where = in_sentence(leaning.area or "")
    return f"{said}; going all in, {money(leaning.revenue, currency)} at most, on {where}"


def _series(split: Split) -> str:
    return BEST if split.kind == "recommended" else SIMPLE


def opportunities_of_splits(found: Comparison) -> Drawn:
    """Opportunities of every split: worked, and left unworked."""
    those = [
        part
        for split in sorted(found.splits, key=lambda split: -split.revenue)
        for part in (
            Part(label(split), WORKED, split.worked, amount(split.worked)),
            Part(label(split), UNWORKED, split.unworked, amount(split.unworked)),
        )
    ]
    ends = {label(split): amount(split.open + split.created) for split in found.splits}
    chart = stacks(those, {WORKED: BLUE, UNWORKED: VERMILION}, "Opportunities", ends)
    return finished(
        chart,
        headline(found),
        "Opportunities open at the start or created, by what becomes of them.",
        "Bars of opportunities by split, worked and left unworked",
    )


def moves_for_money(found: Comparison) -> Drawn | None:
    """Revenue by the part of the recommended moves that is made; None where that wasn't asked for."""
    curve, currency = found.curve, found.plan.currency
    if curve is None:
        return None
    points = [
        {
            "moves": point.moves,
            "revenue": point.revenue,
            "said": money(point.revenue, currency),
            "share": share(point.share),
            "hours": amount(point.moves),
        }
        for point in curve.points
        if point.revenue is not None
    ]
    base = alt.Chart(values(points)).encode(
        x=alt.X(
            "moves:Q",
            title="Hours moved (counted where they leave and where they go)",
            axis=alt.Axis(tickCount=8),
        ),
        y=alt.Y(
            "revenue:Q",
            title=f"Revenue in {money_unit(1.0, currency)}",
            scale=alt.Scale(zero=False, nice=True),
            axis=alt.Axis(tickCount=5),
        ),
    )
    line = base.mark_line(color=BLUE, strokeWidth=2.5)
    dots = base.mark_point(color=BLUE, filled=True, size=80, opacity=1).encode(
        tooltip=[
            alt.Tooltip("share:N", title="of the moves"),
            alt.Tooltip("hours:N", title="hours moved"),
            alt.Tooltip("said:N", title="revenue"),
        ]
    )
    text = base.mark_text(align="left", dx=8, dy=10, color=INK).encode(text="share:N")
    today = (
        alt.Chart(values([{"revenue": found.today.revenue}]))
        .mark_rule(color=GREY, strokeDash=[4, 4])
        .encode(y="revenue:Q")
    )
    chart = layered([today, line, dots, text], HEIGHT)
    note = "Dashed: what today's split earns. The axis of revenue doesn't start at 0."
    return finished(chart, about_moves(found, curve), note, "Curve of revenue by hours moved")
