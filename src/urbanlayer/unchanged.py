"""A publication whose inputs are all the same as in an earlier run: its files, as they were."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.evaluation.disk_cache import Step
from urbanlayer.kernels.digests import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from urbanlayer.cityfile import CityFile
    from urbanlayer.evaluation.disk_cache import DiskCache
    from urbanlayer.model.publication import Publication

STEP = "publication"
_RECORD = "run.json"


@dataclass(frozen=True, slots=True)
class Summary:
    """What the command prints of a publication.

    Attributes
    ----------
    city
        Its id.
    neighbourhoods
        How many.
    residents
        In all; None where the city file gives no population.
    results
        Id of each result to its value for the city.
    not_answerable
        Ids of indicators.
    warnings
        Each a sentence.
    """

    city: str
    neighbourhoods: int
    residents: float | None
    results: Mapping[str, float]
    not_answerable: tuple[str, ...]
    warnings: tuple[str, ...]

    @classmethod
    def of(cls, publication: Publication) -> Summary:
        """The summary of a publication."""
        residents = publication.city.residents
        return cls(
            publication.spec.id,
            len(publication.city.neighbourhoods),
            None if residents is None else float(residents.total),
            {result.id: float(result.city) for result in publication.results},
            tuple(item.indicator for item in publication.not_answerable),
            publication.warnings,
        )


@dataclass(frozen=True, slots=True)
class KeptPublication:
    """The files of an earlier run, and what the command prints of them."""

    files: Mapping[str, bytes]
    summary: Summary


@dataclass(frozen=True, slots=True, eq=False)
class PublicationEntry:
    """The entry of a city file's publication in the cache.

    Attributes
    ----------
    cache
        Of the run.
    made_of
        All that the files rest on, by name, each with its digest; None where that is not known
        before the layers are read.
    """

    cache: DiskCache
    made_of: Mapping[str, str] | None

    @classmethod
    def of(
        cls, file: CityFile, city_file: Path, only: str | None, cache: DiskCache
    ) -> PublicationEntry:
        """The entry of a city file, or of one of its indicators."""
        if not cache.keeps:
            return cls(cache, None)
        return cls(cache, made_of(file, city_file, only, cache.file_digests))

    def found(self, seconds: Mapping[str, float]) -> KeptPublication | None:
        """The files of an earlier run, with how long this one took; None where there are none."""
        if self.made_of is None:
            return None
        key = self.cache.key(STEP, self.made_of)
        found, kept = self.cache.get(key)
        self.cache.steps.append(Step(STEP, key, self.made_of, reused=found))
        if not isinstance(kept, KeptPublication):
            return None
        files = {**kept.files, _RECORD: _timed(kept.files[_RECORD], seconds)}
        return KeptPublication(files, kept.summary)

    def keep(self, files: Mapping[str, bytes], publication: Publication) -> None:
        """Keep the files of this run."""
        if self.made_of is None:
            return
        kept = KeptPublication(files, Summary.of(publication))
        self.cache.put(self.cache.key(STEP, self.made_of), kept)


def made_of(
    file: CityFile, city_file: Path, only: str | None, known: dict[Path, str]
) -> dict[str, str] | None:
    """All that a publication rests on besides this package, by name, each with its digest.

    None where that is not known before the layers are read: web services, files that a plan or a
    scenario reads, indicators of other packages.

    Parameters
    ----------
    file, city_file
        The city file, and where it lies.
    only
        One of its indicators; all if None.
    known
        Digests of files that were read; those of further ones are added.
    """
    if not _is_ours(file) or _reads_more(file):
        return None
    from urbanlayer.sources.content import contents_of

    found: dict[str, str] = {}
    for role, content in contents_of(file.requests(), file.folder, known).items():
        if content is None:
            return None
        found |= {f"{name} of {role}": digest for name, digest in content.items()}
    text = hashlib.sha256(city_file.read_bytes()).hexdigest()
    return {**found, "city file": digest_of(text, file.id, only or "")}


def _is_ours(file: CityFile) -> bool:
    """Whether no other package has a part in the publication."""
    from urbanlayer.evaluation.reads import is_ours

    return all(is_ours(indicator) for indicator, _ in file.queries)


def _reads_more(file: CityFile) -> bool:
    """Whether scenarios or the plan read files that are no layers of the city file."""
    return any(True for _ in _paths(file))


def _paths(file: CityFile) -> Iterator[str]:
    if file.spec.plan is not None and file.spec.plan.earlier is not None:
        yield file.spec.plan.earlier
    for scenario in file.spec.scenario.values():
        given = (*scenario.add.values(), scenario.residents, scenario.streets.add)
        yield from (one for one in given if isinstance(one, str))


def _timed(record: bytes, seconds: Mapping[str, float]) -> bytes:
    """`run.json` with how long this run took."""
    from urbanlayer.publish.published import record_bytes

    return record_bytes({**json.loads(record), "seconds": dict(seconds)})
