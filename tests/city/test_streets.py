"""A street layer becomes a network: tags, squares, rivers and bridges."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from urbanlayer.city.streets import build_streets
from urbanlayer.errors import LayerError
from urbanlayer.model.layer import Layer, Provenance
from urbanlayer.model.note import Listing, Note
from urbanlayer.registry import sources


def streets(wkt, source="osm", **columns):
    frame = gpd.GeoDataFrame(columns, geometry=shapely.from_wkt(wkt), crs="EPSG:25834")
    frame.index = frame.index.astype(str)
    return Layer(
        "streets",
        frame,
        Provenance(source, "streets.gpkg", "0" * 64, tags=sources()[source].tags),
        len(frame),
    )


@pytest.mark.parametrize(
    ("tags", "walked"),
    [
        ({"highway": "residential"}, True),
        ({"highway": "steps"}, True),
        ({"highway": "cycleway"}, True),
        ({"highway": "cycleway", "foot": "no"}, False),
        ({"highway": "motorway"}, False),
        ({"highway": "motorway", "foot": "yes"}, False),
        ({"highway": "trunk"}, False),
        ({"highway": "trunk_link", "foot": "yes"}, True),
        ({"highway": "trunk", "sidewalk": "both"}, True),
        ({"highway": "construction"}, False),
        ({"highway": "service", "access": "private"}, False),
        ({"highway": "service", "access": "private", "foot": "yes"}, True),
        ({"highway": "service", "access": "destination"}, True),
        ({"highway": "footway", "closed": True}, False),
        ({"highway": None}, False),
    ],
)
def test_which_ways_are_walked(tags, walked):
    columns = {name: [None, value] for name, value in tags.items()}
    columns["highway"] = ["residential", tags["highway"]]
    if "closed" in tags:
        columns["closed"] = [False, tags["closed"]]
    network = build_streets(streets(["LINESTRING (0 0, 1 0)", "LINESTRING (9 9, 8 8)"], **columns))
    assert (len(network.edge_lines) == 2) == walked
    assert (network.notes == ()) == walked


def test_what_was_left_out_is_counted_by_reason():
    network = build_streets(
        streets(
            [f"LINESTRING (0 {y}, 9 {y})" for y in range(4)],
            highway=["path", "motorway", "motorway", "path"],
            foot=[None, None, None, "no"],
        )
    )
    assert network.notes == (
        Note.of(
            "streets-not-walked",
            count=3,
            total=4,
            reasons=Listing(("highway=motorway 2", "foot=no 1")),
        ),
    )


def test_a_layer_without_streets_to_walk_says_what_to_do():
    with pytest.raises(LayerError, match=r"none of its 1 features .* city\.toml"):
        build_streets(streets(["LINESTRING (0 0, 9 9)"], highway=["motorway"]))


def test_the_longest_part_is_number_0():
    network = build_streets(
        streets(
            ["LINESTRING (0 0, 1 0)", "LINESTRING (5 5, 9 5)", "LINESTRING (9 5, 90 5)"],
            highway=["path"] * 3,
        )
    )
    assert network.component.tolist() == [1, 1, 0, 0, 0]


def test_a_square_is_walked_across_and_not_only_around():
    network = build_streets(
        streets(
            [
                "LINESTRING (0 0, 30 0, 30 40, 0 40, 0 0)",
                "LINESTRING (-9 0, 0 0)",
                "LINESTRING (30 40, 50 40)",
            ],
            highway=["pedestrian", "residential", "residential"],
            area=["yes", None, None],
        )
    )
    # 3-4-5: the way across a square of 30 m by 40 m
    assert 50.0 in network.edge_length_m
    assert network.notes == (Note.of("plazas", count=1, ways=1),)
    # drawn by hand: the square's edge (140 m) and the two streets (9 m and 20 m)
    assert network.edge_length_m[network.drawn].sum() == 169
    assert network.edge_length_m[~network.drawn].tolist() == [50]


def test_a_municipal_layer_is_joined_and_says_how_often():
    network = build_streets(
        streets(
            [
                "LINESTRING (0 0, 100 0)",
                "LINESTRING (50 -40, 50 40)",
                "LINESTRING (100.5 0, 150 0)",
            ],
            source="file",
        )
    )
    assert len(network.edge_lines) == 5
    assert set(network.component) == {0}
    assert network.notes == (
        Note.of("streets-joined", tolerance_m=1.0, ends=1, onto_lines=0, crossings=1),
        Note.of("streets-crossings-guessed", count=1),
    )


def test_a_municipal_bridge_crosses_the_street_below_without_meeting_it():
    network = build_streets(
        streets(
            ["LINESTRING (0 0, 100 0)", "LINESTRING (50 -40, 50 40)"],
            source="file",
            bridge=[True, False],
        )
    )
    assert len(network.edge_lines) == 2
    assert set(network.component) == {0, 1}


def test_streets_with_classes_are_joined_where_they_cross_if_none_has_common_points():
    # ten streets each way, 100 m apart, which begin and end 50 m outside the outermost crossings
    along = [f"LINESTRING (-50 {at}, 950 {at})" for at in range(0, 1000, 100)]
    across = [f"LINESTRING ({at} -50, {at} 950)" for at in range(0, 1000, 100)]
    network = build_streets(streets([*along, *across], source="file", highway=["residential"] * 20))
    assert set(network.component) == {0}
    assert len(network.node_xy) == 10 * 10 + 40
    assert len(network.edge_lines) == 20 * 11
    assert network.joins.crossings == 100


def test_streets_with_classes_that_share_points_keep_their_gaps_and_underpasses():
    # four streets with a point at each of their four crossings, one passing under two of them, and
    # one that begins 0.5 m beside a street: OpenStreetMap's lines in a file
    drawn = [
        "LINESTRING (-50 0, 0 0, 100 0, 150 0)",
        "LINESTRING (-50 100, 0 100, 100 100, 150 100)",
        "LINESTRING (0 -50, 0 0, 0 100, 0 150)",
        "LINESTRING (100 -50, 100 0, 100 100, 100 150)",
        "LINESTRING (150 0, 200 0)",
        "LINESTRING (150 100, 200 100)",
        "LINESTRING (0 150, 0 200)",
        "LINESTRING (50 50, 50 -50)",
        "LINESTRING (150.5 0.3, 200 50)",
    ]
    network = build_streets(streets(drawn, source="file", highway=["residential"] * 9))
    lengths = np.bincount(network.component[network.edge_nodes[:, 0]], network.edge_length_m)
    assert lengths.tolist() == pytest.approx([4 * 200 + 3 * 50, 100, np.hypot(49.5, 49.7)])
    assert network.joins is None
    assert network.notes == (Note.of("streets-noded", count=1),)


def test_a_closed_municipal_street_is_left_out():
    network = build_streets(
        streets(
            ["LINESTRING (0 0, 100 0)", "LINESTRING (0 9, 100 9)"],
            source="file",
            closed=[True, False],
        )
    )
    assert network.edge_feature.tolist() == [1]


def test_each_edge_knows_its_feature():
    network = build_streets(
        streets(["LINESTRING (0 0, 5 0, 9 0)", "LINESTRING (5 0, 5 7)"], highway=["path"] * 2)
    )
    lengths = dict(zip(network.edge_length_m.tolist(), network.edge_feature.tolist(), strict=True))
    assert lengths == {5.0: 0, 4.0: 0, 7.0: 1}
    assert np.isclose(network.edge_length_m.sum(), 16.0)
