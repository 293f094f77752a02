"""A timetable with every optional table, and the same with one thing wrong; by a seed."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

from damaged_files import damaged_bytes

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

Table = list[list[str]]
TABLES = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\n"
    "G,Grad,https://g.example,Europe/Podgorica",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon,location_type,"
    "parent_station,wheelchair_boarding\n"
    "A,Šćepan,42.4411,19.2636,0,S,1\nB,Ribnica,42.4421,19.2656,,,\nC,Kraj,42.4431,19.2676,0,,2\n"
    "D,Bez linije,42.4401,19.2616,0,,\nS,Stanica,42.4411,19.2636,1,,",
    "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_type\n"
    "R1,G,12,Centar,3\nR2,G,2,Kružna,3\nV,G,V,Voz,2",
    "trips.txt": "route_id,service_id,trip_id,direction_id,shape_id\n"
    "R1,WK,T1,0,P\nR1,WK,T2,1,\nR2,WK,T3,,\nR2,SU,T4,0,\nV,WK,F,0,",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,"
    "stop_sequence,pickup_type,drop_off_type\n"
    "T1,7:50:00,8:00:00,A,1,0,0\nT1,,,B,2,,\nT1,8:10:00,8:10:00,C,10,1,0\n"
    "T2,24:30:00,24:30:00,A,1,0,0\nT2,24:35:00,24:35:00,B,2,0,0\n"
    "T3,9:00:00,9:00:00,B,1,,\nT3,9:10:00,9:10:00,A,2,,\n"
    "T4,10:00:00,10:00:00,A,1,,\nT4,10:10:00,10:10:00,B,2,,\n"
    "F,0:00:00,0:00:00,C,1,,\nF,0:10:00,0:11:00,A,2,,\nF,0:20:00,0:20:00,B,3,,",
    "calendar.txt": "service_id,monday,tuesday,wednesday,"
    "thursday,friday,saturday,sunday,start_date,end_date\n"
    "WK,1,1,1,1,1,0,0,20260601,20260630\nSU,0,0,0,0,0,0,1,20260601,20260630",
    "calendar_dates.txt": "service_id,date,exception_type\nWK,20260610,2\nSU,20260610,1",
    "frequencies.txt": "trip_id,start_time,end_time,headway_secs\nF,06:00:00,07:00:00,600",
    "shapes.txt": "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n"
    "P,42.4411,19.2636,1\nP,42.4421,19.2656,2\nP,42.4431,19.2676,3",
}
_CELLS = (
    "", " ", "-1", "0", "1", "9" * 40, "1e999", "nan", "inf", "1.0", "x", "\x00", "\x1b[2J",
    "š" * 300,
    "24:00:00", "8:60:00", "99:99:99", "-1:00:00", "08:00", "8.5", "800000:00:00", "20261301",
    "00000000", "99991231", "2026-06-01", "A", "T1", "WK", "R1", "=1+1", '"', "90.0001", "180",
    "42,4411", "\ufeffA", "Ａ", "\u202eA", "true",
)  # fmt: skip


def packed(tables: dict[str, Table]) -> bytes:
    """The feed as a zip of these tables."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in tables.items():
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(rows)
            archive.writestr(name, text.getvalue())
    return content.getvalue()


def sound() -> dict[str, Table]:
    """Every table of the sound feed, its heading first."""
    return {name: [row.split(",") for row in text.split("\n")] for name, text in TABLES.items()}


def shuffled(chance: random.Random) -> bytes:
    """The same feed with its rows and columns in another order."""
    tables = sound()
    for name, rows in tables.items():
        columns = chance.sample(range(len(rows[0])), len(rows[0]))
        head, *others = [[row[column] for column in columns] for row in rows]
        tables[name] = [head, *chance.sample(others, len(others))]
    return packed(dict(chance.sample(sorted(tables.items()), len(tables))))


def damaged(chance: random.Random) -> tuple[bytes, str]:
    """The feed with one thing wrong, or two; and what."""
    tables, told = sound(), []
    if chance.randrange(8) == 0:
        content, how = damaged_bytes("feed.zip", packed(tables), chance)
        return content, how
    for _ in range(chance.choice([1, 1, 2])):
        name = chance.choice(sorted(tables))
        way = chance.choice(sorted(_WAYS))
        _WAYS[way](tables, name, chance)
        told.append(f"{name}: {way}")
        if not tables:
            break
    return packed(tables), ", ".join(told)


def _cell(tables: dict[str, Table], name: str, chance: random.Random) -> None:
    row = chance.choice(tables[name])
    if row:
        row[chance.randrange(len(row))] = chance.choice(_CELLS)


def _whole_column(tables: dict[str, Table], name: str, chance: random.Random) -> None:
    """Every value of a column is one and the same."""
    place, value = chance.randrange(len(tables[name][0]) or 1), chance.choice(_CELLS)
    for row in tables[name][1:]:
        if place < len(row):
            row[place] = value


def _column_gone(tables: dict[str, Table], name: str, chance: random.Random) -> None:
    place = chance.randrange(len(tables[name][0]) or 1)
    for row in tables[name]:
        del row[place : place + 1]


def _column_twice(tables: dict[str, Table], name: str, chance: random.Random) -> None:
    place = chance.randrange(len(tables[name][0]) or 1)
    for row in tables[name]:
        row.extend(row[place : place + 1])


def _row_gone(tables: dict[str, Table], name: str, chance: random.Random) -> None:
    if len(tables[name]) > 1:
        del tables[name][chance.randrange(len(tables[name]))]


def _row_twice(tables: dict[str, Table], name: str, chance: random.Random) -> None:
    tables[name].append(list(chance.choice(tables[name])))


def _short_row(tables: dict[str, Table], name: str, chance: random.Random) -> None:
    row = chance.choice(tables[name])
    del row[chance.randrange(len(row) + 1) :]


def _long_row(tables: dict[str, Table], name: str, chance: random.Random) -> None:
    chance.choice(tables[name]).append(chance.choice(_CELLS))


def _table_gone(tables: dict[str, Table], name: str, chance: random.Random) -> None:
    del chance
    del tables[name]


def _table_empty(tables: dict[str, Table], name: str, chance: random.Random) -> None:
    tables[name] = tables[name][: chance.randrange(2)] or [[]]


def _another_table(tables: dict[str, Table], name: str, chance: random.Random) -> None:
    tables[name] = [list(row) for row in tables[chance.choice(sorted(tables))]]


_WAYS: dict[str, Callable[[dict[str, Table], str, random.Random], None]] = {
    "a cell": _cell,
    "another cell": _cell,
    "a third cell": _cell,
    "a column of one value": _whole_column,
    "a column gone": _column_gone,
    "a column twice": _column_twice,
    "a row gone": _row_gone,
    "a row twice": _row_twice,
    "a short row": _short_row,
    "a long row": _long_row,
    "a table gone": _table_gone,
    "a table empty": _table_empty,
    "another table": _another_table,
}
