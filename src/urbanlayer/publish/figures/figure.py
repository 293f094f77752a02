"""A figure as data: what it shows and says, before anything is drawn.

Nothing here draws and nothing here knows a publication: figures go to other processes as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FigureFormat = Literal["png", "svg", "pdf"]
FigureWidth = Literal["page", "column"]
WIDTHS_IN: dict[FigureWidth, float] = {"page": 6.9, "column": 85 / 25.4}
"""The text column of A4 with margins of 17 mm, and a column of a page of two."""
LEGEND_IN = 1.72
"""Width of a legend to the right of a map."""
GAP_IN = 0.12
"""Between a map and its legend."""
Sign = Literal[
    "city", "target", "data", "threshold", "before", "after", "now", "equal", "curve", "ranks"
]
"""What a line or dot means; `drawing.style` says how each looks."""


def is_narrow(width: float) -> bool:
    """Whether a figure is as wide as a column, so that its legend stands below."""
    return width < WIDTHS_IN["page"] / 2 + 0.5


def margin_in(width: float) -> float:
    """Left and right of what is drawn."""
    return 0.05 if is_narrow(width) else 0.15


def map_width_in(width: float) -> float:
    """How wide the map is in a figure of so many inches."""
    inner = width - 2 * margin_in(width)
    return inner if is_narrow(width) else inner - LEGEND_IN - GAP_IN


@dataclass(frozen=True, slots=True)
class Texts:
    """What stands around a figure; empty texts are left out.

    Attributes
    ----------
    city, title, definition, unit, notice
        Above it, in this order.
    foot
        Below: the date of the data, licences and attributions.
    """

    city: str
    title: str
    definition: str
    unit: str
    notice: str
    foot: str


@dataclass(frozen=True, slots=True, eq=False)
class CityGround:
    """A city on a box of so many inches, x to the right and y upwards.

    Attributes
    ----------
    width, height
        Of the box, in inches.
    metres_per_inch
        Its scale.
    corner
        Lower left corner, metres in the CRS of the city.
    shapes
        (k,) the neighbourhoods.
    middles
        (k, 2) the middle of the largest circle in each.
    behind
        Water, rivers, green and streets, as the page draws them.
    north
        Direction of north at the middle of the city, in degrees clockwise from upwards.
    """

    width: float
    height: float
    metres_per_inch: float
    corner: tuple[float, float]
    shapes: NDArray[np.object_]
    middles: NDArray[np.float64]
    behind: dict[str, NDArray[np.object_]]
    north: float


@dataclass(frozen=True, slots=True)
class LegendClass:
    """One class of a legend: its number, its word, from where to where, how many are in it."""

    number: int
    word: str
    span: str


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """The bar of a scale, and the letter of north."""

    metres: float
    text: str
    north: str


@dataclass(frozen=True, slots=True, eq=False)
class MapData:
    """A map of one result.

    Attributes
    ----------
    ground
        The city.
    classes
        Of each neighbourhood, 1 to 5; 0 without a result.
    names
        Of each neighbourhood.
    legend
        The highest class first.
    none, why_none
        How many have no result, and why; empty where all have one.
    remarks
        The city and the target.
    dots
        (n, 2) facilities, in inches of the box; may be empty.
    dot_word
        What they are.
    scale
        Its bar.
    """

    ground: CityGround
    classes: tuple[int, ...]
    names: tuple[str, ...]
    legend: tuple[LegendClass, ...]
    none: str
    why_none: str
    remarks: tuple[str, ...]
    dots: NDArray[np.float64]
    dot_word: str
    scale: ScaleBar


@dataclass(frozen=True, slots=True)
class SmallMap:
    """One of many small maps: its title, the classes of the neighbourhoods, ends, the city."""

    title: str
    classes: tuple[int, ...]
    low: str
    high: str
    city: str


@dataclass(frozen=True, slots=True, eq=False)
class MultiplesData:
    """Small maps of many results.

    Attributes
    ----------
    ground
        The city, on the box of one map.
    maps
        In the order of the city file.
    columns
        Maps in a row.
    none
        What hatched neighbourhoods mean.
    """

    ground: CityGround
    maps: tuple[SmallMap, ...]
    columns: int
    none: str


@dataclass(frozen=True, slots=True)
class Axis:
    """From where to where an axis goes, and its ticks with their labels."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class DotRow:
    """One row of a dot plot.

    Attributes
    ----------
    name
        To its left.
    dots
        What each means and its value; the last is drawn over the others.
    bars
        What each means, low and high.
    fill
        Class of the last dot, 1 to 5; 0 for none.
    strong
        Whether the name is bold.
    """

    name: str
    dots: tuple[tuple[Sign, float], ...]
    bars: tuple[tuple[Sign, float, float], ...] = ()
    fill: int = 0
    strong: bool = False


@dataclass(frozen=True, slots=True)
class DotPlotData:
    """Rows with dots and ranges on one axis.

    Attributes
    ----------
    rows
        From above.
    axis
        Of the values.
    lines
        Over all rows: what each means, and its value.
    key
        What each sign means, in words.
    joined
        Whether the dots of a row are joined by a line, as before and after.
    """

    rows: tuple[DotRow, ...]
    axis: Axis
    lines: tuple[tuple[Sign, float], ...]
    key: tuple[tuple[Sign, str], ...]
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of a line, in the order of x; `dots` marks each of them."""

    sign: Sign
    points: tuple[tuple[float, float], ...]
    dots: bool = False


@dataclass(frozen=True, slots=True)
class LineChartData:
    """Lines on two axes.

    Attributes
    ----------
    x, y
        The axes.
    curves
        The last one over the others.
    verticals
        Lines at values of x: what each means.
    key
        What each sign means, in words.
    square
        Whether both axes are equally long.
    """

    x: Axis
    y: Axis
    curves: tuple[Curve, ...]
    verticals: tuple[tuple[Sign, float], ...]
    key: tuple[tuple[Sign, str], ...]
    square: bool = False


FigureData = MapData | MultiplesData | DotPlotData | LineChartData


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """One figure in one language.

    Attributes
    ----------
    kind
        Its name in `kinds.KINDS`.
    name
        Of its files, without kind and ending.
    texts
        What stands around it.
    alt
        Its alternative text.
    data
        What is drawn.
    width
        Inches.
    """

    kind: str
    name: str
    texts: Texts
    alt: str
    data: FigureData
    width: float
