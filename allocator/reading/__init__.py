"""From files to a `Plan` and a `Model`: the only readers in the package."""

from allocator.reading.model_file import model_text, models, read_model
from allocator.reading.plan_file import read_plan

__all__ = ["model_text", "models", "read_model", "read_plan"]
