"""Figures: the same bytes, names apart, hostile names, nothing that may not be shown."""

import dataclasses
import itertools
import sys

import numpy as np
import pytest
import shapely

pytest.importorskip("matplotlib")

from toy_publication import publication as toy_publication

from urbanlayer.errors import PublicationError
from urbanlayer.publish import render
from urbanlayer.publish.colours import class_colours
from urbanlayer.publish.figures import figures
from urbanlayer.publish.figures.axis import axis, axis_of
from urbanlayer.publish.figures.city_ground import city_ground, scale_bar_m
from urbanlayer.publish.figures.drawing.axes import fitting
from urbanlayer.publish.figures.drawing.ground import draw_classes
from urbanlayer.publish.figures.drawing.names import placed_names
from urbanlayer.publish.figures.figure import CityGround
from urbanlayer.publish.figures.subject import Subject
from urbanlayer.publish.figures.typeset import Style, lines_of, width_in, writable
from urbanlayer.publish.page.classes import class_of
from urbanlayer.publish.record import record_of
from urbanlayer.publish.words import Words

ENGLISH = Words.for_language("en")


@pytest.fixture(scope="module")
def toy():
    return toy_publication(population_density={})


@pytest.mark.parametrize(
    "file_format", ["svg", *(pytest.param(name, marks=pytest.mark.slow) for name in ("png", "pdf"))]
)
def test_the_same_publication_gives_the_same_bytes(toy, file_format):
    first = figures(toy, [ENGLISH], file_format=file_format)
    assert first == figures(toy, [ENGLISH], file_format=file_format)
    assert sorted(first) == sorted(
        f"population_density.{kind}" for kind in (f"map.{file_format}", "map.txt",
                                                  f"rank.{file_format}", "rank.txt")
    )  # fmt: skip


def test_each_figure_has_its_text_with_the_date_and_the_city(toy):
    made = figures(toy, [ENGLISH])
    for kind in ("map", "rank"):
        said = made[f"population_density.{kind}.txt"].decode()
        assert "Toy" in said
        assert "Data of 30 June 2026." in said
        assert "Highest: " in said


def test_a_neighbourhood_with_too_few_residents_is_hatched_and_its_number_is_nowhere(toy):
    few = toy.spec.publish.model_copy(update={"suppress_below": 10**9})
    hidden = dataclasses.replace(toy, spec=toy.spec.model_copy(update={"publish": few}))
    said = figures(hidden, [ENGLISH])["population_density.map.txt"].decode()
    assert "No answer: 8 (too few residents)." in said  # of nine; that nobody lives in Q2 is shown
    assert "Highest: N Q2 (0" in said


@pytest.mark.parametrize("name", ["$x_$", "\\frac{", "a\x00b\u202e", "東京", "😀" * 50, "x" * 5000])
def test_hostile_names_are_drawn_as_they_are_or_with_a_sign_for_unknown_letters(toy, name):
    hoods = toy.city.neighbourhoods
    names = {**hoods.names, "": hoods.names[""].map(lambda _: name)}
    city = dataclasses.replace(toy.city, neighbourhoods=dataclasses.replace(hoods, names=names))
    made = figures(dataclasses.replace(toy, city=city), [ENGLISH], file_format="svg")
    assert len(made) == 4


def test_letters_that_the_font_lacks_become_a_sign_and_cyrillic_and_albanian_stay():
    assert writable("Ђурђевац Çarshia Ë Žabljak") == "Ђурђевац Çarshia Ë Žabljak"
    assert writable("東\n京\x07") == "\ufffd \ufffd"


def test_lines_are_no_wider_than_the_column_and_lose_no_word():
    style = Style(7, "black")
    text = "one two three four five six seven eight nine ten"
    lines = lines_of(text, style, 0.8)
    assert max(width_in(line, style) for line in lines) <= 0.8
    assert " ".join(lines) == text
    assert lines_of(text, style, 0.8, 2)[-1].endswith("…")


def ground_of(shapes, middles, *, width=4.5, height=4.0):
    return CityGround(width, height, 1000.0, (0.0, 0.0), shapes, middles, {}, 0.0)


def box_of(one):
    half = max(width_in(line, one.style) for line in one.lines) / 2
    tall = len(one.lines) * one.style.line_in / 2
    return shapely.box(one.x - half, one.y - tall, one.x + half, one.y + tall)


def test_names_lie_in_their_squares_and_none_over_another():
    squares = shapely.box(*np.array([[x, 0, x + 0.7, 0.7] for x in (0, 0.7, 1.4)]).T)
    middles = np.array([[0.35 + x, 0.35] for x in (0, 0.7, 1.4)])
    ground = ground_of(squares, middles)
    placed = placed_names(["Stara Varoš", "Konik", "M" * 60], ground, np.empty((0, 2)))
    assert [one.row for one in placed] == [0, 1]  # the third is wider than the map
    for one in placed:
        assert one.leader is None
        half = max(width_in(line, one.style) for line in one.lines) / 2
        assert 0.7 * one.row - 0.03 <= one.x - half
        assert one.x + half <= 0.7 * (one.row + 1) + 0.03


def test_a_name_without_room_stands_beside_with_a_line_that_crosses_no_name():
    squares = shapely.box(*np.array([[x, 2, x + 0.15, 2.15] for x in (1, 1.15, 1.3, 1.45)]).T)
    middles = np.array([[x + 0.075, 2.075] for x in (1, 1.15, 1.3, 1.45)])
    names = ["Novo Naselje", "Podbrežje", "Čepurci", "Drač"]
    placed = placed_names(names, ground_of(squares, middles), np.empty((0, 2)))
    assert [one.row for one in placed] == [0, 1, 2, 3]
    lines = [shapely.LineString(one.leader) for one in placed if one.leader]
    assert len(lines) >= 3  # squares of 0.15 inches hold none of the long ones
    boxes = [box_of(one) for one in placed]
    for n, box in enumerate(boxes):
        assert not any(box.intersects(other) for other in boxes[n + 1 :])
    for one in placed:
        for other, box in zip(placed, boxes, strict=True):
            if one.leader and one is not other:
                assert not shapely.LineString(one.leader).intersects(box)
    for n, line in enumerate(lines):
        assert not any(line.intersects(other) for other in lines[n + 1 :])


def test_a_name_stands_beside_a_dot():
    ground = ground_of(np.array([shapely.box(0, 0, 2, 2)]), np.array([[1.0, 1.0]]))
    (free,) = placed_names(["Konik"], ground, np.empty((0, 2)))
    (beside,) = placed_names(["Konik"], ground, ground.middles)
    assert (free.x, free.y) == (pytest.approx(1), pytest.approx(1))
    assert abs(beside.y - 1) > beside.style.line_in / 2


def test_all_parts_of_a_neighbourhood_are_filled_and_its_holes_are_not():
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.colors import to_hex
    from matplotlib.figure import Figure

    ring = shapely.box(0, 0, 2, 2).difference(shapely.box(0.5, 0.5, 1.5, 1.5))
    shape = shapely.union_all([ring, shapely.box(3, 3, 4, 4)])
    assert shape.geom_type == "MultiPolygon"
    for turned in (shape, shapely.reverse(shape)):
        figure = Figure(figsize=(4, 4), dpi=50)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, 4), ylim=(0, 4))
        axes.set_axis_off()
        draw_classes(axes, ground_of(np.array([turned]), np.array([[0.2, 0.2]])), [5])
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        pixels = np.asarray(canvas.buffer_rgba())
        seen = [to_hex(pixels[199 - y * 50 // 10, x * 50 // 10] / 255) for x, y in
                ((2, 2), (10, 10), (35, 35), (30, 10))]  # fmt: skip
        assert seen == [
            class_colours()[4].lower(),
            "#ffffff",
            class_colours()[4].lower(),
            "#ffffff",
        ]


def test_labels_of_ticks_do_not_touch():
    made = axis([0, 6_000_000], lambda value, _: f"{value:,.0f}")
    style = Style(6.4, "black")
    widths = {label: width_in(label, style) for _, label in made.ticks}
    held = fitting(made, 2.0, style).ticks
    assert [tick for tick, _ in held] == [0, 2_000_000, 4_000_000, 6_000_000]
    inch = 2.0 / (made.high - made.low)
    for (a, first), (b, second) in itertools.pairwise(held):
        assert (b - a) * inch > (widths[first] + widths[second]) / 2
    assert fitting(made, 6.0, style) == made


def test_the_scale_bar_is_the_longest_round_length_that_fits(toy):
    ground = city_ground(toy.city, width=4, most_height=7)
    scaled = dataclasses.replace(ground, metres_per_inch=1300.0)
    assert scale_bar_m(scaled, 1.0) == 1000
    assert scale_bar_m(scaled, 0.5) == 500
    assert scale_bar_m(scaled, 2.0) == 2000


def test_a_class_begins_at_its_lower_edge_and_the_last_one_has_no_end():
    edges = (0, 10, 20, 30, 40, 50)
    assert [class_of(edges, value) for value in (0, 9.9, 10, 40, 60)] == [1, 1, 2, 5, 5]


def test_a_build_draws_them_in_the_first_language_where_the_city_file_asks(toy):
    asked = toy.spec.publish.model_copy(update={"formats": ["figures"]})
    spec = toy.spec.model_copy(update={"publish": asked, "languages": ["sq", "en"]})
    with_figures = dataclasses.replace(toy, spec=spec)
    made = render.files(with_figures, record_of(with_figures, {}))
    drawn = figures(with_figures, [Words.for_language("sq")])
    assert {name: made[f"figures/{name}"] for name in drawn} == drawn
    assert set(made) == {"run.json", *(f"figures/{name}" for name in drawn)}


@pytest.mark.slow
def test_figures_are_the_same_in_one_process_and_in_three(toy):
    languages = [ENGLISH, Words.for_language("sq"), Words.for_language("mk")]
    alone = figures(toy, languages, processes=1)
    assert list(figures(toy, languages, processes=3).items()) == list(alone.items())
    assert {name.split("/")[0] for name in alone} == {"en", "sq", "mk"}


def test_without_matplotlib_one_message_says_what_to_install(toy, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(PublicationError, match=r"install urbanlayer\[figures\]"):
        figures(toy, [ENGLISH])


def test_places_per_thousand_residents_are_read_as_such_and_ranges_lie_beside_their_dots():
    # of three places per 100 residents a thousand have 30; the range 0.028 to 0.032 is 28 to 32
    record = {
        "id": "e2sfca_access.kindergarten.15", "unit": "places/resident", "scale": 1000,
        "read_as": "places/1,000 residents", "decimals": 0, "breaks": [0, 0.01, 0.02, 0.03, 0.04,
        0.05], "values": [0.03], "low": [28], "high": [32],
    }  # fmt: skip
    one = Subject(record, {"title": "Places"}, ("A",), ("a",) * 5, frozenset(), {}, ENGLISH)
    assert one.full(0.03) == "30\u00a0places per 1,000 residents"
    assert one.unit == "places per 1,000 residents"
    assert one.unit_of_values == "places per resident"
    assert one.span(4) == "30–40"
    assert one.ends(0) == pytest.approx((0.028, 0.032))
    assert {label: tick for tick, label in axis_of(one, [0.0, 0.05]).ticks}["20"] == 0.02


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([0.0, 1.0], [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ([3, 41], [10, 20, 30, 40]),
        ([7, 7], [6.6, 6.8, 7, 7.2, 7.4]),
    ],
)
def test_ticks_stand_at_round_numbers_within_the_axis(values, ticks):
    made = axis(values, lambda value, places: f"{value:.{places}f}")
    assert [tick for tick, _ in made.ticks] == pytest.approx(ticks)
    assert all(made.low <= tick <= made.high for tick, _ in made.ticks)
    assert len({label for _, label in made.ticks}) == len(ticks)
