"""The front page of a folder of publications, from the card that each of them carries."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from urbanlayer.publish.page.index_document import FrontEntry, front_entry, front_page

if TYPE_CHECKING:
    from pathlib import Path

    from urbanlayer.model.publication import Publication

CARD = "data/card.json"
HREF = "index.html"
_BESIDE = {"standards": "{name}/standards.html", "inventory": "{name}-inventory/index.html"}
_DRAWING = re.compile(r'(<path class="dot-[0-9]+" fill-rule="evenodd" d="[MLz0-9. \-]*"/>)*')
"""All that a card's drawing may hold: a card is a file, and files may have been changed."""


def card_json(publication: Publication) -> bytes:
    """What the front page says of a publication, to lie beside its data."""
    entry = front_entry(publication, HREF)
    told = {"drawing": entry.drawing, "texts": entry.texts}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8")


def front_html(folder: Path) -> bytes:
    """The front page of every publication in a folder, in the order of their folders' names.

    Parameters
    ----------
    folder
        Holds a folder for each publication; those without a card that can be read are left out.
    """
    cards = sorted(folder.glob(f"*/{CARD}"))
    entries = [entry for card in cards if (entry := _read(card)) is not None]
    return front_page(entries).encode("utf-8")


def _read(card: Path) -> FrontEntry | None:
    name = card.parent.parent.name
    try:
        told = json.loads(card.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not _sound(told):
        return None
    return FrontEntry(
        f"{name}/{HREF}", told["drawing"], told["texts"], _more(card.parents[2], name)
    )


def _more(folder: Path, name: str) -> dict[str, str]:
    """What else lies in the folder of publications about a city."""
    paths = {kind: path.format(name=name) for kind, path in _BESIDE.items()}
    return {kind: path for kind, path in paths.items() if (folder / path).is_file()}


def _sound(told: Any) -> bool:  # noqa: ANN401  (whatever a file holds)
    if not isinstance(told, dict) or not isinstance(told.get("texts"), dict):
        return False
    texts = told["texts"].values()
    drawn = isinstance(told.get("drawing"), str) and _DRAWING.fullmatch(told["drawing"])
    needed = {"name", "neighbourhoods", "indicators", "date", "notice"}
    spoken = all(
        isinstance(text, dict)
        and needed <= set(text)
        and all(isinstance(v, str) for v in text.values())
        for text in texts
    )
    return bool(drawn) and bool(texts) and spoken
