"""Values to bytes and back, with geometry as WKB in one piece."""

from __future__ import annotations

import io
import pickle
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np

BROKEN = (
    pickle.UnpicklingError, ValueError, TypeError, EOFError, AttributeError, ImportError,
    IndexError, KeyError,
)  # fmt: skip
"""What reading bytes may raise that were cut, or made by other code."""


def dumps(value: object) -> bytes | None:
    """The bytes of a value; None where it holds what cannot be kept, as a function of a session."""
    stream = io.BytesIO()
    try:
        _Pickler(stream, protocol=5).dump(value)
    except (pickle.PicklingError, AttributeError, TypeError):
        return None
    return stream.getvalue()


def loads(content: bytes | memoryview) -> object:
    """The value of bytes that `dumps` gave.

    Raises
    ------
    Exception
        One of `BROKEN`, if they are no such bytes.
    """
    return pickle.loads(content)  # noqa: S301  (our own entry, checked by its digest)


class _Pickler(pickle.Pickler):
    """A pickler that writes arrays of geometry at once, ten times faster than one by one."""

    def reducer_override(self, value: Any) -> Any:  # noqa: ANN401  (of pickle)
        """What puts an array of geometry together again; other values as pickle does them."""
        kind = type(value)
        if kind.__name__ == "GeometryArray" and "geopandas" in sys.modules:
            import numpy as np

            return _geometry_array, (np.asarray(value, dtype=object), value.crs)
        if kind.__name__ == "ndarray" and value.dtype == object and _is_geometry(value):
            import shapely

            wkb = shapely.to_wkb(value.ravel(), include_srid=True)
            return _shapes, (wkb.tolist(), value.shape)
        return NotImplemented


def _is_geometry(values: np.ndarray[Any, Any]) -> bool:
    """Whether all are geometries or None; nothing is one where shapely was not imported."""
    shapely = sys.modules.get("shapely")
    if shapely is None or values.size == 0:
        return False
    return bool(shapely.is_valid_input(values).all())


def _shapes(wkb: list[bytes | None], shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    import numpy as np
    import shapely

    return np.asarray(shapely.from_wkb(np.array(wkb, dtype=object))).reshape(shape)


def _geometry_array(shapes: np.ndarray[Any, Any], crs: Any) -> gpd.array.GeometryArray:  # noqa: ANN401  (of pyproj)
    import geopandas as gpd

    return gpd.array.GeometryArray(shapes, crs=crs)
