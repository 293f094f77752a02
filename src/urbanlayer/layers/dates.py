"""Dates written as text: the year, and whether the order of day and month is known.

The year of a date is certain in any order of day and month. The order is not: a spreadsheet turns
those dates that it believes to know into its own and leaves the others as text, so that 03.04.2024
became 4 March in some rows (reliability.md, B). No result uses day or month; columns whose
order is ambiguous are left unchanged and reported.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from urbanlayer.model.note import Note
from urbanlayer.text.normalise import plain_text

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.layers.report import ValidationReport

MIN_DATE_SHARE = 0.5
"""Minimum share of dates in a column of dates."""
MONTHS = 12

_ISO = r"^\s*(\d{4})-\d{1,2}-\d{1,2}(?:[ T].*)?$"
_DATE = r"^\s*(\d{1,2})\s*([./-])\s*(\d{1,2})\s*[./-]\s*(\d{4})\.?(?:\s+\d{1,2}:\d{2}.*)?$"
_SAMPLE_ROWS = 200
_ANY = re.compile(f"{_ISO}|{_DATE}", re.ASCII)


def years(column: pd.Series) -> NDArray[np.float64] | None:
    """(n,) year of each date, NaN without one; None if the column does not hold dates.

    Parameters
    ----------
    column
        Dates, or texts such as 2024-04-03, 3.4.2024, 03/04/2024 14:30.
    """
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        year = column.dt.year
    elif _holds_dates(column):
        texts = plain_text(column)
        year = texts.str.extract(_ISO)[0].fillna(texts.str.extract(_DATE)[3])
    else:
        return None
    found: NDArray[np.float64] = pd.to_numeric(year).to_numpy(dtype="float64")
    return found


def report_ambiguous_dates(frame: gpd.GeoDataFrame, report: ValidationReport) -> None:
    """Report each text column whose dates are ambiguous in day and month.

    Parameters
    ----------
    frame
        Not changed.
    report
        Receives one note for each column.
    """
    import pandas as pd

    for name, column in frame.items():  # two columns may have one name
        if name == frame.geometry.name or not pd.api.types.is_string_dtype(column.dtype):
            continue
        if _holds_dates(column) and (cause := _ambiguity(plain_text(column))):
            report.note(Note.of("dates-uncertain", column=str(name), cause=cause))


def _ambiguity(texts: pd.Series[str]) -> Note | None:
    """Why the order of day and month is ambiguous; None if it is not."""
    import pandas as pd

    distinct = pd.Series(texts[texts != ""].unique(), dtype="str")
    iso = int(distinct.str.match(_ISO).sum())
    parts = distinct.str.extract(_DATE)
    shown = distinct[parts[3].notna()]
    if shown.empty:
        return None
    first, second = (pd.to_numeric(parts.loc[shown.index, at]) for at in (0, 2))
    days, months = shown[first > MONTHS], shown[second > MONTHS]
    if len(days) and len(months):
        return Note.of("dates-both", day_first=days.iloc[0], month_first=months.iloc[0])
    if iso:
        return Note.of("dates-mixed", iso=iso, other=len(shown), example=shown.iloc[0])
    dotted = bool((parts.loc[shown.index, 1] == ".").all())  # a dot stands after the day here
    if len(days) or len(months) or dotted:
        return None
    return Note.of("dates-ambiguous", example=shown.iloc[0])


def _holds_dates(column: pd.Series) -> bool:
    """Whether most of the first values are dates."""
    there = column.notna().to_numpy().nonzero()[0][:_SAMPLE_ROWS]
    texts = [text for text in map(str, column.array[there]) if text.strip()]
    dates = sum(_ANY.match(text) is not None for text in texts)
    return dates > MIN_DATE_SHARE * len(texts)
