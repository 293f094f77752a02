"""Where national coordinates of the six capitals come to lie.

The expected places come from a seven-parameter (Helmert) transformation that is written out here,
with the parameters of the EPSG register; only the map projections are PROJ's.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from pyproj import CRS, Proj

from urbanlayer.layers.countries import country_at
from urbanlayer.layers.transformation import NoOperationError, transformation
from urbanlayer.model.study_area import StudyArea

CAPITALS = {
    "Podgorica": ("ME", 19.2636, 42.4411, "EPSG:25834"),
    "Tirana": ("AL", 19.8187, 41.3275, "EPSG:25834"),
    "Skopje": ("MK", 21.4316, 41.9961, "EPSG:32634"),
    "Pristina": ("XK", 21.1622, 42.6629, "EPSG:25834"),
    "Sarajevo": ("BA", 18.4131, 43.8563, "EPSG:25834"),
    "Belgrade": ("RS", 20.4573, 44.8176, "EPSG:25834"),
}
ELLIPSOIDS = {
    "bessel": (6377397.155, 1 / 299.1528128),
    "krass": (6378245.0, 1 / 298.3),
    "GRS80": (6378137.0, 1 / 298.257222101),
    "WGS84": (6378137.0, 1 / 298.257223563),
}
# tX, tY, tZ in metres, rX, rY, rZ in arc seconds, dS in parts per million, as EPSG prints them
COORDINATE_FRAME, POSITION_VECTOR = 1, -1
HELMERT = {
    9486: ((577.84843, 165.45019, 390.43652, -4.93131, 0.96052, 13.05072, 7.86546), 1, "WGS84"),
    7675: ((577.88891, 165.22205, 391.18289, -4.9145, 0.94729, 13.05098, 7.78664), 1, "GRS80"),
    6206: ((521.748, 229.489, 590.921, -4.029, -4.488, 15.521, -9.78), 1, "WGS84"),
    6205: ((517.4399, 228.7318, 579.7954, -4.045, -4.304, 15.612, -8.312), 1, "GRS80"),
    8680: ((489.88, 183.912, 533.711, 5.76545, 4.69994, -12.58211, 1.00646), -1, "GRS80"),
    7833: ((-44.183, -0.58, -38.489, -2.3867, -2.7072, 3.5196, -8.2703), 1, "GRS80"),
}
MGI_OPERATION = {"ME": 7675, "AL": 7675, "MK": 6206, "XK": 7675, "BA": 8680, "RS": 7675}
MGI_1901 = (8678, 6316, 3908, 3909, 31276, 31277, 31266, 31267, 3906, 4312, 4805)
ETRS89 = (25834, 32634, 4326, 4258, 3857, 3035, 8682, 9141, 10329, 6870, 6962)


def cartesian(lon_deg: float, lat_deg: float, ellipsoid: str) -> np.ndarray:
    a, f = ELLIPSOIDS[ellipsoid]
    e2 = f * (2 - f)
    lon, lat = math.radians(lon_deg), math.radians(lat_deg)
    n = a / math.sqrt(1 - e2 * math.sin(lat) ** 2)
    horizontal = n * math.cos(lat)
    return np.array(
        [horizontal * math.cos(lon), horizontal * math.sin(lon), n * (1 - e2) * math.sin(lat)]
    )


def geographic(xyz: np.ndarray, ellipsoid: str) -> tuple[float, float]:
    a, f = ELLIPSOIDS[ellipsoid]
    e2 = f * (2 - f)
    x, y, z = xyz
    lat = math.atan2(z, math.hypot(x, y) * (1 - e2))
    for _ in range(20):
        n = a / math.sqrt(1 - e2 * math.sin(lat) ** 2)
        lat = math.atan2(z + e2 * n * math.sin(lat), math.hypot(x, y))
    return math.degrees(math.atan2(y, x)), math.degrees(lat)


def shifted(lon: float, lat: float, ellipsoid: str, code: int) -> tuple[float, float]:
    """From a datum to ETRS89 or WGS 84, by hand."""
    (tx, ty, tz, rx, ry, rz, ppm), convention, target = HELMERT[code]
    rx, ry, rz = (convention * math.radians(angle / 3600) for angle in (rx, ry, rz))
    rotation = np.array([[1, rz, -ry], [-rz, 1, rx], [ry, -rx, 1]])
    xyz = np.array([tx, ty, tz]) + (1 + ppm * 1e-6) * rotation @ cartesian(lon, lat, ellipsoid)
    return geographic(xyz, target)


def before_shift(lon: float, lat: float, ellipsoid: str, code: int) -> tuple[float, float]:
    """The place on the old datum that the shift takes to (lon, lat), by iteration."""
    guess = (lon, lat)
    for _ in range(12):
        reached = shifted(*guess, ellipsoid, code)
        guess = (guess[0] + lon - reached[0], guess[1] + lat - reached[1])
    return guess


def frame_of(city: str) -> StudyArea:
    country, lon, lat, crs = CAPITALS[city]
    x, y = Proj(crs)(lon, lat)
    return StudyArea(crs, country, (x - 9e3, y - 9e3, x + 9e3, y + 9e3), (lon, lat))


def projected(code: int, lon: float, lat: float) -> np.ndarray:
    """Coordinates as files of that CRS hold them: easting or longitude first."""
    crs = CRS.from_epsg(code)
    if crs.is_geographic:
        ferro = 17 + 40 / 60 if code == 4805 else 0.0  # Ferro lies 17°40' west of Greenwich
        return np.array([[lon + ferro, lat]])
    return np.array([Proj(crs)(lon, lat)])


@pytest.mark.parametrize("city", CAPITALS)
@pytest.mark.parametrize("code", MGI_1901)
def test_mgi_1901_coordinates_of_a_capital_come_to_lie_where_the_published_shift_puts_them(
    city: str, code: int
) -> None:
    country, lon, lat, crs = CAPITALS[city]
    operation = MGI_OPERATION[country]
    old = before_shift(lon, lat, "bessel", operation)
    moved = transformation(CRS.from_epsg(code), frame_of(city))(projected(code, *old))
    assert np.hypot(*(moved[0] - Proj(crs)(lon, lat))) < 0.02


@pytest.mark.parametrize("city", CAPITALS)
@pytest.mark.parametrize("code", ETRS89)
def test_coordinates_on_a_realisation_of_etrs89_are_not_shifted_at_all(
    city: str, code: int
) -> None:
    # Kosovo's own grid is moved by 1.6 km by the library's default
    _, lon, lat, crs = CAPITALS[city]
    moved = transformation(CRS.from_epsg(code), frame_of(city))(projected(code, lon, lat))
    assert np.hypot(*(moved[0] - Proj(crs)(lon, lat))) < 0.02


@pytest.mark.parametrize("code", [6204, 9945])
def test_the_state_grid_of_north_macedonia_leads_to_skopje(code: int) -> None:
    _, lon, lat, crs = CAPITALS["Skopje"]
    old = before_shift(lon, lat, "bessel", 6206)
    moved = transformation(CRS.from_epsg(code), frame_of("Skopje"))(projected(code, *old))
    assert np.hypot(*(moved[0] - Proj(crs)(lon, lat))) < 0.02


def test_the_albanian_grid_of_1987_leads_to_tirana() -> None:
    _, lon, lat, crs = CAPITALS["Tirana"]
    old = before_shift(lon, lat, "krass", 7833)
    moved = transformation(CRS.from_epsg(2462), frame_of("Tirana"))(projected(2462, *old))
    assert np.hypot(*(moved[0] - Proj(crs)(lon, lat))) < 0.02


def test_the_way_records_its_operation_and_its_accuracy() -> None:
    # EPSG states 0.5 m for 7675 and 2 m for 6206
    serbian = transformation(CRS.from_epsg(8678), frame_of("Podgorica"))
    macedonian = transformation(CRS.from_epsg(6316), frame_of("Skopje"))
    assert (serbian.operation, serbian.accuracy_m) == ("EPSG:7675", 0.5)
    assert (macedonian.operation, macedonian.accuracy_m) == ("EPSG:6206", 2.0)


def test_one_operation_serves_a_layer_on_both_sides_of_a_border() -> None:
    # by the library's default a line through Skopje is torn by 1.6 km at 41.85° N
    way = transformation(CRS.from_epsg(6316), frame_of("Skopje"))
    south, north = (projected(6316, 21.43, lat) for lat in (41.8499, 41.8501))
    step = way(north)[0] - way(south)[0]
    assert math.hypot(*step) == pytest.approx(22.2, abs=0.1)  # 0.0002° of latitude


def test_an_austrian_shift_in_a_file_gives_way_to_the_published_operation() -> None:
    text = (
        "+proj=tmerc +lat_0=0 +lon_0=21 +k=0.9999 +x_0=7500000 +y_0=0 +ellps=bessel "
        "+towgs84=577.326,90.129,463.919,5.137,1.474,5.297,2.4232 +units=m +no_defs"
    )
    _, lon, lat, crs = CAPITALS["Belgrade"]
    old = before_shift(lon, lat, "bessel", 7675)
    way = transformation(CRS.from_user_input(text), frame_of("Belgrade"))
    moved = way(projected(6316, *old))
    assert np.hypot(*(moved[0] - Proj(crs)(lon, lat))) < 0.02
    assert any("towgs84" in note.code for note in way.notes)


def test_a_code_that_the_balkans_use_for_another_datum_is_said() -> None:
    way = transformation(CRS.from_epsg(31277), frame_of("Belgrade"))
    assert any(note.code == "crs-taken-as-mgi1901" for note in way.notes)


def test_coordinates_that_only_a_ballpark_could_move_are_refused() -> None:
    # Las Palmas lies in the area of no operation that leaves MGI 1901
    canary = StudyArea("EPSG:32628", "", (4.5e5, 3.1e6, 4.6e5, 3.12e6), (-15.43, 28.1))
    with pytest.raises(NoOperationError, match="no operation of known accuracy"):
        transformation(CRS.from_epsg(6316), canary)
    assert transformation(CRS.from_epsg(6316), canary, allow_ballpark=True).accuracy_m is None


@pytest.mark.parametrize("city", CAPITALS)
def test_a_capital_lies_in_its_country(city: str) -> None:
    country, lon, lat, _ = CAPITALS[city]
    assert country_at(lon, lat) == country


def test_a_city_far_from_the_balkans_has_no_country_to_decide_by() -> None:
    assert country_at(-15.43, 28.1) == ""
