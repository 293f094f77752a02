"""Which tags of OpenStreetMap make a feature of a role, and which of them are kept.

After the wiki's "Map features" (wiki.openstreetmap.org, CC BY-SA 2.0).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

from urbanlayer.locales import languages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from urbanlayer.model.source import Request

T = TypeVar("T")
ANY = "*"
"""In place of a value: any but `no`."""

Get = Callable[[str], str | None]
"""Gives the value of one of an object's tags. pyosmium takes 6 µs to hand over a tag of a list,
and 0.4 µs to tell that there is none of a name."""
Alternative = dict[str, frozenset[str]]
"""Tags to the values that a feature may have; it must have all of the tags."""


def _one(**tags: str) -> Alternative:
    """`amenity="school college"` as tags to values; two underscores stand for a colon."""
    return {tag.replace("__", ":"): frozenset(values.split()) for tag, values in tags.items()}


_ENTERED = (
    "gate swing_gate lift_gate wicket_gate kissing_gate turnstile full-height_turnstile stile "
    "entrance bollard cycle_barrier"
)
_SHOP_FOOD = "supermarket greengrocer"
DEFAULTS: Mapping[str, tuple[Alternative, ...]] = {
    "streets": (_one(highway=ANY),),
    "barriers": (_one(barrier=ANY), _one(kerb=ANY)),
    "entrances": (_one(entrance=ANY), _one(barrier=_ENTERED)),
    "buildings": (_one(building=ANY),),
    "green": (
        _one(leisure="park garden nature_reserve common dog_park"),
        _one(landuse="forest recreation_ground village_green"),
        _one(natural="wood"),
    ),
    "trees": (_one(natural="tree"),),
    "water": (
        _one(natural="water"),
        _one(waterway="riverbank dock river stream canal"),
        _one(landuse="reservoir basin"),
    ),
    "boundary": (_one(boundary="administrative"),),
    "neighbourhoods": (_one(boundary="administrative"),),
    "kindergarten": (_one(amenity="kindergarten childcare"),),
    "school": (_one(amenity="school"),),
    "university": (_one(amenity="university college"),),
    "clinic": (
        _one(amenity="clinic doctors hospital health_post"),
        _one(healthcare="clinic doctor hospital centre"),
    ),
    "pharmacy": (_one(amenity="pharmacy"), _one(healthcare="pharmacy")),
    "library": (_one(amenity="library"),),
    "playground": (_one(leisure="playground"),),
    "sports": (_one(leisure="sports_centre pitch stadium fitness_station swimming_pool"),),
    "culture": (
        _one(amenity="theatre arts_centre cinema community_centre"),
        _one(tourism="museum gallery"),
    ),
    "stop": (
        _one(highway="bus_stop"),
        _one(amenity="bus_station"),
        _one(public_transport="platform", bus="yes"),
        _one(railway="tram_stop halt station"),
    ),
    "food_market": (_one(shop=_SHOP_FOOD), _one(amenity="marketplace")),
    "convenience": (_one(shop="convenience kiosk bakery general"),),
    "bank": (_one(amenity="bank atm"),),
    "post_office": (_one(amenity="post_office"),),
    "drinking_water": (_one(amenity="drinking_water"),),
    "toilets": (_one(amenity="toilets"),),
    "waste_point": (_one(amenity="waste_disposal waste_basket"),),
    "recycling_point": (_one(amenity="recycling"),),
    "citizens_office": (_one(amenity="townhall"), _one(office="government")),
    "public_wifi": (_one(internet_access="wlan yes", internet_access__fee="no"),),
    "lighting": (_one(highway="street_lamp"),),
    "businesses": (_one(shop=ANY), _one(office=ANY), _one(craft=ANY)),
}
"""Tags of each role where the city file says no `where`."""

_ALWAYS = ("name", "name:sr", "name:sr-Latn", "name:cnr", "opening_hours", "capacity")
_KEPT_OF_BARRIERS = (
    *("barrier", "kerb", "access", "foot", "wheelchair", "bicycle", "locked"),
    *("maxwidth:physical", "ramp:wheelchair"),
)
_KEPT: Mapping[str, tuple[str, ...]] = {
    "streets": (
        *("highway", "foot", "access", "area", "tunnel", "bridge", "layer", "surface", "service"),
        *("sidewalk", "lit", "oneway", "maxspeed", "footway", "cycleway", "motorroad", "width"),
        *("incline", "smoothness", "wheelchair", "ramp:wheelchair", "lanes"),
        *("bicycle", "oneway:bicycle"),
    ),
    "barriers": _KEPT_OF_BARRIERS,
    "entrances": ("entrance", *_KEPT_OF_BARRIERS),
    "buildings": (
        *("building", "building:levels", "building:use", "building:flats", "height"),
        *("amenity", "shop", "tourism", "leisure", "office", "man_made", "power"),
    ),
    "green": ("leisure", "landuse", "natural", "access", "foot", "operator", "surface"),
    "water": ("natural", "waterway", "landuse", "water"),
    "stop": (
        *("highway", "public_transport", "railway", "shelter", "bench", "ref", "operator", "lit"),
        *("bus", "tram"),
    ),
    "boundary": ("boundary", "admin_level"),
    "neighbourhoods": ("boundary", "admin_level"),
    "trees": ("natural", "species", "genus"),
}
_KEPT_OF_SERVICES = (
    *("amenity", "shop", "healthcare", "leisure", "tourism", "office", "operator", "operator:type"),
    *("wheelchair", "access", "fee", "internet_access", "emergency", "brand", "website"),
    *("recycling_type", "isced:level", "sport", "surface"),
)


def alternatives(request: Request) -> tuple[Alternative, ...]:
    """The tags that make a feature of a layer: those of its `where`, else its role's defaults.

    Parameters
    ----------
    request
        Which layer.

    Returns
    -------
    tuple of Alternative
        A feature has all tags of at least one; empty where nothing is known of the role.
    """
    where = request.spec.where
    if not where:
        return DEFAULTS.get(request.role, ())
    tags: Alternative = {}
    for field, value in where.items():
        values = value if isinstance(value, list) else [value]
        tags[field] = frozenset(_told(entry) for entry in values)
    return (tags,)


def kept_tags(request: Request) -> tuple[str, ...]:
    """The tags that become columns of a layer, each once.

    Parameters
    ----------
    request
        Which layer; tags that its table names are kept too.
    """
    spec = request.spec
    named = [spec.key, spec.levels, spec.residents, spec.people, spec.capacity, spec.bridge]
    named += [spec.opening_hours, spec.step_free, spec.use.field if spec.use else None]
    named += [*(spec.name.values() if isinstance(spec.name, dict) else [spec.name])]
    tables = [*spec.where, *(spec.public or {}), *(spec.closed or {})]
    own = _KEPT.get(request.role, _KEPT_OF_SERVICES)
    names = [f"name:{code}" for code in languages() if "_" not in code]
    return tuple(dict.fromkeys([*_ALWAYS, *names, *own, *tables, *(tag for tag in named if tag)]))


class Sorter(Generic[T]):
    """Tells which layers want an object, looking at the object's own tags only.

    Parameters
    ----------
    layers
        Each with the tags that it wants; the first tag of an alternative is looked up.
    """

    __slots__ = ("_by_tag", "keys", "pairs")

    def __init__(self, layers: Iterable[tuple[T, tuple[Alternative, ...]]]) -> None:
        by_tag: dict[str, dict[str, list[tuple[T, Alternative]]]] = {}
        for layer, wanted in layers:
            for alternative in wanted:
                first, *others = alternative
                rest = {tag: alternative[tag] for tag in others}
                values = by_tag.setdefault(first, {})
                for value in sorted(alternative[first]):
                    values.setdefault(value, []).append((layer, rest))
        self._by_tag = tuple(by_tag.items())
        self.keys = tuple(sorted(by_tag))
        """An object without any of these is wanted by no layer."""
        pairs = tuple((tag, value) for tag in self.keys for value in sorted(by_tag[tag]))
        self.pairs = None if any(value == ANY for _, value in pairs) else pairs
        """The same with values; None where any value of a tag will do."""

    def wanting(self, get: Get) -> list[T]:
        """The layers that want an object, each once.

        Parameters
        ----------
        get
            Of the object.
        """
        found: list[T] = []
        for tag, values in self._by_tag:
            value = get(tag)
            if value is None:
                continue
            for layer, rest in _candidates(values, value):
                if layer not in found and (not rest or _has_all(get, rest)):
                    found.append(layer)
        return found


def _has_all(get: Get, wanted: Alternative) -> bool:
    return all(_has(get(key), values) for key, values in wanted.items())


def _candidates(
    values: dict[str, list[tuple[T, Alternative]]], value: str
) -> list[tuple[T, Alternative]]:
    exactly = values.get(value, [])
    return exactly if ANY not in values or value == "no" else [*exactly, *values[ANY]]


def _has(value: str | None, values: frozenset[str]) -> bool:
    return value is not None and (value in values or (ANY in values and value != "no"))


def _told(value: str | float | bool) -> str:  # noqa: FBT001  (a value of a TOML table)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
