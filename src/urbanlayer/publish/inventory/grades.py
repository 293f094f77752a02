"""How a layer is judged: one function for each aspect, each grade with its counts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.layer_quality import (
    cell_counts,
    intersects_any,
    key_hashes,
    retained_count,
    sample_hashes,
)
from urbanlayer.model.layer import Layer
from urbanlayer.model.maturity import Grade, KeySample
from urbanlayer.model.role_names import BOUNDARY
from urbanlayer.model.role_table import role as role_named
from urbanlayer.publish.inventory import rules

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from urbanlayer.model.city import City
    from urbanlayer.model.completeness import Completeness
    from urbanlayer.model.layer import Provenance, Raster
    from urbanlayer.model.layer_specification import LayerSpec
    from urbanlayer.model.maturity import Aspect, Level


def grades(
    layer: Layer | Raster, spec: LayerSpec, city: City, as_of: dt.date, earlier: KeySample | None
) -> tuple[Grade, ...]:
    """The grades of a layer that is used, one for each aspect.

    Parameters
    ----------
    layer
        As validated.
    spec
        What the city file specifies of it, licence and date included.
    city
        Its neighbourhoods, and where its people live.
    as_of
        The day that its age is counted from.
    earlier
        The sample of its keys in the run before; None where there was none.
    """
    return (
        _found(layer, city.completeness.get(layer.role)),
        _coverage(layer, city),
        _fields(layer, spec),
        _age(layer.role, spec, as_of),
        _openness(layer, spec),
        _licence(spec),
        _coordinates(layer.provenance),
        _keys(layer, spec, earlier),
        *_losses(layer),
    )


def key_sample(layer: Layer | Raster) -> KeySample | None:
    """A sample of the layer's keys for the next run; None for grids."""
    if not isinstance(layer, Layer):
        return None
    return KeySample(layer.provenance.digest, sample_hashes(key_hashes(layer.frame.index)))


def step(share: float, good: float, fair: float) -> Level:
    """The level of a share of which more is better."""
    return "good" if share >= good else "fair" if share >= fair else "poor"


def _found(layer: Layer | Raster, known: Completeness | None) -> Grade:
    if isinstance(layer, Layer):
        counts: dict[str, float | str] = {"features": len(layer), "read": layer.read}
        if known is None:
            return Grade("found", "good", "found.features", counts)
        if known.expected is None:
            return Grade("found", "good", "found.unknown", counts)
        counts |= {"found": known.found, "expected": known.expected}
        share = min(known.found, known.expected) / max(known.found, known.expected, 1)
        level = step(share, rules.FOUND_GOOD, rules.FOUND_FAIR)
        return Grade("found", level, "found.expected", counts)
    rows, columns = layer.values.shape
    return Grade("found", "good", "found.grid", {"rows": rows, "columns": columns})


def _coverage(layer: Layer | Raster, city: City) -> Grade:
    named = role_named(layer.role)
    if named.partition:
        return _coverage_of_boundary(city)
    zones = city.neighbourhoods.geometry
    expected = named.everywhere
    if isinstance(layer, Layer) or named.counts_people:
        held = _held(layer, city)[_lived_in(city)]
        share = held.mean() if len(held) else 0.0
        counts: dict[str, float | str] = {"held": int(held.sum()), "of": len(held)}
        level = (
            step(float(share), rules.COVERED_GOOD, rules.COVERED_FAIR) if expected else "not-graded"
        )
        return Grade("coverage", level, f"coverage.{'held' if expected else 'counted'}", counts)
    inside = zones.to_crs(layer.crs).to_numpy()
    counted, room = cell_counts(inside, np.isfinite(layer.values), layer.transform)
    share = min(float(counted.sum() / room.sum()), 1.0)
    level = step(share, rules.COVERED_GOOD, rules.COVERED_FAIR) if expected else "not-graded"
    return Grade("coverage", level, "coverage.area", {"share": round(share, 4)})


def _held(layer: Layer | Raster, city: City) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which neighbourhoods hold a feature of the layer, or a cell where somebody lives."""
    zones = city.neighbourhoods.geometry
    if isinstance(layer, Layer):
        return intersects_any(zones.to_numpy(), layer.frame.geometry.to_numpy())
    counted, _ = cell_counts(zones.to_crs(layer.crs).to_numpy(), layer.values > 0, layer.transform)
    return np.asarray(counted > 0)


def _coverage_of_boundary(city: City) -> Grade:
    """How much of the city's own limits the neighbourhoods fill."""
    if BOUNDARY not in city.layers:
        return Grade("coverage", "not-graded", "coverage.no_boundary")
    limits = city.layers["boundary"].frame.geometry.union_all()
    filled = city.neighbourhoods.geometry.union_all().intersection(limits)
    share = min(filled.area / limits.area, 1.0)
    level = step(share, rules.COVERED_GOOD, rules.COVERED_FAIR)
    return Grade("coverage", level, "coverage.boundary", {"share": round(share, 4)})


def _lived_in(city: City) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Neighbourhoods where people live; all of them where no source shows where they do."""
    count = len(city.neighbourhoods)
    if city.residents is None:
        return np.ones(count, dtype=bool)
    return np.asarray(city.residents.per_neighbourhood(count) > 0)


def _fields(layer: Layer | Raster, spec: LayerSpec) -> Grade:
    if not isinstance(layer, Layer) or not len(layer):
        return Grade("fields", "not-graded", "fields.none")
    filled = {name: _filled(layer, name, spec) for name in role_named(layer.role).graded}
    if not filled:
        return Grade("fields", "not-graded", "fields.none")
    shares = [count / len(layer) for count in filled.values()]
    counts_by_field = "; ".join(f"{name} {count}/{len(layer)}" for name, count in filled.items())
    if min(shares) >= rules.FILLED_GOOD:
        level: Level = "good"
    else:
        level = "fair" if np.mean(shares) >= rules.FILLED_FAIR else "poor"
    lacking = [name for name, count in filled.items() if count < rules.FILLED_GOOD * len(layer)]
    return Grade(
        "fields",
        level,
        "fields.filled",
        {
            "filled": counts_by_field,
            "share": round(float(np.mean(shares)), 4),
            "lacking": ", ".join(lacking),
        },
    )


def _filled(layer: Layer, name: str, spec: LayerSpec) -> int:
    """How many features have a value; of yes and no, all where the file names the values of yes."""
    flags = {
        field.name
        for field in role_named(layer.role).fields
        if field.kind == "flag" and not field.restricts
    }
    if name in flags:
        known = spec.values(name) is not None or layer.provenance.tags is not None
        return len(layer) if known else 0
    if name not in layer.frame.columns:
        return 0
    column: pd.Series[str] = layer.frame[name]
    if column.dtype.kind in "fiu":
        return int(column.notna().sum())
    return int((column.notna() & (column.astype(str).str.strip() != "")).sum())


def _age(role: str, spec: LayerSpec, as_of: dt.date) -> Grade:
    if spec.date is None:
        return Grade("age", "unknown", "age.none")
    days = (as_of - spec.date).days
    counts: dict[str, float | str] = {"days": days, "date": spec.date.isoformat()}
    if days < 0:
        return Grade("age", "poor", "age.later", counts)
    slow = role_named(role).slow
    years = days / rules.DAYS_PER_YEAR
    if years <= (rules.SLOW_YEARS_GOOD if slow else rules.YEARS_GOOD):
        return Grade("age", "good", "age.days", counts)
    fair = years <= (rules.SLOW_YEARS_FAIR if slow else rules.YEARS_FAIR)
    return Grade("age", "fair" if fair else "poor", "age.days", counts)


def _openness(layer: Layer | Raster, spec: LayerSpec) -> Grade:
    """Stars after Berners-Lee; the fifth, links that give context, cannot be seen by a program."""
    form, stars = _format(layer.provenance)
    counts: dict[str, float | str] = {"format": form}
    if not is_open(spec.licence or ""):
        return Grade("openness", "poor", "openness.closed", {**counts, "stars": 0})
    if isinstance(layer, Layer) and stars >= rules.STARS_GOOD and len(layer):
        addresses = layer.frame.index.str.startswith(("https://", "http://"))
        stars += int(addresses.mean() >= rules.ADDRESSES_LEAST)
    level: Level = "good" if stars >= rules.STARS_GOOD else "fair"
    return Grade("openness", level, "openness.stars", {**counts, "stars": stars})


def _format(provenance: Provenance) -> tuple[str, int]:
    if provenance.format is not None:
        return provenance.format.name, provenance.format.stars
    name = provenance.path.casefold().removesuffix(".zip")
    ending = f".{name.rpartition('.')[2]}" if "." in name else ""
    return rules.FORMATS.get(ending, (ending or provenance.source, 2))


def is_open(licence: str) -> bool:
    """Whether a licence lets everybody use, change and share the data."""
    plain = licence.casefold().replace(" ", "-").replace("_", "-")
    parts = set(plain.split("-"))
    return plain.startswith(rules.OPEN_LICENCES) and not parts & set(rules.NOT_OPEN)


def _licence(spec: LayerSpec) -> Grade:
    licence = spec.licence or ""
    counts: dict[str, float | str] = {"licence": licence, "attribution": spec.attribution or ""}
    if not licence:
        return Grade("licence", "poor", "licence.none", counts)
    if not is_open(licence):
        return Grade("licence", "fair", "licence.other", counts)
    return Grade("licence", "good", "licence.open", counts)


def _coordinates(provenance: Provenance) -> Grade:
    counts: dict[str, float | str] = {"crs": provenance.crs, "operation": provenance.crs_operation}
    metres = provenance.crs_accuracy_m
    if metres is None:
        if provenance.crs_operation:
            return Grade("coordinates", "poor", "coordinates.unknown", counts)
        return Grade("coordinates", "good", "coordinates.same", counts)
    level: Level = (
        "good" if metres <= rules.METRES_GOOD else "fair" if metres <= rules.METRES_FAIR else "poor"
    )
    return Grade("coordinates", level, "coordinates.moved", {**counts, "metres": metres})


def _keys(layer: Layer | Raster, spec: LayerSpec, earlier: KeySample | None) -> Grade:
    if not isinstance(layer, Layer):
        return Grade("keys", "not-graded", "keys.grid")
    if spec.key is None and len(layer) == 1:
        return Grade("keys", "not-graded", "keys.one")
    if spec.key is None and not layer.provenance.stable_keys:
        return Grade("keys", "poor", "keys.none")
    if earlier is None:
        return Grade("keys", "unknown", "keys.first")
    kept = retained_count(earlier.hashes, key_hashes(layer.frame.index))
    share = kept / len(earlier.hashes) if earlier.hashes else 1.0
    same = earlier.digest == layer.provenance.digest
    return Grade(
        "keys",
        step(share, rules.KEPT_GOOD, rules.KEPT_FAIR),
        "keys.same_file" if same else "keys.kept",
        {"kept": kept, "of": len(earlier.hashes)},
    )


def _losses(layer: Layer | Raster) -> tuple[Grade, Grade]:
    """Duplicates, and what could not be used for other reasons."""
    if not isinstance(layer, Layer):
        return (
            Grade("duplicates", "not-graded", "duplicates.grid"),
            Grade("excluded", "not-graded", "excluded.grid"),
        )
    reasons = Counter(item.reason for item in layer.excluded)
    twice = {name: count for name, count in reasons.items() if name.startswith("duplicate")}
    other = {name: count for name, count in reasons.items() if name not in twice}
    return _lost("duplicates", twice, layer), _lost("excluded", other, layer)


def _lost(aspect: Aspect, reasons: dict[str, int], layer: Layer) -> Grade:
    lost = sum(reasons.values())
    listed = ", ".join(f"{name} {count}" for name, count in sorted(reasons.items()))
    share = lost / layer.read if layer.read else 0.0
    level: Level = "good" if lost == 0 else "fair" if share <= rules.EXCLUDED_FAIR else "poor"
    counts: dict[str, float | str] = {"lost": lost, "read": layer.read, "reasons": listed}
    return Grade(aspect, level, f"{aspect}.count", counts)
