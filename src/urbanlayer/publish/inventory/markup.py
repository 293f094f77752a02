"""Elements of a page, written so that no text enters one unescaped by mistake."""

from __future__ import annotations

from urbanlayer.publish.page.without_script import escaped

__all__ = ["element", "escaped", "joined", "table"]


def element(name: str, inside: str, *, klass: str = "", **attributes: str) -> str:
    """An element around markup; attributes are escaped here, the inside by the caller.

    Parameters
    ----------
    name
        Of the element.
    inside
        Markup; text in it went through `escaped`.
    klass
        Its class.
    **attributes
        With `_` for `-`: `aria_label="…"`.
    """
    whole = {**({"class": klass} if klass else {}), **attributes}
    written = "".join(
        f' {key.replace("_", "-")}="{escaped(value)}"' for key, value in whole.items()
    )
    return f"<{name}{written}>{inside}</{name}>"


def joined(*parts: str) -> str:
    """Markup after markup, each on a line of its own."""
    return "\n".join(part for part in parts if part)


def table(heads: list[str], rows: list[str], *, klass: str = "") -> str:
    """A table in a box that scrolls; heads are text, rows are markup."""
    cells = "".join(element("th", escaped(head), scope="col") for head in heads)
    head = f"<thead><tr>{cells}</tr></thead>"
    body = f"<tbody>\n{joined(*rows)}\n</tbody>"
    return element("div", element("table", head + body, klass=klass), klass="scroll")
