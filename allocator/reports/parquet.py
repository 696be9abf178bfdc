"""An allocation's hours as Parquet, where pyarrow is there."""

from __future__ import annotations

import io

from allocator.allocation import Allocation
from allocator.errors import OutputError


def to_parquet(allocation: Allocation) -> bytes:
    """The rows of `Allocation.hours_frame`, in hours for the period.

    Raises `OutputError` where pyarrow is not installed.
    """
    try:
        import pyarrow  # noqa: F401 (pandas finds it)
    except ImportError as error:
        raise OutputError(
            ".parquet needs pyarrow: install it with pip install pyarrow, or write .csv"
        ) from error
    out = io.BytesIO()
    allocation.hours_frame().to_parquet(out, index=False)
    return out.getvalue()
