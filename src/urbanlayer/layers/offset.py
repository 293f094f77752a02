"""Rule 3: whether a layer lies beside where it belongs, by 60 m to 3 km, which no window can see.

Houses keep off the streets; lamps, stops and crashes lie along them, and so do the borders of
neighbourhoods, here and there. So the features of a layer
that stand on the streets are counted for every shift of up to 3 km, in cells of 10 m: at the right
one the count is an outlier, low or high, and nowhere else (reliability.md, A, has the rule for
points that match points, which this holds too). In Las Palmas 3,900 houses stand out by z = 28 and
the next shift by 9; with 250 houses it is 9 against 5, and with the borders of its school
catchments 35 against 8. Of 240 patterns of squares and cells that were laid over two towns at
random, none stood out by more than 8.4, nor by more than 1.4 times the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.layers.extent import MatchingCrs
    from urbanlayer.model.layer import Layer
    from urbanlayer.model.source import Request
    from urbanlayer.model.study_area import StudyArea

MAX_OFFSET_M = 3_000.0
CELL_M = 10.0
WINDOW_M = 4_000.0
"""Side of the square, in the middle of the reference, whose features are looked at."""
MIN_OFFSET_M = 60.0
"""A shift that is smaller is within what two drawings of one town differ by."""
MIN_POINTS = 300
"""With fewer in the window, chance stands out as far."""
MIN_Z = 10.0
MIN_LEAD = 2.0
"""How many times farther than every other shift the one must stand out."""

_KNOWN_BY_CONSTRUCTION = frozenset({"osm", "overpass", "geofabrik"})
"""OpenStreetMap is drawn on WGS 84 and nothing else."""
_BACKGROUND_CELLS = 10
"""Cells on each side over which "elsewhere" is taken."""
_SAMPLE_OFFSETS = 64
_POINT, _MULTIPOINT = 0, 4
_LINES = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class HorizontalOffset:
    """How a layer lies against a reference.

    Attributes
    ----------
    east_m, north_m
        What must be added to the layer's coordinates to bring it to where it belongs.
    z
        How far the count of features on the reference stands out there, in standard deviations of
        the counts at all shifts; negative where features keep off it.
    next_z
        The same of the shift that stands out next on the same side.
    """

    east_m: float
    north_m: float
    z: float
    next_z: float = 0.0

    @property
    def length_m(self) -> float:
        """How far the layer lies from where it belongs."""
        return float((self.east_m**2 + self.north_m**2) ** 0.5)

    @property
    def certain(self) -> bool:
        """Whether it is no chance."""
        return abs(self.z) >= max(MIN_Z, MIN_LEAD * abs(self.next_z))


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """What other layers are held against, as cells in a square.

    Attributes
    ----------
    role
        The layer that it is made of.
    trusted
        Whether its place is known by construction.
    origin
        (2,) west and south of the square, in metres of the city's CRS.
    cells
        (n, n) float32, 1 where the reference is, eastward first.
    """

    role: str
    trusted: bool
    origin: NDArray[np.float64]
    cells: NDArray[np.float32]

    @classmethod
    def of(cls, layer: Layer) -> Reference:
        """A layer of streets or of buildings as a reference."""
        import numpy as np

        from urbanlayer.layers.shapes import bounds_centres

        trusted = layer.provenance.source in _KNOWN_BY_CONSTRUCTION
        shapes = layer.frame.geometry.to_numpy()
        away = np.abs(bounds_centres(shapes) - np.median(bounds_centres(shapes), axis=0)).max(
            axis=1
        )
        near = shapes[
            away <= WINDOW_M + 2 * MAX_OFFSET_M
        ]  # of a whole region, no more than is needed
        return cls.of_points(sample_points(near), role=layer.role, trusted=trusted)

    @classmethod
    def of_points(
        cls, points: NDArray[np.float64], *, role: str = "streets", trusted: bool = True
    ) -> Reference:
        """Points, (n, 2) in metres of the city's CRS, as a reference."""
        import numpy as np

        side = int((WINDOW_M + 2 * MAX_OFFSET_M) // CELL_M)
        origin = np.median(points, axis=0) - (WINDOW_M / 2 + MAX_OFFSET_M)
        cells = np.zeros((side, side), dtype="float32")
        row, column = _cells_of(points, origin, (0, side))
        cells[row, column] = 1
        return cls(role, trusted, origin, cells)


def reference_role(requests: Collection[Request]) -> str | None:
    """The role that the others are held against.

    Streets or buildings of OpenStreetMap, else the city's own streets; None where there are none.
    """
    known = [r.role for r in requests if r.spec.source in _KNOWN_BY_CONSTRUCTION]
    there = [request.role for request in requests]
    preferred = [role for role in ("streets", "buildings") if role in known]
    return next(iter(preferred), "streets" if "streets" in there else None)


def sample_points(shapes: NDArray[np.object_], *, borders: bool = False) -> NDArray[np.float64]:
    """(n, 2) points that stand for shapes: every 10 m of lines, the middle of all others.

    Of polygons whose `borders` count, every 10 m of those, once where two share one.
    """
    import numpy as np
    import shapely

    from urbanlayer.layers.shapes import bounds_centres

    if borders:
        every = shapely.get_coordinates(shapely.segmentize(shapely.boundary(shapes), CELL_M))
        return np.unique(np.round(every), axis=0)  # to a metre
    lines = np.isin(shapely.get_type_id(shapes), _LINES)
    if not lines.any():
        found = bounds_centres(shapes)
    else:
        found = shapely.get_coordinates(shapely.segmentize(shapes[lines], CELL_M))
    points: NDArray[np.float64] = found[np.isfinite(found).all(axis=1)]
    return points


def is_checkable(role: str, shapes: NDArray[np.object_]) -> bool:
    """Whether a layer keeps to streets or off them, as buildings, borders and things at points."""
    import numpy as np
    import shapely

    points = bool(np.isin(shapely.get_type_id(shapes), (_POINT, _MULTIPOINT)).all())
    if role == "neighbourhoods":
        return not points
    return role in {"buildings", "streets"} or (points and role != "population")


def offset_from_reference(
    points: NDArray[np.float64], reference: Reference
) -> HorizontalOffset | None:
    """The shift at which points lie on a reference, or keep off it, as at no other.

    Parameters
    ----------
    points
        (n, 2) in metres of the reference's CRS.
    reference
        What they are held against.

    Returns
    -------
    Shift or None
        None where too few lie in the square to tell.
    """
    side = len(reference.cells)
    reach = int(MAX_OFFSET_M // CELL_M)
    row, column = _cells_of(points, reference.origin, (reach, side - reach))
    if len(row) < MIN_POINTS:
        return None
    return _offset_if_aligned(row, column, reference) or _best_offset(row, column, reference)


def crs_by_reference(
    points: NDArray[np.float64],
    fits: tuple[MatchingCrs, ...],
    reference: Reference,
    study_area: StudyArea,
) -> tuple[MatchingCrs, HorizontalOffset] | None:
    """Of several CRSs that put a layer in the city, the one under which it lies on the reference.

    Parameters
    ----------
    points
        (n, 2) in the coordinates of the file.
    fits
        What the window let through.
    reference
        What it is held against.
    study_area
        Where the city lies.

    Returns
    -------
    tuple or None
        The CRS and its shift; None where none, or more than one, lies on the reference.
    """
    from pyproj import CRS

    from urbanlayer.layers.transformation import transformation

    aligned = []
    for fit in fits:
        to_city = transformation(CRS.from_user_input(fit.code), study_area, allow_ballpark=True)
        offset = offset_from_reference(
            to_city(points[:, ::-1] if fit.swapped else points), reference
        )
        if offset is not None and offset.certain and offset.length_m <= MIN_OFFSET_M:
            aligned.append((fit, offset))
    return aligned[0] if len(aligned) == 1 else None


def _cells_of(
    points: NDArray[np.float64], origin: NDArray[np.float64], limits: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and column of the points that lie within limits."""
    import numpy as np

    cells = np.floor((points - origin) / CELL_M)
    inside = ((cells >= limits[0]) & (cells < limits[1])).all(axis=1)
    row, column = cells[inside].astype("int64").T
    return row, column


def _offset_if_aligned(
    row: NDArray[np.int64], column: NDArray[np.int64], reference: Reference
) -> HorizontalOffset | None:
    """The shift of nothing, where the layer stands out as it lies; quicker than to try all."""
    import numpy as np

    turns = np.arange(_SAMPLE_OFFSETS) * 2.399963  # the golden angle spreads them evenly
    radius = np.linspace(20, 100, _SAMPLE_OFFSETS)
    offsets = np.column_stack([radius * np.cos(turns), radius * np.sin(turns)]).astype("int64")
    away = np.array([reference.cells[row + i, column + j].sum() for i, j in offsets])
    spread = max(float(away.std()), float(away.mean()) ** 0.5, 1.0)
    near = [reference.cells[row + i, column + j].sum() for i in (-1, 0, 1) for j in (-1, 0, 1)]
    z = (np.array(near) - away.mean()) / spread
    most = float(z[np.abs(z).argmax()])
    return HorizontalOffset(0.0, 0.0, most) if abs(most) >= MIN_Z else None


def _best_offset(
    row: NDArray[np.int64], column: NDArray[np.int64], reference: Reference
) -> HorizontalOffset:
    """The shift that stands out most, on whichever side its lead is greater."""
    import numpy as np

    z = _z_scores(row, column, reference)
    reach = len(z) // 2
    found = []
    for side in (-1, 1):
        values = side * z
        i, j = np.unravel_index(int(values.argmax()), values.shape)
        top = float(values[i, j])
        near = int(MIN_OFFSET_M // CELL_M)
        hidden = values.copy()
        hidden[max(i - near, 0) : i + near + 1, max(j - near, 0) : j + near + 1] = 0
        east_m, north_m = (CELL_M * (at - reach) for at in _peak_centroid(values, int(i), int(j)))
        found.append(HorizontalOffset(east_m, north_m, side * top, side * float(hidden.max())))
    return max(found, key=lambda shift: abs(shift.z) / max(abs(shift.next_z), 1.0))


def _z_scores(
    row: NDArray[np.int64], column: NDArray[np.int64], reference: Reference
) -> NDArray[np.float64]:
    """(k, k) for each shift by whole cells how far the count stands out from those around it."""
    import numpy as np
    from scipy.fft import irfft2, rfft2
    from scipy.ndimage import uniform_filter

    side, reach = len(reference.cells), int(MAX_OFFSET_M // CELL_M)
    layer = np.bincount(row * side + column, minlength=side**2).astype("float32")
    spectrum = np.conj(rfft2(layer.reshape(side, side))) * rfft2(reference.cells)
    shifts = np.arange(-reach, reach + 1) % side
    counts = irfft2(spectrum, (side, side))[np.ix_(shifts, shifts)].astype("float64")
    elsewhere = uniform_filter(counts, 2 * _BACKGROUND_CELLS + 1)
    z = (counts - elsewhere) / np.sqrt(np.maximum(elsewhere, 1.0))
    usual = 1.4826 * float(np.median(np.abs(z)))
    standing: NDArray[np.float64] = z / max(usual, 0.5)
    return standing


def _peak_centroid(values: NDArray[np.float64], i: int, j: int) -> tuple[float, float]:
    """Where the peak around a cell has its weight, in cells."""
    import numpy as np

    i, j = (int(np.clip(at, 1, len(values) - 2)) for at in (i, j))
    weights = np.maximum(values[i - 1 : i + 2, j - 1 : j + 2] - values[i, j] / 2, 0)
    total = float(weights.sum())
    if total <= 0:
        return float(i), float(j)
    step = np.array([-1, 0, 1])
    rows, columns = float(step @ weights.sum(1)), float(step @ weights.sum(0))
    return i + rows / total, j + columns / total
