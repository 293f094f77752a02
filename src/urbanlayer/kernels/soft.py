"""How near is near, without a cliff?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_EXPONENT = 700.0
"""Beyond this e to the power is no number any more, and the answer is 0."""


def logistic_within(
    distance_m: NDArray[np.float64], limit_m: float, steepness: float
) -> NDArray[np.float64]:
    """Almost 1 well inside the limit, 0.5 at it, almost 0 well beyond; 0 where none is reached.

    1 / (1 + e^(k (d − D) / D)), as the code of the Global Healthy and Sustainable City Indicators
    has it.

    Parameters
    ----------
    distance_m
        (n,) +inf where none can be reached.
    limit_m
        D, above 0.
    steepness
        k.

    Examples
    --------
    >>> distance_m = np.array([0.0, 250.0, 500.0, 600.0, np.inf])
    >>> logistic_within(distance_m, 500, 5).round(4).tolist()
    [0.9933, 0.9241, 0.5, 0.2689, 0.0]
    """
    exponent = np.minimum(steepness * (distance_m - limit_m) / limit_m, MAX_EXPONENT)
    near = 1 / (1 + np.exp(exponent))
    return np.where(np.isfinite(distance_m), near, 0.0)
