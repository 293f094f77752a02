"""What leaves from the stops of public transport."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.answers import numbers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City


def departures_between(
    city: City, role: str, since_hour: float, until_hour: float
) -> NDArray[np.float64]:
    """(n,) departures of each stop from one full hour to another; NaN where they are not known.

    Parameters
    ----------
    role
        A layer with `departures_by_hour` (numbers joined by commas, from midnight on), or with
        `departures` alone, which then are taken as those of the hours asked of.
    since_hour, until_hour
        Full hours of the service day.
    """
    import numpy as np

    frame = city.layers[role].frame
    if "departures_by_hour" not in frame:
        return numbers(city, role, "departures")
    hours = slice(round(since_hour), round(until_hour))
    return np.array(
        [
            sum(float(number) for number in str(text).split(",")[hours] if number)
            for text in frame["departures_by_hour"]
        ],
        dtype=np.float64,
    )
