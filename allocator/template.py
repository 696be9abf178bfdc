"""A plan to start from: it runs as it is, and every figure in it is there to be replaced."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Sequence

from allocator.columns import COLUMN, COLUMNS, stands_on
from allocator.model import Area, Model
from allocator.wording import in_sentence

TERRITORIES = ("North", "South")
HEADERS = (
    "territory", "area", "hours", "opportunities", "open", "win_rate", "deal_size", "cycle_days",
    "hours_per_opportunity", "renewals",
)  # fmt: skip
HOURS = 480
EXAMPLE = {
    "opportunities": "40",
    "open": "10",
    "win_rate": "25%",
    "deal_size": "12000",
    "cycle_days": "45",
    "hours_per_opportunity": "12",
    "renewals": "300000",
    "potential": "100",
}


def template(model: Model) -> str:
    """The text of a plan with a row for each area of `model` in two territories.

    The figures are examples: they are plausible together and belong to nobody.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    headers = headers_for(model)
    writer.writerow(headers)
    for territory in TERRITORIES:
        for name, area in model.areas.items():
            writer.writerow([territory, name, str(HOURS), *_figures(area, headers[3:])])
    return out.getvalue()


def headers_for(model: Model) -> tuple[str, ...]:
    """The template's columns; `potential` only where the model has no default for it."""
    defaults = all(area.potential is not None for area in model.areas.values() if area.creates)
    return HEADERS if defaults else (*HEADERS, "potential")


def _figures(area: Area, headers: Sequence[str]) -> list[str]:
    return [EXAMPLE[name] if stands_on(COLUMN[name], area) else "" for name in headers]


def guide(model: Model, file: str, model_name: str) -> str:
    """What to fill in, column by column, and how to run the plan."""
    option = "" if model_name == "sales_execution" else f" --model {shlex.quote(model_name)}"
    lines = [
        f"Wrote {file}: example figures for {len(TERRITORIES)} territories, to be replaced by yours.",
        "",
        f"One row for each territory and area ({', '.join(in_sentence(a) for a in model.areas)}),",
        "or for each territory, area and rep if you add a column 'rep'. In every row:",
        "",
    ]
    headers = headers_for(model)
    width = max(len(name) for name in headers)
    for name in headers:
        column = COLUMN[name]
        required = "" if column.required else f"; may be left out: {column.default}"
        lines.append(f"  {name:<{width}}  {column.meaning}{required}")
    others = [column.name for column in COLUMNS if column.name not in headers]
    lines += [
        "",
        f"Columns that may be added: {', '.join(others)} (see the README).",
        f"Then: allocate {shlex.quote(file)}{option}",
    ]
    return "\n".join(lines)
