"""The made-up city, once for all tests of what is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from made_city import make_publication

if TYPE_CHECKING:
    from urbanlayer.model.publication import Publication


@pytest.fixture(scope="session")
def publication() -> Publication:
    return make_publication()
