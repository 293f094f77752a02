"""Shapes from WKB, whatever is wrong with them; the gate judges them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def shapes_of(wkb: NDArray[np.object_]) -> NDArray[np.object_]:
    """(n,) shapes; rings that are not closed are closed, and None stays None.

    Parameters
    ----------
    wkb
        (n,) bytes, or text in hexadecimal.
    """
    import numpy as np
    import shapely

    with np.errstate(invalid="ignore"):  # coordinates that are no numbers are set aside later
        shapes: NDArray[np.object_] = shapely.from_wkb(wkb, on_invalid="fix")
    return shapes
