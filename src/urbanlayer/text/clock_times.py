"""Times of a service day from text: `8:05:00`, `24:30:00`, `8:05`, `8:05:00 PM`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

_CLOCK = (
    r"^\s*(\d{1,3})\s*:\s*(\d{1,2})\s*(?::\s*(\d{1,2})(?:\.\d*)?\s*)?(?:([AaPp])\.?[Mm]\.?)?\s*$"
)
_HALF_DAY = 12
"""Hours of a clock that says AM and PM; 12 AM is midnight."""


def seconds(texts: pd.Series[str]) -> NDArray[np.float64]:
    """Seconds past midnight; NaN where the text is no time.

    Parameters
    ----------
    texts
        n times of a service day, which may run past 24 hours; seconds may be missing. Those of a
        table program may say AM or PM.

    Returns
    -------
    ndarray
        (n,)
    """
    import numpy as np
    import pandas as pd

    code, known = pd.factorize(texts)  # many trips share a time of day
    found = pd.Series(known, dtype="str").str.extract(_CLOCK)
    half = found[3].str.casefold().to_numpy(dtype="object")
    parts = found[[0, 1, 2]].astype("float64").to_numpy()
    of_half = np.isin(half, ["a", "p"])
    hour = np.where(of_half, parts[:, 0] % _HALF_DAY + _HALF_DAY * (half == "p"), parts[:, 0])
    hour[of_half & ((parts[:, 0] > _HALF_DAY) | (parts[:, 0] < 1))] = np.nan
    values = hour * 3600 + parts[:, 1] * 60 + np.nan_to_num(parts[:, 2])
    return np.append(values, np.nan)[code]  # code -1 is a missing text
