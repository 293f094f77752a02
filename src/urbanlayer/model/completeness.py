"""How many features of a layer there are, and how many there should be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Completeness:
    """The features of a layer in the city, against what its register counts.

    Attributes
    ----------
    role
        Of the layer.
    found
        Its features in the neighbourhoods.
    expected
        The register's count; None where it is not known, and the layer is drawn by volunteers.
    source
        Its source; empty where the city file names none.
    """

    role: str
    found: int
    expected: int | None = None
    source: str = ""

    @property
    def missing(self) -> int:
        """Features that the register counts and the layer does not hold."""
        return max(0, (self.expected or 0) - self.found)
