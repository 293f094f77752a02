"""Roles in the open data of three real cities, held against tables written by hand.

The numbers of features are counted in the files (`jq`, `osmium tags-count`).
"""

from pathlib import Path

import pytest

from urbanlayer.drafting import drafted

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="the real cities' data lie in ../shared/data, which is not here"
    ),
]
POINTS, SERVICES = (
    "points_of_interest_osm_2019.geojson",
    "tirana_osm_services_overpass_20260411.geojson",
)
NODES, FEED = "tirana_osm_nodes_2019.geojson", "tirana_gtfs_2026.zip"
PODGORICA = {
    "boundary": ("municipality_osm_2024.geojson", None),
    "neighbourhoods": ("places_osm_2019.geojson", None),
    "population": ("kontur_population_ME_20231101.gpkg", None),
    "stop": ("osm_bus_stop_2024-11-04.parquet", 369),
    "kindergarten": ("osm_kindergarten_2024-11-04.parquet", 26),
    "school": ("osm_school_2024-11-04.parquet", 30),
    "university": ("osm_university_2024-11-04.parquet", 7),
    "pharmacy": (POINTS, 30),
    "clinic": (POINTS, 28),  # 18 hospitals, 5 clinics, 5 doctors
    "post_office": (POINTS, 22),
    "food_market": (POINTS, 223),
    "playground": (POINTS, 15),
    "drinking_water": (POINTS, 139),
    "bank": (POINTS, 48),  # 27 banks, 21 cash machines
    "toilets": (POINTS, 5),
    "library": (POINTS, 1),
    "citizens_office": (POINTS, 2),
    "convenience": (POINTS, 72),
    "culture": (POINTS, 8),
    "sports": (POINTS, 7),
    "waste_point": (POINTS, 5),
    "recycling_point": (POINTS, 1),
}
TIRANA = {
    "transit": (FEED, None),
    "stop": (FEED, None),
    "school": (SERVICES, 170),
    "bank": (SERVICES, 164),
    "university": (SERVICES, 37),
    "clinic": (SERVICES, 22),
    "citizens_office": (SERVICES, 12),
    "pharmacy": (NODES, 67),
    "kindergarten": (NODES, 24),
    "post_office": (NODES, 15),
    "library": (NODES, 9),
    "drinking_water": (NODES, 9),
    "toilets": (NODES, 8),
    "playground": (NODES, 6),
    "recycling_point": (NODES, 5),
    "waste_point": (NODES, 154),  # 131 containers, 23 baskets
    "food_market": (NODES, 112),
    "convenience": (NODES, 106),
    "culture": (NODES, 22),
    "sports": (NODES, 11),
}
MAY_HAVE = {"public_wifi", "restaurant"}
LAS_PALMAS = {
    "boundary", "neighbourhoods", "streets", "buildings", "green", "water", "trees", "stop",
    "school", "kindergarten", "university", "clinic", "pharmacy", "library", "playground",
    "post_office", "food_market", "convenience", "bank", "businesses", "citizens_office",
    "culture", "sports", "toilets", "recycling_point", "waste_point",
}  # fmt: skip


def check(wanted, draft):
    """Every role of the table from its file, with its features; no other role from any file."""
    found = {layer.role: (layer.dataset.shown, layer.why) for layer in draft.standing}
    right = {
        role
        for role, (file, count) in wanted.items()
        if role in found
        and found[role][0] == file
        and (count is None or found[role][1].startswith(f"{count} features"))
    }
    assert set(wanted) - right == set()
    assert set(found) - set(wanted) <= MAY_HAVE


def test_the_open_files_of_podgorica(tmp_path):
    file = tmp_path / "city.toml"
    draft = drafted("Podgorica", [DATA / "podgorica"], file, city_id="podgorica")
    check(PODGORICA, draft)
    streets = next(layer for layer in draft.layers if layer.role == "streets")
    assert "hardly all streets" in streets.doubt  # 927 ways that buses use


def test_the_open_files_of_tirana_lack_its_boundary_alone(tmp_path):
    paths = [DATA / "tirana", DATA / "capitals" / NODES]
    draft = drafted("Tirana", paths, tmp_path / "city.toml", city_id="tirana")
    check(TIRANA, draft)
    why = {one.shown: one.why for one in draft.unplaced}[f"points of places in {NODES}"]
    assert "once the folder has the boundary" in why
    market = next(layer for layer in draft.standing if layer.role == "food_market")
    assert "13 more by other tags" in market.why  # 13 market places, amenity beside shop


def test_the_extract_of_las_palmas_alone(tmp_path):
    extract = DATA / "las_palmas" / "las_palmas_2023-02-21.osm.pbf"
    draft = drafted("Las Palmas", [extract], tmp_path / "city.toml", city_id="las-palmas")
    found = {layer.role for layer in draft.standing}
    assert set(LAS_PALMAS) - found == set()
    assert found - set(LAS_PALMAS) <= {*MAY_HAVE, "barriers", "entrances"}
    boundary = next(layer for layer in draft.standing if layer.role == "boundary")
    assert "Las Palmas de Gran Canaria" in boundary.why
    assert draft.people.total == 378_675  # INE 2022, in the boundary's tag
