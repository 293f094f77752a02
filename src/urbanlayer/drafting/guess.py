"""What a draft guesses: keys of tables, and layers, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from urbanlayer.sources.osm import SOURCE as OSM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.drafting.datasets import Dataset


@dataclass(frozen=True, slots=True)
class GuessedKey:
    """One key of a table, with the reason for its value.

    Attributes
    ----------
    key, value
        As they stand in the city file.
    why
        The evidence; empty where it needs none.
    doubtful
        Whether it is written as a comment, for a person to decide.
    """

    key: str
    value: object
    why: str = ""
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class GuessedRole:
    """A role that a dataset, or a part of it, seems to have.

    Attributes
    ----------
    role
        Name of the role.
    why
        The evidence.
    weight
        Letters of the words that fit, more where columns or values agree.
    where
        Columns and the values that make a feature of the role; empty for all features.
    doubt
        Why it is not certain; empty where it is.
    """

    role: str
    why: str
    weight: float
    where: Mapping[str, object] = field(default_factory=dict)
    doubt: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class GuessedLayer:
    """A layer of the draft.

    Attributes
    ----------
    role
        Name of its table.
    dataset
        Where it lies.
    why
        Why it has this role.
    keys
        Keys of its table beside path, source and layer.
    doubt
        Why it is commented out; empty where it stands.
    """

    role: str
    dataset: Dataset
    why: str
    keys: tuple[GuessedKey, ...] = ()
    doubt: str = ""

    @property
    def by_volunteers(self) -> bool:
        """Whether it comes from OpenStreetMap, so that nobody knows how complete it is."""
        licences = {key.value for key in self.keys if key.key == "licence"}
        return self.dataset.source == OSM.id or OSM.licence in licences
