"""The layer of a part of a country near which the whole has no feature of it: measured, none here.

`urbanlayer split` names these layers in the part's city file. Any other layer without features is
an error, and so is a file that is missing or cannot be read.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from urbanlayer.kernels.digests import READING, digest_of, digest_of_code
from urbanlayer.layers.nothing_yet import empty_layer
from urbanlayer.layers.validation import provenance_of

if TYPE_CHECKING:
    from urbanlayer.model.layer import Layer, RawLayer
    from urbanlayer.model.source import Request


def holds_none_near(raw: RawLayer, request: Request) -> bool:
    """Whether a layer that cannot be validated has no feature near, as in the whole.

    Nothing was read of it in the part's box; or the file is the one that was valid in the whole,
    read without a box, so that what it holds lies elsewhere.

    Parameters
    ----------
    raw
        As read by the source.
    request
        The layer's entry in the city file.
    """
    if request.none_near is None:
        return False
    return raw.frame.empty or raw.digest == request.none_near


def none_near(raw: RawLayer, request: Request, crs: str) -> Layer:
    """The layer without features, with the columns, the rights and the date of its source.

    Parameters
    ----------
    raw
        As read by the source.
    request
        The layer's entry in the city file.
    crs
        Of the city.
    """
    import pandas as pd

    layer = empty_layer(request.role, crs)
    others = raw.frame.columns.difference([raw.frame.geometry.name, *layer.frame.columns])
    own = raw.frame.iloc[:0][others].set_index(layer.frame.index)
    return dataclasses.replace(
        layer,
        frame=pd.concat([layer.frame, own], axis=1),
        provenance=provenance_of(raw, request, None, ""),
        read=len(raw.excluded),
        excluded=raw.excluded,
        notes=raw.notes,
        digest=digest_of(
            "none near", request.role, raw.digest, request.spec.model_dump(), crs,
            digest_of_code(*READING),
        ),
    )  # fmt: skip
