"""The elements of the page, with the words of its own language already in place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from urbanlayer.publish.page import bundle
from urbanlayer.publish.page.without_script import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.publish.words import Words

_WORDS = re.compile(r'data-text="(\w+)"([^>]*)>(?=</)')
_OTHER = re.compile(r"data-(city|date|source|title)([^>]*)>(?=</)")


def body(words: Words, texts: Mapping[str, str]) -> str:
    """The markup between the head and the scripts.

    Parameters
    ----------
    words
        Of the page's own language.
    texts
        What stands where the markup says `data-city`, `data-date`, `data-source`, `data-title`.
    """

    def word(found: re.Match[str]) -> str:
        return found[0] + escaped(words.text(f"page.{found[1]}", **texts))

    def text(found: re.Match[str]) -> str:
        return found[0] + escaped(texts[found[1]])

    return _OTHER.sub(text, _WORDS.sub(word, bundle.asset("body.html")))
