"""Errors in what a city file means, where each of its tables is right by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.cityfile.defaults import with_defaults
from urbanlayer.files.names import name_error, of_one_computer, one_name
from urbanlayer.locales import languages
from urbanlayer.model.addresses import address_error, shown
from urbanlayer.model.role_names import BOUNDARY, CENSUS, NEIGHBOURHOODS
from urbanlayer.model.role_table import FIELDS, ROLES
from urbanlayer.model.role_table import role as role_named
from urbanlayer.model.specification import MaturitySpec
from urbanlayer.model.travel_modes import HIGHWAYS, travel_modes
from urbanlayer.text.spelling import did_you_mean, nearest_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from urbanlayer.cityfile.line_numbers import Key, SpecError
    from urbanlayer.model.layer_specification import LayerSpec
    from urbanlayer.model.source import Source
    from urbanlayer.model.specification import CitySpec


def semantic_errors(
    spec: CitySpec, folder: Path, sources: Mapping[str, Source]
) -> Iterator[SpecError]:
    """Errors in a file whose tables are each right by themselves."""
    if spec.id and (error := name_error(spec.id)):
        yield ("id",), f"{spec.id[:_SHOWN]!r} {error}; folders and files are named by it"
    yield from _crs_errors(spec)
    if NEIGHBOURHOODS not in spec.layers:
        yield ("layers",), "no [layers.neighbourhoods]; results are given for neighbourhoods"
    for name, layer in spec.layers.items():
        yield from _layer_errors(name, layer, spec, folder, sources)
    yield from _licence_errors(spec, sources)
    yield from _maturity_errors(spec)
    yield from _mode_errors(spec)
    yield from _isochrone_errors(spec)
    for number, kind in enumerate(spec.publish.figures):
        if lacking := lacking_for_figures(spec, kind):
            yield ("publish", "figures", number), lacking
    if spec.residents:
        yield from _residents_errors("from", spec.residents.from_, spec)
        yield from _residents_errors("second_source", spec.residents.second_source, spec)
        if spec.residents.second_source == spec.residents.from_:
            yield ("residents", "second_source"), "is the same as from; name another source"


def _crs_errors(spec: CitySpec) -> Iterator[SpecError]:
    import pyproj

    try:
        crs = pyproj.CRS.from_user_input(spec.crs)
    except pyproj.exceptions.CRSError:
        yield ("crs",), f"{spec.crs!r} is not a CRS; for Montenegro use EPSG:25834"
        return
    if not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        yield ("crs",), f"{spec.crs} is not in metres; use a projected CRS such as EPSG:25834"
    elif "MGI" in (crs.geodetic_crs or crs).name:
        yield ("crs",), f"{spec.crs} is on the datum MGI, {_MEASURE_IN_ETRS89}"


_MEASURE_IN_ETRS89 = (
    "which programs leave in several ways up to 1.6 km apart; "
    "measure in ETRS89 (EPSG:25834), the layers themselves may stay in MGI"
)


def _layer_errors(
    name: str, layer: LayerSpec, spec: CitySpec, folder: Path, sources: Mapping[str, Source]
) -> Iterator[SpecError]:
    at = ("layers", name)
    near = nearest_word(name, ROLES, min_similarity=_MISSPELT)
    if name not in ROLES and layer.title is None and near:
        yield at, f"no known role; did you mean {near!r}? A role of your own has a title"
    yield from _misplaced_keys(name, layer)
    yield from _source_errors(at, layer, folder, sources)
    if (layer.x is None) != (layer.y is None):
        yield at, "has one of x and y; a table with coordinates needs both"
    if layer.derive and BOUNDARY not in spec.layers:
        yield (*at, "derive"), "needs [layers.boundary] to clip the cells to"
    for key in ("name", "title"):
        text = getattr(layer, key)
        for code in text if isinstance(text, dict) else ():
            if code not in languages():
                yield (*at, key, code), f"no such language{did_you_mean(code, languages())}"


def _source_errors(
    at: Key, layer: LayerSpec, folder: Path, sources: Mapping[str, Source]
) -> Iterator[SpecError]:
    """A source that there is not, and paths that lead nowhere."""
    if layer.source not in sources:
        yield (*at, "source"), f"no such source{did_you_mean(layer.source, sources)}"
    elif layer.more_paths and not sources[layer.source].several:
        several = ", ".join(sorted(source.id for source in sources.values() if source.several))
        yield (*at, "path"), f"{layer.source} reads one path; a list is for {several}"
    elif sources[layer.source].local:
        for path in layer.paths:
            if "://" not in path:
                yield from path_errors((*at, "path"), path, folder)
    for join in layer.joins:
        yield from path_errors((*at, "path"), join.path, folder)
    for path in layer.paths:
        if "://" in path and (error := address_error(path)):
            yield (*at, "path"), f"{shown(path)} {error}"


def _misplaced_keys(name: str, layer: LayerSpec) -> Iterator[SpecError]:
    """Keys of a layer's table that its role does not have."""
    own = {*role_named(name).settings, *role_named(name).field_of_key}
    written = {key for key, field in FIELDS.items() if field.name in layer.fields}
    written |= {key for each in ROLES.values() for key in each.settings} & layer.model_fields_set
    for key in sorted(written - own):
        owners = [r.name for r in ROLES.values() if key in {*r.settings, *r.field_of_key}]
        more = " …" if len(owners) > _OWNERS_NAMED else ""
        named = ", ".join(owners[:_OWNERS_NAMED])
        yield ("layers", name, key), f"no key of {name}; it is a key of {named}{more}"


_OWNERS_NAMED = 5
_MISSPELT = 0.85
"""Likeness from which a role of the city's own is a known one, misspelt: `schools`."""
_SHOWN = 60
"""Letters of a path that is far too long."""


def _licence_errors(spec: CitySpec, sources: Mapping[str, Source]) -> Iterator[SpecError]:
    """Layers without a licence."""
    for name, layer in with_defaults(spec, sources).layers.items():
        if not layer.licence and not layer.allow_unlicensed:
            yield ("layers", name), _ADD_A_LICENCE


_ADD_A_LICENCE = (
    'has no licence; add licence = "CC-BY-4.0", or whichever it has, here or above all layers, or '
    "allow_unlicensed = true to publish it without one"
)


def _maturity_errors(spec: CitySpec) -> Iterator[SpecError]:
    """Judgements from the future, and texts in languages that nobody has."""
    texts: list[tuple[Key, object]] = [
        (("digital_service", number, "name"), service.name)
        for number, service in enumerate(spec.digital_service)
    ]
    for name in MaturitySpec.model_fields:
        dimension = getattr(spec.maturity, name, None)
        if dimension is None:
            continue
        texts.append((("maturity", name, "evidence"), dimension.evidence))
        if dimension.date > spec.as_of:
            yield ("maturity", name, "date"), f"lies after as_of = {spec.as_of}"
    for at, text in texts:
        for code in text if isinstance(text, dict) else ():
            if code not in languages():
                yield (*at, code), f"no such language{did_you_mean(code, languages())}"


def _mode_errors(spec: CitySpec) -> Iterator[SpecError]:
    """Profiles of names that mean something else, and classes of streets that nobody draws."""
    for name, mode in spec.modes.items():
        at: Key = ("modes", name)
        if name == "straight_line":
            yield at, "straight_line is no way to get about; choose another name"
        if name == "walk" and mode.speed_kmh is not None:
            yield (*at, "speed_kmh"), _WALKING_SPEED
        for key in ("closed", "opened"):
            classes = getattr(mode, key).get("highway", [])
            for one in [classes] if isinstance(classes, str) else classes:
                if one not in HIGHWAYS:
                    hint = did_you_mean(one, sorted(HIGHWAYS))
                    yield (*at, key, "highway"), f"no class of street {one!r}{hint}"
        for code in mode.title if isinstance(mode.title, dict) else ():
            if code not in languages():
                yield (*at, "title", code), f"no such language{did_you_mean(code, languages())}"


def _isochrone_errors(spec: CitySpec) -> Iterator[SpecError]:
    """Isochrones of what is no service of the city, and by modes that there are not."""
    modes = travel_modes(spec.modes)
    services = [name for name in spec.layers if role_named(name).service]
    for service, isochrones in spec.publish.isochrones.items():
        at: Key = ("publish", "isochrones", service)
        if service in spec.layers and not role_named(service).service:
            yield at, f"is no service that people walk to{did_you_mean(service, services)}"
        elif service not in spec.layers:
            yield at, f"there is no [layers.{service}]{did_you_mean(service, services)}"
        if isochrones.mode not in modes:
            yield (
                (*at, "mode"),
                f"no mode {isochrones.mode!r}{did_you_mean(isochrones.mode, modes)}",
            )


def lacking_for_figures(spec: CitySpec, kind: str) -> str:
    """What a kind of figures needs that the city file lacks, in a sentence; empty for nothing."""
    plan = spec.plan
    enterprises = plan is not None and bool(plan.enterprise)
    needed = {
        "change": ("[scenario.NAME] or [[plan.enterprise]]", bool(spec.scenario) or enterprises),
        "budget": ("[plan.actions]", plan is not None and plan.actions is not None),
        "priority": ("[plan.needs]", plan is not None and plan.needs is not None),
    }
    tables, has = needed.get(kind, ("", True))
    return "" if has else f"{kind!r} needs {tables}, which the city file does not have"


_WALKING_SPEED = (
    "results in minutes rest on 4.8 km/h on foot; give another name to those who go at another "
    "speed, and name it in `modes`"
)


def path_errors(at: Key, path: str, folder: Path) -> Iterator[SpecError]:
    """Why there is nothing at a path of the city file, with the nearest that there is."""
    whole = folder / path
    try:
        if whole.exists():
            return
    except (OSError, ValueError) as error:  # too long, or with signs that no path has
        why = error.strerror if isinstance(error, OSError) else str(error)
        yield at, f"{path[:_SHOWN]!r} … is no path ({why})"
        return
    if of_one_computer(path):
        yield at, f"{path!r} is a path of one computer and not here; put it beside the city file"
        return
    slashes = path.replace("\\", "/")
    if slashes != path and (folder / slashes).exists():
        yield at, f"write / for \\, so that it is found on every computer: {slashes!r}"
        return
    if not whole.parent.is_dir():
        yield at, f"the folder of {path!r} does not exist"
        return
    there = sorted(p.name for p in whole.parent.iterdir())
    alike = [name for name in there if one_name(name) == one_name(whole.name)]
    if alike and alike[0].casefold() != whole.name.casefold():
        yield (
            at,
            f"{path!r} is there with its letters and marks apart, as macOS writes them; rename it",
        )
        return
    near = nearest_word(whole.name, there)
    yield at, f"{path!r} does not exist" + (f"; did you mean {near!r}?" if near else "")


def _residents_errors(key: str, nouns: Iterable[str], spec: CitySpec) -> Iterator[SpecError]:
    """Sources of residents that are not declared, or hold no count."""
    for noun in nouns:
        if noun == CENSUS:
            layer = spec.layers.get("neighbourhoods")
            if layer is not None and layer.column("residents") is None:
                yield ("residents", key), _CENSUS_WITHOUT_COUNT
        elif noun not in spec.layers:
            yield ("residents", key), f'names "{noun}", but there is no [layers.{noun}]'


_CENSUS_WITHOUT_COUNT = (
    'names "census", but [layers.neighbourhoods] has no residents = "…" with the count'
)
