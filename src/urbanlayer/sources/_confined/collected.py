"""What is gathered of one layer while an OpenStreetMap file streams by."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from urbanlayer.model.note import Listing, Note
from urbanlayer.sources._tags import not_in_use, not_there

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pyarrow as pa

    from urbanlayer.sources._selection import Selection
    from urbanlayer.sources._tags import Tags

LABEL, SHAPE, NODES = "\x00label", "\x00shape", "\x00nodes"
"""Columns of a layer's table beside its tags."""

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
    selection
        Which objects make the layer.
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
    at_middle
        Open ways that stand at their middle.
    cut
        Number of ways of which only a part is in the file.
    minding
        Whether what is out of use does not belong to it.
    keys
        The tags that make it.
    has_new
        Whether nodes that lack a place have negative ids, which pyosmium does not place.
    """

    selection: Selection
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
    at_middle: list[str] = field(default_factory=list)
    cut: int = 0
    has_new: bool = False
    minding: bool = True
    keys: tuple[str, ...] = ()

    def take(self, label: str, wkb: str, tags: Tags, nodes: Sequence[int] = ()) -> None:
        """Keep an object; `wkb` is hexadecimal, which shapely reads four times more slowly."""
        row = len(self.labels)
        self.labels.append(label)
        self.wkb.append(bytes.fromhex(wkb))
        if self.selection.crossed:
            self.nodes.extend(nodes)
            self.sizes.append(len(nodes))
        get, left = tags
        sought = self.sought
        for place, column in enumerate(sought):
            if (value := get(column, None)) is None:
                continue
            self.cells[column][row] = value
            if place:  # one step forward, so that what is common is soon looked up first
                sought[place], sought[place - 1] = sought[place - 1], column
            left -= 1
            if not left:
                break

    def drop(self, labels: Collection[str]) -> None:
        """Take objects back."""
        if not labels:
            return
        gone = {row for row, label in enumerate(self.labels) if label in labels}
        if self.selection.crossed:
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

    def rows(self) -> dict[str, int]:
        """The row of each object."""
        return {label: row for row, label in enumerate(self.labels)}

    def inherit(self, row: int, other: int) -> None:
        """Give an object the values of another one of the same place that it lacks itself."""
        for values in self.cells.values():
            if other in values:
                values.setdefault(row, values[other])

    def shares_tag(self, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
        """Whether two objects have one of the tags that make the layer, with the same value."""
        tags = {tag for alternative in self.selection.tags for tag in alternative}
        return any(tag in one and one[tag] == other.get(tag) for tag in tags)

    def leave_out(self, label: str, detail: Note, reason: str = "") -> None:
        """List an object as not used; the code of the reason is that of the note if not given."""
        self.left_out[label] = reason or detail.code, detail


def collected(selection: Selection) -> Collected:
    """Nothing yet of a layer."""
    columns = selection.columns
    return Collected(
        selection,
        cells={column: {} for column in columns},
        sought=list(columns),
        minding=not selection.stands_unused,
        keys=selection.keys,
    )


def in_use(wanting: list[Collected], label: str, tags: Tags) -> list[Collected]:
    """The layers that take an object; the others list it: it is gone, not there yet, or unused.

    Parameters
    ----------
    wanting
        The layers that an object belongs to by its tags.
    label, tags
        Of the object.
    """
    get, count = tags
    if count == 1 or not wanting:
        return wanting
    taking = []
    for each in wanting:
        gone = not_there(get, each.keys, each.selection.as_of)
        tag = gone or (not_in_use(get, each.keys) if each.minding else "")
        if not tag or tag.partition("=")[0] in each.selection.where:
            taking.append(each)
        elif gone:
            each.leave_out(label, Note.of("not-there", tag=tag))
        else:
            each.leave_out(label, Note.of("not-in-use", tag=tag))
    return taking


def take_node(node: Any, wanting: list[Collected], tags: Tags, factory: Any) -> None:  # noqa: ANN401
    """Take a node, or list it where a layer is of areas.

    Parameters
    ----------
    node, factory
        pyosmium's.
    wanting
        The layers whose tags it has.
    tags
        Of the node.
    """
    if not wanting:
        return
    label = f"node/{node.id}"
    for each in in_use(wanting, label, tags):
        if each.selection.points:
            each.take(label, factory.create_point(node), tags)
        else:
            each.leave_out(label, Note.of("mapped-as-point"))


def notes_of(each: Collected) -> list[Note]:
    """What of a layer was cut, closed, placed, or not drawn."""
    notes = []
    if each.cut:
        notes.append(Note.of("ways-cut", count=each.cut))
    if each.closed:
        closed = Listing.of(each.closed)
        notes.append(Note.of("outlines-closed", count=len(each.closed), names=closed))
    if each.at_members:
        names = Listing.of(each.at_members)
        notes.append(Note.of("sites-at-members", count=len(each.at_members), names=names))
    if each.at_middle:
        middle = Listing.of(each.at_middle)
        notes.append(Note.of("lines-at-middle", count=len(each.at_middle), names=middle))
    undrawn = sum(reason in _UNDRAWN for reason, _ in each.left_out.values())
    if undrawn:
        notes.append(Note.of("objects-not-drawn", count=undrawn))
    return notes


_UNDRAWN = frozenset({"broken-multipolygon", "missing-nodes", "outline-open"})


def table_of(each: Collected) -> pa.Table:
    """The objects of a layer: label and shape, the numbers of its nodes, and its columns."""
    import pyarrow as pa

    rows = len(each.labels)
    own = {
        LABEL: pa.array(each.labels, pa.large_string()),
        SHAPE: pa.array(each.wkb, pa.large_binary()),
    }
    if each.selection.crossed:
        ends = pa.array([0, *accumulate(each.sizes)], pa.int64())
        nodes = pa.array(memoryview(each.nodes), pa.int64())
        own[NODES] = pa.LargeListArray.from_arrays(ends, nodes)
    return pa.table(
        own | {name: _column(each.cells[name], rows) for name in each.selection.columns}
    )


def _column(values: dict[int, str], rows: int) -> pa.Array:
    import pyarrow as pa

    if not values:
        return pa.nulls(rows, pa.large_string())
    return pa.array([*map(values.get, range(rows))], pa.large_string())
