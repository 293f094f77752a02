"""Files of every format that is read, and damage done to them by a seed.

A file is a set of parts (a Shapefile has five), of which one is damaged, gone or another one's.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import openpyxl
import osmium
import rasterio
import shapely
from affine import Affine
from intake import SOUTH, WEST, square
from osmium.osm.mutable import Node, Way

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

COUNT = 12
"""Features in each file."""
_FORMATS = {
    "gpkg": "GPKG", "shp": "ESRI Shapefile", "geojson": "GeoJSON", "geojsonl": "GeoJSONSeq",
    "fgb": "FlatGeobuf", "kml": "KML", "kmz": "LIBKML", "gml": "GML", "dxf": "DXF",
    "gdb": "OpenFileGDB",
}  # fmt: skip
_LONLAT = {"geojson", "geojsonl", "kml", "kmz"}
_TEXT = (".geojson", ".geojsonl", ".kml", ".gml", ".dxf", ".csv", ".tsv", ".osm", ".txt", ".xml")
_EXTREMES = (0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_TOKENS = (
    b"", b"null", b"-1", b"1e999", b"NaN", b"inf", b"9" * 40, b"[]", b"{}", b'"', b"'", b"\x00",
    b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b[2J", b"<a>", b"]]>", b"&e;", b",,,,", b"\r", b"[" * 3_000,
    "Ж\u202e".encode(), b"0x1p5", b"1,5", b"=1+1",
)  # fmt: skip


@dataclass(frozen=True)
class Written:
    """A file of twelve features, in its parts.

    Attributes
    ----------
    name
        The one that the city file names; of a geodatabase its folder.
    parts
        Content by path.
    spec
        What the city file says of the layer.
    role
        What the layer is to the city.
    """

    name: str
    parts: dict[str, bytes]
    spec: dict[str, Any] = field(default_factory=dict)
    role: str = "green"

    def put(self, folder: Path) -> Path:
        """Write the parts, and return the path that the city file names."""
        for name, content in self.parts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return folder / self.name


def every_format(folder: Path) -> dict[str, Written]:
    """One sound file of each format, by its name here."""
    squares = gpd.GeoDataFrame(
        {
            "naziv": [f"Šuma {number}" for number in range(COUNT)],
            "broj": np.arange(COUNT, dtype="int32"),
            "udio": np.linspace(0.5, 9.5, COUNT),
        },
        geometry=[shapely.Polygon(square(number)) for number in range(COUNT)],
        crs="EPSG:25834",
    )
    made = {ending: _by_gdal(folder, ending, squares) for ending in _FORMATS}
    made["zip of shp"] = _zipped(made["shp"])
    made["zip of gdb"] = _zipped(made["gdb"])
    made["zip of gpkg"] = _zipped(made["gpkg"])
    squares.to_parquet(folder / "k.parquet")
    made["parquet"] = _one(folder / "k.parquet")
    made |= _tables(folder, squares)
    made["tif"] = _grid(folder / "k.tif", compress=None)
    made["tif, packed"] = _grid(folder / "p.tif", compress="deflate")
    for ending in ("osm.pbf", "osm"):
        made[ending] = _extract(folder / f"k.{ending}", squares)
    return made


def damaged(whole: Written, chance: random.Random) -> tuple[Written, str]:
    """The same with one part damaged, and how."""
    name = chance.choice(sorted(whole.parts))
    parts = dict(whole.parts)
    if len(parts) > 1 and chance.randrange(8) == 0:
        if chance.randrange(2):
            del parts[name]
            return Written(whole.name, parts, whole.spec, whole.role), f"{name} is gone"
        parts[name] = parts[chance.choice(sorted(parts))]
        return Written(whole.name, parts, whole.spec, whole.role), f"{name} is another part"
    parts[name], how = damaged_bytes(name, parts[name], chance)
    return Written(whole.name, parts, whole.spec, whole.role), how


def damaged_bytes(name: str, content: bytes, chance: random.Random) -> tuple[bytes, str]:
    """One file with damage that its kind can have, and how."""
    ways = dict(_OF_BYTES)
    if name.casefold().endswith(_TEXT):
        ways |= _OF_TEXT
    if content.startswith(b"PK"):
        ways |= _OF_ZIPS
    way = chance.choice(sorted(ways))
    return ways[way](content, chance), f"{name}: {way}"


def _by_gdal(folder: Path, ending: str, squares: gpd.GeoDataFrame) -> Written:
    frame = squares.to_crs("EPSG:4326") if ending in _LONLAT else squares
    spec: dict[str, Any] = {}
    if ending in {"kml", "kmz"}:
        frame = frame.rename(columns={"naziv": "Name"})
    elif ending == "dxf":
        frame = frame[["geometry"]].assign(Layer="ZELENO", geometry=frame.exterior)
        spec = {"crs": "EPSG:25834"}
    path = folder / f"k.{ending}"
    frame.to_file(path, driver=_FORMATS[ending], engine="pyogrio")
    beside = sorted(path.rglob("*")) if path.is_dir() else sorted(folder.glob("k.*"))
    kept = [each for each in beside if path.is_dir() or each.suffix[1:] in _beside(ending)]
    parts = {each.relative_to(folder).as_posix(): each.read_bytes() for each in kept}
    return Written(path.name, parts, spec)


def _beside(ending: str) -> set[str]:
    """Endings of the files that belong to one."""
    return {
        "shp": {"shp", "shx", "dbf", "prj", "cpg"},
        "gml": {"gml", "xsd"},
    }.get(ending, {ending})


def _one(path: Path, role: str = "green", **spec: Any) -> Written:
    return Written(path.name, {path.name: path.read_bytes()}, spec, role)


def _zipped(whole: Written) -> Written:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in whole.parts.items():
            archive.writestr(name, content)
    return Written("k.zip", {"k.zip": packed.getvalue()}, whole.spec)


def _tables(folder: Path, squares: gpd.GeoDataFrame) -> dict[str, Written]:
    points = squares.to_crs("EPSG:4326").representative_point()
    rows = [
        [f"{point.x:.7f}", f"{point.y:.7f}", name, str(number)]
        for point, name, number in zip(points, squares["naziv"], squares["broj"], strict=True)
    ]
    rows = [["lon", "lat", "naziv", "mjesta"], *rows]
    shapes = [["broj", "wkt"], *([str(n), shape.wkt] for n, shape in enumerate(squares.geometry))]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "k.xlsx")
    texts = {
        "csv": ("k.csv", rows, ",", "school", {}),
        "tsv": ("k.tsv", rows, "\t", "school", {}),
        "csv of shapes": ("w.csv", shapes, ";", "green", {"crs": "EPSG:25834"}),
    }
    made = {}
    for kind, (name, table, separator, role, spec) in texts.items():
        content = "".join(separator.join(row) + "\n" for row in table).encode()
        made[kind] = Written(name, {name: content}, spec, role)
    return made | {"xlsx": _one(folder / "k.xlsx", "school")}


def _grid(path: Path, compress: str | None) -> Written:
    values = np.arange(1, 401, dtype="float32").reshape(20, 20)
    with rasterio.open(
        path, "w", driver="GTiff", width=20, height=20, count=1, dtype="float32", nodata=-1,
        crs="EPSG:25834", compress=compress,
        transform=Affine(100, 0, WEST + 500, 0, -100, SOUTH + 3000),
    ) as file:  # fmt: skip
        file.write(values, 1)
    return _one(path, "population")


def _extract(path: Path, squares: gpd.GeoDataFrame) -> Written:
    rings = squares.to_crs("EPSG:4326").geometry
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for number, ring in enumerate(rings):
            for corner, place in enumerate(ring.exterior.coords[:4]):
                writer.add_node(Node(id=number * 4 + corner + 1, location=place, version=1))
        for number in range(len(rings)):
            nodes = [number * 4 + corner for corner in (1, 2, 3, 4, 1)]
            tags = {"leisure": "park", "name": f"Šuma {number}"}
            writer.add_way(Way(id=number + 1, nodes=nodes, tags=tags, version=1))
    return _one(path, source="osm")


def _flipped(content: bytes, chance: random.Random) -> bytes:
    """One bit in each of a few bytes."""
    changed = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 8, 64])):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)] if content else b""


def _zeroed(content: bytes, chance: random.Random) -> bytes:
    """A block of zeros, as of a disk that failed."""
    start = chance.randrange(len(content) + 1)
    size = min(chance.choice([1, 16, 512, 4096]), len(content) - start)
    return content[:start] + bytes(size) + content[start + size :]


def _without_a_block(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content) + 1)
    return content[:start] + content[start + chance.choice([1, 7, 100, 4096]) :]


def _with_a_block_twice(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content) + 1)
    block = content[start : start + chance.choice([1, 7, 100, 4096])]
    return content[:start] + block + content[start:]


def _length_that_lies(content: bytes, chance: random.Random) -> bytes:
    """Four or two bytes that are another number, of either order, mostly of the header."""
    among = min(len(content), 200) if chance.randrange(3) else len(content)
    if among < 4:
        return content
    start = chance.randrange(among - 3)
    order = chance.choice("<>")
    kind = chance.choice("HI")
    size = struct.calcsize(order + kind)
    (there,) = struct.unpack_from(order + kind, content, start)
    number = chance.choice([*_EXTREMES, there + 1, there - 1, there * 2, there // 2])
    number &= (1 << (8 * size)) - 1
    return content[:start] + struct.pack(order + kind, number) + content[start + size :]


def _token_replaced(content: bytes, chance: random.Random) -> bytes:
    """A number, word or text that is another."""
    tokens = list(re.finditer(rb'"[^"]*"|[-+.\w]+', content))
    if not tokens:
        return content
    token = chance.choice(tokens)
    return content[: token.start()] + chance.choice(_TOKENS) + content[token.end() :]


def _line_gone(content: bytes, chance: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    if lines:
        del lines[chance.randrange(len(lines))]
    return b"".join(lines)


def _in_another_encoding(content: bytes, chance: random.Random) -> bytes:
    encoding = chance.choice(["utf-16", "utf-8-sig", "cp1250", "cp852", "utf-32"])
    return content.decode("utf-8", "replace").encode(encoding, "replace")


def _directory_that_lies(content: bytes, chance: random.Random) -> bytes:
    """A number of an archive's directory that is another one."""
    start = content.find(b"PK\x01\x02")
    if start < 0 or len(content) - start < 8:
        return content
    return content[:start] + _length_that_lies(content[start:], chance)


def _member_damaged(content: bytes, chance: random.Random) -> bytes:
    """One member damaged before it was packed, so that its checksum is right."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        wrong = chance.choice(archive.namelist())
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as other:
            for name in archive.namelist():
                member = archive.read(name)
                if name == wrong:
                    member = _OF_BYTES[chance.choice(sorted(_OF_BYTES))](member, chance)
                other.writestr(name, member)
    return packed.getvalue()


def _members_of_other_names(content: bytes, chance: random.Random) -> bytes:
    """A member gone, twice, or under a name that leads elsewhere."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        wrong = chance.choice(archive.namelist())
        name_of_it = chance.choice(["", wrong.upper(), f"../{wrong}", f"/{wrong}", f"C:\\{wrong}",
                                    f"a/{wrong}", f"{wrong}\x00.txt", "con.shp", "."])  # fmt: skip
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as other:
            for name in archive.namelist():
                target = name_of_it if name == wrong else name
                if target:
                    other.writestr(target, archive.read(name))
    return packed.getvalue()


_OF_BYTES: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "bits flipped": _flipped,
    "cut": _cut,
    "a block of zeros": _zeroed,
    "a block gone": _without_a_block,
    "a block twice": _with_a_block_twice,
    "a length that lies": _length_that_lies,
}
_OF_TEXT: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "a token replaced": _token_replaced,
    "a token replaced again": _token_replaced,
    "a line gone": _line_gone,
    "another encoding": _in_another_encoding,
}
_OF_ZIPS: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "a directory that lies": _directory_that_lies,
    "a member damaged": _member_damaged,
    "members of other names": _members_of_other_names,
}
