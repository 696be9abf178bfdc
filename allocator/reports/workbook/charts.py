"""Charts that Excel draws itself from the cells of a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocator.reports.workbook.blocks import Chart
from allocator.reports.workbook.looks import BEST, TODAY

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart as XlsxChart
    from xlsxwriter.workbook import Workbook

COLORS = (TODAY, BEST)
LINES = {"visible": True, "line": {"color": "#D9D9D9"}}
SMALL = {"size": 9, "bold": False}


def drawn(book: Workbook, chart: Chart, sheet: str, header: int) -> XlsxChart:
    """The chart of a grid whose header is on that row of the sheet."""
    made = book.add_chart({"type": chart.kind})
    begin, end = chart.lines or (0, len(chart.of.rows))
    first, last = header + 1 + begin, header + end
    for color, at in zip(COLORS, chart.series, strict=False):
        series: dict[str, object] = {
            "name": [sheet, header, at],
            "categories": [sheet, first, 0, last, 0],
            "values": [sheet, first, at, last, at],
        }
        if chart.kind == "line":
            series |= {"line": {"color": BEST, "width": 2.25}, "marker": {"type": "circle"}}
        else:
            series |= {"fill": {"color": color}, "gap": 60}
        made.add_series(series)
    made.set_title({"name": chart.title, "name_font": {"size": 12, "bold": True}, "overlay": False})
    values: dict[str, object] = {"name": chart.unit, "num_format": "#,##0", "name_font": SMALL}
    values["major_gridlines"] = LINES
    names: dict[str, object] = {"num_font": SMALL, "label_position": "low"}
    if chart.kind == "bar":  # its categories go down the side, from below
        made.set_x_axis({**values, "label_position": "high"})
        made.set_y_axis({**names, "reverse": True, "interval_unit": 1})
    else:
        made.set_x_axis(names)
        made.set_y_axis(values)
    made.set_legend({"position": "bottom"} if len(chart.series) > 1 else {"none": True})
    return made
