"""A report as one HTML file that opens without network and prints well."""

from __future__ import annotations

import base64
from html import escape as _escaped
from typing import TYPE_CHECKING

from urbanlayer.publish.report.blocks import Bullets, Heading, Paragraph, Picture, Table
from urbanlayer.text.xml_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from urbanlayer.publish.report.blocks import Block, Caption, Report

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLE = """
body{margin:0 auto;max-width:52rem;padding:1.5rem;color:#16202a;background:#fff;
font:1rem/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif}
h1,h2,h3{line-height:1.25}h2{margin-top:3rem;border-bottom:2px solid #1a365d}
.quiet{color:#44525f;font-size:.9rem}.warning{background:#fff3d1;padding:.5rem .75rem}
table{border-collapse:collapse;width:100%;margin:1rem 0;font-size:.9rem}
caption,figcaption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{border-bottom:1px solid #dce2e7;padding:.3rem .5rem;text-align:left;vertical-align:top}
.number{text-align:right;font-variant-numeric:tabular-nums}figure{margin:1rem 0}
img{max-width:100%;height:auto}nav ol{columns:2}a{color:#0b5c7d}
.table{overflow-x:auto}td{white-space:pre-line}
@media print{body{max-width:none;padding:0;font-size:10pt}h2,h3.sheet{break-before:page}
h2.flows{break-before:auto}h2,h3,caption{break-after:avoid}tr,figure{break-inside:avoid}thead{display:table-header-group}
nav{break-after:page}@page{margin:20mm 18mm}}
"""


def escape(text: str) -> str:
    """The text as HTML shows it."""
    return _escaped(plain(text))


def html(report: Report) -> bytes:
    """The report as one file, UTF-8; every text is escaped and nothing is loaded."""
    title = f"{report.title}: {report.city}"
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style>"
    )
    notice = f'<p class="warning">{escape(report.notice)}</p>' if report.notice else ""
    body = "".join(_body(report))
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(report.language)}"><head>{head}</head><body><header>'
        f"<h1>{escape(report.title)}</h1><p><b>{escape(report.city)}</b><br>"
        f"{escape(report.date[1])}</p>{notice}</header>{_contents(report)}<main>{body}</main>"
        "</body></html>\n"
    ).encode()


def _contents(report: Report) -> str:
    chapters = [one for one in report.blocks if isinstance(one, Heading) and one.level == 1]
    items = "".join(
        f'<li><a href="#chapter-{number}">{escape(one.text)}</a></li>'
        for number, one in enumerate(chapters, start=1)
    )
    word = escape(report.contents_word)
    return f'<nav aria-label="{word}"><p><b>{word}</b></p><ol>{items}</ol></nav>'


def _body(report: Report) -> Iterator[str]:
    chapter = 0
    for block, caption, see in report.numbered():
        if isinstance(block, Heading) and block.level == 1:
            chapter += 1
            name = "" if block.begins_a_page else ' class="flows"'
            yield f'<h2 id="chapter-{chapter}"{name}>{escape(block.text)}</h2>'
        elif isinstance(block, Table) and caption is not None:
            yield _table(block, caption)
        elif isinstance(block, Picture) and caption is not None:
            yield _picture(block, caption)
        else:
            yield _text(block, see)


def _text(block: Block, see: Sequence[Caption]) -> str:
    match block:
        case Heading(text=text, sheet=sheet):
            name = ' class="sheet"' if sheet else ""
            return f"<h3{name}>{escape(text)}</h3>"
        case Bullets(items=items):
            return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"
        case Paragraph(quiet=quiet, warning=warning):
            name = " ".join(
                name for name, holds in (("quiet", quiet), ("warning", warning)) if holds
            )
            opening = f'<p class="{name}">' if name else "<p>"
            return f"{opening}{escape(block.before_link)}{_link(block)}{_references(see)}</p>"
    raise TypeError(type(block))


def _link(block: Paragraph) -> str:
    """The end of a text that leads somewhere; empty without one."""
    return f'<a href="{escape(block.link)}">{escape(block.linked)}</a>' if block.link else ""


def _references(see: Sequence[Caption]) -> str:
    """Links to tables and figures, in brackets after a text."""
    links = (f'<a href="#{one.anchor}">{escape(one.text)}</a>' for one in see)
    return f" ({', '.join(links)})" if see else ""


def _table(block: Table, caption: Caption) -> str:
    head = "".join(
        f'<th scope="col"{_class(block, column)}>{escape(text)}</th>'
        for column, text in enumerate(block.head)
    )
    rows = "".join(
        f"<tr>{''.join(_cell(block, column, text) for column, text in enumerate(row))}</tr>"
        for row in block.rows
    )
    return (
        f'<div class="table"><table id="{caption.anchor}">'
        f"<caption>{escape(caption.text)}. {escape(block.caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cell(block: Table, column: int, text: str) -> str:
    """A cell; the first of a row is its head."""
    name = _class(block, column)
    if column == 0:
        return f'<th scope="row"{name}>{escape(text)}</th>'
    return f"<td{name}>{escape(text)}</td>"


def _class(block: Table, column: int) -> str:
    return ' class="number"' if column in block.numbers else ""


def _picture(block: Picture, caption: Caption) -> str:
    data = base64.b64encode(block.png).decode("ascii")
    return (
        f'<figure id="{caption.anchor}">'
        f'<img src="data:image/png;base64,{data}" alt="{escape(block.alt)}">'
        f"<figcaption>{escape(caption.text)}. {escape(block.caption)}</figcaption></figure>"
    )
