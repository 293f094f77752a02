"""Where neighbourhoods overlap or leave a gap, the people who live there are told."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import box

from urbanlayer import pipeline
from urbanlayer.city import neighbourhoods
from urbanlayer.city.residents import allocate_residents
from urbanlayer.model.layer import Layer, OverlapOrGap, Provenance
from urbanlayer.model.note import Listing, Note
from urbanlayer.model.residents import Residents
from urbanlayer.model.specification import ResidentsSpec


def people_at(*origins: tuple[float, float, float]) -> Residents:
    xy = np.array([(x, y) for x, y, _ in origins])
    return Residents(
        xy=xy,
        people=np.array([people for _, _, people in origins]),
        neighbourhood=np.zeros(len(origins), dtype=np.int64),
        source="census",
    )


def test_people_on_an_overlap_and_in_a_gap_are_counted_by_hand() -> None:
    # an overlap of 1 ha with 7 people, one of 2 ha with nobody, a gap of 0.25 ha with 3 people
    overlaps_and_gaps = (
        OverlapOrGap(("A", "B"), box(0, 0, 100, 100)),
        OverlapOrGap(("B", "C"), box(200, 0, 400, 100)),
        OverlapOrGap((), box(0, 500, 50, 550)),
    )
    people = people_at((50, 50, 7.0), (150, 50, 40.0), (25, 525, 3.0))
    shared, gap = neighbourhoods.with_overlaps_reported(people, overlaps_and_gaps).notes
    pairs = Listing(("A + B",))
    assert shared == Note.of("people-on-overlaps", count=7, area_ha=3.0, names=pairs)
    assert gap == Note.of("people-in-gaps", count=3, area_ha=0.25)


def test_nothing_is_said_where_nothing_overlaps() -> None:
    people = people_at((50, 50, 7.0))
    assert neighbourhoods.with_overlaps_reported(people, ()).notes == ()


def layer(role: str, shapes: list[shapely.Geometry], **columns: list[object]) -> Layer:
    keys = [f"k{number}" for number in range(len(shapes))]
    frame = gpd.GeoDataFrame(columns, geometry=shapes, index=keys, crs="EPSG:25834")
    return Layer(role, frame, Provenance("file", "x.gpkg", "0" * 64), len(shapes))


@pytest.mark.parametrize(("tolerance_m", "outside"), [(50.0, 0.0), (5.0, 11.0)])
def test_the_city_file_says_how_far_a_gap_reaches(tolerance_m: float, outside: float) -> None:
    # 11 people stand 10 m from the only neighbourhood
    hoods = neighbourhoods.from_layer(
        layer("neighbourhoods", [box(0, 0, 1000, 1000)]), gap_tolerance_m=tolerance_m
    )
    origins = layer(
        "population", [shapely.Point(500, 500), shapely.Point(1010, 500)], people=[20.0, 11.0]
    )
    spec = ResidentsSpec.model_validate({"from": ["population"]})
    people = allocate_residents(spec, hoods, {"population": origins}, {})
    assert people.outside == outside
    assert people.total == 31 - outside


def test_a_build_tells_the_people_of_an_overlap_and_of_a_gap(tmp_path) -> None:
    # two squares of 1 km that share a strip of 1 m (0.1 ha), and a hole of 20 m (0.04 ha) in one
    hole = box(300, 300, 320, 320)
    shapes = [box(0, 0, 1001, 1000).difference(hole), box(1000, 0, 2000, 1000)]
    west, south = 356_000, 4_699_000
    frame = gpd.GeoDataFrame({"mz": ["A", "B"]}, geometry=shapes, crs="EPSG:25834").set_geometry(
        gpd.GeoSeries(shapes, crs="EPSG:25834").translate(west, south)
    )
    frame.to_file(tmp_path / "mz.gpkg")
    at = [(1000.5, 500, 6), (310, 310, 4), (500, 500, 90)]
    points = [shapely.Point(west + x, south + y) for x, y, _ in at]
    people = gpd.GeoDataFrame({"ljudi": [n for *_, n in at]}, geometry=points, crs="EPSG:25834")
    people.to_file(tmp_path / "ljudi.gpkg")
    (tmp_path / "city.toml").write_text(
        """
        id = "seams"
        name = "Seams"
        crs = "EPSG:25834"
        languages = ["en"]
        as_of = 2026-06-30
        licence = "CC0-1.0"
        [layers]
        neighbourhoods = { path = "mz.gpkg", key = "mz" }
        population = { path = "ljudi.gpkg", people = "ljudi" }
        [residents]
        from = ["population"]
        [indicators.population_density]
        [publish]
        disclosure = "internal"
        """,
        encoding="utf-8",
    )
    built = pipeline.build(tmp_path / "city.toml", tmp_path / "out")
    told = " ".join(built.publication.warnings)
    assert "0.1\u00a0ha that two neighbourhoods share" in told
    assert "counted in the one with the lower key: 6 (A + B)" in told
    assert "0.04\u00a0ha of gaps between neighbourhoods, counted in the nearest one: 4" in told
    assert built.publication.city.residents.total == 100
