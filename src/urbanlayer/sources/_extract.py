"""One pass through an OpenStreetMap extract for all the layers that a city asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.model.layer import Excluded, RawLayer
from urbanlayer.model.note import Note
from urbanlayer.model.roles import role
from urbanlayer.sources._choose import named
from urbanlayer.sources._digest import digest
from urbanlayer.sources._tags import TagFilter, alternatives, kept_tags, not_in_use
from urbanlayer.sources._wkb import shapes_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd
    from osmium.osm import TagList
    from pandas.api.extensions import ExtensionArray

    from urbanlayer.model.role import Alternative
    from urbanlayer.model.source import BoxOptions, Request
    from urbanlayer.sources._tags import Get

LICENCE, ATTRIBUTION = "ODbL-1.0", "© OpenStreetMap contributors"
MAX_WITHOUT_NODES = 0.01
"""A file in which more ways than this lack their nodes is cut, or out of order."""
_AREAS = frozenset({"multipolygon", "boundary"})
_STANDS_UNUSED = frozenset({"buildings", "water", "land_use", "land_cover"})
"""Layers of what is there whether it is used or not."""
_NO_OBJECT = (("", ""),)
"""A tag that no object has."""


@dataclass(slots=True, eq=False)
class _Collected:
    """What is gathered of one layer while the file streams by."""

    request: Request[BoxOptions]
    wanted: tuple[Alternative, ...]
    columns: tuple[str, ...]
    points: bool
    lines: bool
    areas: bool
    wkb: list[bytes] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    cells: dict[str, dict[int, str]] = field(default_factory=dict)
    """Values of the columns by the row of their object."""
    sought: list[str] = field(default_factory=list)
    """The columns, by and by in the order of how often objects have them."""
    expected: list[str] = field(default_factory=list)
    """Relations that should have become areas."""
    broken: dict[str, Note] = field(default_factory=dict)
    unused: dict[str, Note] = field(default_factory=dict)
    """Objects that are out of use for good."""
    shortened: int = 0

    def take(self, label: str, wkb: str, tags: TagList) -> None:
        """Keep an object; `wkb` is hexadecimal, which shapely reads four times more slowly."""
        row = len(self.labels)
        self.labels.append(label)
        self.wkb.append(bytes.fromhex(wkb))
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


def read_extract(path: Path, requests: Sequence[Request[BoxOptions]]) -> dict[str, RawLayer]:
    """The features of every layer that is asked for; outside of their `bbox`, none.

    Parameters
    ----------
    path
        `.osm.pbf` or `.osm`.
    requests
        The layers.

    Raises
    ------
    SourceError
        If the file cannot be read to its end: half a city is never handed on.
    """
    collected = [_collected(request) for request in requests]
    try:
        _check_one_version(path, requests[0])
        ways, without_nodes = _stream(path, collected)
    except RuntimeError as error:  # what pyosmium raises for every fault of a file
        raise SourceError(
            f"{named(requests[0])}: it cannot be read to its end ({error}); download it again"
        ) from error
    if ways and without_nodes > MAX_WITHOUT_NODES * ways:
        raise SourceError(
            f"{named(requests[0])}: {without_nodes} of {ways} ways lack their nodes; the file is "
            "cut or out of order (osmium sort restores the order)"
        )
    told = digest(path)
    return {each.request.role: _raw(each, told) for each in collected}


def _check_one_version(path: Path, request: Request[BoxOptions]) -> None:
    """Refuse a file with history: an older version would be read as what is there today."""
    import osmium

    with osmium.io.Reader(str(path), osmium.osm.NOTHING) as reader:
        several = reader.header().has_multiple_object_versions
    if not several and path.suffix != ".pbf":  # XML does not say so in its header
        before = ("", 0)
        for thing in osmium.FileProcessor(str(path)):
            if isinstance(thing, osmium.osm.Changeset):
                continue
            now = (thing.type_str(), thing.id)
            if several := now == before or not thing.visible:
                break
            before = now
    if several:
        raise SourceError(
            f"{named(request)}: it has several versions of its objects, or deleted ones (a file "
            "with history); extract the latest (osmium time-filter city.osh.pbf -o city.osm.pbf)"
        )


def _collected(request: Request[BoxOptions]) -> _Collected:
    wanted = alternatives(request)
    if not wanted:
        raise SourceError(
            f"{named(request)}: which tags make {request.role!r} is not known; say "
            'where = { amenity = "…" } in city.toml'
        )
    columns = kept_tags(request)
    kinds = role(request.role).kinds
    derived = request.spec.derive is not None  # from points, whatever the role is made of
    return _Collected(
        request,
        wanted,
        columns,
        points="point" in kinds or derived,
        lines="line" in kinds and not derived,
        areas="polygon" in kinds and not derived,
        cells={column: {} for column in columns},
        sought=list(columns),
    )


def _stream(path: Path, collected: list[_Collected]) -> tuple[int, int]:
    """Give every object of the file to the layers that want it.

    Returns
    -------
    tuple of int
        Ways seen, and ways that lack their nodes.
    """
    import osmium

    points = TagFilter((each, each.wanted) for each in collected if each.points)
    lines = TagFilter((each, each.wanted) for each in collected if each.lines)
    areas = TagFilter((each, each.wanted) for each in collected if each.areas)
    whole = osmium.osm.AREA | osmium.osm.RELATION
    stream = osmium.FileProcessor(str(path)).with_locations()
    if areas.keys:  # they take a pass of their own
        stream = stream.with_areas(_only(areas, whole))
    for tag_filter, kind in ((points, osmium.osm.NODE), (lines, osmium.osm.WAY), (areas, whole)):
        stream = stream.with_filter(_only(tag_filter, kind))
    factory = osmium.geom.WKBFactory()
    ways = without_nodes = 0
    thing: Any
    for thing in stream:
        get = thing.tags.get
        if thing.is_node():
            for each in _in_use(points.matching(get), f"node/{thing.id}", get):
                each.take(f"node/{thing.id}", factory.create_point(thing), thing.tags)
        elif thing.is_way():
            ways += 1
            without_nodes += _take_line(thing, lines.matching(get), factory)
        elif thing.is_area():
            _take_area(thing, areas.matching(get), factory)
        elif get("type") in _AREAS:
            for each in areas.matching(get):
                each.expected.append(f"relation/{thing.id}")
    return ways, without_nodes


def _only(tag_filter: TagFilter[_Collected], kind: Any) -> Any:  # noqa: ANN401  (pyosmium's)
    """A filter that lets pass, of one kind of object, what some layer may want."""
    import osmium

    if tag_filter.pairs is None:
        return osmium.filter.KeyFilter(*tag_filter.keys).enable_for(kind)
    return osmium.filter.TagFilter(*(tag_filter.pairs or _NO_OBJECT)).enable_for(kind)


def _in_use(wanting: list[_Collected], label: str, get: Get) -> list[_Collected]:
    """The layers that take an object; those that need it in use list it where it is not."""
    if not wanting or not (tag := not_in_use(get)):
        return wanting
    taking = []
    for each in wanting:
        if each.request.role in _STANDS_UNUSED or tag.partition("=")[0] in each.request.spec.where:
            taking.append(each)
        else:
            each.unused[label] = Note.of("not-in-use", tag=tag)
    return taking


def _take_area(area: Any, wanting: list[_Collected], factory: Any) -> None:  # noqa: ANN401
    import osmium

    if not wanting:
        return
    label = f"{'way' if area.from_way() else 'relation'}/{area.orig_id()}"
    wanting = _in_use(wanting, label, area.tags.get)
    try:
        wkb = factory.create_multipolygon(area)
    except (RuntimeError, osmium.InvalidLocationError) as error:
        for each in wanting:
            each.broken[label] = Note.of("unreadable", why=str(error))
        return
    for each in wanting:
        each.take(label, wkb, area.tags)


def _take_line(way: Any, wanting: list[_Collected], factory: Any) -> bool:  # noqa: ANN401
    """Take a way as a line; whether it lacks its nodes."""
    import osmium

    wanting = [each for each in wanting if not each.areas or not way.is_closed()]
    label = f"way/{way.id}"
    wanting = _in_use(wanting, label, way.tags.get)
    if not wanting:
        return False
    try:
        wkb, shortened = factory.create_linestring(way), False
    except (RuntimeError, osmium.InvalidLocationError):
        wkb, shortened = _longest_run(way), True
    for each in wanting:
        if not wkb:
            each.broken[label] = Note.of("missing-nodes")
        else:
            each.shortened += shortened
            each.take(label, wkb, way.tags)
    return not wkb


def _longest_run(way: Any) -> str:  # noqa: ANN401
    """The longest part of a way whose nodes are in the file; empty where there is none."""
    import shapely

    runs: list[list[tuple[float, float]]] = [[]]
    for node in way.nodes:
        if node.location.valid():
            runs[-1].append((node.location.lon, node.location.lat))
        elif runs[-1]:
            runs.append([])
    longest = max(runs, key=len)
    if len(set(longest)) < 2:  # noqa: PLR2004  (a line has two ends)
        return ""
    return shapely.to_wkb(shapely.LineString(longest), hex=True)


def _raw(each: _Collected, told: str) -> RawLayer:
    drawn = {*each.labels, *each.broken, *each.unused}
    missing = dict.fromkeys(
        (label for label in each.expected if label not in drawn),
        Note.of("broken-multipolygon"),
    )
    broken = {**missing, **each.broken}
    excluded = tuple(
        Excluded(
            each.request.role,
            label,
            "broken-multipolygon" if label.startswith("relation") else "missing-nodes",
            why,
            Note.of("fix-in-osm"),
        )
        for label, why in broken.items()
    ) + tuple(
        Excluded(each.request.role, label, "not-in-use", why, Note.of("fix-in-osm"))
        for label, why in each.unused.items()
    )
    notes = []
    if each.shortened:
        notes.append(Note.of("ways-cut", count=each.shortened))
    if broken:
        notes.append(Note.of("objects-not-drawn", count=len(broken)))
    window = each.request.options.bbox
    return RawLayer(_frame(each), told, excluded, tuple(notes), window=window)


def _frame(each: _Collected) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    import shapely

    rows = len(each.labels)
    table = pd.DataFrame(
        {name: _column(each.cells[name], rows) for name in each.columns},
        index=pd.Index(each.labels, dtype="str"),
    )
    shapes = shapes_of(np.array(each.wkb, dtype=object))
    frame = gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")
    bbox = each.request.options.bbox
    return frame if bbox is None else frame[shapely.intersects(shapely.box(*bbox), shapes)]


def _column(values: dict[int, str], rows: int) -> ExtensionArray:
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    at = np.full(rows, -1)
    at[list(values)] = np.arange(len(values))
    told = pa.array(values.values(), pa.large_string())
    column: ExtensionArray = pd.array(told.take(pa.array(at, mask=at < 0)), dtype="str")
    return column
