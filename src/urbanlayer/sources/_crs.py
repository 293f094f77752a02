"""The CRS that a file states, which may be that none is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyproj import CRS

_UNDEFINED = "undefined"
"""How the name of such a CRS begins: `Undefined geographic SRS` (OGC 12-128r19, 1.1.2.1.2)."""


def stated_crs(definition: object) -> CRS | None:
    """The CRS of a definition; None where it says that the place on earth is not known.

    Engineering CRSs (`LOCAL_CS` of a .prj file, `srs_id` -1 of a GeoPackage) lie nowhere on earth,
    nor does the undefined geographic one (`srs_id` 0).

    Parameters
    ----------
    definition
        WKT, PROJJSON or a code; empty or None without one.
    """
    from pyproj import CRS

    if not definition:
        return None
    crs = CRS.from_user_input(definition)
    is_unknown = crs.is_geographic and crs.name.casefold().startswith(_UNDEFINED)
    return None if crs.is_engineering or is_unknown else crs
