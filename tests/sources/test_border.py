"""Whatever a library raises over its input is an error with the layer, the file and the cause."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pyarrow as pa
import pytest
from requested import requested
from shapely.errors import GEOSException

from urbanlayer.errors import LayerError, SourceError
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.sources import border
from urbanlayer.sources._confined import worker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from urbanlayer.model.source import Request

REQUEST = requested("parks", LayerSpec(path="k.gpkg"), Path("k.gpkg"))


def read_with(error: Exception) -> None:
    def read(requests: Sequence[Request]) -> NoReturn:
        del requests
        raise error

    border.read_by(replace(REQUEST.source, read=read), [REQUEST])


@pytest.mark.parametrize(
    "error",
    [
        zlib.error("invalid distance"),
        pa.ArrowInvalid("invalid distance"),
        GEOSException("invalid distance"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid distance"),
        AttributeError("invalid distance"),
        RecursionError("invalid distance"),
    ],
)
def test_an_error_of_a_library_names_layer_file_and_cause(error: Exception) -> None:
    with pytest.raises(SourceError, match=r"layer 'parks' \(k\.gpkg\).*invalid distance"):
        read_with(error)


def test_control_characters_of_a_message_are_written_as_text() -> None:
    with pytest.raises(SourceError) as caught:
        read_with(ValueError("bad \x1b[31m name"))
    assert "\x1b" not in str(caught.value)
    assert r"\u001b[31m" in str(caught.value)


def test_an_error_of_the_source_itself_is_left_as_it_is() -> None:
    with pytest.raises(LayerError, match=r"^no park$"):
        read_with(LayerError("no park"))


def test_a_library_that_repeats_itself_is_told_once_and_without_lines_of_its_code() -> None:
    repeated = ["Wrong table", *["Error occurred in table.cpp at line 7"] * 40]
    error = ValueError("; ".join([*repeated, "Wrong table", "row 4", "row 3", "row 1"]))
    assert worker._said(error) == "Wrong table; row 4; row 3"
    assert worker._said(KeyError()) == "KeyError"
