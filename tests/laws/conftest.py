"""Laws run query by query, so that a process meets the same cities and results again."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the laws by query; all other tests stay where they are."""
    places = [row for row, item in enumerate(items) if item.nodeid.startswith("tests/laws/")]
    laws = sorted((items[row] for row in places), key=_query_of)
    for row, item in zip(places, laws, strict=True):
        items[row] = item


def _query_of(item: pytest.Item) -> str:
    return item.name.rpartition("[")[2]
