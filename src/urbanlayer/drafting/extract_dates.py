"""The date of an extract of OpenStreetMap, from its name."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_ENDINGS = (".pbf", ".osm")
_DATE = re.compile(r"(?<!\d)(?:(20\d\d)[-_.]?|(\d\d))(\d\d)[-_.]?(\d\d)(?!\d)")


def date_of_extract(paths: Iterable[Path], today: dt.date) -> tuple[dt.date, str] | None:
    """The latest date in the names of extracts, and the name that it stands in; None without one.

    Parameters
    ----------
    paths
        Files of a draft.
    today
        No date after it is one.

    Examples
    --------
    >>> from pathlib import Path
    >>> names = [Path("montenegro-230221.osm.pbf"), Path("parks_2024-05-01.gpkg")]
    >>> date_of_extract(names, dt.date(2026, 1, 1))
    (datetime.date(2023, 2, 21), 'montenegro-230221.osm.pbf')
    """
    found = [
        (day, path.name)
        for path in paths
        if path.name.casefold().endswith(_ENDINGS) and (day := _day_in(path.name, today))
    ]
    return max(found, default=None)


def _day_in(name: str, today: dt.date) -> dt.date | None:
    match = _DATE.search(name)
    if match is None:
        return None
    year, short, month, day = match.groups()
    try:
        found = dt.date(int(year or f"20{short}"), int(month), int(day))
    except ValueError:
        return None
    return found if found <= today else None
