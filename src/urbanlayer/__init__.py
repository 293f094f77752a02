"""A city's GIS layers in; maps, and indicators for each neighbourhood, out.

`build` publishes a city, `check` the inventory of its layers with a grade for each; both raise
`UrbanlayerError` with every fault told at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbanlayer.errors import UrbanlayerError

if TYPE_CHECKING:
    from urbanlayer.pipeline import build, check

__all__ = ["UrbanlayerError", "build", "check"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  (the two functions below)
    """Load the pipeline when it is first asked for, so that importing does nothing."""
    if name == "build":
        from urbanlayer.pipeline import build

        return build
    if name == "check":
        from urbanlayer.pipeline import check

        return check
    raise AttributeError(f"module 'urbanlayer' has no attribute {name!r}")
