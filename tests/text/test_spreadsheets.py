"""Cells that no spreadsheet calculates."""

from __future__ import annotations

import pytest

from urbanlayer.text.spreadsheets import as_text_cell


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(1)",
        " =1",
        "\u00a0=1",
        ";=1",
        "; =1",
        "\tx",
        "\rx",
        "'=1",
        "＝1+1",
    ],
)
def test_what_begins_like_a_formula_is_text(cell):
    assert as_text_cell(cell).startswith("'")


def test_a_cell_that_semicolons_part_has_no_formula_inside():
    assert as_text_cell("Bar; =HYPERLINK(1)") == "Bar; '=HYPERLINK(1)"


@pytest.mark.parametrize(
    "cell", ["-1.5", "+3", "1e-5", "distance_m=500;mode=walk", "A - B", "0;-5"]
)
def test_numbers_and_ordinary_text_stay(cell):
    assert as_text_cell(cell) == cell


def test_what_a_terminal_obeys_is_written_out():
    assert as_text_cell("Bar\x1b[2J\x07\x9b") == r"Bar\u001b[2J\u0007\u009b"
    assert as_text_cell("two\nlines") == "two\nlines"
