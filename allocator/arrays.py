"""The kinds of arrays that numbers come in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]
Number = float | Floats
"""A number, or an array of numbers that are treated alike."""
