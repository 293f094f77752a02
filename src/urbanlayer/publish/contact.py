"""Who is written to about an error, as a link."""

from __future__ import annotations

import re
from urllib.parse import quote

_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*"
)
"""An e-mail address, as forms of HTML accept it (HTML Standard, 4.10.5.1.5)."""


def mail_link(contact: str) -> str:
    """The address of a link that writes to a contact (RFC 6068); empty where it is no e-mail.

    Parameters
    ----------
    contact
        As the city file has it: an address, or any other text.
    """
    return f"mailto:{quote(contact, safe='@+')}" if _ADDRESS.fullmatch(contact) else ""
