"""Times of a service day from text: `8:05:00`, `24:30:00`, `8:05`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

_CLOCK = r"^\s*(\d{1,3})\s*:\s*(\d{1,2})\s*(?::\s*(\d{1,2})(?:\.\d*)?\s*)?$"


def seconds(texts: pd.Series[str]) -> NDArray[np.float64]:
    """Seconds past midnight; NaN where the text is no time.

    Parameters
    ----------
    texts
        n times of a service day, which may run past 24 hours; seconds may be missing.

    Returns
    -------
    ndarray
        (n,)
    """
    import numpy as np
    import pandas as pd

    code, known = pd.factorize(texts)  # many trips share a time of day
    parts = pd.Series(known, dtype="str").str.extract(_CLOCK).astype("float64").to_numpy()
    values = parts[:, 0] * 3600 + parts[:, 1] * 60 + np.nan_to_num(parts[:, 2])
    return np.append(values, np.nan)[code]  # code -1 is a missing text
