"""What `docs/layers.md` says of sources and keys is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from urbanlayer.model.layer_specification import LAYER_KEYS, LayerSpec
from urbanlayer.registry import sources

GUIDE = (Path(__file__).parents[2] / "docs/layers.md").read_text(encoding="utf-8")


def test_every_source_has_its_row() -> None:
    table = GUIDE.partition("## Where")[2].partition("```")[0]
    told = set(re.findall(r"`([a-z-]+)`", "".join(row.split("|")[1] for row in _rows(table))))
    assert told - {"source"} == set(sources())


def test_the_row_of_a_source_names_its_options() -> None:
    table = GUIDE.partition("## Where")[2].partition("```")[0]
    for source in sources().values():
        (row,) = [row for row in _rows(table) if f"`{source.id}`" in row.split("|")[1]]
        named = set(re.findall(r"`([a-z_]+)", row.split("|")[3]))
        assert named & _all_options() == set(source.options.model_fields), source.id


def _all_options() -> set[str]:
    return {key for source in sources().values() for key in source.options.model_fields}


def test_the_example_is_a_layer() -> None:
    text = GUIDE.partition("```toml\n")[2].partition("```")[0]
    ((role, table),) = tomllib.loads(text)["layers"].items()
    assert role == "school"
    assert LayerSpec.model_validate(table).where == {"tip": ["osnovna", "srednja"]}


def test_every_key_that_is_named_is_known_with_the_default_that_is_named() -> None:
    for key in ("allow_shift", "allow_ballpark", "allow_unlicensed", "allow_hosts", "decimal"):
        assert f"`{key}" in GUIDE
        assert key in LAYER_KEYS | _all_options()
    for key, default in (("overlap_tolerance_m2", "1,000"), ("gap_tolerance_m", "50")):
        assert re.search(rf"`{key}` \({default}\)", GUIDE)
        assert LayerSpec.model_fields[key].default == float(default.replace(",", ""))


def _rows(table: str) -> list[str]:
    return [line for line in table.splitlines() if line.startswith("|")]
