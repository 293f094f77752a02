"""An OpenStreetMap extract of a region or country, cut to the city that is drafted."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError, TargetError
from urbanlayer.files.replacing import PART
from urbanlayer.sources import child
from urbanlayer.sources._process import ChildError

if TYPE_CHECKING:
    from pathlib import Path

    from urbanlayer.drafting.crs_guesses import Box
    from urbanlayer.drafting.datasets import Dataset

AROUND_KM = 5
"""Around the city: what people reach beyond its boundary, and the ways there."""
MOST_OF_IT = 0.5
"""Share of an extract's nodes above which it is used as it is."""
_KM_PER_DEGREE = 111.2


def cut_to_city(extract: Dataset, box: Box, level: int, target: Path) -> Dataset:
    """The extract, or where most of it lies elsewhere, a new one of the city alone.

    Parameters
    ----------
    extract
        An extract.
    box
        Of the city.
    level
        `admin_level` of the city: boundaries of a higher rank need not be whole.
    target
        Where the new extract is written.

    Raises
    ------
    SourceError
        The extract cannot be read.
    TargetError
        The new one cannot be written.
    """
    part = target.with_name(f".{target.name}{PART}.osm.pbf")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        about, _ = child.run_job(
            "cut_extract", path=str(extract.path), layer_name=extract.path.name,
            box=list(_around(box)), level=level, most=MOST_OF_IT, target=str(part.absolute()),
        )  # fmt: skip
        if not about["cut"]:
            return extract
        part.replace(target)
    except ChildError as error:
        raise SourceError(f"{extract.path.name}: it cannot be cut ({error})") from error
    except OSError as error:
        raise TargetError(f"{target}: cannot be written ({error.strerror})") from error
    finally:
        part.unlink(missing_ok=True)
    return replace(extract, path=target, cut_from=extract.path)


def _around(box: Box) -> Box:
    """A box and some kilometres around it."""
    west, south, east, north = box
    degrees = AROUND_KM / _KM_PER_DEGREE
    wider = degrees / max(math.cos(math.radians(max(abs(south), abs(north)))), 0.01)
    return west - wider, south - degrees, east + wider, north + degrees
