"""What a number takes: hours in each case, and what one head after the other brings."""

from __future__ import annotations

import altair as alt

from allocator.answers.reach import Reach
from allocator.charts.bars import Bar, bars
from allocator.charts.look import BLUE, GREEN, GREY, INK, Drawn, finished, labels, layered, values
from allocator.reports.reach_sentences import case_name, headline
from allocator.wording import amount, figure, money, money_in_short, money_unit, times

TODAY, NEEDED = "today", "needed"
HEIGHT = 280


def hours_by_case(found: Reach) -> Drawn:
    """Hours that the number takes, as planned and with better facts, beside today's."""
    those = [Bar("Today's hours", TODAY, found.hours_now, amount(found.hours_now))]
    for row in found.rows:
        if row.hours is not None and row.theta is not None:
            said = f"{amount(row.hours)} ({times(row.theta)} ×)"
            those.append(Bar(case_name(row), NEEDED, row.hours, said))
    unit = f"Hours for {figure(found.model.period_days)} days (times today's)"
    chart = bars(those, {TODAY: GREY, NEEDED: BLUE}, unit)
    return finished(chart, headline(found), "", "Bars of hours needed by case")


def heads_curve(found: Reach) -> Drawn | None:
    """Revenue with one head after the other, and the number; None without heads."""
    heads, currency = found.heads, found.plan.currency
    if heads is None or not heads.steps:
        return None
    steps = [(0, "today's reps, split best", heads.start)] if heads.start is not None else []
    steps += [(head.number, head.territory, head.revenue) for head in heads.steps]
    short = labels(where for _, where, _ in steps)
    points = [
        {
            "head": number,
            "where": where,
            "label": short[where],
            "revenue": revenue,
            "said": money(revenue or 0.0, currency),
        }
        for number, where, revenue in steps
    ]
    base = alt.Chart(values(points)).encode(
        x=alt.X(
            "head:Q", title="Heads added", axis=alt.Axis(tickMinStep=1), scale=alt.Scale(nice=False)
        ),
        y=alt.Y(
            "revenue:Q",
            title=f"Revenue in {money_unit(1.0, currency)}",
            scale=alt.Scale(zero=False),
            axis=alt.Axis(tickCount=5),
        ),
    )
    line = base.mark_line(color=BLUE, strokeWidth=2.5)
    dots = base.mark_point(color=BLUE, filled=True, size=80, opacity=1).encode(
        tooltip=[
            alt.Tooltip("head:Q", title="head"),
            alt.Tooltip("where:N", title="in"),
            alt.Tooltip("said:N", title="revenue"),
        ]
    )
    text = base.mark_text(align="right", dx=-8, dy=-8, color=INK).encode(text="label:N")
    target = (
        alt.Chart(values([{"revenue": found.target}]))
        .mark_rule(color=GREEN, strokeDash=[6, 4], strokeWidth=2)
        .encode(y="revenue:Q")
    )
    number = money_in_short(found.target, currency)
    note = f"Dashed: {number}. The axis of revenue doesn't start at 0."
    chart = layered([target, line, dots, text], HEIGHT)
    return finished(
        chart,
        f"What {amount(heads.hours)} hours more bring, head by head, each where it brings most",
        note,
        "Curve of revenue by heads added",
    )
