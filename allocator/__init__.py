"""Divide limited rep hours across prospecting, opportunity management, accounts and partners.

from allocator import allocate, read_model, read_plan

model = read_model("sales_execution")
allocation = allocate(read_plan("inputs/plan.csv", model), model)
allocation.revenue, allocation.hours_frame()
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from allocator.allocation import Allocation, allocate
    from allocator.reading import models, read_model, read_plan

__all__ = ["Allocation", "allocate", "models", "read_model", "read_plan"]
__version__ = "0.1.0"

_HOMES = {
    "Allocation": "allocator.allocation",
    "allocate": "allocator.allocation",
    "models": "allocator.reading",
    "read_model": "allocator.reading",
    "read_plan": "allocator.reading",
}


def __getattr__(name: str) -> object:
    """Load what is asked for when it is asked for: `allocate --help` need not wait for a solver."""
    if name not in _HOMES:
        raise AttributeError(f"module 'allocator' has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(_HOMES[name]), name)
    return found
