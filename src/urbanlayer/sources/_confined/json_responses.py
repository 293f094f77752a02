"""Jobs of the confined child: whether a service's response in JSON can be read within limits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from urbanlayer.sources._confined.answers import Answer


def json_response(path: str) -> Answer:
    """The kind of value that a response is: `dict`, `list` …

    Small responses can unfold to gigabytes, or be nested without end; what does so ends here,
    within the limits of the job, and is not read anywhere else.

    Parameters
    ----------
    path
        Of the response.

    Raises
    ------
    ValueError
        It is no JSON.
    """
    return {"kind": type(json.loads(Path(path).read_bytes())).__name__}, ()
