"""Which values of an indicator are better."""

from __future__ import annotations

from typing import Literal

Better = Literal["higher", "lower", "neither"]
