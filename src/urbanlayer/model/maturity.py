"""How digital a city is, in three parts: its data, its digital services, its organisation.

No part is ever one number. A part is described by its own parts: the grade of each layer in each
aspect with the counts that it was judged by, each digital service, each dimension of the
organisation with its evidence. What is weighed and where it comes from:

Data
    The quality dimension of the European Open Data Maturity assessment (policy, portal, quality,
    impact; data.europa.eu) and the parts of ISO 19157 (completeness, logical consistency,
    positional and temporal quality) name what to look at; the stars of openness are Tim
    Berners-Lee's (5stardata.info); key, licence, provenance and attributes are F1, R1.1, R1.2 and
    R1 of the FAIR principles (Wilkinson et al. 2016, doi 10.1038/sdata.2016.18). None of them sets
    thresholds for a city's layers: those in `publish/inventory/grades.py` are urbanlayer's own.
Digital services
    The share of listed services that can be requested in full by an online form, as in the
    "online availability" of the eGovernment Benchmark's earlier editions (20 basic services, full
    electronic case handling), and the results of the digital indicators.
Organisation
    A self-assessment, 0 to 5 in six dimensions: urbanlayer's own, after two published frameworks.
    The categories of LORDI (the Commission, the Committee of the Regions and ESPON, survey of
    January 2021) are infrastructure, skills and capacity building, economy and services, governance
    and the single market, and the socioeconomic context: `skills` is its second, and `strategy` and
    `data_governance` belong to its fourth. LORDIMAS, made of it, covers in seven sections "from
    governance to networking" (living-in.eu); their names and its questionnaire could not be read
    for this, so that neither the six nor the scale claim to be LORDIMAS's own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from urbanlayer.model.network_query import NetworkResults

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Indicator, IndicatorQuery
    from urbanlayer.model.note import Note
    from urbanlayer.model.result import NotAnswerable, Result
    from urbanlayer.model.specification import CitySpec

Aspect = Literal[
    "found", "coverage", "fields", "age", "openness", "licence", "coordinates", "keys",
    "duplicates", "excluded",
]  # fmt: skip
ASPECTS: tuple[Aspect, ...] = (
    "found", "coverage", "fields", "age", "openness", "licence", "coordinates", "keys",
    "duplicates", "excluded",
)  # fmt: skip
"""What a layer is judged in, in the order in which it is shown."""

Level = Literal["good", "fair", "poor", "unknown", "not-graded"]
LEVELS: tuple[Level, ...] = ("good", "fair", "poor", "unknown", "not-graded")

DIMENSIONS = (
    "strategy", "skills", "data_governance", "interoperability", "participation", "security",
)  # fmt: skip
"""Of the organisation, as `[maturity]` names them."""


@dataclass(frozen=True, slots=True)
class Grade:
    """One judgement of one layer, with what it was judged by.

    Attributes
    ----------
    level
        `unknown` where the city file does not specify it; `not-graded` where nothing can be
        expected.
    reason
        A code, `coverage.neighbourhoods`; the words for it are filled with the counts.
    counts
        What was counted: `{"held": 37, "of": 39}`.
    """

    aspect: Aspect
    level: Level
    reason: str
    counts: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeySample:
    """Which keys a layer had, so that the next run can find whether they stayed.

    Attributes
    ----------
    digest
        sha256 of the bytes of the layer's file.
    hashes
        The least of the hashed keys, sorted: the same sample of the keys in every run.
    """

    digest: str
    hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GradedLayer:
    """A declared layer and its grades.

    Attributes
    ----------
    state
        `used`; `failed` where it cannot be read or breaks a promise; `waiting` where it was not
        looked at, since the city's neighbourhoods failed.
    features
        Features that are used; None for grids and for layers that failed.
    grades
        One for each aspect; only `found` where the layer failed.
    rests
        Indicators that the city file queries and that rest on it, by id.
    faults, notes
        What validation reported, in English.
    keys
        None for grids and for layers that failed.
    """

    role: str
    state: Literal["used", "failed", "waiting"]
    source: str
    path: str
    grades: tuple[Grade, ...]
    features: int | None = None
    rests: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    keys: KeySample | None = None


@dataclass(frozen=True, slots=True)
class MissingLayer:
    """A role that the city file does not declare, and what it would make answerable.

    Attributes
    ----------
    alone
        Indicators that lack this and nothing else.
    together
        Indicators that lack more than this.
    queried
        Whether the city file queries one of them.
    """

    role: str
    alone: tuple[str, ...]
    together: tuple[str, ...] = ()
    queried: bool = False


@dataclass(frozen=True, slots=True)
class Improvement:
    """One thing to fix: which layers, why, and how many indicators rest on them.

    Attributes
    ----------
    reason
        That of the grades, or `missing.queried`, `missing.known`.
    rests
        Indicators that rest on these layers, or that they would make answerable.
    """

    aspect: Aspect
    level: Level
    reason: str
    roles: tuple[str, ...]
    rests: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """What a check found, before it is judged.

    Attributes
    ----------
    queries
        What the city file queries.
    indicators
        Every indicator there is, by id.
    city
        With the layers that can be used; None where its neighbourhoods cannot.
    network
        The results of the network queries of its indicators.
    errors
        By role, each a sentence; under the empty role those of the whole city.
    results, not_answerable
        Of what is queried, as far as the layers allow.
    reads
        For each of `queries` the roles, nouns and modes that its result rests on.
    """

    spec: CitySpec
    queries: tuple[IndicatorQuery, ...]
    indicators: Mapping[str, Indicator]
    city: City | None
    network: NetworkResults = field(default_factory=NetworkResults)
    errors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    results: tuple[Result, ...] = ()
    not_answerable: tuple[NotAnswerable, ...] = ()
    reads: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Inventory:
    """The city's layers with their grades, its digital services and its organisation.

    Attributes
    ----------
    layers
        In the order of the city file.
    fixes
        What to fix, first things first.
    digital, digital_lost
        The digital indicators that are queried: their results, and those that lack a layer.
    errors
        Of the whole city, where its layers are each sound and do not make one.
    """

    spec: CitySpec
    layers: tuple[GradedLayer, ...]
    missing: tuple[MissingLayer, ...]
    fixes: tuple[Improvement, ...]
    digital: tuple[Result, ...] = ()
    digital_lost: tuple[NotAnswerable, ...] = ()
    errors: tuple[str, ...] = ()

    def levels(self, aspect: Aspect | None = None) -> dict[Level, int]:
        """How many grades have each level; of one aspect, or of all."""
        grades = [grade for layer in self.layers for grade in layer.grades]
        wanted = [grade.level for grade in grades if aspect in {None, grade.aspect}]
        return {level: wanted.count(level) for level in LEVELS}
