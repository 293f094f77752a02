import hashlib
import itertools
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from made_city import CRS, make_publication
from page_parts import Parts
from untrusted_text import HOSTILE, hostile_publication

from urbanlayer.model.publish_specification import TilesSpec
from urbanlayer.publish import render
from urbanlayer.publish.disclosure import disclosed
from urbanlayer.publish.page import bundle, classes, geometry, page
from urbanlayer.publish.page.index_document import index_entry, index_page
from urbanlayer.publish.page.payload import as_json
from urbanlayer.publish.page.payload import files as page_files
from urbanlayer.publish.page.result_records import number_on_page
from urbanlayer.publish.page.two_scripts import SPELLED
from urbanlayer.publish.record import record_of

VENDOR = Path(str(files("urbanlayer.publish.page"))) / "vendor"


@pytest.fixture(scope="module")
def document(publication):
    return page(publication)


def asked(result, **how):
    """The same result for another query."""
    return replace(result, query=replace(result.query, **how))


def _data(document, name="data"):
    found = re.search(
        rf'<script type="application/json" id="{name}">(.*?)</script>', document, re.DOTALL
    )
    return json.loads(found[1])


def test_the_page_names_nobody_to_ask(document):
    allowed = {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
        "https://leafletjs.com",
    }
    shown = re.sub(r"<script(?: type[^>]*)?>.*?</script>", "", document, flags=re.DOTALL)
    addresses = set(re.findall(r"https?://[^\s\"'<>)]+", shown))
    assert addresses <= allowed
    for tag, attributes in Parts(document).tags:
        for name in ("src", "href", "action", "data", "poster", "srcset"):
            address = attributes.get(name) or ""
            # the table next to the page, for browsers that cannot show the page
            ours = (
                address.startswith(("#", "data:image/svg+xml,")) or address == "data/indicators.csv"
            )
            assert ours or not address, (tag, address)


def test_every_script_and_style_is_in_the_policy_by_its_digest(document):
    parts = Parts(document)
    policy = next(a["content"] for t, a in parts.tags if t == "meta" and "http-equiv" in a)
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "connect-src 'none'" in policy
    for kind in ("script", "style"):
        for attributes, text in parts.texts[kind]:
            if attributes.get("type") == "application/json":
                continue
            digest = __import__("base64").b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy


def test_a_host_of_tiles_is_in_the_policy_only_where_the_city_file_names_one(publication, document):
    tiles = {"url": "https://tiles.example.org:8443/{z}/{x}/{y}.png", "attribution": "© A <b>"}
    spec = publication.spec.model_copy(
        update={
            "publish": publication.spec.publish.model_copy(update={"tiles": TilesSpec(**tiles)})
        }
    )
    asked = page(replace(publication, spec=spec))
    (policy,) = [a["content"] for t, a in Parts(asked).tags if t == "meta" and "http-equiv" in a]
    assert "img-src data: blob: https://tiles.example.org:8443;" in policy
    assert "connect-src 'none'" in policy
    assert _data(asked)["tiles"]["attribution"] == "© A <b>"
    assert "img-src data: blob:;" in document
    assert _data(document)["tiles"] is None


def test_no_element_carries_a_handler_or_a_style(document):
    for tag, attributes in Parts(document).tags:
        assert not [n for n in attributes if n.startswith("on") or n == "style"], tag


def test_nothing_is_evaluated():
    for source in (bundle.script(), bundle.style()):
        assert not re.search(
            r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacent|document\.write", source
        )


def test_the_same_publication_gives_the_same_bytes(publication, document):
    assert page(publication) == document


@pytest.mark.slow
def test_the_page_is_the_same_whatever_the_machine_says(tmp_path):
    program = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1]);"
        "from made_city import make_publication; from urbanlayer.publish.page import page;"
        "print(hashlib.sha256(page(make_publication()).encode()).hexdigest())"
    )
    machines = [
        {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1"},
        {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LC_ALL": "C", "OMP_NUM_THREADS": "2"},
    ]
    digests = {
        subprocess.run(
            [sys.executable, "-c", program, str(Path(__file__).parents[1] / "made")],
            env={**os.environ, **machine}, cwd=tmp_path, capture_output=True, text=True, check=True,
        ).stdout
        for machine in machines
    }  # fmt: skip
    assert len(digests) == 1


def test_what_is_vendored_is_what_was_published():
    digests = json.loads((VENDOR / "digests.json").read_text())
    held = {str(p.relative_to(VENDOR)).replace(os.sep, "/") for p in (VENDOR / "leaflet").iterdir()}
    assert set(digests) == held
    for name, digest in digests.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name


def test_the_licence_of_leaflet_travels_with_the_page(document):
    assert "Leaflet 1.9.4" in document
    assert "Agafonkin" in document


def test_without_script_the_page_has_title_figure_and_table(publication, document):
    inside = re.search(r"<noscript><h1>(.*?)</noscript>", document, re.DOTALL)[1]
    assert "Who has a kindergarten within 500\u00a0m on foot?" in inside
    assert inside.count("<tr>") == len(publication.city.neighbourhoods) + 2
    assert "No answer" in inside


def test_numbers_without_an_answer_stay_without_one(publication, document):
    values = _data(document)["indicators"][0]["values"]
    expected = disclosed(publication).results[0].values
    assert [v is None for v in values] == expected.isna().tolist()
    assert np.nanmax(np.abs(np.array(values, float) - expected.to_numpy())) <= 0.0005


def test_the_first_language_of_the_city_file_is_the_page_s_own():
    document = page(make_publication(languages=["sq", "en"]))
    assert document.startswith('<!doctype html>\n<html lang="sq">')
    assert list(_data(document, "words")) == ["sq", "en"]


def test_a_service_that_no_catalogue_knows_has_the_city_file_s_title(document):
    words = _data(document, "words")
    benches = [w["indicators"][2] for w in words.values()]
    assert benches[0]["title"] == "Benches"
    assert words["sr-Latn-ME"]["indicators"][2]["title"] == "Klupe"
    assert benches[0]["definition"] == "Residents within 300\u00a0m on foot of: Benches"


def test_an_indicator_that_no_catalogue_knows_is_shown_with_words_from_its_id(document):
    last = _data(document, "words")["en"]["indicators"][-1]
    assert last["title"] == "Made up by the city"


def test_two_answers_of_one_service_are_told_apart_by_their_distance(publication):
    first = publication.results[0]
    twice = replace(publication, results=(first, asked(first, parameters={"distance_m": 800.0})))
    titles = [w["title"] for w in _data(page(twice), "words")["en"]["indicators"]]
    assert titles == ["Kindergarten, 500\u00a0m", "Kindergarten, 800\u00a0m"]


def test_titles_that_are_alike_are_told_apart_by_what_differs(publication):
    first = publication.results[0]
    two = tuple(
        asked(first, parameters={"distance_m": 500.0, "minutes": minutes})
        for minutes in (20.0, 30.0)
    )
    words = _data(page(replace(publication, results=two)), "words")["en"]["indicators"]
    assert [one["title"] for one in words] == [
        "Kindergarten, 20\u00a0min",
        "Kindergarten, 30\u00a0min",
    ]


def test_the_corpus_is_large_enough():
    assert len(set(HOSTILE)) >= 40


def test_no_hostile_text_becomes_markup_or_template():
    document = page(hostile_publication())
    plain = page(make_publication(["Name"] * len(HOSTILE)))
    count = lambda text: {  # noqa: E731
        tag: n for tag, n in _tally(Parts(text).tags).items() if tag not in {"tr", "td", "th"}
    }
    assert count(document) == count(plain)
    for tag, attributes in Parts(document).tags:
        assert not [n for n in attributes if n.startswith("on") or n == "style"], tag
    names = _data(document)["names"][""]
    assert sorted(names) == sorted(HOSTILE)


def _tally(tags):
    return pd.Series([tag for tag, _ in tags]).value_counts().to_dict()


@pytest.mark.parametrize("text", HOSTILE)
def test_json_of_a_hostile_text_is_safe_inside_a_script_and_comes_back_whole(text):
    written = as_json({"name": text, text: [text]})
    assert "<" not in written
    assert not re.search(r"\{[{%#]", written)
    assert "\u2028" not in written
    assert json.loads(written) == {"name": text, text: [text]}


def test_shared_borders_stay_shared(publication):
    polygons = publication.city.neighbourhoods.geometry
    shapes = geometry.Ground.of(polygons, CRS).coverage(polygons)
    points = [set(map(tuple, shapely.get_coordinates(shape).tolist())) for shape in shapes]
    corners = pd.Series([p for ring in points for p in ring]).value_counts()
    assert (corners >= 2).sum() > 20  # inner corners of a grid of squares belong to two or more


def test_pixels_of_the_ground_are_those_of_web_mercator_within_a_metre():
    """A point's pixel by the formula of EPSG:3857, from its longitude and latitude."""
    square = shapely.box(356_000, 4_697_000, 357_000, 4_698_000)
    ground = geometry.Ground.of(gpd.GeoSeries([square], crs=CRS), CRS)
    xy = np.array([[356_500.0, 4_697_250.0]])
    (longitude,), (latitude,) = geometry.pyproj.Transformer.from_crs(
        CRS, "EPSG:4326", always_xy=True
    ).transform(xy[:, 0], xy[:, 1])
    world = 256 * 2**17
    east = (longitude + 180) / 360 * world - ground.west
    south = (1 - np.arcsinh(np.tan(np.radians(latitude))) / np.pi) / 2 * world - ground.north
    assert ground.points(xy)[0] == pytest.approx([east, south], abs=0.51)
    assert (ground.points(shapely.get_coordinates(square)).min(axis=0) <= 1).all()


def test_a_path_goes_on_in_steps_and_keeps_holes_with_their_polygon():
    ring = [(0, 0), (10, 0), (10, 10), (0, 10)]
    hole = [(4, 4), (6, 4), (6, 6)]
    shapes = [shapely.Polygon(ring, [hole]), shapely.LineString([(1, 2), (1, 2), (3, -1)])]
    assert geometry.path(shapes) == "M0 0l10 0 0 10-10 0zM4 4l2 0 0 2z M1 2l2-3"


def test_the_rim_of_two_squares_side_by_side_is_one_line():
    squares = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    assert geometry.boundary(squares).count("M") == 1
    assert geometry.boundary(squares).count("l") == 1


def test_a_grid_is_drawn_where_its_corners_lie():
    """Corners of squares 40 km apart, against their own projection: less than a pixel off."""
    west, south = 340_000, 4_680_000
    square = gpd.GeoSeries([shapely.box(west, south, west + 40_000, south + 40_000)], crs=CRS)
    ground = geometry.Ground.of(square, CRS)
    cells = np.array([[0, 0], [399, 399], [399, 0], [120, 250]])
    factors = np.array(ground.grid(cells, np.array([west, south]), 100.0))
    column, row = cells.T
    terms = np.column_stack([column**0, column, row, column**2, column * row, row**2])
    expected = ground.points(np.array([west, south]) + 100.0 * cells)
    assert np.abs(terms @ factors.T - expected).max() < 1.0


@pytest.mark.parametrize(
    ("numbers", "text"),
    [([0], "A"), ([1], "C"), ([-1], "D"), ([16], "gB"), ([16, 15, 527], "gBDggB"), ([], "")],
)
def test_numbers_are_packed_as_source_maps_pack_them(numbers, text):
    """Letters from the definition of base 64 VLQ: A 0, C 1, D -1, gB 16, ggB 512."""
    assert geometry.packed(numbers) == text


def test_shares_are_parted_in_fifths(publication):
    assert classes.breaks(publication.results[0]) == (0, 0.2, 0.4, 0.6, 0.8, 1)


@pytest.mark.parametrize(
    "values", [[0, 0, 0], [5, 5], [1e-6, 2e-6, 5e-6], [0, 1e9], [3, 4, 5, 900]]
)
def test_classes_grow_and_hold_every_answer(publication, values):
    result = publication.results[4]
    series = pd.Series(values, dtype=float)
    edges = classes.breaks(replace(result, values=series, city=float(series.mean())))
    assert len(edges) == 6
    assert all(a < b for a, b in itertools.pairwise(edges))
    assert edges[0] <= min(values)
    assert edges[-1] >= max(values)


@pytest.mark.parametrize(
    ("edges", "city", "written"),
    [
        ((0, 0.35, 0.6, 0.75, 0.85, 1), 0.7, ["0.00", "0.35", "0.60", "0.75", "0.85", "1.00"]),
        ((0, 1, 3, 4, 6, 69), 2.14, ["0.0", "1.0", "3.0", "4.0", "6.0", "69.0"]),
        ((0, 1, 3, 4, 6, 69), 8.4, ["0", "1", "3", "4", "6", "69"]),
        ((0, 1, 2, 3, 4, 5), 1, ["0", "1", "2", "3", "4", "5"]),
    ],
)
def test_the_ends_of_classes_are_written_as_they_are_and_the_city_closely(edges, city, written):
    digits = classes.decimals(edges, city)
    assert [f"{edge:.{digits}f}" for edge in edges] == written


def test_shares_that_crowd_into_one_fifth_have_classes_of_their_own_in_whole_per_cent(publication):
    floods = [0.01 * n for n in range(38)]
    crowded = replace(publication.results[0], values=pd.Series([n / 4 for n in floods] + [0.6]))
    edges = classes.breaks(crowded)
    assert edges != classes.SHARES
    assert [round(edge * 100, 6) % 1 for edge in edges] == [0] * 6
    number = np.searchsorted(edges[1:5], crowded.values, "right")
    assert np.unique(number, return_counts=True)[1].max() <= 20
    assert not classes.in_fifths(crowded)


def test_the_floods_of_a_few_neighbourhoods_are_told_apart(publication):
    """Most at 0 to 4 %, two far above: seven different answers in five classes."""
    values = [0.0] * 20 + [0.004, 0.01, 0.014, 0.02, 0.03, 0.041] * 3 + [0.152, 0.263]
    floods = replace(publication.results[0], values=pd.Series(values))
    edges = classes.breaks(floods)
    assert edges[-1] == pytest.approx(0.26, abs=0.0401)
    number = np.searchsorted(edges[1:5], np.round(values, 2), "right")
    assert len(np.unique(number)) >= 4


def test_shares_of_two_answers_stay_in_fifths(publication):
    same = replace(publication.results[0], values=pd.Series([0.0] * 38 + [0.3]))
    assert classes.breaks(same) == classes.SHARES


@pytest.mark.parametrize(
    ("value", "on_page"),
    [(0.4449, 0.4449), (0.445, 0.445), (0.9997, 0.9997), (0.0002, 0.0002), (1, 1), (0, 0),
     (1 - 1e-12, 1), (0.58349, 0.583)],
)  # fmt: skip
def test_a_share_reads_the_same_after_it_was_rounded_for_the_page(value, on_page):
    assert number_on_page(value, 3, share=True) == pytest.approx(on_page, abs=1e-12)


def test_few_whole_numbers_have_a_class_each(publication):
    ranks = replace(publication.results[4], values=pd.Series([1.0, 3, 3, np.nan]), city=3.0)
    assert classes.breaks(ranks) == (0, 1, 2, 3, 4, 5)
    late = replace(ranks, values=pd.Series([2003.0, 2005, 2007]), city=2005.0)
    assert classes.breaks(late) == (2003, 2004, 2005, 2006, 2007, 2008)


def test_the_total_of_a_city_stretches_no_class(publication):
    counted = replace(publication.results[4], values=pd.Series([0.0, 2, 3, 9]), city=42.0)
    assert classes.breaks(counted)[-1] == 9


def test_a_city_without_people_streets_or_facilities_has_a_page(publication):
    bare = replace(publication.city, residents=None, layers={}, streets=None)
    density = (publication.results[4],)
    document = page(replace(publication, city=bare, results=density))
    assert _data(document)["cells"] == {}


def test_the_front_page_shows_each_city_and_leads_to_it(publication):
    entries = [index_entry(publication, "a/index.html"), index_entry(publication, "b/index.html")]
    document = index_page(entries)
    parts = Parts(document)
    links = [a["href"] for tag, a in parts.tags if tag == "a" and a.get("class") == "card"]
    assert links.count("a/index.html#lang=sq") == 1
    assert len(links) == 2 * len(publication.spec.languages)
    assert "Probni Grad" in document
    assert document == index_page(entries)


def test_the_front_page_takes_no_hostile_text_for_markup():
    document = index_page([index_entry(hostile_publication(), "a/index.html")])
    plain = index_page([index_entry(make_publication(), "a/index.html")])
    counts = [_tally(Parts(text).tags) for text in (document, plain)]
    for tag in set(counts[0]) | set(counts[1]):
        assert tag == "path" or counts[0].get(tag) == counts[1].get(tag), tag


def test_an_empty_front_page_is_a_page():
    assert "<h1>Cities and themes</h1>" in index_page([])


def _luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_classes_grow_darker_and_stay_apart_in_grey():
    """Lightness (CIE L*) falls by at least 10 from class to class, in both schemes."""
    tokens = bundle.asset("css/tokens.css")
    for scheme in (tokens.split("@media")[0], tokens.split("@media")[1]):
        colours = [re.search(rf"--class-{n}: (#\w+)", scheme)[1] for n in range(1, 6)]
        lightness = [116 * _luminance(c) ** (1 / 3) - 16 for c in colours]
        assert min(a - b for a, b in itertools.pairwise(lightness)) >= 10


def test_a_group_of_residents_is_named_beside_the_question(publication):
    first = publication.results[0]
    people = publication.city.residents
    grouped = replace(people, groups={"women": people.people / 2})
    both = replace(
        publication, city=replace(publication.city, residents=grouped),
        results=(first, asked(first, group="women")),
    )  # fmt: skip
    words = _data(page(both), "words")
    assert [w["title"] for w in words["en"]["indicators"]] == [
        "Kindergarten",
        "Kindergarten: women",
    ]
    assert words["sr-Latn-ME"]["indicators"][1]["title"] == "Vrtić: žene"
    assert words["sr-Cyrl-ME"]["indicators"][1]["title"] == SPELLED


def test_an_answer_about_a_service_names_it_where_the_catalogue_names_only_the_question(
    publication,
):
    result = asked(publication.results[0], indicator="nearest_facility_m")
    result = replace(result, unit="m")
    titles = _data(page(replace(publication, results=(result,))), "words")["en"]["indicators"]
    assert titles[0]["title"].endswith(" nearest: Kindergartens")
    assert titles[0]["question"] == "Kindergartens: how far is the nearest one?"
    assert titles[0]["definition"].endswith(": Kindergartens")


@pytest.mark.parametrize("formats", [["html", "csv", "gpkg"], ["html"], ["html", "geojson"]])
def test_each_file_that_the_page_names_lies_beside_it(publication, formats):
    spec = publication.spec.model_copy(
        update={"publish": publication.spec.publish.model_copy(update={"formats": formats})}
    )
    asked = replace(publication, spec=spec)
    paths = [path for _, path in page_files(asked)]
    assert set(paths) <= set(render.files(asked, record_of(asked, {})))
    assert ("data/indicators.csv" in paths) == ("csv" in formats)
    assert ("data/equity.csv" in paths) == ("csv" in formats)


def test_where_few_live_the_page_says_nothing_of_them():
    """The residents of one neighbourhood are five: it and the next smallest show no answer."""
    publication = make_publication()
    residents = publication.city.residents
    people = np.where(residents.neighbourhood == 5, 0.125, residents.people)
    few = replace(
        publication, city=replace(publication.city, residents=replace(residents, people=people))
    )
    data = _data(page(few))
    hidden = [row for row, people in enumerate(data["residents"]) if people is None]
    assert 5 in hidden
    assert len(hidden) == 2
    for record in data["indicators"]:
        assert {record["values"][row] for row in hidden} == {None}
        assert {record["reasons"][str(row)] for row in hidden} == {"too-few-residents"}
    assert all(walks[row] is None for walks in data["walks"].values() for row in hidden)


def test_a_link_in_a_messenger_shows_the_city_the_answer_and_the_notice(document):
    tags = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', document))
    assert tags["title"].startswith("Test City")
    assert re.search(
        r"Residents with a kindergarten within 500.m on foot: \d+%\.", tags["description"]
    )
    assert "not a survey" in tags["description"]
