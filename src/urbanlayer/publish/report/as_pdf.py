"""A report as a tagged PDF, set by Typst from a template of our own."""

from __future__ import annotations

import json
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from urbanlayer.publish.figures.typeset import font_folder, writable
from urbanlayer.publish.report.blocks import Bullets, Heading, Paragraph, Picture, Table

if TYPE_CHECKING:
    from urbanlayer.publish.report.blocks import Block, Report

_NAMELESS = "–"
_PICTURE_CM = 14.6
_TEMPLATE = "report.typ"


def pdf(report: Report) -> bytes:
    """The report as PDF/UA-1 (for screen readers) and PDF/A-2a; the same report, the same bytes.

    The template reads the texts as data: nothing in them is markup of Typst.
    """
    import typst

    template = files("urbanlayer.publish.report").joinpath(_TEMPLATE).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        record = _record(report, root)
        (root / "report.json").write_text(json.dumps(_writable(record)), encoding="utf-8")
        (root / _TEMPLATE).write_text(template, encoding="utf-8")
        made = typst.compile(
            str(root / _TEMPLATE), root=str(root), pdf_standards=["a-2a", "ua-1"],
            ignore_system_fonts=True, font_paths=[str(font_folder())],
        )  # fmt: skip
    return bytes(made)


def _writable(value: Any) -> Any:  # noqa: ANN401  (any value of JSON)
    """The same with texts that the font can write; without that a tagged PDF is refused."""
    if isinstance(value, str):
        return "\n".join(writable(line) for line in value.split("\n"))
    if isinstance(value, list):
        return [_writable(one) for one in value]
    if isinstance(value, dict):
        return {key: _writable(one) for key, one in value.items()}
    return value


def _record(report: Report, root: Path) -> dict[str, Any]:
    """The report as JSON; its pictures are written beside."""
    return {
        "title": report.title, "city": report.city, "language": report.language[:2],
        "day": [int(part) for part in report.date[0].split("-")], "date": report.date[1],
        "notice": report.notice, "contents": writable(report.contents_word) or _NAMELESS,
        "table": report.table_word, "figure": report.figure_word,
        "blocks": [
            _block(block, number, root)
            | ({"see": [one.anchor for one in see]} if see else {})
            | ({"anchor": caption.anchor} if caption else {})
            for number, (block, caption, see) in enumerate(report.numbered())
        ],
    }  # fmt: skip


def _block(block: Block, number: int, root: Path) -> dict[str, Any]:
    match block:
        case Heading(text=text, level=level):
            title = writable(text) or _NAMELESS  # an empty one is refused
            page = block.begins_a_page
            return {"kind": "heading", "text": title, "level": level, "page": page}
        case Paragraph(quiet=quiet, warning=warning):
            said = {"kind": "paragraph", "text": block.before_link}
            link = {"link": block.link, "linked": block.linked} if block.link else {}
            return {**said, "quiet": quiet, "warning": warning, **link}
        case Bullets(items=items):
            return {"kind": "bullets", "items": list(items)}
        case Table():
            return {
                "kind": "table", "caption": block.caption, "head": list(block.head),
                "rows": [list(row) for row in block.rows], "numbers": sorted(block.numbers),
                "whole": block.stands_on_one_page,
            }  # fmt: skip
        case Picture():
            name = f"{number}.png"
            (root / name).write_bytes(block.png)
            return {
                "kind": "picture", "file": name, "alt": block.alt, "caption": block.caption,
                "width": block.width_cm(_PICTURE_CM),
            }  # fmt: skip
