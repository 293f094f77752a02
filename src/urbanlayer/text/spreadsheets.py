"""Text in cells of tables that people open in spreadsheets."""

from __future__ import annotations

import re

_STARTS = re.compile(r"[\s;|'\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n\x00]")
"""How a cell begins that a spreadsheet may calculate: a sign of a formula, in full width too, also
after white space or signs that part cells; or a control character."""
_INSIDE = re.compile(r"(;\s*)(?=[=+@\uff1d\uff0b\uff20]|[-\uff0d]\D)")
"""Where a cell begins in countries whose spreadsheets part cells by semicolons."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""What a terminal may obey that shows the table; lines may break within a cell."""
_HARMLESS = re.compile(r"[\w.]*", re.ASCII)
"""Most cells: words and numbers without a sign."""


def as_text_cell(cell: str) -> str:
    """The text as no spreadsheet takes it for a formula; numbers stay as they are.

    Control characters are written out, as JSON writes them.

    Examples
    --------
    >>> as_text_cell("=1+1"), as_text_cell("a;=1+1"), as_text_cell("-1.5"), as_text_cell("a=1;b=2")
    ("'=1+1", "a;'=1+1", '-1.5', 'a=1;b=2')
    """
    if _HARMLESS.fullmatch(cell):
        return cell
    cell = _CONTROL.sub(lambda sign: f"\\u{ord(sign[0]):04x}", cell)
    if not _STARTS.match(cell):
        return _INSIDE.sub(r"\1'", cell)
    try:
        float(cell)
    except ValueError:
        return "'" + _INSIDE.sub(r"\1'", cell)
    return cell
