"""The map of one result: classes and names of the neighbourhoods, legend, scale and north."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from urbanlayer.publish import disclosure
from urbanlayer.publish.figures.city_ground import scale_bar_m
from urbanlayer.publish.figures.frame import MARGIN_IN, WIDTH_IN, around, ink
from urbanlayer.publish.figures.names import placed_names
from urbanlayer.publish.figures.typeset import lines_of, writable
from urbanlayer.publish.page.colours import class_colours, colours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.figures.city_ground import CityGround
    from urbanlayer.publish.figures.names import PlacedName
    from urbanlayer.publish.figures.subject import Subject
    from urbanlayer.publish.figures.typeset import Sheet

LEGEND_IN = 1.72
"""Width of the legend, to the right of the map."""
MAP_IN = WIDTH_IN - 2 * MARGIN_IN - LEGEND_IN - 0.12
MOST_HEIGHT_IN = 7.0
_LEGEND_HEIGHT_IN = 4.3
_DARK = 4
"""From this class on names are white."""
_SWATCH_IN = (0.3, 0.19)
_MANY_DOTS = 200
"""So many facilities are drawn smaller, for the classes to be seen."""
_KILOMETRE = 1000
_HATCH = "//////"


def map_figure(
    publication: Publication,
    subject: Subject,
    ground: CityGround,
    names: Sequence[str],
) -> Sheet:
    """The map of a result with its legend.

    Parameters
    ----------
    publication
        As `disclosure.disclosed` gives it.
    subject
        The result, in the language of the figure.
    ground
        The city on a box of `MAP_IN`.
    names
        (k,) names of the neighbourhoods.
    """
    texts = around(publication, subject)
    sheet = texts.sheet(max(ground.height, _LEGEND_HEIGHT_IN))
    axes = sheet.axes(MARGIN_IN, texts.top_in, ground.width, ground.height)
    axes.set(xlim=(0, ground.width), ylim=(0, ground.height))
    axes.set_axis_off()
    _draw_ground(axes, subject, ground)
    dots = ground.moved(_facilities(publication, subject))
    _draw_facilities(axes, dots)
    _draw_names(axes, subject, placed_names(names, ground.shapes, ground.middles, dots))
    left = MARGIN_IN + MAP_IN + 0.12
    below = _legend(sheet, publication, subject, left, texts.top_in)
    _scale_and_north(sheet, subject, ground, left, below)
    return sheet


def _draw_ground(axes: Axes, subject: Subject, ground: CityGround) -> None:
    shown = colours()
    fills = (shown["hatch-ground"], *class_colours())
    by_class = [subject.class_of(row) for row in range(len(ground.shapes))]
    paths = [_path(shape) for shape in ground.shapes]
    for number, fill in enumerate(fills):
        some = [path for path, own in zip(paths, by_class, strict=True) if own == number]
        hatched = {"hatch": _HATCH} if number == 0 else {}
        edge = shown["hatch"] if number == 0 else "none"
        axes.add_collection(
            PathCollection(some, facecolor=fill, edgecolor=edge, linewidth=0, zorder=1, **hatched)
        )
    behind = ground.behind
    _add_lines(axes, behind["streets"], "white", 0.7, 2)
    green = [_path(shape) for shape in behind["green"]]
    axes.add_collection(
        PathCollection(green, facecolor="none", edgecolor="#2B6B45", linewidth=0.4, zorder=2)
    )
    water = [_path(shape) for shape in behind["water"]]
    axes.add_collection(
        PathCollection(
            water, facecolor=shown["water"], edgecolor=shown["water-edge"], linewidth=0.4, zorder=3
        )
    )
    _add_lines(axes, behind["rivers"], shown["water-edge"], 1.6, 3)
    _add_lines(axes, behind["rivers"], shown["water"], 1.0, 3)
    for width, colour in ((1.3, "white"), (0.55, shown["outline"])):
        axes.add_collection(
            PathCollection(paths, facecolor="none", edgecolor=colour, linewidth=width, zorder=4)
        )


def _path(shape: shapely.Geometry) -> Path:
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shape)]
    if not rings:
        return Path(np.empty((0, 2)))
    return Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))


def _add_lines(
    axes: Axes, shapes: NDArray[np.object_], colour: str, width: float, order: int
) -> None:
    lines = [shapely.get_coordinates(shape) for shape in shapes]
    axes.add_collection(LineCollection(lines, colors=colour, linewidths=width, zorder=order))


def _facilities(publication: Publication, subject: Subject) -> NDArray[np.float64]:
    role = subject.record["role"]
    if role not in disclosure.facility_roles(publication):
        return np.empty((0, 2))
    points = publication.city.layers[role].frame.geometry.representative_point()
    return np.column_stack([points.x, points.y])


def _draw_facilities(axes: Axes, dots: NDArray[np.float64]) -> None:
    if len(dots):
        size = 11 if len(dots) < _MANY_DOTS else 4
        axes.scatter(
            dots[:, 0],
            dots[:, 1],
            s=size,
            c=colours()["dot"],
            edgecolors="white",
            linewidths=0.5,
            zorder=5,
        )


def _draw_names(axes: Axes, subject: Subject, names: Sequence[PlacedName]) -> None:
    fills = (colours()["hatch-ground"], *class_colours())
    for one in names:
        number = subject.class_of(one.row)
        colour = "white" if number >= _DARK else colours()["ink"]
        halo = [withStroke(linewidth=1.8, foreground=fills[number])]
        step = one.style.line_in
        first = one.y + (len(one.lines) - 1) * step / 2 - one.style.size / 72 * 0.36
        for n, line in enumerate(one.lines):
            axes.text(
                one.x, first - n * step, writable(line), fontproperties=one.style.font,
                color=colour, ha="center", va="baseline", parse_math=False, zorder=6,
                path_effects=halo,
            )  # fmt: skip


def _legend(
    sheet: Sheet, publication: Publication, subject: Subject, left: float, top: float
) -> float:
    """The classes with their words, ranges and counts; where the legend ends."""
    words, plain, strong = subject.words, ink(7, name="ink-2"), ink(7, bold=True)
    room = LEGEND_IN - _SWATCH_IN[0] - 0.08
    counts = Counter(subject.class_of(row) for row in range(len(subject.values)))
    y = top
    for number in range(5, 0, -1):
        count = words.number(counts[number])
        lines = [*lines_of(subject.class_words[number - 1], strong, room, 2)]
        y = _entry(sheet, left, y, class_colours()[number - 1], lines, strong)
        y = sheet.paragraph(
            left + _SWATCH_IN[0] + 0.08, y, [f"{subject.span(number)} ({count})"], plain
        )
        y += 0.05
    if counts[0]:
        text = words.text("page.no_answer_count", count=words.number(counts[0]))
        y = _entry(sheet, left, y, "", lines_of(text, strong, room, 2), strong)
        why = lines_of(words.followed(subject.why_none()), plain, room, 5)
        y = sheet.paragraph(left + _SWATCH_IN[0] + 0.08, y, why, plain) + 0.05
    for text in (_city_line(subject), _target_line(subject)):
        y = sheet.paragraph(left, y + 0.02, lines_of(text, strong, LEGEND_IN, 3), strong)
    if len(_facilities(publication, subject)):
        y += 0.05
        sheet.figure.add_artist(_dot(sheet, left + 0.08, y + plain.line_in / 2))
        named = lines_of(words.role(subject.record["role"], publication.spec), plain, room, 3)
        y = sheet.paragraph(left + 0.2, y, named, plain)
    return y


def _city_line(subject: Subject) -> str:
    city = subject.record["city"]
    return "" if city is None else subject.words.text("page.city_line", value=subject.full(city))


def _target_line(subject: Subject) -> str:
    aim = subject.record["target"]
    return "" if aim is None else subject.words.text("page.target_line", value=subject.full(aim))


def _entry(sheet: Sheet, x: float, y: float, fill: str, lines: Sequence[str], style: Any) -> float:  # noqa: ANN401
    """A swatch and its words; an empty fill is hatched."""
    wide, high = _SWATCH_IN
    shown = colours()
    corner = sheet.at(x, y + high + 0.01)
    size = (wide / sheet.width, high / sheet.height)
    face, edge = (fill, shown["outline"]) if fill else (shown["hatch-ground"], shown["hatch"])
    whole = sheet.figure.transFigure
    swatch = Rectangle(corner, *size, facecolor=face, edgecolor=edge, linewidth=0.6,
                       transform=whole, hatch=None if fill else _HATCH)  # fmt: skip
    sheet.figure.add_artist(swatch)
    return sheet.paragraph(x + wide + 0.08, y, lines, style)


def _dot(sheet: Sheet, x: float, y: float) -> Any:  # noqa: ANN401
    at_x, at_y = sheet.at(x, y)
    return Line2D(
        [at_x], [at_y], marker="o", markersize=3.6, color=colours()["dot"],
        markeredgecolor="white", markeredgewidth=0.5, transform=sheet.figure.transFigure,
    )  # fmt: skip


def _scale_and_north(
    sheet: Sheet, subject: Subject, ground: CityGround, left: float, y: float
) -> None:
    words, style, dark = subject.words, ink(7), colours()["ink"]
    metres = scale_bar_m(ground, LEGEND_IN - 0.75)
    long_in = metres / ground.metres_per_inch
    y += 0.5
    text = words.number(metres) + "\u00a0m"
    if metres >= _KILOMETRE:
        text = words.number(metres / _KILOMETRE) + "\u00a0km"
    corners = ((0, -0.06), (0, 0), (long_in, 0), (long_in, -0.06))
    bar = zip(*(sheet.at(left + dx, y + dy) for dx, dy in corners), strict=True)
    whole = sheet.figure.transFigure
    sheet.figure.add_artist(Line2D(*bar, color=dark, linewidth=1.2, transform=whole))
    sheet.write(left + long_in / 2, y - 0.05, text, style, ha="center")
    _north_arrow(sheet, subject, ground, left + LEGEND_IN - 0.3, y - 0.17)


def _north_arrow(
    sheet: Sheet, subject: Subject, ground: CityGround, middle_x: float, middle_y: float
) -> None:
    whole, dark = sheet.figure.transFigure, colours()["ink"]
    turn = math.radians(ground.north)
    arrow = [(0, 0.2), (-0.08, -0.14), (0, -0.07), (0.08, -0.14)]
    turned = [
        sheet.at(
            middle_x + dx * math.cos(turn) + dy * math.sin(turn),
            middle_y - (dy * math.cos(turn) - dx * math.sin(turn)),
        )
        for dx, dy in arrow
    ]
    arrow_head = Polygon(turned, closed=True, facecolor=dark, linewidth=0, transform=whole)
    sheet.figure.add_artist(arrow_head)
    letter = subject.words.text("page.north_letter")
    sheet.write(middle_x, middle_y - 0.23, letter, ink(7, bold=True), ha="center")
