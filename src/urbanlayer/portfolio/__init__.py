"""Many cities: each a task of its own, here one after another or on a Dask cluster."""

from urbanlayer.portfolio.outcomes import CityOutcome, Status
from urbanlayer.portfolio.running import build_all

__all__ = ["CityOutcome", "Status", "build_all"]
