"""The order of the features in a file decides nothing."""

from __future__ import annotations

import json

import geopandas as gpd
import pytest
import shapely
from city_folder import change, write_city
from intake import geojson, polygon, square, take
from requested import requested

import urbanlayer
from urbanlayer.layers import in_one_order
from urbanlayer.model.layer_specification import LayerSpec

RINGS = [square(number) for number in range(6)]


def taken(tmp_path, order, **says):
    """The layer of six parks, two of them with the same ground, in an order."""
    rings = [*RINGS, RINGS[0]]
    names = ["Gorica", "Njegošev", "Karađorđev", "Ljubović", "Tološi", "Zabjelo", "Aerodrom"]
    path = geojson(
        tmp_path / "parks.geojson",
        [polygon(rings[number]) for number in order],
        name=[names[number] for number in order],
        id=[f"P{9 - number}" for number in order],
    )
    layer = take(path, role="trees_and_shrubs", name="name", **says)
    spec = LayerSpec(path=path.name, name="name", **says)
    return in_one_order(layer, requested("trees_and_shrubs", spec, path))


@pytest.mark.parametrize("says", [{"key": "id"}, {}])
def test_a_layer_has_its_features_in_one_order(tmp_path, says):
    one = taken(tmp_path, (0, 1, 2, 3, 4, 5, 6), **says)
    other = taken(tmp_path, (6, 3, 5, 1, 0, 2, 4), **says)
    for layer in (one, other):
        assert len(layer.frame) == 7
    assert list(one.frame["name"]) == list(other.frame["name"])
    assert list(shapely.to_wkb(one.frame.geometry)) == list(shapely.to_wkb(other.frame.geometry))


def test_of_two_stops_on_one_place_the_same_one_is_kept_in_any_order(tmp_path):
    x, y = RINGS[0][0]
    places = [{"type": "Point", "coordinates": [x + east, y]} for east in (0, 3, 800)]
    kept = set()
    for order in ((0, 1, 2), (2, 1, 0)):
        path = geojson(
            tmp_path / "stops.geojson", [places[number] for number in order],
            name=[["Centar", "Centar", "Stadion"][number] for number in order],
        )  # fmt: skip
        layer = take(path, role="kindergarten", name="name")
        kept.add(tuple(sorted(shapely.to_wkt(layer.frame.geometry))))
    assert len(kept) == 1


def turned(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.iloc[::-1].reset_index(drop=True)


@pytest.mark.slow
def test_a_city_whose_features_stand_in_another_order_has_the_same_page_and_tables(tmp_path):
    made = []
    for number in range(2):
        folder = tmp_path / str(number) / "toy"
        folder.mkdir(parents=True)
        write_city(folder)
        if number:
            for name in ("hoods.geojson", "streets.gpkg", "schools.geojson", "population.geojson"):
                change(folder / name, turned)
        urbanlayer.build(folder / "city.toml", folder / "out")
        files = {
            path.relative_to(folder / "out").as_posix(): path.read_bytes()
            for path in (folder / "out").rglob("*")
            if path.suffix in {".html", ".csv"} and path.name != "sources.csv"
        }
        shapes = json.loads((folder / "out/data/neighbourhoods.geojson").read_bytes())
        made.append((files, shapes["features"]))
    assert made[0] == made[1]
