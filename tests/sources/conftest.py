"""A server of this computer, and a cache of the test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from server import Server

from urbanlayer.sources import _session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the cache; nobody waits between tries."""
    monkeypatch.setenv("URBANLAYER_CACHE", str(tmp_path / "cache"))
    with _session.using(sleep=lambda _: None):
        yield tmp_path / "cache"
