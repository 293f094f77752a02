"""A street added to streets that meet at shared nodes: joined as one of a layer without them."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from urbanlayer.city.streets import build_streets
from urbanlayer.errors import LayerError
from urbanlayer.layers import edits
from urbanlayer.model.layer import Layer, Provenance
from urbanlayer.model.tag_scheme import OSM


def streets(*lines, highway="residential", **columns):
    index = pd.Index([f"way/{number}" for number in range(len(lines))], name="key")
    frame = gpd.GeoDataFrame(
        {"highway": [highway] * len(lines), **columns},
        geometry=[shapely.LineString(xy) for xy in lines],
        index=index,
        crs="EPSG:25834",
    )
    source = Provenance("osm", "city.osm.pbf", "0" * 64, tags=OSM)
    return Layer("streets", frame, source, len(frame), digest="d")


BANKS = [[(0, 0), (300, 0)], [(0, 100), (300, 100)]]


def test_a_new_street_is_joined_to_those_that_it_touches_and_crosses():
    """From half a metre beside the first bank across the second: 300 + 300 + 150 m, in one part."""
    layer = edits.add(streets(*BANKS), "new", shapely.LineString([(100, 0.5), (100, 150)]))
    network = build_streets(layer)
    assert len(build_streets(streets(*BANKS)).node_xy) == 4
    assert network.component.max() == 0
    assert len(network.edge_lines) == 2 + 2 + 2
    assert network.edge_length_m.sum() == pytest.approx(750)


def test_a_dead_end_that_the_new_street_passes_is_joined_to_it():
    lines = [*BANKS, [(100.4, 40), (50, 40)]]
    layer = edits.add(streets(*lines), "new", shapely.LineString([(100, 0), (100, 100)]))
    assert build_streets(layer).component.max() == 0


def test_a_new_street_passes_under_a_bridge():
    lines = [*BANKS, [(0, 50), (300, 50)]]
    given = streets(*lines, bridge=[False, False, True])
    layer = edits.add(given, "new", shapely.LineString([(100, 0), (100, 100)]))
    network = build_streets(layer)
    assert network.component.max() == 1
    assert len(network.edge_lines) == 2 + 2 + 1 + 1


def test_the_others_keep_their_lengths_and_what_was_edited_is_as_before():
    before = streets(*BANKS)
    after = edits.add(before, "new", shapely.LineString([(100, 0), (100, 100)]))
    assert after.frame.geometry.length.tolist() == [300, 300, 100]
    assert [len(line.coords) for line in before.frame.geometry] == [2, 2]
    assert after.digest != before.digest


def test_a_street_among_shared_nodes_is_closed_and_not_moved():
    layer = streets(*BANKS)
    assert list(edits.close(layer, "way/0").frame.index) == ["way/1"]
    with pytest.raises(LayerError, match="cannot be moved; close it and add another"):
        edits.move(layer, "way/0", east_m=10, north_m=0)
