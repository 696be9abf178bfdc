"""The pictures of the README, made from a sample plan.

    python docs/make_pictures.py [FOLDER]

Written to docs/pictures unless a folder is named; a test holds what stands in them to what the
charts say today.
"""

from __future__ import annotations

import sys
from pathlib import Path

import vl_convert

from allocator import allocate, read_model, read_plan
from allocator.answers.briefing import brief
from allocator.answers.explanation import explain
from allocator.charts import comparison, funnel, leverage, ranges
from allocator.charts.look import VEGA_LITE, Drawn, drawing

HERE = Path(__file__).parent


def pictures() -> dict[str, Drawn]:
    """The charts of the gallery by the names of their files."""
    model = read_model("sales_execution")
    allocation = allocate(read_plan(HERE.parent / "inputs" / "plan.csv", model), model)
    explanation = explain(allocation)
    briefing = brief(allocation, explanation)
    assert briefing.leverage is not None
    assert briefing.comparison is not None
    return {
        "funnel": funnel.funnel(allocation),
        "splits": comparison.revenue_of_splits(briefing.comparison),
        "leverage": leverage.heat_map(briefing.leverage),
        "levers": leverage.tornado(briefing.leverage),
        "ranges": ranges.ranges(allocation, explanation),
    }


def main() -> None:
    """Write every picture as SVG."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    for name, chart in pictures().items():
        spec = drawing(chart) | {"background": "white"}
        text = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)
        (folder / f"{name}.svg").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
