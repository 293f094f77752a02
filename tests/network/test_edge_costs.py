"""Who can pass which street, and how long hills take: by hand."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine

from urbanlayer.city.streets import build_streets
from urbanlayer.model.layer import Layer, Provenance, Raster
from urbanlayer.model.note import Listing, Note
from urbanlayer.model.tag_scheme import OSM
from urbanlayer.model.travel_modes import MODES, TravelMode
from urbanlayer.network.edge_costs import edge_costs, heights

FROM = Provenance("osm", "streets.gpkg", "0" * 64, tags=OSM)


def streets(**tags):
    count = len(next(iter(tags.values())))
    lines = [shapely.LineString([(0, 50 * y), (100, 50 * y)]) for y in range(count)]
    tags.setdefault("highway", ["residential"] * count)
    frame = gpd.GeoDataFrame(tags, geometry=lines, crs="EPSG:25834")
    frame.index = [str(row) for row in range(count)]
    return Layer("streets", frame, FROM, count)


CRS = "EPSG:25834"


def grid(values, cell_m=50.0, top=100.0):
    transform = Affine(cell_m, 0, 0, 0, -cell_m, top)
    return Raster("elevation", np.array(values, dtype=float), transform, CRS, FROM)


def passed(mode, **tags):
    layer = streets(**tags)
    network = build_streets(layer)
    return edge_costs(MODES[mode], network, layer.frame).network.edge_feature.tolist()


def test_a_wheelchair_takes_no_steps_no_gravel_and_no_ramp_above_6_percent():
    assert passed("wheelchair", highway=["steps", "footway"]) == [1]
    assert passed("wheelchair", surface=["gravel", "asphalt", None]) == [1, 2]
    assert passed("wheelchair", incline=["8%", "-12 %", "6%", "up", "5°", None]) == [2, 3, 5]
    assert passed("wheelchair", highway=["steps", "steps"], wheelchair=["yes", None]) == [0]


def test_a_bicycle_is_not_ridden_on_footways_unless_they_say_so():
    found = passed("cycle", highway=["footway", "footway", "path"], bicycle=["yes", None, "no"])
    assert found == [0]


def test_one_way_binds_bicycles_and_not_walkers():
    layer = streets(oneway=["yes", "-1", None])
    network = build_streets(layer)
    ridden = edge_costs(MODES["cycle"], network, layer.frame)
    # 100 m at 15 km/h take 0.4 minutes
    assert ridden.forward.tolist() == [0.4, np.inf, 0.4]
    assert ridden.backward.tolist() == [np.inf, 0.4, 0.4]
    walked = edge_costs(MODES["walk"], network, layer.frame)
    assert walked.forward.tolist() == walked.backward.tolist() == [1.25] * 3


def test_a_street_that_climbs_10_percent_takes_longer_up_than_down():
    layer = streets(highway=["residential"])
    network = build_streets(layer)
    height_m = heights(grid([[0.0, 5.0, 10.0]] * 4), network.node_xy, CRS)
    climb = edge_costs(MODES["walk_slope"], network, layer.frame, height_m)
    # cells of 50 m, their middles at 25 m and 125 m: from 0 (the outermost cell) to 10 m up
    rise = 0.075
    up, down = np.exp(-3.5 * rise), np.exp(-3.5 * (abs(-rise + 0.05) - 0.05))
    np.testing.assert_allclose(climb.forward, 1.25 / up)
    np.testing.assert_allclose(climb.backward, 1.25 / down)


def test_streets_without_a_height_are_level_and_counted():
    layer = streets(highway=["residential", "residential"])
    network = build_streets(layer)
    # the lower half of the grid is empty, and with it the street at y = 0
    hills = grid([[1.0, 1.0, 1.0]] * 1 + [[np.nan] * 3], top=75.0)
    height_m = heights(hills, network.node_xy, CRS)
    climb = edge_costs(MODES["walk_slope"], network, layer.frame, height_m)
    assert climb.forward.tolist() == [1.25, 1.25]
    assert climb.notes == (Note.of("elevation-partial", count=1, share=0.5),)
    level = edge_costs(MODES["walk_slope"], network, layer.frame)
    assert level.notes == (Note.of("no-elevation"),)


def test_heights_are_interpolated_between_the_middles_of_cells():
    slope = grid([[0.0, 10.0], [20.0, 30.0]])
    points = np.array([[25.0, 75.0], [50.0, 75.0], [50.0, 50.0], [0.0, 100.0], [101.0, 50.0]])
    found = heights(slope, points, CRS)
    np.testing.assert_allclose(found, [0.0, 5.0, 15.0, 0.0, np.nan])


def test_heights_are_found_in_a_grid_of_another_crs():
    # 1 m up for each second of arc eastward; Podgorica lies at about 19.26° E, 42.44° N
    cell = 1 / 3600
    values = np.repeat([np.arange(3600.0)], 3600, axis=0)
    degrees = Raster("elevation", values, Affine(cell, 0, 19, 0, -cell, 43), "EPSG:4326", FROM)
    eastward = heights(degrees, np.array([[357_000.0, 4_700_000.0], [358_000.0, 4_700_000.0]]), CRS)
    # a second of arc of a parallel: the sphere's circumference by cos(latitude)
    second_m = 40_030_000 / 360 / 3600 * np.cos(np.radians(42.44))
    np.testing.assert_allclose(eastward[1] - eastward[0], 1000 / second_m, rtol=0.01)


def test_what_streets_say_nothing_of_is_told():
    layer = streets(surface=["gravel", None], smoothnes=["bad", None])
    network = build_streets(layer)
    silent = Listing(("incline", "smoothness (smoothnes?)", "wheelchair"))
    told = edge_costs(MODES["wheelchair"], network, layer.frame).notes
    assert told == (Note.of("tags-missing", tags=silent),)
    assert edge_costs(MODES["walk"], network, layer.frame).notes == ()


def test_a_ramp_beside_steps_opens_them():
    assert passed("wheelchair", highway=["steps"] * 2, **{"ramp:wheelchair": ["yes", "no"]}) == [0]


def test_a_speed_of_nonsense_is_refused():
    with pytest.raises(ValueError, match="use one above 0"):
        TravelMode(-80.0, {}, {})
