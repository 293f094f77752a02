"""The index page of a folder of publications, from the summary in each of them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from urbanlayer.publish.page import city_comparison
from urbanlayer.publish.page.index_document import IndexEntry, index_entry, index_page

if TYPE_CHECKING:
    from pathlib import Path

    from urbanlayer.model.publication import Publication

SUMMARY = "data/summary.json"
HREF = "index.html"
_MORE_PAGES = {"standards": "{name}/standards.html", "inventory": "{name}-inventory/index.html"}
_DRAWING = re.compile(r'(<path class="dot-[0-9]+" fill-rule="evenodd" d="[MLz0-9. \-]*"/>)*')
"""All that a summary's drawing may hold: a summary is a file, and files may have been changed."""


def summary_json(publication: Publication) -> bytes:
    """The summary of a publication for the index page, among its data."""
    entry = index_entry(publication, HREF)
    record = {"drawing": entry.drawing, "texts": entry.texts, "results": list(entry.results)}
    return json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8")


def index_html(folder: Path) -> bytes:
    """The index page of all publications in a folder, in the order of their folders' names.

    Parameters
    ----------
    folder
        Holds a folder for each publication; those without a summary that can be read are left out.
    """
    paths = sorted(folder.glob(f"*/{SUMMARY}"))
    entries = [entry for path in paths if (entry := _read(path)) is not None]
    return index_page(entries).encode("utf-8")


def _read(path: Path) -> IndexEntry | None:
    name = path.parent.parent.name
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not _sound(record):
        return None
    results = record.get("results")
    return IndexEntry(
        f"{name}/{HREF}", record["drawing"], record["texts"], _more(path.parents[2], name),
        results if city_comparison.is_sound(results) else (),
    )  # fmt: skip


def _more(folder: Path, name: str) -> dict[str, str]:
    """What else lies in the folder of publications about a city."""
    paths = {kind: path.format(name=name) for kind, path in _MORE_PAGES.items()}
    return {kind: path for kind, path in paths.items() if (folder / path).is_file()}


def _sound(record: Any) -> bool:  # noqa: ANN401  (whatever a file holds)
    if not isinstance(record, dict) or not isinstance(record.get("texts"), dict):
        return False
    texts = record["texts"].values()
    drawn = isinstance(record.get("drawing"), str) and _DRAWING.fullmatch(record["drawing"])
    needed = {"name", "neighbourhoods", "indicators", "date", "notice"}
    spoken = all(
        isinstance(text, dict)
        and needed <= set(text)
        and all(isinstance(v, str) for v in text.values())
        for text in texts
    )
    return bool(drawn) and bool(texts) and spoken
