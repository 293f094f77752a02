"""The draft of the demonstration city's files, held against the city file that goes with them."""

import shutil
import tomllib
from pathlib import Path

import pytest

from urbanlayer.drafting import drafted

FOLDER = Path(__file__).parents[2] / "data/gis/podgorica"
pytestmark = pytest.mark.slow


def of_table(table):
    where = {column: str(value) for column, value in table.get("where", {}).items()}
    return Path(table["path"]).name, where


def of_layer(layer):
    keys = {key.key: key.value for key in layer.keys if not key.doubtful}
    return of_table({"path": layer.dataset.path.name, **keys})


def test_nine_of_ten_layers_have_their_role_and_none_another_one(tmp_path):
    copy = tmp_path / "podgorica"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("*.toml", "*.md"))
    draft = drafted("Podgorica", [copy], tmp_path / "out/city.toml", city_id="podgorica")
    tables = tomllib.loads((FOLDER / "city.toml").read_text(encoding="utf-8"))["layers"]
    wanted = {role: of_table(table) for role, table in tables.items()}
    found = {layer.role: of_layer(layer) for layer in draft.standing}
    right = [role for role, layer in wanted.items() if found.get(role) == layer]
    assert len(right) >= 0.9 * len(wanted)
    wrong = [role for role in found if role in wanted and role not in right]
    assert wrong == []
    assert set(found) - set(wanted) <= {"flood_20", "ndvi"}  # there too, and not asked for
    hoods = next(layer for layer in draft.standing if layer.role == "neighbourhoods")
    keys = {key.key: key.value for key in hoods.keys}
    assert (keys["key"], keys["residents"]) == ("mz_id", "popis_2023")
