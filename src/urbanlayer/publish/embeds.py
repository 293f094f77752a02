"""A gallery of what can be embedded: each map, table and figure with the line to copy."""

from __future__ import annotations

import base64
import hashlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from urbanlayer.files.names import file_stem
from urbanlayer.model.text import text_in
from urbanlayer.publish.figures.subject import subjects
from urbanlayer.publish.notice import notice
from urbanlayer.publish.page.without_script import escaped
from urbanlayer.publish.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.figures.subject import Subject

NAME = "embeds.html"
_PAGE = "index.html"
_VIEWS = (("page.map", ""), ("page.table", "&view=table"))
_NO_BORDER, _AS_WIDE = ' style="border:0;width:100%"', ' style="max-width:100%;height:auto"'
"""In the lines; the gallery has a style sheet, and its policy allows no others."""
_LETTERS_OF_A_ROW = 66
"""On paper, so that a line is not cut off there."""
_SANDBOX = "allow-scripts allow-downloads allow-popups"
_STYLE = """
:root{color-scheme:light dark}
body{margin:0 auto;max-width:60rem;padding:1.5rem;
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1,h2{line-height:1.2}section{border-top:1px solid #8896a3;margin-top:2rem}
.note{border:2px solid #b7791f;padding:.5rem .75rem}
textarea{box-sizing:border-box;width:100%;min-height:4.5rem;font:.85rem/1.4 ui-monospace,monospace}
iframe{display:block;width:100%;height:400px;border:0}img{display:block;max-width:100%;height:auto}
button,summary{min-height:44px;padding:0 .75rem;font:inherit}summary{line-height:44px}
.copied::after{content:" \\2713"}
@media print{button,details{display:none}section{break-inside:avoid}}
"""
_SCRIPT = """
if (/^https?:$/.test(location.protocol)) { // the lines work where they are put
  const folder = new URL(".", location.href).href.replace(/"/g, "%22");
  for (const line of document.querySelectorAll("textarea"))
    line.value = line.value.replace(' src="', () => ` src="${folder.replace(/&/g, "&amp;")}`);
  const lead = document.getElementById("lead");
  lead.textContent = lead.dataset.served;
}
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const line = document.getElementById(button.dataset.line);
  line.select();
  try { await navigator.clipboard.writeText(line.value); } catch { document.execCommand("copy"); }
  button.classList.add("copied");
});
document.addEventListener("toggle", ({ target }) => {
  const preview = target.querySelector("template");
  if (target.open && preview) preview.replaceWith(preview.content.cloneNode(true));
}, true);
"""


def embeds_page(publication: Publication, files: Mapping[str, bytes]) -> bytes:
    """The gallery in the first language of the city file; it works from a folder, without network.

    Where a server shows it, the lines have the address of its folder.

    Parameters
    ----------
    publication
        As `disclosure.disclosed` gives it.
    files
        The files of the publication by path; its figures are among them where they were asked for.
    """
    spec = publication.spec
    words = Words.for_language(spec.languages[0])
    city = text_in(spec.name, words.language)
    title = words.headed(city, words.text("embeds.title"))
    said = notice(spec, words)
    note = f'<p class="note">{escaped(said)}</p>' if said else ""
    sections = "".join(_sections(publication, words, files))
    lead = (
        f'<p id="lead" data-served="{escaped(words.text("embeds.lead_served"))}">'
        f"{escaped(words.text('embeds.lead'))}</p>"
    )
    policy = (
        f"default-src 'none'; style-src {_digest(_STYLE)}; script-src {_digest(_SCRIPT)}; "
        "frame-src 'self' file:; img-src 'self' file:; base-uri 'none'; form-action 'none'"
    )
    return (
        f'<!doctype html>\n<html lang="{escaped(words.tag)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escaped(title)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escaped(title)}</h1>{note}{lead}{sections}"
        f"</main><script>{_SCRIPT}</script></body></html>\n"
    ).encode()


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _sections(publication: Publication, words: Words, files: Mapping[str, bytes]) -> Iterator[str]:
    """A section for each result, then one with the figures of the plan and of several results."""
    city = text_in(publication.spec.name, words.language)
    pictures = _pictures(files)
    shown = subjects(publication, words)
    for number, subject in enumerate(shown):
        own = pictures.pop(file_stem(str(subject.record["id"])), ())
        lines = [*_frames(subject, city), *_images(own, files, words)]
        yield _section(number, subject.title, lines, words)
    if pictures:
        others = [path for paths in pictures.values() for path in paths]
        yield _section(len(shown), city, _images(others, files, words), words)


def _section(number: int, title: str, lines: Iterable[tuple[str, str, bool]], words: Words) -> str:
    """Lines to copy under a title: of each its name, the line, and whether it is a frame."""
    parts = "".join(
        _part(f"line-{number}-{at}", what, line, preview, words)
        for at, (what, line, preview) in enumerate(lines)
    )
    return f"<section><h2>{escaped(title)}</h2>{parts}</section>"


def _frames(subject: Subject, city: str) -> Iterator[tuple[str, str, bool]]:
    """The map and the table of a result."""
    words = subject.words
    result = quote(str(subject.record["id"]), safe="")
    for key, view in _VIEWS:
        title = escaped(words.headed(city, subject.definition))
        source = escaped(f"{_PAGE}#lang={words.tag}&embed=1&i={result}{view}")
        line = (
            f'<iframe title="{title}" src="{source}" width="600" height="400" '
            f'{_NO_BORDER.strip()} loading="lazy" sandbox="{_SANDBOX}"></iframe>'
        )
        yield words.text(key), line, True


def _pictures(files: Mapping[str, bytes]) -> dict[str, list[str]]:
    """The paths of figures by what they show: the id of a result, a scenario, `plan`, `city`."""
    found: dict[str, list[str]] = {}
    for path in sorted(files):
        name = PurePosixPath(path)
        if str(name.parent) == "figures" and path.endswith(".png"):
            found.setdefault(name.stem.rpartition(".")[0], []).append(path)
    return found


def _images(
    paths: Iterable[str], files: Mapping[str, bytes], words: Words
) -> Iterator[tuple[str, str, bool]]:
    """Figures with their alternative texts, numbered."""
    for number, path in enumerate(paths, start=1):
        text = files.get(str(PurePosixPath(path).with_suffix(".txt")), b"").decode().strip()
        line = f'<img src="{escaped(quote(path))}" alt="{escaped(text)}"{_AS_WIDE} loading="lazy">'
        yield f"{words.text('report.figure')} {number}", line, False


def _part(name: str, what: str, line: str, frame: bool, words: Words) -> str:  # noqa: FBT001
    """One line to copy, with a preview that loads when it is opened."""
    copy = escaped(words.text("page.copy"))
    rows = len(line) // _LETTERS_OF_A_ROW + 1
    shown = line.replace(_NO_BORDER if frame else _AS_WIDE, "")
    return (
        f'<p><label for="{name}">{escaped(words.text("embeds.line", what=what))}</label></p>'
        f'<textarea id="{name}" rows="{rows}" readonly spellcheck="false">'
        f"{escaped(line)}</textarea>"
        f'<p><button type="button" data-line="{name}">{copy}</button></p>'
        f"<details><summary>{escaped(words.text('embeds.preview'))}</summary>"
        f"<template>{shown}</template></details>"
    )
