"""One question of an indicator, as the city file asks it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Query:
    """One question of an indicator: the variant and the numbers that it is asked with."""

    variant: str = ""
    parameters: Mapping[str, float] = field(default_factory=dict)
    """With the unit in the name: `{"distance_m": 500.0}`."""
    needs: tuple[str, ...] = ()
    """Roles that this ask needs beside the indicator's own: the service asked of."""
    target: float | None = None
    group: str = ""
    """Of `[residents] groups`: the people who are asked; empty for everybody."""
    mode: str = "walk"
    """How people get there: `walk`, `wheelchair`, `cycle`, or one of the city file's own."""
    lists: Mapping[str, tuple[float | str, ...]] = field(default_factory=dict)
    """Several values of one parameter: `{"classes": (10.0, 95.0)}`, roles that count as one."""
