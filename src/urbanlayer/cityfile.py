"""A city file, checked whole before any data is read.

`read` collects every fault, each with its line and key, and raises once.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pydantic

from urbanlayer import asking
from urbanlayer.errors import CityFileError
from urbanlayer.faultlines import told_in_order
from urbanlayer.measure.spelling import did_you_mean, nearest_word
from urbanlayer.model.own import KINDS, Amount
from urbanlayer.model.source import Request
from urbanlayer.model.specification import (
    LANGUAGES,
    CitySpec,
    DigitalServiceSpec,
    DimensionSpec,
    EquitySpec,
    GroupSpec,
    LayerSpec,
    MaturitySpec,
    ProfileSpec,
    PublishSpec,
    ResidentsSpec,
    UseSpec,
    with_defaults,
)
from urbanlayer.model.travel import HIGHWAYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from urbanlayer.faultlines import Fault, Key
    from urbanlayer.model.indicator import Ask, Indicator
    from urbanlayer.model.source import Source
    from urbanlayer.model.standard import Followed, Standard

NO_STANDARDS: Mapping[str, Standard] = MappingProxyType({})

KEYS_OF_ROLES: Mapping[str, tuple[str, ...]] = {
    "residents": ("neighbourhoods", "buildings"),
    "derive": ("neighbourhoods",),
    "overlap_tolerance_m2": ("neighbourhoods",),
    "gap_tolerance_m": ("neighbourhoods",),
    "levels": ("buildings",),
    "use": ("buildings",),
    "people": ("population",),
    "public": ("green",),
    "closed": ("streets",),
    "bridge": ("streets",),
    "category": ("land_use",),
    "jobs": ("businesses", "jobs"),
    "dwellings": ("dwellings",),
    "vacant": ("dwellings",),
    "floor_area_m2": ("dwellings",),
    "year": ("buildings",),
    "height_m": ("trees", "buildings"),
    "volume_l": ("waste_point", "recycling_point"),
}
"""Keys of a layer's table that only some roles understand."""


@dataclass(frozen=True, slots=True)
class CityFile:
    """A checked city file: what it says, where it stands, and what it asks.

    Attributes
    ----------
    spec
        Every table, checked.
    folder
        Folder of the file; paths in it start there.
    asks
        Each indicator that is asked, with its questions, in the order of the file.
    standards
        Those whose profiles the file follows.
    """

    spec: CitySpec
    folder: Path
    asks: tuple[tuple[Indicator, Ask], ...]
    standards: tuple[Followed, ...] = ()

    @property
    def id(self) -> str:
        """The city's id, which names its publication."""
        return self.spec.id

    def requests(self) -> tuple[Request, ...]:
        """One request for each layer of the file, in its order."""
        return tuple(
            Request(role=role, spec=layer, path=(self.folder / layer.path).resolve())
            for role, layer in self.spec.layers.items()
        )


def read(
    path: Path,
    *,
    indicators: Mapping[str, Indicator],
    sources: Mapping[str, Source],
    standards: Mapping[str, Standard] = NO_STANDARDS,
) -> CityFile:
    """A checked city file.

    Parameters
    ----------
    path
        The TOML file.
    indicators, sources, standards
        Everything that the file may name, by id.

    Raises
    ------
    CityFileError
        With every fault: its line, its key, and the nearest known word for an unknown one.
    """
    text = _text_of(path)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        advice = "; write / in paths, as in layers/parks.gpkg" if "\\" in str(error) else ""
        raise CityFileError(path.name, [f"is not TOML: {error}{advice}"]) from error
    faults = [*_table_faults(content), *_indicator_faults(content, indicators)]
    spec = _spec_or_none(content)
    if spec is not None:
        faults += asking.faults(spec, indicators, standards)
        faults += _meaning_faults(spec, path.parent, sources)
    if faults or spec is None:
        raise CityFileError(path.name, told_in_order(faults, text))
    named = with_defaults(spec).model_copy(update={"id": spec.id or _id_of(path)})
    return CityFile(
        spec=named,
        folder=path.parent.resolve(),
        asks=asking.asked(spec, indicators, standards),
        standards=asking.followed(spec, indicators, standards),
    )


def schema(
    indicators: Mapping[str, Indicator], standards: Mapping[str, Standard] = NO_STANDARDS
) -> dict[str, Any]:
    """A JSON Schema of the city file, for completion in an editor.

    Parameters
    ----------
    indicators
        By id; each brings the schema of its own table.
    standards
        By id; what `profile` may name.
    """
    whole = CitySpec.model_json_schema(by_alias=True)
    tables = {}
    for name, indicator in indicators.items():
        table = indicator.params.model_json_schema(ref_template=f"#/$defs/{name}.{{model}}")
        for inner, definition in table.pop("$defs", {}).items():
            whole["$defs"][f"{name}.{inner}"] = definition
        tables[name] = {**table, "title": name, "description": f"Source: {indicator.source}"}
    whole["properties"]["indicators"] = {
        "type": "object",
        "properties": {
            "profile": {"type": "array", "items": {"enum": list(standards)}},
            "groups": {"type": "array", "items": {"type": "string"}},
            **tables,
        },
        "additionalProperties": False,
    }
    whole["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    whole["title"] = "urbanlayer city file"
    return whole


# Faults: what is wrong, and at which key. ---------------------------------------------------------


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        near = nearest_word(path.name, [p.name for p in path.parent.glob("*.toml")])
        advice = f"; did you mean {near}?" if near else "; `urbanlayer init NAME` writes one"
        raise CityFileError(path.name, [f"does not exist in {path.parent}{advice}"]) from error
    except IsADirectoryError as error:
        raise CityFileError(path.name, ["is a folder; name the .toml file in it"]) from error
    except UnicodeDecodeError as error:
        raise CityFileError(path.name, ["is not UTF-8 text; save it as UTF-8"]) from error
    except OSError as error:
        raise CityFileError(path.name, [f"cannot be read: {error.strerror}"]) from error


def _spec_or_none(content: Mapping[str, Any]) -> CitySpec | None:
    try:
        return CitySpec.model_validate(content)
    except pydantic.ValidationError:
        return None


def _table_faults(content: Mapping[str, Any]) -> list[Fault]:
    try:
        CitySpec.model_validate(content)
    except pydantic.ValidationError as error:
        return list(_pydantic_faults(error, (), _known_keys))
    return []


def _kind_fault(at: Key, table: object) -> Fault:
    """A table of `[[indicator]]` without a kind, or with one that does not exist."""
    kind = table.get("kind") if isinstance(table, dict) else None
    if kind is None:
        return (*at, "kind"), f"is missing; known: {', '.join(KINDS)}"
    return (*at, "kind"), f"no such kind{did_you_mean(str(kind), KINDS)}"


def _indicator_faults(
    content: Mapping[str, Any], indicators: Mapping[str, Indicator]
) -> Iterator[Fault]:
    tables = content.get("indicators", {})
    if not isinstance(tables, dict):
        return
    for name, table in tables.items():
        key: Key = ("indicators", name)
        if name in asking.RESERVED:
            continue
        if name not in indicators:
            known_names = [*asking.RESERVED, *indicators]
            yield key, f"no such indicator{did_you_mean(name, known_names)}"
            continue
        params = indicators[name].params
        try:
            params.model_validate(table)
        except pydantic.ValidationError as error:
            known = list(params.model_fields)
            yield from _pydantic_faults(error, key, lambda _, known=known: known)


def _pydantic_faults(error: pydantic.ValidationError, at: Key, known: Any) -> Iterator[Fault]:  # noqa: ANN401  (Key to names)
    for fault in error.errors():
        if fault["type"].startswith("union_tag"):
            yield _kind_fault(fault["loc"], fault["input"])
            continue
        place = (*at, *(part for part in fault["loc"] if _is_key(part)))
        if fault["type"] == "extra_forbidden":
            yield _untagged(place), f"unknown key{did_you_mean(str(place[-1]), known(place))}"
        elif fault["type"] == "missing":
            yield _untagged(place), "is missing"
        else:
            message = fault["msg"].removeprefix("Value error, ")
            yield (
                _untagged(place),
                f"{message[0].lower()}{message[1:]} (here: {_shortly(fault['input'])})",
            )


def _is_key(part: str | int) -> bool:
    """Whether part of a pydantic place stands in the file, or is the name of a union's branch."""
    if isinstance(part, int):
        return True
    return re.fullmatch(r"[\w-]+", part) is not None and part not in _BRANCHES


_BRANCHES = frozenset({"str", "float", "int", "bool", "constrained-float", "GroupSpec"})


def _untagged(place: Key) -> Key:
    """The place without the kind that pydantic puts after the number of an `[[indicator]]`."""
    return (*place[:2], *place[3:]) if place[0] == "indicator" else place


def _known_keys(place: Key) -> list[str]:
    """The keys that the table around a place may hold, as the file spells them."""
    tables: dict[str, type[pydantic.BaseModel]] = {
        "residents": ResidentsSpec,
        "publish": PublishSpec,
        "equity": EquitySpec,
        "maturity": MaturitySpec,
    }
    match place:
        case ("layers", _, "use", _):
            table: type[pydantic.BaseModel] = UseSpec
        case ("layers", _, _):
            table = LayerSpec
        case ("maturity", _, _):
            table = DimensionSpec
        case ("indicator", _, str(kind), _):
            table = KINDS[kind]
        case ("indicator", _, _, _, _):
            table = Amount
        case ("residents", "groups", _, _) | ("equity", "deprivation", _):
            table = GroupSpec
        case ("profiles", _, _):
            table = ProfileSpec
        case ("digital_service", _, _):
            table = DigitalServiceSpec
        case (str(name), _) if name in tables:
            table = tables[name]
        case _:
            table = CitySpec
    return [field.alias or name for name, field in table.model_fields.items()]


def _meaning_faults(spec: CitySpec, folder: Path, sources: Mapping[str, Source]) -> Iterator[Fault]:
    """Faults of a file whose every table is of the right shape."""
    yield from _crs_faults(spec)
    if "neighbourhoods" not in spec.layers:
        yield ("layers",), "no [layers.neighbourhoods]; answers are given for neighbourhoods"
    for role, layer in spec.layers.items():
        yield from _layer_faults(role, layer, spec, folder, sources)
    yield from _licence_faults(spec)
    yield from _maturity_faults(spec)
    yield from _profile_faults(spec)
    for noun in spec.residents.from_ if spec.residents else []:
        yield from _residents_faults(noun, spec)


def _crs_faults(spec: CitySpec) -> Iterator[Fault]:
    import pyproj

    try:
        crs = pyproj.CRS.from_user_input(spec.crs)
    except pyproj.exceptions.CRSError:
        yield ("crs",), f"{spec.crs!r} is not a CRS; for Montenegro say EPSG:25834"
        return
    if not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        yield ("crs",), f"{spec.crs} is not in metres; say a projected CRS such as EPSG:25834"
    elif "MGI" in (crs.geodetic_crs or crs).name:
        yield ("crs",), f"{spec.crs} is on the datum MGI, {_MEASURE_IN_ETRS89}"


_MEASURE_IN_ETRS89 = (
    "which programs leave in several ways up to 1.6 km apart; "
    "measure in ETRS89 (EPSG:25834), the layers themselves may stay in MGI"
)


def _layer_faults(
    role: str, layer: LayerSpec, spec: CitySpec, folder: Path, sources: Mapping[str, Source]
) -> Iterator[Fault]:
    at = ("layers", role)
    for key, roles in KEYS_OF_ROLES.items():
        if key in layer.model_fields_set and role not in roles:
            yield (*at, key), f"only {' and '.join(roles)} may say {key}"
    if layer.source not in sources:
        yield (*at, "source"), f"no such source{did_you_mean(layer.source, sources)}"
    elif sources[layer.source].local and "://" not in layer.path:
        yield from _path_faults((*at, "path"), layer.path, folder)
    if (layer.x is None) != (layer.y is None):
        yield at, "says one of x and y; a table with coordinates needs both"
    if layer.derive and "boundary" not in spec.layers:
        yield (*at, "derive"), "needs [layers.boundary] to clip the cells to"
    for key in ("name", "title"):
        text = getattr(layer, key)
        for code in text if isinstance(text, dict) else ():
            if code not in LANGUAGES:
                yield (*at, key, code), f"no such language{did_you_mean(code, LANGUAGES)}"


def _licence_faults(spec: CitySpec) -> Iterator[Fault]:
    """Layers that say by no right that they may be shown."""
    for role, layer in with_defaults(spec).layers.items():
        if not layer.licence and not layer.allow_unlicensed:
            yield ("layers", role), _SAY_A_LICENCE


_SAY_A_LICENCE = (
    'has no licence; say licence = "CC-BY-4.0", or whichever it has, here or above all layers, or '
    "allow_unlicensed = true to publish it without one"
)


def _maturity_faults(spec: CitySpec) -> Iterator[Fault]:
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
            if code not in LANGUAGES:
                yield (*at, code), f"no such language{did_you_mean(code, LANGUAGES)}"


def _profile_faults(spec: CitySpec) -> Iterator[Fault]:
    """Profiles of names that mean something else, and classes of streets that nobody draws."""
    for name, profile in spec.profiles.items():
        at: Key = ("profiles", name)
        if name == "straight_line":
            yield at, "straight_line is no way to get about; choose another name"
        if name == "walk" and profile.speed_kmh is not None:
            yield (*at, "speed_kmh"), _WALKING_SPEED
        for key in ("closed", "opened"):
            classes = getattr(profile, key).get("highway", [])
            for one in [classes] if isinstance(classes, str) else classes:
                if one not in HIGHWAYS:
                    hint = did_you_mean(one, sorted(HIGHWAYS))
                    yield (*at, key, "highway"), f"no class of street {one!r}{hint}"
        for code in profile.title if isinstance(profile.title, dict) else ():
            if code not in LANGUAGES:
                yield (*at, "title", code), f"no such language{did_you_mean(code, LANGUAGES)}"


_WALKING_SPEED = (
    "answers in minutes rest on 4.8 km/h on foot; give another name to those who go at another "
    "speed, and ask for it with `profiles`"
)


def _path_faults(at: Key, path: str, folder: Path) -> Iterator[Fault]:
    whole = folder / path
    if whole.exists():
        return
    slashes = path.replace("\\", "/")
    if slashes != path and (folder / slashes).exists():
        yield at, f"write / for \\, so that it is found on every computer: {slashes!r}"
        return
    if not whole.parent.is_dir():
        yield at, f"the folder of {path!r} does not exist"
        return
    near = nearest_word(whole.name, sorted(p.name for p in whole.parent.iterdir()))
    yield at, f"{path!r} does not exist" + (f"; did you mean {near!r}?" if near else "")


def _residents_faults(noun: str, spec: CitySpec) -> Iterator[Fault]:
    if noun == "census":
        layer = spec.layers.get("neighbourhoods")
        if layer is not None and layer.residents is None:
            yield (
                ("residents", "from"),
                'says "census", but [layers.neighbourhoods] has no residents = "…" with the count',
            )
    elif noun not in spec.layers:
        yield ("residents", "from"), f'says "{noun}", but there is no [layers.{noun}]'


# Words ---------------------------------------------------------------------------------


def _id_of(path: Path) -> str:
    """The folder's name as a slug, or the file's where it is not called city.toml."""
    name = path.resolve().parent.name if path.stem == "city" else path.stem
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "city"


_SHORT = 60


def _shortly(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHORT else f"{text[:57]}…"
