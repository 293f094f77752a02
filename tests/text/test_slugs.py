"""Names as ids."""

from __future__ import annotations

import pytest

from urbanlayer.text.slugs import slug


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Đečić Stara", "decic-stara"),
        ("Бијело Поље", "bijelo-polje"),
        ("Ѓорче Петров", "gorce-petrov"),
        ("Tiranë", "tirane"),
        ("../a//b", "a-b"),
        ("東京", ""),
    ],
)
def test_a_name_in_ascii_letters_digits_and_hyphens(name, expected):
    assert slug(name) == expected
