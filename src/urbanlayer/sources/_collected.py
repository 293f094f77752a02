"""What is gathered of one layer while an OpenStreetMap file streams by."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.model.layer import Excluded, RawLayer
from urbanlayer.model.note import Listing, Note
from urbanlayer.model.roles import role
from urbanlayer.sources._choose import named
from urbanlayer.sources._shared_nodes import moved_apart, northward
from urbanlayer.sources._tags import alternatives, kept_tags, not_in_use
from urbanlayer.sources._wkb import shapes_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray
    from osmium.osm import TagList
    from pandas.api.extensions import ExtensionArray

    from urbanlayer.model.role import Alternative
    from urbanlayer.model.source import BoxOptions, Request

_STANDS_UNUSED = frozenset({"buildings", "water", "land_use", "land_cover"})
"""Layers of what is there whether it is used or not."""

Member = tuple[str, int, str]
"""Type (`n`, `w`, `r`), number and role of a member of a relation."""


@dataclass(slots=True)
class Unplaced:
    """An object of a layer that has no shape yet: its tags, and what it is made of."""

    tags: dict[str, str]
    members: tuple[Member, ...] = ()


@dataclass(slots=True, eq=False)
class Collected:
    """What is gathered of one layer.

    Attributes
    ----------
    points, lines, areas
        Which kinds of geometry the layer takes.
    crossed
        Whether its lines meet at shared nodes, and areas come as their rings.
    nodes, sizes
        Number of the node at each vertex, and how many vertices each object has, where lines meet
        at shared nodes.
    cells
        Values of the columns by the row of their object.
    sought
        The columns, by and by in the order of how often objects have them.
    expected
        Relations that should become areas.
    open_ways
        Ways that should be areas, but do not return to their first node: located coordinates, and
        whether nodes are missing.
    sites
        Relations that stand at their members.
    left_out
        Objects that are not used: code of the reason, and what was found.
    closed
        Objects whose open outline was closed by a straight line.
    at_members
        Relations of `type=site`, which stand at their members.
    cut
        Number of ways of which only a part is in the file.
    has_new
        Whether nodes that lack a place have negative ids, which pyosmium does not place.
    """

    request: Request[BoxOptions]
    wanted: tuple[Alternative, ...]
    columns: tuple[str, ...]
    points: bool
    lines: bool
    areas: bool
    crossed: bool
    wkb: list[bytes] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    nodes: array[int] = field(default_factory=lambda: array("q"))
    sizes: list[int] = field(default_factory=list)
    cells: dict[str, dict[int, str]] = field(default_factory=dict)
    sought: list[str] = field(default_factory=list)
    expected: dict[str, Unplaced] = field(default_factory=dict)
    open_ways: dict[str, tuple[Unplaced, list[tuple[float, float]], bool]] = field(
        default_factory=dict
    )
    sites: dict[str, Unplaced] = field(default_factory=dict)
    left_out: dict[str, tuple[str, Note]] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)
    at_members: list[str] = field(default_factory=list)
    cut: int = 0
    has_new: bool = False

    def take(
        self, label: str, wkb: str, tags: TagList | Mapping[str, str], nodes: Sequence[int] = ()
    ) -> None:
        """Keep an object; `wkb` is hexadecimal, which shapely reads four times more slowly."""
        row = len(self.labels)
        self.labels.append(label)
        self.wkb.append(bytes.fromhex(wkb))
        if self.crossed:
            self.nodes.extend(nodes)
            self.sizes.append(len(nodes))
        left = len(tags)
        for place, column in enumerate(self.sought):
            if (value := tags.get(column)) is None:
                continue
            self.cells[column][row] = value
            if place:  # one step forward, so that what is common is soon looked up first
                self.sought[place] = self.sought[place - 1]
                self.sought[place - 1] = column
            left -= 1
            if not left:
                break

    def drop(self, labels: Collection[str]) -> None:
        """Take objects back."""
        if not labels:
            return
        gone = {row for row, label in enumerate(self.labels) if label in labels}
        if self.crossed:
            starts = [0, *accumulate(self.sizes)]
            for row in sorted(gone, reverse=True):
                del self.nodes[starts[row] : starts[row + 1]]
                del self.sizes[row]
        kept = [row for row in range(len(self.labels)) if row not in gone]
        new = {row: place for place, row in enumerate(kept)}
        self.labels = [self.labels[row] for row in kept]
        self.wkb = [self.wkb[row] for row in kept]
        self.cells = {
            column: {new[row]: value for row, value in values.items() if row in new}
            for column, values in self.cells.items()
        }

    def shares_tag(self, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
        """Whether two objects have one of the tags that make the layer, with the same value."""
        tags = {tag for alternative in self.wanted for tag in alternative}
        return any(tag in one and one[tag] == other.get(tag) for tag in tags)

    def leave_out(self, label: str, detail: Note, reason: str = "") -> None:
        """List an object as not used; the code of the reason is that of the note if not given."""
        self.left_out[label] = reason or detail.code, detail


def collected(request: Request[BoxOptions]) -> Collected:
    """Nothing yet of a layer.

    Raises
    ------
    SourceError
        Nobody says which tags make the layer.
    """
    wanted = alternatives(request)
    if not wanted:
        raise SourceError(
            f"{named(request)}: which tags make {request.role!r} is not known; say "
            'where = { amenity = "…" } in city.toml'
        )
    columns = kept_tags(request)
    kinds = role(request.role).kinds
    derived = request.spec.derive is not None  # from points, whatever the role is made of
    return Collected(
        request,
        wanted,
        columns,
        points="point" in kinds or derived,
        lines="line" in kinds and not derived,
        areas="polygon" in kinds and not derived,
        crossed=role(request.role).crossed,
        cells={column: {} for column in columns},
        sought=list(columns),
    )


def in_use(wanting: list[Collected], label: str, tags: TagList) -> list[Collected]:
    """The layers that take an object; those that need it in use list it where it is not.

    Parameters
    ----------
    wanting
        The layers that an object belongs to by its tags.
    label, tags
        Of the object.
    """
    minding = [each for each in wanting if each.request.role not in _STANDS_UNUSED]
    if not minding or len(tags) == 1 or not (tag := not_in_use(tags.get)):
        return wanting
    taking = [each for each in wanting if each not in minding]
    for each in minding:
        if tag.partition("=")[0] in each.request.spec.where:
            taking.append(each)
        else:
            each.leave_out(label, Note.of("not-in-use", tag=tag))
    return taking


def take_node(node: Any, wanting: list[Collected], factory: Any) -> None:  # noqa: ANN401
    """Take a node, or list it where a layer is of areas.

    Parameters
    ----------
    node, factory
        pyosmium's.
    wanting
        The layers whose tags it has.
    """
    label = f"node/{node.id}"
    for each in in_use(wanting, label, node.tags):
        if each.points:
            each.take(label, factory.create_point(node), node.tags)
        else:
            each.leave_out(label, Note.of("mapped-as-point"))


def raw_layers(every: Sequence[Collected], digest: str) -> dict[str, RawLayer]:
    """The layers, by role; their nodes at equal coordinates moved apart.

    Parameters
    ----------
    every
        The layers of one file.
    digest
        Of the file.
    """
    import numpy as np
    import shapely

    shapes = [shapes_of(np.array(each.wkb, dtype=object)) for each in every]
    lines = [(np.array(e.nodes), s) for e, s in zip(every, shapes, strict=True) if e.crossed]
    moved, degrees = np.empty(0, np.int64), np.empty(0)
    if lines:
        xy = np.concatenate([shapely.get_coordinates(drawn) for _, drawn in lines])
        moved, degrees = northward(np.concatenate([node for node, _ in lines]), xy)
    return {
        each.request.role: _raw(each, _apart(each, drawn, moved, degrees), digest)
        for each, drawn in zip(every, shapes, strict=True)
    }


def _apart(
    each: Collected,
    shapes: NDArray[np.object_],
    moved: NDArray[np.int64],
    degrees: NDArray[np.float64],
) -> NDArray[np.object_]:
    """The shapes of a layer of lines that meet at nodes, or of nodes, with moved nodes moved."""
    import numpy as np

    if each.crossed:
        return moved_apart(shapes, np.array(each.nodes), moved, degrees)
    if not len(moved) or not each.points:
        return shapes
    gone = {f"node/{node}" for node in moved.tolist()}
    rows = [row for row, label in enumerate(each.labels) if label in gone]
    node = np.array([int(each.labels[row].partition("/")[2]) for row in rows], np.int64)
    apart = shapes.copy()
    apart[rows] = moved_apart(shapes[rows], node, moved, degrees)
    return apart


def _raw(each: Collected, shapes: NDArray[np.object_], digest: str) -> RawLayer:
    fix = Note.of("fix-in-osm")
    excluded = tuple(
        Excluded(each.request.role, label, reason, detail, fix)
        for label, (reason, detail) in each.left_out.items()
    )
    notes = []
    if each.cut:
        notes.append(Note.of("ways-cut", count=each.cut))
    if each.closed:
        closed = Listing.of(each.closed)
        notes.append(Note.of("outlines-closed", count=len(each.closed), names=closed))
    if each.at_members:
        names = Listing.of(each.at_members)
        notes.append(Note.of("sites-at-members", count=len(each.at_members), names=names))
    undrawn = sum(reason in _UNDRAWN for reason, _ in each.left_out.values())
    if undrawn:
        notes.append(Note.of("objects-not-drawn", count=undrawn))
    window = each.request.options.bbox
    return RawLayer(_frame(each, shapes), digest, excluded, tuple(notes), window=window)


_UNDRAWN = frozenset({"broken-multipolygon", "missing-nodes", "outline-open"})


def _frame(each: Collected, shapes: NDArray[np.object_]) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import pandas as pd
    import shapely

    rows = len(each.labels)
    table = pd.DataFrame(
        {name: _column(each.cells[name], rows) for name in each.columns},
        index=pd.Index(each.labels, dtype="str"),
    )
    frame = gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")
    bbox = each.request.options.bbox
    return frame if bbox is None else frame[shapely.intersects(shapely.box(*bbox), shapes)]


def _column(values: dict[int, str], rows: int) -> ExtensionArray:
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    if not values:
        nothing: ExtensionArray = pd.array(pa.nulls(rows, pa.large_string()), dtype="str")
        return nothing
    at = np.full(rows, -1)
    at[list(values)] = np.arange(len(values))
    told = pa.array(values.values(), pa.large_string())
    column: ExtensionArray = pd.array(told.take(pa.array(at, mask=at < 0)), dtype="str")
    return column
