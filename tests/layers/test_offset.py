"""The shift finder: on towns that are drawn at random, on Las Palmas, and on a whole build."""

from __future__ import annotations

import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Transformer
from requested import requested

from urbanlayer import pipeline
from urbanlayer.errors import CrsError, DataError
from urbanlayer.layers import Reference, reference_role, validate
from urbanlayer.layers.offset import offset_from_reference, sample_points
from urbanlayer.model.layer import Layer, RawLayer
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.model.source import Request
from urbanlayer.model.study_area import StudyArea

MIDDLE = np.array([508_000, 4_722_000])
CHANCE = np.random.default_rng(7)
LAS_PALMAS = Path(__file__).parents[3] / "shared/data/las_palmas/las_palmas_2023-02-21.osm.pbf"
PODGORICA = Path(__file__).parents[2] / "data/gis/podgorica"


def town(count: int, seed: int) -> np.ndarray:
    """Junctions of a town of six kilometres: clustered, as streets are."""
    chance = np.random.default_rng(seed)
    middles = chance.uniform(0, 6000, (60, 2))
    return middles[chance.integers(0, 60, count)] + chance.normal(0, 250, (count, 2))


def streets_and_houses(middle: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Streets of 200 m in every direction around a place, and houses 15 m off some of them."""
    chance = np.random.default_rng(11)
    begin = middle + chance.uniform(-2500, 2500, (900, 2))
    turn = chance.uniform(0, 2 * np.pi, 900)
    along = np.column_stack([np.cos(turn), np.sin(turn)])
    streets = shapely.linestrings(np.stack([begin, begin + 200 * along], axis=1))
    at = chance.uniform(0, 200, (900, 3))
    beside = np.column_stack([-along[:, 1], along[:, 0]]) * 15
    doors = begin[:, None] + at[..., None] * along[:, None] + beside[:, None]
    houses = shapely.points(doors.reshape(-1, 2))
    return streets, houses[shapely.distance(shapely.union_all(streets), houses) > 8]


@pytest.mark.parametrize("shift", [(0.0, 0.0), (423.0, 0.0), (-300.0, 300.0), (1614.0, 20.0)])
def test_a_shift_is_found_within_8_m_when_a_fifth_of_the_points_match(
    shift: tuple[float, float],
) -> None:
    # as reliability.md, A simulated it: 3000 reference points, 20 % matching
    reference = town(3000, 1)
    same = reference[:600] + CHANCE.normal(0, 4, (600, 2)) - shift
    layer = np.vstack([same, town(2400, 2) - shift])
    found = offset_from_reference(layer, Reference.of_points(reference))
    assert found is not None
    assert found.certain
    assert np.hypot(found.east_m - shift[0], found.north_m - shift[1]) < 8


def test_two_towns_that_have_nothing_in_common_show_no_shift() -> None:
    found = offset_from_reference(town(3000, 3), Reference.of_points(town(3000, 4)))
    assert found is None or not found.certain


def test_few_points_tell_nothing() -> None:
    assert offset_from_reference(town(40, 5), Reference.of_points(town(3000, 6))) is None


def test_a_town_on_a_grid_that_fits_itself_at_every_block_shows_no_shift() -> None:
    # a shift by one block of 100 m is as good as none: nothing may be said
    x, y = np.meshgrid(np.arange(-4000.0, 4000, 10), np.arange(-4000.0, 4000, 100))
    streets = np.vstack(
        [np.column_stack([x.ravel(), y.ravel()]), np.column_stack([y.ravel(), x.ravel()])]
    )
    houses = np.stack(np.meshgrid(np.arange(-1950, 1950, 100), np.arange(-1950, 1950, 100)), -1)
    found = offset_from_reference(houses.reshape(-1, 2) + 350.0, Reference.of_points(streets))
    assert found is None or not found.certain or found.length_m == 0


CITY = StudyArea("EPSG:25834", "XK", (505_000, 4_720_000, 517_000, 4_730_000), (21.16, 42.66))


def layer_of(xy: np.ndarray) -> RawLayer:
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy(xy[:, 0], xy[:, 1]))
    return RawLayer(frame, "0" * 64)


def validated(
    xy: np.ndarray, reference: Reference, city: StudyArea = CITY, **says: object
) -> Layer:
    request = requested("trees", LayerSpec(path="trees.csv", **says), Path("trees.csv"))
    return validate(layer_of(xy), request, city, reference=reference)


@pytest.mark.parametrize("truth", ["EPSG:6316", "EPSG:9141"])
def test_of_two_grids_that_both_fit_pristina_the_streets_decide(truth: str) -> None:
    # coordinates of MGI 1901 and of KOSOVAREF01 differ by 0.7 km there, and no window can tell them
    reference = town(3000, 8) + MIDDLE
    there = Transformer.from_pipeline(_to(truth))
    xy = np.column_stack(there.transform(reference[:1500, 0], reference[:1500, 1]))
    layer = validated(xy, Reference.of_points(reference))
    moved = shapely.get_coordinates(layer.frame.geometry.to_numpy())
    assert np.hypot(*(moved - reference[:1500]).T).max() < 0.1
    assert layer.provenance.crs == truth
    assert any(("crs", str(truth)) in note.values for note in layer.notes)


def test_a_layer_that_lies_beside_the_city_is_refused_with_how_far() -> None:
    # declared as lying on ETRS89, and shifted by what a wrong operation shifts
    reference = town(3000, 9) + MIDDLE
    shifted = reference[:1500] + np.array([1614.0, 0.0])
    with pytest.raises(CrsError, match=r"about 1,61\d m from the streets: .* by -1,61\d m"):
        validated(shifted, Reference.of_points(reference), crs="EPSG:25834")


def test_a_city_may_say_that_a_layer_lies_right() -> None:
    reference = town(3000, 9) + MIDDLE
    shifted = reference[:1500] + np.array([1614.0, 0.0])
    layer = validated(shifted, Reference.of_points(reference), crs="EPSG:25834", allow_shift=True)
    moved = shapely.get_coordinates(layer.frame.geometry.to_numpy())
    np.testing.assert_allclose(moved, shifted)
    assert any(note.code == "offset-allowed" for note in layer.notes)


def test_the_grid_that_would_put_a_layer_right_is_named() -> None:
    # Pristina's MGI 1901, declared as KOSOVAREF01
    reference = town(3000, 8) + MIDDLE
    there = Transformer.from_pipeline(_to("EPSG:6316"))
    xy = np.column_stack(there.transform(reference[:1500, 0], reference[:1500, 1]))
    other = np.column_stack(Transformer.from_pipeline(_to("EPSG:9141")).transform(*reference.T))
    metres = np.hypot(*(xy - other[:1500]).T).mean()
    assert metres == pytest.approx(670, abs=5)
    told = r'it is offset by about 67\d m .*set crs = "EPSG:6316" in city\.toml'
    with pytest.raises(CrsError, match=told):
        validated(xy, Reference.of_points(reference), crs="EPSG:9141")


SKOPJE = StudyArea("EPSG:32634", "MK", (530_000, 4_645_000, 542_000, 4_655_000), (21.43, 42.0))


@pytest.mark.parametrize(
    ("way", "metres", "told"),
    [
        # what PROJ's own pick makes of the national grid at Skopje (reliability.md, A: 1622.6 m)
        ("by PROJ's own pick", 1622.6, "by EPSG:9143, which PROJ takes there"),
        ("without a shift", 447.0, "without a datum shift"),
    ],
)
def test_skopjes_grid_converted_by_the_wrong_operation_is_refused_with_the_operation(
    way: str, metres: float, told: str
) -> None:
    streets, houses = streets_and_houses(np.array([536_000.0, 4_650_000.0]))
    right = shapely.get_coordinates(houses)
    grid = Transformer.from_pipeline(_mgi_of_skopje())
    on_grid = np.column_stack(grid.transform(right[:, 0], right[:, 1]))
    if way == "without a shift":
        bare = "+proj=tmerc +lat_0=0 +lon_0=21 +k=0.9999 +x_0=7500000 +y_0=0"
        wrong = Transformer.from_pipeline(
            f"+proj=pipeline +step +inv {bare} +ellps=bessel +step +proj=utm +zone=34 +ellps=WGS84"
        )
    else:
        wrong = Transformer.from_crs("EPSG:6316", "EPSG:32634", always_xy=True)
    off = np.column_stack(wrong.transform(on_grid[:, 0], on_grid[:, 1]))
    assert np.hypot(*(off - right).T).mean() == pytest.approx(metres, abs=2)
    reference = Reference.of_points(sample_points(streets))
    with pytest.raises(CrsError, match=f"from the streets.*{told}"):
        validated(off, reference, SKOPJE, crs="EPSG:32634")
    by_the_gate = validated(on_grid, reference, SKOPJE, crs="EPSG:6316")
    moved = shapely.get_coordinates(by_the_gate.frame.geometry.to_numpy())
    assert np.hypot(*(moved - right).T).max() < 0.1


def test_openstreetmap_is_trusted_before_the_citys_own_streets() -> None:
    def asked(role: str, source: str) -> Request:
        return requested(role, LayerSpec(path="x", source=source), Path("x"))

    own, osm = asked("streets", "file"), asked("buildings", "osm")
    assert reference_role([osm, own]) == "buildings"
    assert reference_role([own, asked("buildings", "file")]) == "streets"
    assert reference_role([osm, asked("streets", "geofabrik")]) == "streets"
    assert reference_role([asked("green", "osm")]) is None


@pytest.mark.slow
@pytest.mark.skipif(not LAS_PALMAS.exists(), reason="the extract of Las Palmas is not here")
def test_las_palmas_buildings_400_m_off_are_found_to_a_metre() -> None:
    from urbanlayer.sources import osm

    requests = [
        requested(role, LayerSpec(path=LAS_PALMAS.name, source="osm"), LAS_PALMAS)
        for role in ("streets", "buildings")
    ]
    raw = osm.SOURCE.read(requests)
    points = {
        role: sample_points(layer.frame.to_crs("EPSG:32628").geometry.to_numpy())
        for role, layer in raw.items()
    }
    for layer, held_against in (("buildings", "streets"), ("streets", "buildings")):
        reference = Reference.of_points(points[held_against])
        there = offset_from_reference(points[layer], reference)
        away = offset_from_reference(points[layer] + np.array([400.0, 0.0]), reference)
        assert there is not None
        assert away is not None
        assert there.certain
        assert there.length_m < 5
        assert away.certain
        assert np.hypot(away.east_m + 400, away.north_m) < 5


@pytest.mark.slow
def test_a_build_is_refused_where_the_houses_lie_beside_the_streets(tmp_path: Path) -> None:
    # the embedded city's houses, taken from MGI 1901 to ETRS89 without a datum shift by somebody
    city = tmp_path / "podgorica"
    shutil.copytree(PODGORICA, city)
    houses = gpd.read_file(city / "objekti.shp", encoding="cp1250").set_crs(
        "EPSG:8678", allow_override=True
    )
    bare = "+proj=tmerc +lat_0=0 +lon_0=18 +k=0.9999 +x_0=6500000 +y_0=0 +ellps=bessel"
    wrong = Transformer.from_pipeline(
        f"+proj=pipeline +step +inv {bare} +step +proj=utm +zone=34 +ellps=GRS80"
    )
    shapes = shapely.transform(
        houses.geometry.to_numpy(), lambda xy: np.column_stack(wrong.transform(*xy.T))
    )
    moved = gpd.GeoDataFrame(houses.drop(columns="geometry"), geometry=shapes, crs="EPSG:25834")
    moved.to_file(city / "objekti.gpkg")
    text = (city / "city.toml").read_text(encoding="utf-8")
    text = text.replace('path = "objekti.shp"', 'path = "objekti.gpkg"')
    text = text.replace('crs = "EPSG:8678"\nencoding = "cp1250"\nlevels', "levels")
    (city / "city.toml").write_text(text, encoding="utf-8")
    # 423.7 m by reliability.md, A
    with pytest.raises(
        DataError,
        match=r"'buildings'.* is offset by about 42\d m from the streets.*without a datum shift",
    ):
        pipeline.build(city / "city.toml", tmp_path / "out")
    assert not (tmp_path / "out" / "index.html").exists()


@pytest.mark.parametrize("metres", [0.0, 1614.0])
def test_the_borders_of_neighbourhoods_are_held_against_the_streets_too(metres: float) -> None:
    streets = gpd.read_file(PODGORICA / "ulice.gpkg")
    borders = gpd.read_file(PODGORICA / "mjesne_zajednice.gpkg")
    west, south, east, north = borders.total_bounds
    city = StudyArea("EPSG:25834", "ME", (west, south, east, north), (19.26, 42.44))
    raw = RawLayer(borders.set_geometry(borders.translate(metres, 20)), "0" * 64)
    request = requested("neighbourhoods", LayerSpec(path="mz.gpkg", key="mz_id"), Path("mz.gpkg"))
    reference = Reference.of_points(sample_points(streets.geometry.to_numpy()), trusted=False)
    if metres:
        # 1 614 m is what EPSG:9143 makes of MGI 1901 in Kosovo, and of nothing in Podgorica
        with pytest.raises(CrsError, match=r"by about 1,61\d m from the streets.*Either this"):
            validate(raw, request, city, reference=reference)
    else:
        assert len(validate(raw, request, city, reference=reference)) == len(borders)


def _mgi_of_skopje() -> str:
    """From UTM 34 to MGI 1901, zone 7, by EPSG:6206 turned round (reliability.md, A, Rule 1)."""
    helmert = (
        "+step +proj=push +v_3 +step +proj=cart +ellps=WGS84 +step +inv +proj=helmert "
        "+x=521.748 +y=229.489 +z=590.921 +rx=-4.029 +ry=-4.488 +rz=15.521 +s=-9.78 "
        "+convention=coordinate_frame +step +inv +proj=cart +ellps=bessel +step +proj=pop +v_3"
    )
    zone = "+proj=tmerc +lat_0=0 +lon_0=21 +k=0.9999 +x_0=7500000 +y_0=0 +ellps=bessel"
    return f"+proj=pipeline +step +inv +proj=utm +zone=34 +ellps=WGS84 {helmert} +step {zone}"


def _to(code: str) -> str:
    """From the city's grid to a national one, by the inverse of the gate's own way."""
    old = "+proj=tmerc +lat_0=0 +lon_0=21 +k=0.9999 +x_0=7500000 +y_0=0"
    down = "+proj=pipeline +step +inv +proj=utm +zone=34 +ellps=GRS80"
    if code == "EPSG:9141":
        return f"{down} +step {old} +ellps=GRS80"
    helmert = (
        "+step +proj=push +v_3 +step +proj=cart +ellps=GRS80 +step +inv +proj=helmert "
        "+x=577.88891 +y=165.22205 +z=391.18289 +rx=-4.9145 +ry=0.94729 +rz=13.05098 "
        "+s=7.78664 +convention=coordinate_frame +step +inv +proj=cart +ellps=bessel "
        "+step +proj=pop +v_3"
    )
    return f"{down} {helmert} +step {old} +ellps=bessel"
