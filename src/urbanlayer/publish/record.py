"""The record of a run, and the warnings that a planner should read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from urbanlayer.kernels.digests import digest_of
from urbanlayer.model.layer import Layer
from urbanlayer.model.note import Note
from urbanlayer.model.publication import RunRecord
from urbanlayer.publish import disclosure
from urbanlayer.publish.connectivity import connectivity_notes, streets_of
from urbanlayer.publish.disclosure import (
    disclosed_notes,
    publication_of_check,
    published_total,
)
from urbanlayer.publish.found_and_expected import completeness_notes
from urbanlayer.publish.query_text import parameters_of
from urbanlayer.publish.worded_notes import in_english

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.layer import Raster
    from urbanlayer.model.maturity import Checked
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import NotAnswerable
    from urbanlayer.model.specification import CitySpec


def warnings_of_check(checked: Checked) -> tuple[str, ...]:
    """What a planner should know of the layers that a check found, each an English sentence."""
    if checked.city is None:
        return ()
    return disclosed_warnings(publication_of_check(checked, checked.city))


def disclosed_warnings(publication: Publication) -> tuple[str, ...]:
    """What a planner should know before defending the numbers, each an English sentence.

    As far as they may be shown: for the command, `run.json` and the page.
    """
    notes = notes_of(publication.city, publication.network, publication.not_answerable)
    return tuple(dict.fromkeys(in_english(disclosed_notes(notes, publication))))


def notes_of(
    city: City, network: NetworkResults, not_answerable: tuple[NotAnswerable, ...]
) -> Iterator[Note]:
    """The notes of all stages, each under what it is about."""
    layers: list[Layer | Raster] = [*city.layers.values(), *city.rasters.values()]
    for layer in layers:
        yield from (Note.of("of-layer", layer=layer.role, note=note) for note in layer.notes)
    for layer in layers:
        if not layer.provenance.licence:
            yield Note.of("of-layer", layer=layer.role, note=Note.of("no-licence"))
    yield from completeness_notes(city)
    if city.residents is not None:
        yield from (Note.of("of-residents", note=note) for note in city.residents.notes)
        if city.residents.outside >= 1:
            outside = Note.of("people-outside", count=round(city.residents.outside))
            yield Note.of("of-residents", note=outside)
    if city.streets is not None:
        yield from (Note.of("of-streets", note=note) for note in city.streets.notes)
    yield from connectivity_notes(network, city)
    yield from (Note.of("of-timetable", note=note) for note in network.transit_notes)
    if city.neighbourhoods.derived:
        yield Note.of("neighbourhoods-derived")
    yield from _lost(not_answerable)


def _lost(not_answerable: tuple[NotAnswerable, ...]) -> Iterator[Note]:
    """One note for all variants of an indicator that lack the same."""
    variants: dict[tuple[str, str | Note], dict[str, None]] = {}
    for lost in not_answerable:
        fix = Note.of("fix-add-layers", layers=", ".join(map(_layer_to_add, lost.missing)))
        why = " ".join(lost.reasons) or fix
        variants.setdefault((lost.indicator, why), {})[lost.variant] = None
    for (indicator, why), those in variants.items():
        named = "" if "" in those else f" ({', '.join(those)})"
        yield Note.of("not-answerable", indicator=f"{indicator}{named}", why=why)


def _layer_to_add(noun: str) -> str:
    if noun == "timetable":
        return '[layers.transit] with source = "gtfs"'
    return "[residents]" if noun == "residents" else f"[layers.{noun}]"


def record_of(publication: Publication, seconds: Mapping[str, float]) -> RunRecord:
    """How a publication came to be, for `run.json`."""
    city = publication.city
    return RunRecord(
        versions=versions(),
        inputs=inputs_of(city),
        parameters={
            result.id: {
                **result.parameters, "variant": result.variant, "method": result.method,
                "unit": result.unit, "indicator": result.indicator,
                "query": parameters_of(result),
                "rests_on": list(publication.rests_on.get(result.id, ())),
            }
            for result in publication.results
        },
        residents=residents_of(publication),
        streets=streets_of(publication),
        timetable=timetable_of(city, publication.network),
        city_file=dict(_tables(publication.spec)),
        warnings=publication.warnings,
        seconds=dict(seconds),
    )  # fmt: skip


_DESCRIPTIVE = frozenset({"path", "licence", "attribution", "date", "name"})
"""Keys of a layer's table that change no number."""


def _tables(spec: CitySpec) -> Iterator[tuple[str, str]]:
    """Digest of each table that specifies how a layer, or the residents, are read."""
    for role, layer in spec.layers.items():
        yield f"layers.{role}", digest_of(layer.model_dump_json(exclude=set(_DESCRIPTIVE)))
    if spec.residents is not None:
        yield "residents", digest_of(spec.residents.model_dump_json())


def versions() -> dict[str, str]:
    """Versions of everything that the numbers depend on, GEOS, GDAL and PROJ included."""
    import platform
    from importlib.metadata import version

    import pyogrio
    import pyproj
    import shapely

    packages = ("urbanlayer", "geopandas", "numpy", "pandas", "scipy", "shapely", "pyproj")
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
        "GEOS": ".".join(map(str, shapely.geos_version)),
        "GDAL": pyogrio.__gdal_version_string__,
        "PROJ": pyproj.proj_version_str,
    }


def inputs_of(city: City) -> dict[str, Any]:
    """For each role where its layer comes from, by what right, and its counts."""
    inputs = {role: _input(layer) for role, layer in city.layers.items()}
    return inputs | {role: _input(raster) for role, raster in city.rasters.items()}


def _input(layer: Layer | Raster) -> dict[str, Any]:
    provenance = layer.provenance
    record: dict[str, Any] = {
        "source": provenance.source, "path": provenance.path, "sha256": provenance.digest,
        "licence": provenance.licence, "attribution": provenance.attribution,
        "date": provenance.date.isoformat() if provenance.date else "",
        "crs": provenance.crs, "crs_operation": provenance.crs_operation,
        "crs_accuracy_m": provenance.crs_accuracy_m,
    }  # fmt: skip
    if isinstance(layer, Layer):
        reasons = Counter(item.reason for item in layer.excluded)
        record |= {
            "read": layer.read, "kept": layer.read - len(layer.excluded),
            "excluded": len(layer.excluded),
            "reasons": dict(sorted(reasons.items())),
        }  # fmt: skip
    return record


def timetable_of(city: City, network: NetworkResults) -> dict[str, Any]:
    """Which day's timetable counts, how much runs on it, and what was filled in or left out."""
    if city.timetable is None:
        return {}
    table = city.timetable
    return {
        "day": table.day.isoformat(), "weekday": f"{table.day:%A}", "trips": len(table.trip_route),
        "routes": len(table.route_keys), "stops": len(table.stop_keys),
        "notes": in_english([*table.notes, *network.transit_notes]),
    }  # fmt: skip


def residents_of(publication: Publication) -> dict[str, Any]:
    """How many people live in how many places, and how many could not be placed."""
    people = publication.city.residents
    if people is None:
        return {}
    record: dict[str, Any] = {
        "source": people.source, "places": len(people),
        "total": round(disclosure.city_people(publication), 6),
        "outside": published_total(publication, people.outside),
        "unplaced": published_total(publication, people.unallocated),
    }  # fmt: skip
    if people.second_source is not None:
        total = published_total(publication, people.second_source.total)
        record["second_source"] = {"source": people.second_source.source, "total": total}
    return record


def residents_read(city: City) -> dict[str, Any]:
    """The same as read, with exact numbers: for the command, not for publication."""
    if city.residents is None:
        return {}
    people, second = city.residents, city.residents.second_source
    record = {
        "source": people.source, "places": len(people), "total": round(people.total, 6),
        "outside": round(people.outside, 6), "unplaced": round(people.unallocated, 6),
    }  # fmt: skip
    if second is not None:
        record["second_source"] = {"source": second.source, "total": round(second.total, 6)}
    return record
