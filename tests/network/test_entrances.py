"""Where streets lead into areas, worked by hand."""

import numpy as np
import pytest
import shapely

from urbanlayer.network.entrances import attach_areas, stretches_near
from urbanlayer.network.snapping import index_edges

STREETS = index_edges(
    shapely.from_wkt(["LINESTRING (20 50, 80 50)", "LINESTRING (50 -100, 50 200)"])
)


def test_a_street_wholly_inside_a_park_leads_into_it_from_end_to_end():
    park = np.array([shapely.box(0, 0, 100, 100)])
    found = stretches_near(park, STREETS, tolerance_m=10.0)
    assert (found.area.tolist(), found.edge.tolist()) == ([0, 0], [0, 1])
    assert found.from_m == pytest.approx([0, 90])
    assert found.to_m == pytest.approx([60, 210])


def test_a_street_that_leaves_a_park_and_comes_back_leads_into_it_twice():
    horseshoe = shapely.box(0, 0, 100, 90).difference(shapely.box(40, 30, 60, 60))
    found = stretches_near(np.array([horseshoe]), STREETS, tolerance_m=0.0)
    crossing = found.edge == 1
    assert found.from_m[crossing] == pytest.approx([100, 160])
    assert found.to_m[crossing] == pytest.approx([130, 190])


def test_a_park_away_from_streets_is_entered_where_the_nearest_is_nearest_to_it():
    parks = np.array([shapely.box(150, 150, 170, 170), shapely.box(900, 0, 910, 9)])
    found, _ = attach_areas(parks, STREETS, tolerance_m=10.0, limit_m=200.0)
    assert set(found.origin.tolist()) == {0}
    assert set(found.edge.tolist()) == {1}
    assert found.offset_m == pytest.approx(100)
    assert found.along_m.min() == pytest.approx(250)
    assert found.along_m.max() == pytest.approx(270)


def test_a_street_that_begins_in_a_park_leads_into_it_from_its_first_metre():
    park = np.array([shapely.box(0, 40, 50, 60)])
    found = stretches_near(park, STREETS, tolerance_m=10.0)
    along = found.edge == 0
    assert found.from_m[along] == pytest.approx([0])
    assert found.to_m[along] == pytest.approx([40])
