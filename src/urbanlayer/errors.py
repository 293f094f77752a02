"""The tree of errors, in the shape of the data.

UrbanlayerError
├── CityFileError          city.toml is not what it should be (all faults at once)
├── DataError              what city.toml names cannot be used
│   ├── SourceError        a file, feed or service cannot be read
│   │   └── NoServiceError a timetable in which nothing runs
│   ├── LayerError         a layer breaks a promise of its role (all faults at once)
│   │   └── CrsError       its coordinates cannot be placed for certain
│   └── CityError          the layers do not make a city (no people, no overlap)
├── IndicatorError         an indicator broke its own promise; a fault of its author
└── PublicationError       nothing was published
    ├── TargetError        the target folder is not ours, is locked or cannot be written
    └── PrivacyError       what would be shown could give a person away

Each message says what, where, and what would be right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class UrbanlayerError(Exception):
    """Anything that urbanlayer tells its user about; the command exits with 1."""


class CityFileError(UrbanlayerError):
    """The city file has faults; `faults` holds each as one line of text."""

    def __init__(self, path: str, faults: Sequence[str]) -> None:
        self.path = path
        self.faults = tuple(faults)
        super().__init__(_listed(f"{path}: {_counted(len(self.faults))}", self.faults))


class DataError(UrbanlayerError):
    """What the city file names cannot be used; `faults` holds each as one line of text."""

    def __init__(self, faults: str | Sequence[str]) -> None:
        self.faults = (faults,) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(self.faults))


class SourceError(DataError):
    """A file, feed or service cannot be read."""


class NoServiceError(SourceError):
    """Nothing runs by a timetable; what does not rest on it can still be answered."""


class LayerError(DataError):
    """A layer breaks a promise of its role."""


class CrsError(LayerError):
    """The coordinates of a layer cannot be placed for certain."""


class CityError(DataError):
    """The layers, each sound, do not make a city."""


class IndicatorError(UrbanlayerError):
    """An indicator broke its own promise: wrong index, or a value out of its bounds."""


class PublicationError(UrbanlayerError):
    """Nothing was published; what was published before is untouched."""


class TargetError(PublicationError):
    """The target folder is not ours, is locked by another run, or cannot be written."""


class PrivacyError(PublicationError):
    """What would be shown could give a person away."""


def together(errors: Iterable[DataError]) -> DataError:
    """One error that tells the faults of many.

    Parameters
    ----------
    errors
        At least one; one that comes twice is told once. Their class is kept where it is one.

    Returns
    -------
    DataError
        With every fault, in the order given.
    """
    kept = list(dict.fromkeys(errors))
    faults = [fault for error in kept for fault in error.faults]
    kinds = {type(error) for error in kept}
    return kinds.pop()(faults) if len(kinds) == 1 else DataError(faults)


def _counted(number: int) -> str:
    return "1 fault" if number == 1 else f"{number} faults"


def _listed(head: str, rows: Sequence[str]) -> str:
    return "\n".join([head, *(f"  {row}" for row in rows)])
