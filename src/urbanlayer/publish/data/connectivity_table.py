"""The table of facilities that the streets do not join."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.network_query import MAX_SNAP_M
from urbanlayer.publish.connectivity import named_off_streets
from urbanlayer.publish.data.tables import as_csv
from urbanlayer.publish.notice import file_notice

if TYPE_CHECKING:
    from urbanlayer.model.publication import Publication

COLUMNS = ("layer", "key", "mode", "limit_m", "place", "reason", "note")
_FAR, _CUT_OFF = "too far from any street", "on streets not connected to the rest"
_IN_CITY, _OUTSIDE = "in the city", "outside the city"


def not_connected_csv(publication: Publication) -> bytes:
    """Every facility that the streets do not join, a line each, with the reason."""
    note = file_notice(publication)
    rows = [
        [role, key, mode, f"{MAX_SNAP_M:g}", where, why, note]
        for role, mode, apart in named_off_streets(publication)
        for where, why, keys in (
            (_IN_CITY, _FAR, apart.in_city),
            (_OUTSIDE, _FAR, apart.outside),
            (_IN_CITY, _CUT_OFF, apart.cut_off),
            (_OUTSIDE, _CUT_OFF, apart.cut_off_outside),
        )
        for key in keys
    ]
    return as_csv(COLUMNS, rows)
