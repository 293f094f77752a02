"""City files with one thing wrong: read, or refused with lines of text; never anything else.

40 inputs are tried, 300 with the slow tests, of which those that are read are built too, and more
with `FUZZ_INPUTS=3000`; each is known by its number.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
from typing import TYPE_CHECKING

import damaged_city_files
import pytest

import urbanlayer
from urbanlayer import cityfile, registry
from urbanlayer.errors import UrbanlayerError

if TYPE_CHECKING:
    from pathlib import Path

FEW, MANY = 40, int(os.environ.get("FUZZ_INPUTS", "300"))
LONGEST = 20_000
"""Characters of a message."""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("city")
    return folder, damaged_city_files.write(folder)


def refusal(folder: Path) -> str:
    """Why the city file is refused; empty if it is read."""
    try:
        cityfile.read(
            folder / "city.toml",
            indicators=registry.indicators(),
            sources=registry.sources(),
            standards=registry.standards(),
        )
    except UrbanlayerError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("inputs", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_a_city_file_with_one_thing_wrong_is_read_or_refused(
    city: tuple[Path, str], inputs: int
) -> None:
    folder, text = city
    refused = 0
    for number in range(inputs):
        content, how = damaged_city_files.damaged(text, random.Random(number))  # noqa: S311
        (folder / "city.toml").write_bytes(content)
        error = refusal(folder)
        refused += error != ""
        assert "\x1b" not in error, f"{number} ({how})"
        assert "\x00" not in error, f"{number} ({how})"
        assert len(error) < LONGEST, f"{number} ({how}): {error}"
    assert inputs // 2 < refused < inputs  # neither is all there is


@pytest.mark.slow
def test_a_city_file_that_is_read_is_built_or_refused(city: tuple[Path, str]) -> None:
    folder, text = city
    for number in range(MANY // 6):
        content, _ = damaged_city_files.damaged(text, random.Random(number))  # noqa: S311
        (folder / "city.toml").write_bytes(content)
        if refusal(folder):
            continue
        with contextlib.suppress(UrbanlayerError):
            built = urbanlayer.build(folder / "city.toml", folder / "out")
            assert (built.target / "run.json").is_file()
        shutil.rmtree(folder / "out", ignore_errors=True)
