"""Small files that unfold to far more than any layer of a city, or never end, by kind of file."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

if TYPE_CHECKING:
    from pathlib import Path

SHEET = "xl/worksheets/sheet1.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(path: Path, rows: str, *, after: str = "", head: str = "", **parts: bytes) -> Path:
    """An XLSX of one sheet with these rows; `parts` are further members of its archive."""
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_OFFICE}.sheet.main+xml"/>'
        f'<Override PartName="/{SHEET}" ContentType="{_OFFICE}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        SHEET: f'<?xml version="1.0"?>{head}<worksheet xmlns="{_MAIN}"><dimension '
        f'ref="A1:XFD1048576"/><sheetData>{rows}</sheetData>{after}</worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
        for name, content in parts.items():
            archive.writestr(f"xl/{name}.xml", content)
    return path


def heading() -> str:
    """A row with the columns of a place."""
    return "".join(
        f'<c r="{column}1" t="inlineStr"><is><t>{name}</t></is></c>'
        for column, name in zip("AB", "xy", strict=True)
    ).join(('<row r="1">', "</row>"))


def cell(column: str, row: int, value: str = "1") -> str:
    return f'<row r="{row}"><c r="{column}{row}"><v>{value}</v></c></row>'


def sheet_of_a_far_cell(path: Path) -> Path:
    """2^20 rows of 2^14 columns, of which two cells are written."""
    return workbook(path, heading() + cell("XFD", 1_048_576))


def sheet_of_far_rows(path: Path) -> Path:
    """Each row is written at its last column."""
    return workbook(path, heading() + "".join(cell("XFD", row) for row in range(2, 6_000)))


def sheet_of_an_endless_row_number(path: Path) -> Path:
    return workbook(path, heading() + cell("A", 4_000_000_000))


def sheet_with_entities(path: Path) -> Path:
    """A billion laughs."""
    levels = "".join(f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">' for number in range(1, 12))
    head = f'<!DOCTYPE a [<!ENTITY e0 "laugh">{levels}]>'
    row = '<row r="2"><c r="A2" t="inlineStr"><is><t>&e11;</t></is></c></row>'
    return workbook(path, heading() + row, head=head)


def sheet_with_long_strings(path: Path) -> Path:
    """120 MB of one letter in a few kilobytes."""
    return workbook(path, heading(), sharedStrings=b"<sst><si><t>" + b"a" * 120_000_000)


def sheet_with_merged_columns(path: Path) -> Path:
    """A thousand times the same million merged rows."""
    merged = '<mergeCell ref="A2:A1048576"/>' * 1_000
    rows = heading() + cell("A", 1_048_576, "1")
    return workbook(path, rows, after=f"<mergeCells>{merged}</mergeCells>")


def text_of_one_line(path: Path) -> Path:
    path.write_bytes(b"x,y," + b"a" * 40_000_000)
    return path


def text_of_many_columns(path: Path) -> Path:
    path.write_text("x,y\n1,2\n" + "," * 400_000, encoding="utf-8")
    return path


def text_of_an_open_quote(path: Path) -> Path:
    path.write_text('x,y,name\n1,2,"' + "a,b,c\n" * 500_000, encoding="utf-8")
    return path


def text_of_nested_shapes(path: Path) -> Path:
    depth = 200_000
    shape = "GEOMETRYCOLLECTION(" * depth + "POINT(1 2)" + ")" * depth
    path.write_text(f'id;wkt\n1;"{shape}"\n', encoding="utf-8")
    return path


def text_of_zeros(path: Path) -> Path:
    """A file of a gigabyte and more that takes no room on the disk."""
    with path.open("wb") as file:
        file.write(b"x,y\n")
        file.truncate(1_200_000_000)
    return path


def feed(path: Path, **tables: bytes) -> Path:
    """A feed of one trip past two stops; `tables` replace files, as `stop_times`."""
    files = {
        "stops": b"stop_id,stop_name,stop_lat,stop_lon\nA,a,42.44,19.26\nB,b,42.45,19.27\n",
        "routes": b"route_id,route_short_name,route_type\nR,1,3\n",
        "trips": b"route_id,service_id,trip_id\nR,W,T\n",
        "calendar": b"service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
        b"start_date,end_date\nW,1,1,1,1,1,0,0,20260601,20260630\n",
        "stop_times": b"trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        b"T,08:00:00,08:00:00,A,1\nT,08:10:00,08:10:00,B,2\n",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (files | tables).items():
            archive.writestr(f"{name}.txt", content)
    return path


def feed_of_a_repeated_row(path: Path) -> Path:
    """100 MB of one row of stop_times."""
    head = b"trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    row = b"T,08:00:00,08:00:00,A,1\n"
    return feed(path, stop_times=head + row * (100_000_000 // len(row)))


def feed_of_many_runs(path: Path) -> Path:
    """A bus each second of four days, a thousand times over."""
    head = b"trip_id,start_time,end_time,headway_secs\n"
    rows = b"".join(b"T,00:%02d:%02d,99:00:00,1\n" % divmod(at, 60) for at in range(1_000))
    return feed(path, frequencies=head + rows)


def feed_of_a_long_heading(path: Path) -> Path:
    names = ",".join(f"c{number}" for number in range(400_000))
    return feed(path, stops=names.encode() + b"\nA\n")


def feed_of_ages(path: Path) -> Path:
    """A calendar of eight thousand years."""
    head = b"service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
    rows = b"start_date,end_date\nW,1,1,1,1,1,1,1,19000101,99991231\n"
    return feed(path, calendar=head + rows)


def feed_of_an_open_quote(path: Path) -> Path:
    head = b"trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    return feed(path, stop_times=head + b'T,"' + b"08:00:00,A,1\n" * 200_000)


def _geo(table: pa.Table) -> pa.Table:
    geo = {"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}
    return table.replace_schema_metadata({"geo": json.dumps(geo)})


def _points(count: int) -> pa.Array:
    return pa.array([shapely.to_wkb(shapely.Point(19.26, 42.44))], pa.binary()).take(
        pa.array(np.zeros(count, np.int64))
    )


def columns_of_a_long_text(path: Path) -> Path:
    """A hundred thousand rows that all name one text of a megabyte."""
    texts = pa.DictionaryArray.from_arrays(np.zeros(100_000, np.int32), ["a" * 1_000_000])
    pq.write_table(_geo(pa.table({"geometry": _points(100_000), "name": texts})), path)
    return path


def columns_of_a_long_list(path: Path) -> Path:
    """A row that lists 60 million times false."""
    many = pa.array(np.zeros(60_000_000 // 64, np.int64))
    bits = pa.Array.from_buffers(pa.bool_(), 60_000_000, [None, many.buffers()[1]])
    lists = pa.LargeListArray.from_arrays([0, len(bits)], bits)
    pq.write_table(_geo(pa.table({"geometry": _points(1), "list": lists})), path)
    return path


def columns_within_columns(path: Path) -> Path:
    """Structures within structures, 200 deep."""
    nested: pa.Array = pa.array([1])
    for _ in range(200):
        nested = pa.StructArray.from_arrays([nested], ["a"])
    pq.write_table(_geo(pa.table({"geometry": _points(1), "deep": nested})), path)
    return path


def columns_without_end(path: Path) -> Path:
    table = pa.table({"geometry": _points(1)} | {f"c{n}": [n] for n in range(10_500)})
    pq.write_table(_geo(table), path)
    return path


def columns_of_nested_shapes(path: Path) -> Path:
    """A collection in a collection, 100,000 deep: GEOS crashes over it."""
    inner = shapely.to_wkb(shapely.Point(1, 2))
    wkb = (b"\x01" + struct.pack("<II", 7, 1)) * 100_000 + inner
    pq.write_table(_geo(pa.table({"geometry": pa.array([wkb], pa.binary())})), path)
    return path


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _blob(kind: bytes, content: bytes, *, claimed: int | None = None) -> bytes:
    size = len(content) if claimed is None else claimed
    blob = b"\x10" + _varint(size) + _field(3, zlib.compress(content))
    head = _field(1, kind) + b"\x18" + _varint(len(blob))
    return struct.pack(">I", len(head)) + head + blob


def _header() -> bytes:
    return _blob(b"OSMHeader", _field(4, b"OsmSchema-V0.6") + _field(4, b"DenseNodes"))


def extract_that_claims_gigabytes(path: Path) -> Path:
    """A blob whose content is said to have 2 GB."""
    path.write_bytes(_header() + _blob(b"OSMData", b"a", claimed=2_000_000_000))
    return path


def extract_with_a_long_head(path: Path) -> Path:
    path.write_bytes(_header() + struct.pack(">I", 2_000_000_000) + b"a" * 100)
    return path


def extract_with_a_long_blob(path: Path) -> Path:
    head = _field(1, b"OSMData") + b"\x18" + _varint(2_000_000_000)
    path.write_bytes(_header() + struct.pack(">I", len(head)) + head + b"a" * 100)
    return path


def extract_of_equal_nodes(path: Path) -> Path:
    """Forty blocks of a million nodes each at one place, packed to a few kilobytes."""
    zeros = bytes(1_000_000)
    dense = _field(1, b"\x02" * 1_000_000) + _field(8, zeros) + _field(9, zeros)
    block = _field(1, _field(1, b"")) + _field(2, _field(2, dense))
    path.write_bytes(_header() + _blob(b"OSMData", block) * 40)
    return path


def extract_with_entities(path: Path) -> Path:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "laugh">{levels}]>'
        '<osm version="0.6"><node id="1" lat="42" lon="19"><tag k="delete" v="&e11;"/></node>'
        "</osm>",
        encoding="utf-8",
    )
    return path


def archive_of_an_archive(path: Path) -> Path:
    """Ten levels, each an archive of ten copies of the next."""
    content = b" " * 1_000_000
    for _ in range(6):
        within = io.BytesIO()
        with zipfile.ZipFile(within, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(10):
                archive.writestr(f"{number}.zip", content)
        content = within.getvalue()
    path.write_bytes(content)
    return path


def archive_of_blanks(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("green.geojson", b" " * 60_000_000)
    return path


def archive_of_one_part_many_times(path: Path) -> Path:
    """A thousand entries of the directory that name one and the same part."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as one:
        one.writestr("a.shp", bytes(10_000_000))
    content = archive.getvalue()
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    directory = content[start:end] * 1_000
    tail = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1_000, 1_000, len(directory), start, 0)
    path.write_bytes(content[:start] + directory + tail)
    return path


def archive_that_lies(path: Path) -> Path:
    """Its directory says that the part has a hundred bytes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as one:
        one.writestr("green.geojson", b" " * 20_000_000)
    content = bytearray(archive.getvalue())
    start = content.index(b"PK\x01\x02")
    content[start + 24 : start + 28] = struct.pack("<I", 100)
    path.write_bytes(bytes(content))
    return path


def archive_of_many_parts(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(2_500):
            archive.writestr(f"{number}.shp", b"")
    return path
