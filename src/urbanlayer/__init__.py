"""A city's GIS layers in; maps, and indicators for each neighbourhood, out.

`build` publishes a city and `check` the inventory of its layers; `read_city`, `evaluate` and
`isochrones` give the same numbers and areas in a notebook. All raise `UrbanlayerError` with every
error at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbanlayer.errors import UrbanlayerError

if TYPE_CHECKING:
    from urbanlayer.notebook import CityResult, evaluate, isochrones, read_city
    from urbanlayer.pipeline import build, check

    __version__: str

__all__ = [
    "CityResult",
    "UrbanlayerError",
    "__version__",
    "build",
    "check",
    "evaluate",
    "isochrones",
    "read_city",
]

_ROOMS = {
    "CityResult": "notebook",
    "build": "pipeline",
    "check": "pipeline",
    "evaluate": "notebook",
    "isochrones": "notebook",
    "read_city": "notebook",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  (whatever `__all__` names)
    """Load a name of the public face when it is first used, so that importing does nothing."""
    import importlib
    import importlib.metadata

    if name == "__version__":
        return importlib.metadata.version("urbanlayer")
    if name in _ROOMS:
        return getattr(importlib.import_module(f"urbanlayer.{_ROOMS[name]}"), name)
    raise AttributeError(f"module 'urbanlayer' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
