"""The validation report of a layer: notes, errors and excluded features."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from urbanlayer.errors import CrsError, LayerError
from urbanlayer.model.layer import Excluded
from urbanlayer.model.note import Listing, Note
from urbanlayer.text.personal import without_persons

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.errors import DataError
    from urbanlayer.model.source import Request

MAX_LISTED = 5
"""Features that a message lists by name; further ones are counted."""


@dataclass(slots=True)
class ValidationReport:
    """What validation found in one layer; each step adds to it.

    Attributes
    ----------
    request
        The layer; messages name its role and file.
    read
        Number of features read from the source, including those that gave no row.
    """

    request: Request
    read: int
    notes: list[Note] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    crs_errors: list[str] = field(default_factory=list)
    excluded: list[Excluded] = field(default_factory=list)

    @property
    def layer(self) -> str:
        """The name of the layer in messages: `layer 'parks' (green.gpkg)`."""
        return f"layer {self.request.role!r} ({self.request.shown})"

    def note(self, note: Note) -> None:
        """Record an assumption or a repair."""
        self.notes.append(note)

    def error(self, sentence: str) -> None:
        """Record an error; the layer is rejected once all errors are known."""
        self.errors.append(f"{self.layer}: {sentence}")

    def crs_error(self, sentence: str) -> None:
        """Record an error in the coordinates."""
        self.crs_errors.append(f"{self.layer}: {sentence}")

    def exclude(
        self,
        frame: gpd.GeoDataFrame,
        mask: NDArray[np.bool_],
        *,
        reason: str,
        detail: Note | Sequence[Note],
        fix: Note,
        drawn: bool = True,
    ) -> gpd.GeoDataFrame:
        """The features outside the mask; those in it are excluded and recorded.

        Parameters
        ----------
        frame
            Indexed by the labels of the features.
        mask
            (n,) True for features to exclude.
        reason
            Code, for example `null-geometry`.
        detail
            What was found: one note for all, or one for each excluded feature.
        fix
            How to fix it.
        drawn
            Whether the geometry is in the city's CRS and can be drawn.

        Returns
        -------
        GeoDataFrame
            The remaining features.
        """
        if not mask.any():
            return frame
        going = frame[mask]
        details = [detail] * len(going) if isinstance(detail, Note) else list(detail)
        shapes = going.geometry.to_numpy() if drawn else [None] * len(going)
        self.excluded += [
            Excluded(self.request.role, str(label), reason, found, fix, shape)
            for label, found, shape in zip(going.index, details, shapes, strict=True)
        ]
        self.note(
            Note.of(
                "excluded",
                count=len(going),
                read=self.read,
                names=Listing.of(going.index),
                detail=details[0],
                fix=fix,
            )
        )
        return frame[~mask]

    def reasons(self) -> str:
        """Why features were excluded, each reason with its count: `null-geometry 3, no-key 1`."""
        counts = Counter(feature.reason for feature in self.excluded)
        return ", ".join(f"{reason} {count}" for reason, count in sorted(counts.items()))

    def raise_errors(self) -> None:
        """Raise all recorded errors at once, if there are any.

        Raises
        ------
        LayerError
            With one line for each error; a CrsError if only the coordinates are wrong.
        """
        as_error = self.as_error()
        if as_error is not None:
            raise as_error

    def as_error(self) -> DataError | None:
        """The exception that holds all recorded errors; None without errors."""
        if self.crs_errors and not self.errors:
            return CrsError(self.crs_errors)
        if self.errors:
            return LayerError([*self.crs_errors, *self.errors])
        return None


def listed(labels: Iterable[object]) -> str:
    """The first labels of features and the number of the others: `17, 40, 655 and 9 more`.

    Without those that reveal something of a person.
    """
    names = [str(label) for label in labels]
    shown = ", ".join(without_persons(names[:MAX_LISTED], honoured=True))
    return shown if len(names) <= MAX_LISTED else f"{shown} and {len(names) - MAX_LISTED} more"
