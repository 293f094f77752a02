"""Names of files by the rules of Windows, macOS and Linux together.

What is refused is from Microsoft's "Naming files, paths, and namespaces".
"""

from __future__ import annotations

import pytest

from urbanlayer.files.names import file_stem, name_error, of_one_computer, taken_for_one


@pytest.mark.parametrize(
    ("name", "why"),
    [
        *((name, "device") for name in ("con", "CON", "nul", "aux.txt", "Lpt1.tar.gz", "com¹")),
        ("NUL .txt", "device"),
        ("park.", "dot or blank"),
        ("park ", "dot or blank"),
        *((f"a{sign}b", "refuses") for sign in '<>:"/\\|?*\x00\x1f\x7f'),
        ("", "empty"),
        ("..", "empty"),
        ("š" * 91, "longer than 180 bytes"),
    ],
)
def test_what_some_system_refuses_is_told(name: str, why: str) -> None:
    assert why in name_error(name)


@pytest.mark.parametrize(
    "name", ["console", "nully.txt", "com10", "index.html", ".lock", "Škola 1"]
)
def test_other_names_are_taken(name: str) -> None:
    assert name_error(name) == ""


@pytest.mark.parametrize(
    "name",
    ["con", "a/b:c", "x.", "š" * 300, "\x00", "aux.txt", " ", "..", "\u202egpj.exe", "A\u0301"],
)
def test_a_stem_made_of_any_text_is_one_that_every_system_takes(name: str) -> None:
    assert name_error(file_stem(name)) == ""
    assert name_error(f"{file_stem(name)}.svg") == ""


@pytest.mark.parametrize(
    "pair",
    [
        ("data/Park.csv", "data/park.csv"),  # Windows and macOS
        ("\u0160uma", "S\u030cuma"),  # macOS: composed and decomposed
        ("STRASSE", "stra\u00dfe"),
    ],
)
def test_two_names_that_a_system_takes_for_one_are_found(pair: tuple[str, str]) -> None:
    assert taken_for_one(["index.html", *pair]) == pair
    assert taken_for_one(["index.html", pair[0]]) is None


def test_paths_of_one_windows_computer_are_known_everywhere() -> None:
    assert of_one_computer("C:\\podaci\\parkovi.gpkg")
    assert of_one_computer("c:parkovi.gpkg")
    assert of_one_computer("\\\\server\\gis\\parkovi.gpkg")
    assert not of_one_computer("podaci/parkovi.gpkg")
    assert not of_one_computer("/srv/parkovi.gpkg")
