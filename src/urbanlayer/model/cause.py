"""What the low and the high of a result stand for."""

from __future__ import annotations

from typing import Literal

Cause = Literal["threshold", "measured", "residents", "entrances"]
THRESHOLD: Cause = "threshold"
"""Thresholds 10 % lower and higher."""
MEASURED: Cause = "measured"
"""What the layers leave uncertain, by the indicator's own definition."""
RESIDENTS: Cause = "residents"
"""A second source of residents."""
ENTRANCES: Cause = "entrances"
"""Where areas are entered that have no given entrances."""
