"""Draw a map of one result: classes and names of the neighbourhoods, legend, scale and north."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.patheffects import withStroke

from urbanlayer.publish.colours import colours
from urbanlayer.publish.figures.drawing.frame import frame_of
from urbanlayer.publish.figures.drawing.ground import draw_behind, draw_borders, draw_classes
from urbanlayer.publish.figures.drawing.names import placed_names
from urbanlayer.publish.figures.drawing.style import DARK, HATCH, fill_of, ink
from urbanlayer.publish.figures.figure import GAP_IN, LEGEND_IN, is_narrow
from urbanlayer.publish.figures.typeset import lines_of, writable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes

    from urbanlayer.publish.figures.drawing.names import PlacedName
    from urbanlayer.publish.figures.figure import Figure, MapData
    from urbanlayer.publish.figures.typeset import Sheet, Style

_SWATCH_IN = (0.3, 0.19)
_MANY_DOTS = 200
"""So many facilities are drawn smaller, for the classes to be seen."""
_SCALE_IN = 0.62
"""How high the bar of the scale and the arrow of north are."""


def map_sheet(figure: Figure, data: MapData) -> Sheet:
    """The map of a result; its legend to the right, below it in a column."""
    frame, ground = frame_of(figure), data.ground
    narrow = is_narrow(figure.width)
    columns = _columns(data, figure.width)
    high = max(_height(column) for column in columns) + (0 if narrow else _SCALE_IN)
    tall = ground.height + GAP_IN + high if narrow else max(ground.height, high)
    sheet = frame.sheet(tall)
    left = frame.margin_in
    axes = sheet.axes(left, frame.top_in, ground.width, ground.height)
    axes.set(xlim=(0, ground.width), ylim=(0, ground.height))
    axes.set_axis_off()
    draw_classes(axes, ground, data.classes)
    draw_behind(axes, ground)
    draw_borders(axes, ground)
    _draw_facilities(axes, data)
    _draw_names(axes, data, placed_names(data.names, ground, data.dots))
    if narrow:
        _draw_column(sheet, columns[0], left, frame.top_in + ground.height + GAP_IN)
        left += frame.inner_in / 2
        below = frame.top_in + ground.height + GAP_IN
        below = _draw_column(sheet, columns[1], left, below)
        room = frame.inner_in / 2
    else:
        left, room = left + ground.width + GAP_IN, LEGEND_IN
        below = _draw_column(sheet, columns[0], left, frame.top_in)
    _scale_and_north(sheet, data, left, below, room)
    return sheet


def _draw_facilities(axes: Axes, data: MapData) -> None:
    if len(data.dots):
        size = 11 if len(data.dots) < _MANY_DOTS else 4
        axes.scatter(
            data.dots[:, 0], data.dots[:, 1], s=size, c=colours()["dot"], edgecolors="white",
            linewidths=0.5, zorder=5,
        )  # fmt: skip


def _draw_names(axes: Axes, data: MapData, names: Sequence[PlacedName]) -> None:
    for one in names:
        number = data.classes[one.row]
        inside = one.leader is None
        colour = "white" if inside and number >= DARK else colours()["ink"]
        halo = [withStroke(linewidth=1.8, foreground=fill_of(number) if inside else "white")]
        if one.leader is not None:
            _draw_leader(axes, *one.leader)
        step = one.style.line_in
        first = one.y + (len(one.lines) - 1) * step / 2 - one.style.size / 72 * 0.36
        for n, line in enumerate(one.lines):
            axes.text(
                one.x, first - n * step, writable(line), fontproperties=one.style.font,
                color=colour, ha="center", va="baseline", parse_math=False, zorder=6,
                path_effects=halo,
            )  # fmt: skip


def _draw_leader(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A thin line from a neighbourhood to its name; no dot, which would be a facility."""
    halo = [withStroke(linewidth=1.8, foreground="white")]
    xs, ys = zip(start, end, strict=True)
    axes.plot(xs, ys, color=colours()["ink"], linewidth=0.7, zorder=5.5, path_effects=halo)


_Entry = tuple[int | None, list[tuple["Style", list[str]]]]
"""Of a legend: a class with its swatch, -1 for the dot of facilities, None for text alone."""


def _columns(data: MapData, width: float) -> tuple[list[_Entry], ...]:
    """The entries of the legend: one column, or two below a narrow map."""
    narrow = is_narrow(width)
    wide = width / 2 - 0.1 if narrow else LEGEND_IN
    classes = list(_class_entries(data, width, wide - _SWATCH_IN[0] - 0.08))
    others = list(_other_entries(data, width, wide))
    return (classes, others) if narrow else (classes + others,)


def _class_entries(data: MapData, width: float, room: float) -> Iterator[_Entry]:
    plain, strong = ink(7, width, name="ink-2"), ink(7, width, bold=True)
    for one in data.legend:
        word = lines_of(one.word, strong, room, 2)
        yield one.number, [(strong, word), (plain, [one.span])]
    if data.none:
        yield (
            0,
            [
                (strong, lines_of(data.none, strong, room, 2)),
                (plain, lines_of(data.why_none, plain, room, 5)),
            ],
        )


def _other_entries(data: MapData, width: float, room: float) -> Iterator[_Entry]:
    plain, strong = ink(7, width, name="ink-2"), ink(7, width, bold=True)
    for text in data.remarks:
        yield None, [(strong, lines_of(text, strong, room, 3))]
    if data.dot_word:
        yield -1, [(plain, lines_of(data.dot_word, plain, room - 0.2, 3))]


def _height(column: Sequence[_Entry]) -> float:
    return sum(
        sum(style.line_in * len(lines) for style, lines in texts) + 0.05 for _, texts in column
    )


def _draw_column(sheet: Sheet, column: Sequence[_Entry], left: float, top: float) -> float:
    """Draw entries under one another; where the last one ends."""
    y = top
    for number, texts in column:
        x = left
        if number == -1:
            sheet.figure.add_artist(_dot(sheet, left + 0.08, y + texts[0][0].line_in / 2))
            x = left + 0.2
        elif number is not None:
            sheet.figure.add_artist(_swatch(sheet, left, y, number))
            x = left + _SWATCH_IN[0] + 0.08
        for style, lines in texts:
            y = sheet.paragraph(x, y, lines, style)
        y += 0.05
    return y


def _swatch(sheet: Sheet, x: float, y: float, number: int) -> Rectangle:
    """The swatch of a class; that of 0 is hatched."""
    wide, high = _SWATCH_IN
    shown = colours()
    return Rectangle(
        sheet.at(x, y + high + 0.01), wide / sheet.width, high / sheet.height,
        facecolor=fill_of(number), edgecolor=shown["outline" if number else "hatch"],
        linewidth=0.6, transform=sheet.figure.transFigure, hatch=None if number else HATCH,
    )  # fmt: skip


def _dot(sheet: Sheet, x: float, y: float) -> Any:  # noqa: ANN401
    at_x, at_y = sheet.at(x, y)
    return Line2D(
        [at_x], [at_y], marker="o", markersize=3.6, color=colours()["dot"],
        markeredgecolor="white", markeredgewidth=0.5, transform=sheet.figure.transFigure,
    )  # fmt: skip


def _scale_and_north(sheet: Sheet, data: MapData, left: float, y: float, room: float) -> None:
    style, dark = ink(7, sheet.width), colours()["ink"]
    long_in = data.scale.metres / data.ground.metres_per_inch
    y += _SCALE_IN - 0.12
    corners = ((0, -0.06), (0, 0), (long_in, 0), (long_in, -0.06))
    bar = zip(*(sheet.at(left + dx, y + dy) for dx, dy in corners), strict=True)
    whole = sheet.figure.transFigure
    sheet.figure.add_artist(Line2D(*bar, color=dark, linewidth=1.2, transform=whole))
    sheet.write(left + long_in / 2, y - 0.05, data.scale.text, style, ha="center")
    _north_arrow(sheet, data, left + room - 0.3, y - 0.17)


def _north_arrow(sheet: Sheet, data: MapData, middle_x: float, middle_y: float) -> None:
    whole, dark = sheet.figure.transFigure, colours()["ink"]
    turn = math.radians(data.ground.north)
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
    style = ink(7, sheet.width, bold=True)
    sheet.write(middle_x, middle_y - 0.23, data.scale.north, style, ha="center")
