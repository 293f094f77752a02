"""Text that XML can hold."""

from __future__ import annotations

import re

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain(text: str) -> str:
    """The text with spaces for signs that XML and HTML cannot hold.

    Source: XML 1.0, 2.2.
    """
    return _NOT_IN_XML.sub(" ", text)
