"""The datum of a CRS, and the operation by which each country transforms from it.

PROJ selects an operation for each coordinate, and for Skopje and Pristina selects one that is
1.6 km off (reliability.md, A). Operations are therefore pinned here, one for each datum and
country. EPSG:9142 and 9143 (Kosovo, 1.6 km off) are never used; KOSOVAREF01 is treated as ETRS89,
as it was realised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pyproj import CRS

DatumFamily = Literal["etrs89", "mgi1901", "albanian1987", "other"]

EXCLUDED_OPERATIONS = frozenset({9142, 9143})
"""Operations whose published parameters are wrong."""

_ETRS89_NAMES = (
    "world geodetic system 1984",
    "wgs 84",
    "wgs84",
    "wgs 1984",
    "european terrestrial reference system 1989",
    "etrs89",
    "etrs 1989",
    "etrf",
    "kosovo reference system 2001",
    "kosovaref01",
    "serbian spatial reference system 2000",
    "serbian reference network 1998",
    "bh etrs89",
    "croatian terrestrial reference system",
    "slovenia geodetic datum 1996",
    "red geodesica de canarias 1995",
    "regcan95",
    "gcs wgs",
)
"""Datums that agree to within a metre; coordinates are not changed between them."""

_MGI_NAMES = ("mgi", "militar-geographische institut", "hermannskogel", "gcs mgi")
_ALBANIAN_NAMES = ("albanian 1987",)

_PINNED: dict[tuple[DatumFamily, str], tuple[int, int]] = {
    ("mgi1901", "ME"): (9486, 7675),
    ("mgi1901", "RS"): (9486, 7675),
    ("mgi1901", "XK"): (9486, 7675),
    ("mgi1901", "AL"): (9486, 7675),
    ("mgi1901", "MK"): (6206, 6205),
    ("mgi1901", "BA"): (8823, 8680),
    ("albanian1987", "AL"): (7834, 7833),
}
"""EPSG codes to WGS 84 and to ETRS89. MGI 1901 has no operation for Albania; that of Serbia agrees
with its neighbours' to within 4 m there."""


def datum_family(crs: CRS, country: str) -> DatumFamily:
    """The family of a CRS's datum, by name.

    Parameters
    ----------
    crs
        Any; of one with its own datum shift (`+towgs84`), the CRS beneath it.
    country
        Code of the city's country. The Austrian name "MGI" means MGI 1901 in the Balkans.

    Returns
    -------
    DatumFamily
        `other` if no operation is pinned.
    """
    geodetic = without_datum_shift(crs).geodetic_crs
    if geodetic is None or geodetic.datum is None:
        return "other"
    names = [_normalised(geodetic.datum.name), _normalised(geodetic.name)]
    ellipsoid = geodetic.ellipsoid.name.casefold() if geodetic.ellipsoid else ""
    if _starts_with_any(names, _ETRS89_NAMES):
        return "etrs89"
    if _starts_with_any(names, _ALBANIAN_NAMES):
        return "albanian1987"
    unnamed_bessel = _starts_with_any(names, ("unknown",)) and "bessel" in ellipsoid
    if (_starts_with_any(names, _MGI_NAMES) or unnamed_bessel) and (
        any("1901" in name for name in names) or ("mgi1901", country) in _PINNED
    ):
        return "mgi1901"
    return "other"


def pinned_operation(datum: DatumFamily, country: str, *, to_etrs89: bool) -> int | None:
    """EPSG code of the operation from a datum in a country; None if none is pinned.

    Parameters
    ----------
    datum
        The family.
    country
        Code of the city's country.
    to_etrs89
        To ETRS89; otherwise to WGS 84.

    Returns
    -------
    int or None
        The code.
    """
    codes = _PINNED.get((datum, country))
    return None if codes is None else codes[1 if to_etrs89 else 0]


def without_datum_shift(crs: CRS) -> CRS:
    """The CRS without an embedded shift to WGS 84 (`+towgs84`) and without a vertical part."""
    inner = crs.source_crs if crs.is_bound and crs.source_crs is not None else crs
    if inner.is_compound and inner.sub_crs_list:
        inner = inner.sub_crs_list[0]
    return inner


def _normalised(name: str) -> str:
    return name.casefold().removeprefix("d_").replace("_", " ").strip()


def _starts_with_any(names: list[str], heads: tuple[str, ...]) -> bool:
    return any(name.startswith(head) for name in names for head in heads)
