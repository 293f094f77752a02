"""The one data file of an archive (`.zip`, `.gz`), unpacked in the confined child."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.sources._choose import named
from urbanlayer.sources._process import ChildError
from urbanlayer.sources.child import run_job

if TYPE_CHECKING:
    from pathlib import Path

    from urbanlayer.model.source import BoxOptions, Request

PACKED = (".zip", ".gz")


def unpacked(request: Request[BoxOptions], folder: Path) -> Request[BoxOptions]:
    """The request for the data file of an archive, in a folder of its own.

    Parameters
    ----------
    request
        Names the archive; its `layer` the data file, where there are several.
    folder
        Where to.

    Raises
    ------
    SourceError
        If the archive is damaged or unsafe, or holds none or several data files.
    """
    details: dict[str, Any] = {
        "path": str(request.path), "layer_name": named(request), "folder": str(folder),
    }  # fmt: skip
    try:
        if request.path.suffix.casefold() == ".gz":
            about, _ = run_job("unpack_gzip", **details)
        else:
            about, _ = run_job("unpack_data", **details, layer=request.spec.layer)
    except ChildError as error:
        raise SourceError(f"{named(request)}: the archive cannot be unpacked ({error})") from error
    spec = request.spec
    if about.get("by_layer"):  # it has named the file, and no layer in it
        spec = spec.model_copy(update={"layer": None})
    return replace(request, path=folder / str(about["name"]), spec=spec)
