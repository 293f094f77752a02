"""What an earlier publication of a city says, for trends."""

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING

from urbanlayer.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from urbanlayer.model.result import Result

TABLE = "data/indicators.csv"


def earlier_values(folder: Path, results: Iterable[Result]) -> dict[str, float]:
    """The values of the whole city in an earlier publication, by id of the results that it has.

    Parameters
    ----------
    folder
        Of the publication.
    results
        Whose values are looked up.

    Raises
    ------
    DataError
        The folder has no table of results.
    """
    from urbanlayer.publish.query_text import parameters_of

    try:
        with (folder / TABLE).open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["level"] == "city"]
            values = {
                (row["indicator"], row["variant"], row["parameters"]): row["value"] for row in rows
            }
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise DataError(
            f"{folder}: has no {TABLE} of a publication; name another folder in [plan] earlier"
        ) from error
    found = {}
    for result in results:
        text = values.get((result.indicator, result.variant, parameters_of(result)), "")
        if text and math.isfinite(value := float(text)):
            found[result.id] = value
    return found
