"""`standards.html`: what the city measures of each standard that it follows, as one static page."""

from __future__ import annotations

import base64
import hashlib
import math
from typing import TYPE_CHECKING

from urbanlayer.model.text import text_in
from urbanlayer.publish.notice import notice
from urbanlayer.publish.page.without_script import escaped
from urbanlayer.publish.standards import counts, rows
from urbanlayer.publish.words import Words

if TYPE_CHECKING:
    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.standards import Row, Status

STYLE = """
:root{color-scheme:light}
body{margin:0 auto;max-width:70rem;padding:1.5rem;color:#16202a;background:#fff;
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1,h2{line-height:1.2}h2{margin-top:2.5rem}
.note{background:#fdefcb;padding:.5rem .75rem}
.quiet{color:#4a5568}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{border-bottom:1px solid #cbd5e0;padding:.4rem .6rem;text-align:left;vertical-align:top}
td.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
tr.answered th{border-left:.3rem solid #16668a}
tr.answerable th{border-left:.3rem solid #bec681}
tr.not-spatial th,tr.not-read th{border-left:.3rem solid #e2e8f0}
th[scope=row]{font-weight:400;white-space:nowrap}
a{color:#16668a}
"""


def standards_page(publication: Publication) -> str:
    """The whole document in the city's first language; titles of items as their source has them.

    Parameters
    ----------
    publication
        That follows at least one standard. Only results for the whole city are shown, so nothing
        in it could give a person away.
    """
    spec = publication.spec
    words = Words.for_language(spec.languages[0])
    city = text_in(spec.name, words.language)
    title = words.headed(city, words.text("standards.title"))
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'"
    note = notice(spec, words)
    parts = [
        f'<!doctype html>\n<html lang="{escaped(words.tag)}"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escaped(title)}</title><style>{STYLE}</style></head><body><main>",
        f"<h1>{escaped(title)}</h1><p>{escaped(words.text('standards.lead'))}</p>",
        f'<p><a href="index.html">{escaped(words.text("index.open"))}</a></p>',
        f'<p class="note">{escaped(note)}</p>' if note else "",
        *(_section(publication, words, followed.standard.id) for followed in publication.standards),
        f'<p class="quiet">{escaped(words.text("standards.titles"))} ',
        f"{escaped(words.text('standards.paraphrase'))} " if _worded_by_us(publication) else "",
        escaped(words.text("page.data_of", date=words.date(spec.as_of))),
        "</p></main></body></html>\n",
    ]
    return "".join(parts)


def _worded_by_us(publication: Publication) -> bool:
    items = (item for followed in publication.standards for item in followed.standard.items)
    return any(item.paraphrase for item in items)


def _section(publication: Publication, words: Words, standard: str) -> str:
    followed = next(f for f in publication.standards if f.standard.id == standard)
    counted = counts(publication)[standard]
    summary = words.text("standards.summary", **_summary(counted))
    if counted["not-read"]:
        unread = words.text("standards.summary_unread", **_summary(counted))
        summary = words.followed((summary, unread))
    heads = [
        words.text(f"standards.{key}") for key in ("code", "item", "status", "value", "target")
    ]
    body = "".join(
        _row(publication, words, row) for row in rows(publication) if row.standard == standard
    )
    edition = f"{followed.standard.source}; {followed.standard.edition}"
    remark = followed.standard.remark
    remark_text = words.text(f"standards.remark.{remark}") if remark else ""
    return (
        f'<h2 lang="en">{escaped(followed.standard.title)}</h2>'
        f'<p>{escaped(summary)}</p><p class="quiet"><span lang="en">{escaped(edition)}</span>. '
        f"{escaped(remark_text)}</p>"
        '<div class="wide"><table><thead><tr>'
        + "".join(f'<th scope="col">{escaped(head)}</th>' for head in heads)
        + f"</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _summary(counted: dict[Status, int]) -> dict[str, int]:
    return {
        "answered": counted["answered"],
        "answerable": counted["answerable"],
        "other": counted["not-spatial"],
        "unread": counted["not-read"],
        "count": sum(counted.values()),
    }


def _row(publication: Publication, words: Words, row: Row) -> str:
    target = "" if row.target is None else _number(words, row.target, row.unit)
    return (
        f'<tr class="{row.status}"><th scope="row" lang="en">{escaped(row.code)}</th>'
        f'<td lang="en">{escaped(row.title)}{"*" if row.paraphrase else ""}</td>'
        f"<td>{escaped(_status(publication, words, row))}</td>"
        f'<td class="number">{escaped(_number(words, row.value, row.unit))}</td>'
        f'<td class="number">{escaped(target)}</td></tr>'
    )


def _status(publication: Publication, words: Words, row: Row) -> str:
    """Answered or not, with what it would take, whether the target is met, and if it is a proxy."""
    layers = ", ".join(_named(publication, words, role) for role in row.add)
    sentences = [words.text(f"standards.{row.status}", layers=layers)]
    if row.met is not None:
        sentences.append(words.text("standards.met" if row.met else "standards.unmet"))
    if row.proxy:
        sentences.append(words.text("standards.proxy"))
    return words.followed(sentences)


def _named(publication: Publication, words: Words, role: str) -> str:
    """A layer, or a group of residents, as people call it."""
    if words.has(f"group.{role}"):
        return words.group(role)
    return words.role(role, publication.spec)


def _number(words: Words, value: float, unit: str) -> str:
    if math.isnan(value):
        return ""
    if unit == "share":
        return words.percent(value)
    is_long, is_whole = abs(value) >= 100, value == round(value)  # noqa: PLR2004  (three digits)
    return f"{words.number(value, 0 if is_long or is_whole else 2)} {words.unit(unit)}"
