"""The people of cells and polygons are shared between neighbourhoods by exact area."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
import toy
from affine import Affine
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from urbanlayer.city import neighbourhoods
from urbanlayer.city.residents import allocate_residents
from urbanlayer.kernels.zonal import parts_in_zones
from urbanlayer.model.layer import Provenance, Raster
from urbanlayer.model.specification import ResidentsSpec

X0, Y0 = toy.ORIGIN


def placed(from_: list[str], found: toy.Shapes, grid: Raster | None = None):
    layers = {
        role: toy.layer(role, [toy._placed(g, (0, 0), 0) for g in geometry], columns)
        for role, (geometry, columns) in found.items()
    }
    hoods = neighbourhoods.from_layer(layers["neighbourhoods"])
    rasters = {} if grid is None else {"population": grid}
    spec = ResidentsSpec.model_validate({"from": from_})
    people = allocate_residents(spec, hoods, layers, rasters)
    each = dict(zip(hoods.keys, people.per_neighbourhood(len(hoods)), strict=True))
    return hoods, people, each


def town(**layers: tuple[list, dict]) -> toy.Shapes:
    found = toy.shapes()
    del found["built_up"]
    return found | layers


def grid(values: list[list[float]], west: float, north: float, cell_m: float) -> Raster:
    transform = Affine(cell_m, 0, X0 + west, 0, -cell_m, Y0 + north)
    where = Provenance("toy", "grid.tif", "0")
    return Raster("population", np.array(values), transform, toy.CRS, where)


def test_a_cell_in_two_neighbourhoods_is_shared_by_area():
    # 100 m wide: 30 m in Q7, 70 m in Q4; its middle lies in Q4.
    _, people, each = placed(["population"], town(), grid([[50.0]], 370, 200, 100))
    assert each["Q7"] == pytest.approx(15)
    assert each["Q4"] == pytest.approx(35)
    assert people.total == pytest.approx(50)
    assert people.outside == 0


def test_a_polygon_in_four_neighbourhoods_is_shared_by_area():
    # 100 m square: 40 m west and 60 m east of the border, 20 m south and 80 m north of it.
    square = ([shapely.box(360, 380, 460, 480)], {"people": [100.0]})
    _, _, each = placed(["population"], town(population=square))
    found = [each[key] for key in ("Q7", "Q4", "Q1", "Q3")]
    assert found == pytest.approx([8, 12, 32, 48])


def test_the_part_of_a_cell_outside_the_city_is_outside():
    _, people, each = placed(["population"], town(), grid([[50.0]], -20, 200, 100))
    assert each["Q7"] == pytest.approx(40)
    assert people.outside == pytest.approx(10)


def test_people_of_a_cell_over_a_border_live_in_either_part_at_the_ends_of_their_range():
    # 100 m wide: 30 m in Q7, 70 m in Q4; a second cell lies in Q4 alone.
    hoods, people, _ = placed(["population"], town(), grid([[50.0, 20.0]], 370, 200, 100))
    q7, q4 = (hoods.keys.get_loc(key) for key in ("Q7", "Q4"))
    ends = [one.per_neighbourhood(len(hoods)) for one in people.alternatives["borders"]]
    assert [one[q7] for one in ends] == pytest.approx([0, 50])
    assert [one[q4] for one in ends] == pytest.approx([70, 20])
    assert [np.nansum(one) for one in ends] == pytest.approx([70, 70])


def test_cells_within_neighbourhoods_have_no_range_by_borders():
    _, people, _ = placed(["population"], town(), grid([[50.0]], 100, 200, 100))
    assert not people.alternatives


def test_people_in_a_hole_between_neighbourhoods_stay_in_the_city():
    found = town(population=([shapely.box(300, 300, 500, 500)], {"people": [400.0]}))
    hole = shapely.box(390, 390, 410, 410)  # 20 m: nearer than the tolerance of 50 m
    squares, columns = found["neighbourhoods"]
    found["neighbourhoods"] = ([shapely.difference(one, hole) for one in squares], columns)
    _, people, _ = placed(["population"], found)
    assert people.total == pytest.approx(400)
    assert people.outside == 0


def test_a_cell_is_shared_by_built_up_area_where_a_layer_gives_it():
    # 100 m square, half in Q7; built: 900 m² in Q7, 300 m² in Q4.
    built = [shapely.box(360, 100, 390, 130), shapely.box(410, 100, 420, 130)]
    found = town(built_up=(built, {}))
    _, people, each = placed(["population"], found, grid([[80.0]], 350, 200, 100))
    assert each["Q7"] == pytest.approx(60)
    assert each["Q4"] == pytest.approx(20)
    inside = shapely.contains_xy(shapely.union_all(built), people.xy - toy.ORIGIN)
    assert inside.all()


def test_a_polygon_without_built_up_land_is_shared_by_area():
    built = [shapely.box(0, 0, 50, 50)]
    area = ([shapely.box(350, 100, 450, 200)], {"people": [80.0]})
    _, _, each = placed(["population"], town(built_up=(built, {}), population=area))
    assert each["Q7"] == pytest.approx(40)
    assert each["Q4"] == pytest.approx(40)


def test_people_of_a_polygon_live_in_its_homes_on_both_sides_of_a_border():
    homes = [shapely.box(380, 110, 390, 120), shapely.box(410, 110, 440, 120)]
    found = town(
        buildings=(homes, {"residential": [True, True], "levels": [1.0, 1.0]}),
        population=([shapely.box(310, 100, 450, 200)], {"people": [80.0]}),
    )
    _, people, each = placed(["buildings", "population"], found)
    assert each["Q7"] == pytest.approx(20)  # 100 m² of 400 m² of floor
    assert each["Q4"] == pytest.approx(60)
    assert len(people) == 2


def test_homes_outside_the_city_have_their_people():
    homes = [shapely.box(10, 110, 20, 120), shapely.box(-40, 110, -10, 120)]
    found = town(
        buildings=(homes, {"residential": [True, True], "levels": [1.0, 1.0]}),
        population=([shapely.box(-100, 100, 100, 200)], {"people": [80.0]}),
    )
    hoods, _, _ = placed(["buildings", "population"], found)
    assert hoods.gap_tolerance_m == 50
    homes[1] = affinity.translate(homes[1], -50)
    _, people, each = placed(["buildings", "population"], found)
    assert each["Q7"] == pytest.approx(20)
    assert people.outside == pytest.approx(60)


def test_buildings_that_end_with_the_city_leave_the_part_outside_its_share():
    found = town(
        buildings=([shapely.box(10, 110, 20, 120)], {"residential": [True], "levels": [1.0]}),
        population=([shapely.box(-100, 100, 100, 200)], {"people": [80.0]}),
    )
    _, people, each = placed(["buildings", "population"], found)
    assert each["Q7"] == pytest.approx(40)
    assert people.outside == pytest.approx(40)


@pytest.mark.parametrize("cell_m", [37.0, 100.0, 250.0])
@given(seed=st.integers(0, 10_000), west=st.floats(-300, 0), north=st.floats(1200, 1500))
@settings(max_examples=10, deadline=None)
def test_a_grid_is_shared_as_exactextract_shares_it(cell_m, seed, west, north):
    random = np.random.default_rng(seed)
    count = int(2000 / cell_m)
    values = random.uniform(0, 90, (count, count))
    cells = grid(values.tolist(), west, north, cell_m)
    hoods, people, each = placed(["population"], town(), cells)
    source = NumPyRasterSource(
        values, xmin=X0 + west, xmax=X0 + west + count * cell_m,
        ymin=Y0 + north - count * cell_m, ymax=Y0 + north, nodata=np.nan,
    )  # fmt: skip
    frame = hoods.geometry.reset_index(drop=True).to_frame("geometry").set_geometry("geometry")
    expected = exact_extract(source, frame, ["sum"], output="pandas")["sum"]
    np.testing.assert_allclose([each[key] for key in hoods.keys], expected, rtol=1e-6)
    assert people.total + people.outside == pytest.approx(values.sum())


def test_a_grid_in_another_crs_keeps_the_people_of_the_city():
    # 4 × 4 cells of 0.002° (222 m by 163 m) wholly inside the 1.2 km square.
    values = np.full((4, 4), 10.0)
    transform = Affine(0.002, 0, 19.2645, 0, -0.002, 42.4487)
    where = Provenance("toy", "grid.tif", "0")
    cells = Raster("population", values, transform, "EPSG:4326", where)
    _, people, _ = placed(["population"], town(), cells)
    assert people.outside == 0
    assert people.total == pytest.approx(160)


def test_a_neighbourhood_without_cells_with_data_has_an_unknown_number():
    # The western column of neighbourhoods has data, the others none; 6 of 9 are unknown.
    values = np.full((12, 12), np.nan)
    values[:, :4] = 3.0
    _, people, each = placed(["population"], town(), grid(values.tolist(), 0, 1200, 100))
    assert each["Q7"] == pytest.approx(48)
    assert np.isnan(each["Q4"])
    assert people.total == pytest.approx(3 * 48)
    note = next(note for note in people.notes if note.code == "cells-unknown")
    assert dict(note.values) == {"layer": "population", "count": 96, "total": 144}


def test_parts_add_up_to_the_features_within_the_zones():
    zones = np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)], dtype=object)
    features = np.array([shapely.Point(10, 5).buffer(3), shapely.box(1, 1, 2, 2)], dtype=object)
    zone, feature, part = parts_in_zones(zones, features)
    assert zone.tolist() == [0, 1, 0]
    assert feature.tolist() == [0, 0, 1]
    assert part[2] is features[1]
    assert shapely.area(part[:2]).sum() == pytest.approx(shapely.area(features[0]))
