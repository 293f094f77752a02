"""City files that no parser should follow to their end."""

from __future__ import annotations

import pytest

from urbanlayer import cityfile, registry
from urbanlayer.cityfile.parsing import MAX_DEPTH, parsed
from urbanlayer.errors import CityFileError

HEAD = 'name = "Toy"\ncrs = "EPSG:25834"\nas_of = 2026-06-30\nlicence = "CC0-1.0"\n'


def errors(tmp_path, text):
    (tmp_path / "city.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CityFileError) as caught:
        cityfile.read(
            tmp_path / "city.toml", indicators=registry.indicators(), sources=registry.sources()
        )
    return str(caught.value)


@pytest.mark.parametrize("count", [MAX_DEPTH + 1, 5000])
@pytest.mark.parametrize(("begin", "end"), [("[", "]"), ("{ a = ", " }"), ("[\n", "\n]")])
def test_brackets_within_brackets_without_end_are_refused_with_their_line(
    begin, end, count, tmp_path
):
    told = errors(tmp_path, f"{HEAD}x = {begin * count}{end * count}\n")
    assert "city.toml" in told
    assert f"more than {MAX_DEPTH} brackets" in told
    assert "line " in told


@pytest.mark.parametrize("number", ["9" * 5000, "-" + "9" * 20, "1" + "_000" * 10])
def test_numbers_of_more_than_64_bits_are_refused(number, tmp_path):
    told = errors(tmp_path, f"{HEAD}[publish]\nsuppress_below = {number}\n")
    assert "city.toml" in told
    assert f"line 6: has a number of {len(number)} digits" in told


def test_brackets_and_numbers_in_texts_and_comments_are_texts():
    deep, long = "[" * 200, "9" * 5000
    text = (
        f'a = "{deep}{long}" # {deep} {long}\n'
        f"b = '{deep}'\n"
        f'c = """\n{deep}\n"""\n'
        f"d = 0.{'1' * 30}\n"
    )
    found = parsed(text, "city.toml")
    assert found["a"] == deep + long
    assert found["d"] == pytest.approx(1 / 9)


@pytest.mark.parametrize("path", ["g" * 5000, "a/" * 3000 + "b"])
def test_a_path_that_no_system_has_is_an_error_of_its_key(path, tmp_path):
    layers = f'[layers.neighbourhoods]\npath = "{path}"\nkey = "id"\n'
    told = errors(tmp_path, HEAD + layers)
    assert "layers.neighbourhoods.path" in told
    assert "is no path" in told
    assert len(told) < 1000


def test_a_file_of_many_megabytes_is_refused(tmp_path):
    told = errors(tmp_path, HEAD + "# comment\n" * 1_100_000)
    assert "is larger than 10 MB" in told


WINDOWS = [r"C:\\gis\\parks.gpkg", r"\\\\server\\gis\\parks.gpkg", "D:/parks.gpkg"]


@pytest.mark.parametrize("path", WINDOWS)
def test_a_path_of_one_windows_computer_is_told(path, tmp_path):
    layers = f'[layers.neighbourhoods]\npath = "{path}"\nkey = "id"\n'
    assert "is a path of one computer and not here" in errors(tmp_path, HEAD + layers)


def test_a_name_with_its_marks_apart_is_told(tmp_path):
    # macOS writes names so into archives; both look the same
    (tmp_path / "S\u030ckole.gpkg").write_bytes(b"")
    layers = '[layers.neighbourhoods]\npath = "\u0160kole.gpkg"\nkey = "id"\n'
    assert "with its letters and marks apart" in errors(tmp_path, HEAD + layers)


@pytest.mark.parametrize("city_id", ["con", "nul", "com1", "a" * 200])
def test_an_id_that_no_folder_can_have_everywhere_is_refused(city_id, tmp_path):
    layers = '[layers.neighbourhoods]\npath = "none.gpkg"\nkey = "id"\n'
    assert "line 1: id: " in errors(tmp_path, f'id = "{city_id}"\n{HEAD}{layers}')


@pytest.mark.slow
def test_of_thousands_of_errors_the_first_are_shown(tmp_path):
    layers = '[layers.neighbourhoods]\npath = "none.gpkg"\nkey = "id"\n'
    told = errors(tmp_path, f"{HEAD}{layers}[plan]\nyears = [{'1, ' * 20_000}]\n")
    assert "and 19,9" in told.splitlines()[-1]
    assert len(told) < 100_000


def test_a_scenario_of_a_path_that_no_system_has_is_an_error_of_its_key(tmp_path):
    layers = '[layers.neighbourhoods]\npath = "none.gpkg"\nkey = "id"\n'
    added = f'[scenario.two]\nadd = {{ school = "{"g" * 5000}" }}\n'
    assert "scenario.two.add.school: " in errors(tmp_path, HEAD + layers + added)
