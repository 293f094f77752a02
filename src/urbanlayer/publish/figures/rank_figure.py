"""The ranked dot plot of one result: a neighbourhood a row, its value, low and high."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from urbanlayer.publish.figures.frame import MARGIN_IN, WIDTH_IN, around, ink
from urbanlayer.publish.figures.typeset import lines_of, width_in, writable
from urbanlayer.publish.page.colours import class_colours, colours

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.figures.subject import Subject
    from urbanlayer.publish.figures.typeset import Sheet

_ROW_IN = 0.15
_MOST_NAMED = 200
"""Of more neighbourhoods the names are not written: their rows would fill many pages."""
_UNNAMED_IN = 8.0
_NAMES_IN = 2.1
_KEY_IN = 0.46
_DATA_RANGE = "#B9C3CB"


def rank_figure(publication: Publication, subject: Subject) -> Sheet:
    """The neighbourhoods with a result, the best first, each a dot in the colour of its class.

    Parameters
    ----------
    publication
        As `disclosure.disclosed` gives it.
    subject
        The result, in the language of the figure.
    """
    order = subject.ranked()
    named = len(order) <= _MOST_NAMED
    tall = max(len(order), 4) * _ROW_IN if named else _UNNAMED_IN
    texts = around(publication, subject)
    sheet = texts.sheet(tall + _KEY_IN)
    style = ink(6.4)
    names = [lines_of(subject.names[row], style, _NAMES_IN, 1)[:1] or [""] for row in order]
    widest = max((width_in(one[0], style) for one in names), default=0.0) if named else 0.0
    left = MARGIN_IN + widest + 0.1
    axes = sheet.axes(left, texts.top_in + _KEY_IN, WIDTH_IN - MARGIN_IN - left - 0.2, tall)
    _draw(axes, subject, order)
    _axis(axes, subject)
    _lines(axes, subject)
    for place, (name,) in enumerate(names if named else ()):
        y = texts.top_in + _KEY_IN + (place + 0.5) * tall / max(len(order), 4) + 0.03
        sheet.write(left - 0.06, y, name, style, ha="right")
    _key(sheet, subject, texts.top_in)
    return sheet


def _draw(axes: Axes, subject: Subject, order: list[int]) -> None:
    shown = colours()
    places = range(len(order))
    values = [subject.values[row] for row in order]
    for threshold, width, colour in ((True, 0.9, shown["ink-2"]), (False, 2.8, _DATA_RANGE)):
        ends = [subject.ends(row, threshold=threshold) for row in order]
        held = [(place, *pair) for place, pair in zip(places, ends, strict=True) if pair]
        if held:
            at, low, high = zip(*held, strict=True)
            axes.hlines(at, low, high, color=colour, linewidth=width, zorder=2 + threshold)
    fills = [class_colours()[subject.class_of(row) - 1] for row in order]
    axes.scatter(np.array(values, dtype=float), list(places), c=fills, s=20,
                 edgecolors=shown["ink"], linewidths=0.6, zorder=4)  # fmt: skip
    axes.set_ylim(max(len(order), 4) - 0.5, -0.5)


def _axis(axes: Axes, subject: Subject) -> None:
    from matplotlib.ticker import FixedFormatter, FixedLocator, MaxNLocator

    shown = colours()
    low, high = axes.get_xlim()
    edges = subject.record["breaks"]
    low, high = min(low, edges[0]), max(high, edges[5])
    low = edges[0] if low > edges[0] - (high - low) * 0.1 else low
    spare = (high - low) * 0.02
    ticks = [t for t in MaxNLocator(6).tick_values(low, high) if low - spare <= t <= high + spare]
    if subject.is_share:
        ticks = [t for t in ticks if 0 <= t <= 1]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_major_formatter(FixedFormatter([_tick(subject, t, ticks) for t in ticks]))
    axes.set_xlim(low - spare, high + spare)
    axes.xaxis.tick_top()
    axes.set_yticks([])
    axes.tick_params(length=2, width=0.5, color=shown["edge"], pad=1)
    for label in axes.get_xticklabels():
        label.set(fontproperties=ink(6.4).font, color=shown["ink-2"], parse_math=False)
    axes.grid(axis="x", color=shown["line"], linewidth=0.5)
    axes.set_axisbelow(True)
    for side in ("left", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["top"].set(color=shown["edge"], linewidth=0.5)


def _tick(subject: Subject, value: float, ticks: list[float]) -> str:
    words = subject.words
    if subject.is_share:
        return words.percent(value)
    step = min((b - a for a, b in pairwise(ticks)), default=1.0)
    places = next((n for n in range(6) if abs(round(step, n) - step) < step / 100), 6)
    return words.number(value, places)


def _lines(axes: Axes, subject: Subject) -> None:
    """The city and the target as lines over all rows."""
    total = subject.record.get("total")
    city = None if total else subject.record["city"]
    shown = colours()
    for value, style, colour in (
        (city, "--", shown["ink"]),
        (subject.record["target"], ":", shown["accent"]),
    ):
        if value is not None:
            axes.axvline(value, linestyle=style, color=colour, linewidth=0.9, zorder=1.5)


def _key(sheet: Sheet, subject: Subject, top: float) -> None:
    """What lines mean, in a row above the plot."""
    from matplotlib.lines import Line2D

    words, shown, record = subject.words, colours(), subject.record
    entries: list[tuple[str, dict[str, Any]]] = []
    if record["city"] is not None and not record.get("total"):
        text = words.text("page.city_line", value=subject.full(record["city"]))
        entries.append((text, {"linestyle": "--", "color": shown["ink"], "linewidth": 0.9}))
    if record["target"] is not None:
        text = words.text("page.target_line", value=subject.full(record["target"]))
        entries.append((text, {"linestyle": ":", "color": shown["accent"], "linewidth": 0.9}))
    if "low" in record:
        entries.append((words.text("page.low_high"), {"color": _DATA_RANGE, "linewidth": 2.8}))
    if "threshold" in record:
        text = words.text("page.low_high_threshold")
        entries.append((text, {"color": shown["ink-2"], "linewidth": 0.9}))
    style = ink(6.8)
    x, y = MARGIN_IN, top + 0.12
    for text, line in entries:
        wide = 0.32 + width_in(writable(text), style) + 0.2
        if x > MARGIN_IN and x + wide > WIDTH_IN - MARGIN_IN:
            x, y = MARGIN_IN, y + 0.16
        ends = [sheet.at(x, y - 0.035), sheet.at(x + 0.26, y - 0.035)]
        sheet.figure.add_artist(
            Line2D(*zip(*ends, strict=True), transform=sheet.figure.transFigure, **line)
        )
        sheet.write(x + 0.32, y, text, style)
        x += wide
