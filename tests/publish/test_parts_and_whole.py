"""A whole, its parts and another cut of it are not published in one folder."""

from __future__ import annotations

import pytest
import small_city

from urbanlayer.errors import TargetError
from urbanlayer.pipeline import read_city_file
from urbanlayer.publish.parts_and_whole import refuse_together
from urbanlayer.publish.published import record_bytes


def spec(folder, city, part_of=""):
    text = small_city.CITY.replace('id = "small"', f'id = "{city}"\n{part_of}')
    return read_city_file(small_city.write(folder, text)).spec


def published(folder, city, part_of=None):
    (folder / city).mkdir()
    record = {"city": city, "versions": {"urbanlayer": "1"}, "part_of": part_of}
    (folder / city / "run.json").write_bytes(record_bytes(record))


@pytest.fixture
def maps(tmp_path):
    folder = tmp_path / "maps"
    folder.mkdir()
    return folder


WEST = 'part_of = { whole = "land", cut = "a" }'


def test_a_part_is_refused_beside_its_whole(tmp_path, maps):
    published(maps, "land")
    with pytest.raises(TargetError, match="'west' is a part of 'land'"):
        refuse_together(maps, [spec(tmp_path, "west", WEST)])


def test_a_whole_is_refused_beside_its_part(tmp_path, maps):
    published(maps, "east", {"whole": "land", "cut": "a"})
    with pytest.raises(TargetError, match="'east' is a part of 'land'"):
        refuse_together(maps, [spec(tmp_path, "land")])


def test_parts_of_one_cut_stand_side_by_side_and_another_cut_is_refused(tmp_path, maps):
    published(maps, "north", {"whole": "land", "cut": "a"})
    published(maps, "other", None)
    refuse_together(maps, [spec(tmp_path, "west", WEST)])
    published(maps, "east", {"whole": "land", "cut": "b"})
    with pytest.raises(TargetError, match="'east' and 'north' are two cuts of 'land'"):
        refuse_together(maps, [spec(tmp_path, "west", WEST)])
