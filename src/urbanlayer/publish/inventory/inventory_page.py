"""The inventory as a page: one file in one language, without a script, that loads nothing.

Every text of a layer or of the city file is escaped where it enters; the policy lets in the one
style by its digest, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files
from typing import TYPE_CHECKING

from urbanlayer.model.text import text_in
from urbanlayer.publish.contact import mail_link
from urbanlayer.publish.inventory import sections
from urbanlayer.publish.inventory.markup import element, escaped, joined
from urbanlayer.publish.words import Words

if TYPE_CHECKING:
    from urbanlayer.model.maturity import Inventory


def page(inventory: Inventory, language: str) -> str:
    """The whole page in one language: a function of the inventory, the same bytes each time.

    Parameters
    ----------
    inventory
        What is reported.
    language
        One of the city file's.

    Returns
    -------
    str
        One self-contained document, to be written as UTF-8.
    """
    words = Words.for_language(language)
    style = _style()
    title = words.headed(text_in(inventory.spec.name, language), words.text("maturity.page.title"))
    main = joined(
        sections.parts(inventory, words),
        sections.errors(inventory, words),
        sections.fixes(inventory, words),
        sections.layers(inventory, words),
        sections.reasons(inventory, words),
        sections.missing(inventory, words),
        sections.services(inventory, words),
        sections.organisation(inventory, words),
        sections.method(words),
    )
    return (
        f'<!doctype html>\n<html lang="{escaped(words.tag)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escaped(_policy(style))}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escaped(title)}</title>\n"
        f'<meta name="description" content="{escaped(words.text("maturity.page.description"))}">\n'
        f'<link rel="icon" href="data:,">\n<style>{style}</style>\n</head>\n<body>\n'
        f"{_head(inventory, words, title)}\n"
        f'<main id="main">\n{main}\n</main>\n{_foot(inventory, words)}\n</body>\n</html>\n'
    )


def file_of(language: str, inventory: Inventory) -> str:
    """The name of the page in a language; the first language's is `index.html`."""
    if language == inventory.spec.languages[0]:
        return "index.html"
    return f"index.{Words.for_language(language).tag}.html"


def _head(inventory: Inventory, words: Words, title: str) -> str:
    spec = inventory.spec
    day = words.text("page.data_of", date=words.date(spec.as_of))
    sentences = [
        words.text(key)
        for key, holds in (
            ("page.draft", not spec.reviewed),
            ("page.demonstration", spec.demonstration),
        )
        if holds
    ]
    notice = element("div", escaped(" ".join(sentences)), klass="notice") if sentences else ""
    skip = element("a", escaped(words.text("maturity.page.fix")), klass="skip", href="#fix")
    heading = f"<div>{element('h1', escaped(title))}{element('p', escaped(day))}</div>"
    return f"{skip}{notice}<header>{heading}{_languages(inventory, words)}</header>"


def _languages(inventory: Inventory, words: Words) -> str:
    """Links to the same page in the city's other languages, each by its own name."""
    codes = inventory.spec.languages
    if len(codes) == 1:
        return ""
    items = []
    for code in codes:
        other = Words.for_language(code)
        href = file_of(code, inventory)
        current = {"aria_current": "page"} if code == words.language else {}
        link = element("a", escaped(other.name), href=href, lang=other.tag, **current)
        items.append(element("li", link))
    label = words.text("maturity.page.languages")
    return element("nav", element("ul", joined(*items)), aria_label=label)


def _foot(inventory: Inventory, words: Words) -> str:
    spec = inventory.spec
    lines = [
        escaped(words.text("maturity.source.thresholds", source=sections.source_of("thresholds")))
    ]
    if spec.contact:
        contact, link = escaped(spec.contact), mail_link(spec.contact)
        lines.append(element("a", contact, href=link) if link else contact)
    return element("footer", joined(*(element("p", line) for line in lines)))


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )


def _style() -> str:
    resource = files("urbanlayer.publish.inventory") / "assets" / "inventory.css"
    text = resource.read_bytes().decode("utf-8").replace("\r\n", "\n")
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)).strip()
