"""The tree of errors, in the shape of the data.

UrbanlayerError
├── CityFileError          city.toml is not what it should be (all errors at once)
├── DataError              what city.toml names cannot be used
│   ├── SourceError        a file, feed or service cannot be read
│   │   └── NoServiceError a timetable in which nothing runs
│   ├── LayerError         a layer breaks a promise of its role (all errors at once)
│   │   └── CrsError       its coordinates cannot be placed for certain
│   └── CityError          the layers do not make a city (no people, no overlap)
├── ClusterError           the workers of a cluster cannot be reached, or do not fit
├── PlanError              the layers lack what the plan needs (all errors at once)
├── IndicatorError         an indicator broke its own promise; an error of its author
└── PublicationError       nothing was published
    └── TargetError        the target folder is not ours, is locked or cannot be written

Each message states what is wrong, where, and what would be right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class UrbanlayerError(Exception):
    """Any error reported to the user; the command exits with 1."""


class CityFileError(UrbanlayerError):
    """The city file has errors; `errors` holds each as one line of text."""

    def __init__(self, path: str, errors: Sequence[str]) -> None:
        self.path = path
        self.errors = tuple(errors)
        super().__init__(_listed(f"{path}: {_counted(len(self.errors))}", self.errors))


class DataError(UrbanlayerError):
    """What the city file names cannot be used; `errors` holds each as one line of text."""

    def __init__(self, errors: str | Sequence[str]) -> None:
        self.errors = (errors,) if isinstance(errors, str) else tuple(errors)
        super().__init__("\n".join(self.errors))


class SourceError(DataError):
    """A file, feed or service cannot be read."""


class NoServiceError(SourceError):
    """Nothing runs by a timetable; what does not rest on it can still be evaluated."""


class LayerError(DataError):
    """A layer breaks a promise of its role."""


class CrsError(LayerError):
    """The coordinates of a layer cannot be placed for certain."""


class CityError(DataError):
    """The layers, each sound, do not make a city."""


class PlanError(UrbanlayerError):
    """The layers lack what the plan needs; `errors` holds each as one line of text."""

    def __init__(self, errors: Sequence[str]) -> None:
        self.errors = tuple(errors)
        super().__init__(_listed(f"the plan: {_counted(len(self.errors))}", self.errors))


class ClusterError(UrbanlayerError):
    """A cluster cannot be reached, or its workers have another version."""


class IndicatorError(UrbanlayerError):
    """An indicator broke its own promise: wrong index, or a value out of its bounds."""


class PublicationError(UrbanlayerError):
    """Nothing was published; what was published before is untouched."""


class TargetError(PublicationError):
    """The target folder is not ours, is locked by another run, or cannot be written."""


def together(errors: Iterable[DataError]) -> DataError:
    """One error made of many.

    Parameters
    ----------
    errors
        At least one; one that comes twice is listed once. Their class is kept where it is one.

    Returns
    -------
    DataError
        With every error, in the order given.
    """
    kept = list(dict.fromkeys(errors))
    messages = [message for error in kept for message in error.errors]
    kinds = {type(error) for error in kept}
    return kinds.pop()(messages) if len(kinds) == 1 else DataError(messages)


def _counted(number: int) -> str:
    return "1 error" if number == 1 else f"{number} errors"


def _listed(head: str, rows: Sequence[str]) -> str:
    return "\n".join([head, *(f"  {row}" for row in rows)])
