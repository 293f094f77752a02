"""Small files that unfold to gigabytes or never end are refused, with their name and the cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bombs
import pytest
from requested import requested

from urbanlayer.errors import SourceError
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.registry import sources
from urbanlayer.sources import border, child

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 4_500_000_000
"""Of memory that a child may ever have held: the limit of feeds, and its libraries."""
ARCHIVES = {
    bombs.archive_of_an_archive: "holds no file that is read|times its size",
    bombs.archive_of_blanks: "would unpack to 60 MB",
    bombs.archive_of_one_part_many_times: "would unpack to 10,000 MB",
    bombs.archive_that_lies: "the archive is refused: .*damaged",
    bombs.archive_of_many_parts: "holds 2500 files",
}
SHEETS = {
    bombs.sheet_of_a_far_cell: "more than 1,048,576 rows or 40 million cells",
    bombs.sheet_of_far_rows: "more than 1,048,576 rows or 40 million cells",
    bombs.sheet_of_an_endless_row_number: "more than 1,048,576 rows or 40 million cells",
    bombs.sheet_with_entities: "sheet1.xml in it declares entities",
    bombs.sheet_with_long_strings: "would unpack to 120 MB",
    bombs.sheet_with_merged_columns: "more than 1,048,576 rows or 40 million cells",
}
TEXTS = {
    bombs.text_of_one_line: "its first line has 40 million letters",
    bombs.text_of_many_columns: "row 3 has 400,001 columns",
    bombs.text_of_an_open_quote: "a quotation mark in line 2 has no end",
    bombs.text_of_nested_shapes: "shape 1 holds shapes within shapes",
    bombs.text_of_zeros: "1,200 MB of text are no table",
}
FEEDS = {
    bombs.feed_of_a_repeated_row: "would unpack to 100 MB",
    bombs.feed_of_many_runs: "makes 711,801,000 calls",
    bombs.feed_of_a_long_heading: "has no column 'stop_id'",
    bombs.feed_of_an_open_quote: "stop_times.txt cannot be read",
}
COLUMNS = {
    bombs.columns_of_a_long_text: "memory|unfolds to|cannot be read|GB",
    bombs.columns_of_a_long_list: "lists 60,000,000 values",
    bombs.columns_within_columns: "too deeply nested",
    bombs.columns_without_end: "holds 10,501 columns",
    bombs.columns_of_nested_shapes: "shape 1 holds shapes within shapes",
}
EXTRACTS = {
    bombs.extract_that_claims_gigabytes: "to its end|unpacks",
    bombs.extract_with_a_long_head: "to its end",
    bombs.extract_with_a_long_blob: "to its end",
    bombs.extract_of_equal_nodes: "it unpacks to 120 MB",
}
HEAVY = {
    bombs.sheet_with_long_strings,
    bombs.sheet_of_far_rows,
    bombs.sheet_of_a_far_cell,
    bombs.sheet_of_an_endless_row_number,
    bombs.columns_of_a_long_text,
    bombs.columns_of_a_long_list,
    bombs.feed_of_a_repeated_row,
    bombs.sheet_with_merged_columns,
}


def cases(kind: str, ending: str, source: str = "file") -> list[object]:
    return [
        pytest.param(
            make, said, ending, source, id=make.__name__,
            marks=[pytest.mark.slow] if make in HEAVY else [],
        )
        for make, said in globals()[kind].items()
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "said", "ending", "source"),
    [
        *cases("ARCHIVES", "zip"),
        *cases("SHEETS", "xlsx"),
        *cases("TEXTS", "csv"),
        *cases("FEEDS", "zip", "gtfs"),
        *cases("COLUMNS", "parquet"),
        *cases("EXTRACTS", "osm.pbf", "osm"),
        pytest.param(bombs.extract_with_entities, "to its end", "osm", "osm", id="entities"),
    ],
)
def test_a_bomb_is_refused_with_its_name_and_the_cause(make, said, ending, source, tmp_path: Path):
    path = make(tmp_path / f"bomb.{ending}")
    role = "stop" if source == "gtfs" else "green"
    request = requested(role, LayerSpec(path=path.name, source=source), path)
    with pytest.raises(SourceError, match=rf"bomb\.{ending}.*({said})") as caught:
        border.read_by(sources()[source], [request])
    assert len(caught.value.errors) == 1
    assert all(peak_bytes(running) < MAX_BYTES for running in child._running.values())


def peak_bytes(running) -> int:
    """The most memory that a child has held so far (proc(5), VmHWM)."""
    with open(f"/proc/{running.process.pid}/status", encoding="ascii") as file:  # noqa: PTH123
        told = next((line for line in file if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return int(told.split()[1]) * 1024
