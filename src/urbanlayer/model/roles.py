"""The roles that a layer can have in a city, and what each must bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.layer import GeometryKind

FieldKind = Literal["text", "number", "count", "flag"]
Form = Literal["point", "line", "polygon", "raster"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column that a role brings under a name of its own.

    Attributes
    ----------
    name
        Canonical name of the column, and of the line in the city file that says where it stands.
    kind
        `text`; `number`, NaN where not known; `count`, a number that is never negative; `flag`.
    unit
        `people`, `storeys`, `places` …; empty for text and flags.
    about
        What it is, in a sentence.
    required
        Whether the layer is refused without it.
    """

    name: str
    kind: FieldKind
    unit: str
    about: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """What a layer is to the city.

    Attributes
    ----------
    name
        Name of its table in the city file.
    about
        What it is, in a sentence.
    forms
        Kinds of geometry that it may have; `raster` where a grid will do.
    fields
        Columns that it brings, besides `name`.
    distinct_shapes
        Whether two features of the very same shape are one feature told twice.
    service
        Whether people walk to it.
    known
        Whether it was known from the start, or is a city's own.
    """

    name: str
    about: str
    forms: frozenset[Form]
    fields: tuple[Field, ...] = ()
    distinct_shapes: bool = False
    service: bool = False
    known: bool = True

    @property
    def kinds(self) -> frozenset[GeometryKind]:
        """Kinds of geometry that its features may have; empty for grids alone."""
        vector: tuple[GeometryKind, ...] = ("point", "line", "polygon")
        return frozenset(kind for kind in vector if kind in self.forms)


_RESIDENTS = Field("residents", "count", "people", "How many people live there by the census.")
_PEOPLE = Field(
    "people", "count", "people", "How many people live in the cell or area.", required=True
)
_LEVELS = Field("levels", "number", "storeys", "Storeys above the ground.")
_RESIDENTIAL = Field("residential", "flag", "", "Whether people live in the building.")
_PUBLIC = Field("public", "flag", "", "Whether everybody may enter.")
_CAPACITY = Field("capacity", "count", "places", "How many people it can serve at once.")
_STEP_FREE = Field("step_free", "flag", "", "Whether one enters without a step.")
_HOURS = Field("opening_hours", "text", "", "When it is open.")
_BRIDGE = Field("bridge", "flag", "", "Whether the street crosses on a bridge.")
_CLOSED = Field("closed", "flag", "", "Whether nobody may walk there, or pass.")
_DOWN = Field("avg_d_kbps", "count", "kbit/s", "Mean measured download speed.")
_UP = Field("avg_u_kbps", "count", "kbit/s", "Mean measured upload speed.")
_LATENCY = Field("avg_lat_ms", "count", "ms", "Mean measured latency.")
_TESTS = Field("tests", "count", "tests", "How many measurements the means rest on.")
_VALUE = Field("value", "number", "", "What is measured there, in the unit of the layer.")
_CATEGORY = Field("category", "text", "", "What the land is used for.")
_JOBS = Field("jobs", "count", "people", "How many people work there.")
_DWELLINGS = Field("dwellings", "count", "dwellings", "How many dwellings there are.")
_VACANT = Field("vacant", "count", "dwellings", "How many of them stand empty.")
_FRONT_VACANT = Field("vacant", "count", "shop fronts", "1 where it stands empty, 0 where not.")
_FLOOR_AREA = Field("floor_area_m2", "count", "m²", "Floor area of the dwellings.")
_YEAR = Field("year", "number", "year", "When it was built.")
_HEIGHT = Field("height_m", "number", "m", "Height.")
_VOLUME = Field("volume_l", "count", "litres", "How much it holds.")

_SERVICES = {
    "kindergarten": "Kindergartens and nurseries.",
    "school": "Schools.",
    "university": "Universities and colleges.",
    "clinic": "Health centres, surgeries and hospitals.",
    "pharmacy": "Pharmacies.",
    "library": "Libraries.",
    "playground": "Playgrounds.",
    "sports": "Sports grounds and halls.",
    "culture": "Theatres, museums and houses of culture.",
    "stop": "Stops of public transport.",
    "food_market": "Supermarkets and market places.",
    "convenience": "Small shops for daily needs.",
    "bank": "Banks and cash machines.",
    "post_office": "Post offices.",
    "drinking_water": "Drinking fountains.",
    "toilets": "Public toilets.",
    "waste_point": "Containers for waste.",
    "recycling_point": "Containers for what is recycled.",
    "eservice_point": "Places where services of the city can be used online with help.",
    "citizens_office": "Offices where citizens are served.",
    "public_wifi": "Places with free public Wi-Fi.",
    "restaurant": "Restaurants and cafés.",
    "fire_station": "Fire stations and others from which help comes.",
}


def _of_service(name: str) -> tuple[Field, ...]:
    own = (_CAPACITY, _HOURS, _STEP_FREE)
    return (*own, *((_VOLUME,) if name in {"waste_point", "recycling_point"} else ()))


_AREAS: frozenset[Form] = frozenset({"polygon"})
_POINTS: frozenset[Form] = frozenset({"point"})
_PLACES: frozenset[Form] = frozenset({"point", "polygon"})
_LINES: frozenset[Form] = frozenset({"line"})
_GRID: frozenset[Form] = frozenset({"raster", "polygon"})
_ANYTHING: frozenset[Form] = frozenset({"point", "line", "polygon"})
_NETWORK = (_DOWN, _UP, _LATENCY, _TESTS)

_GIVEN = (  # what is no service: who answers, who lives there, what lies there
    Role("neighbourhoods", "The polygons that answers are given for.", _AREAS, (_RESIDENTS,)),
    Role("boundary", "The limits of the city.", _AREAS),
    Role("streets", "Streets and paths.", _LINES, (_BRIDGE, _CLOSED), distinct_shapes=True),
    Role("entrances", "Where parks, grounds and buildings are entered.", _POINTS, (_CLOSED,)),
    Role("barriers", "What stands on streets: kerbs, gates, bollards.", _POINTS, (_CLOSED,)),
    Role(
        "buildings",
        "Buildings, with their storeys and their use.",
        _AREAS,
        (_LEVELS, _RESIDENTIAL, _RESIDENTS, _YEAR, _HEIGHT),
        distinct_shapes=True,
    ),
    Role(
        "population",
        "People on a grid, in areas or at points; a raster holds people per cell.",
        frozenset({"raster", "polygon", "point"}),
        (_PEOPLE,),
        distinct_shapes=True,
    ),
    Role("green", "Parks, woods and gardens.", _AREAS, (_PUBLIC,), distinct_shapes=True),
    Role("trees", "Single trees.", frozenset({"point"}), (_HEIGHT,)),
    Role("water", "Rivers, lakes and the sea.", frozenset({"polygon", "line"})),
    Role("land_cover", "What covers the ground, by class.", _GRID),
    Role("elevation", "Height above the sea, in metres.", frozenset({"raster"})),
    Role("transit", "Stops of public transport with their departures.", _PLACES),
    Role("broadband", "Measured speed of the fixed network.", _PLACES, _NETWORK),
    Role("broadband_mobile", "Measured speed of the mobile network.", _PLACES, _NETWORK),
    Role("fibre", "Where fibre can be had.", _ANYTHING),
    Role("heat", "Temperature of the surface in summer, in °C.", _GRID, (_VALUE,)),
    Role("flood", "Where it floods; a grid holds the depth.", _GRID, (_VALUE,)),
    Role("flood_20", "Where it floods once in 20 years.", _GRID, (_VALUE,)),
    Role("flood_500", "Where it floods once in 500 years.", _GRID, (_VALUE,)),
    Role("air", "Fine dust (PM2.5) in the air, µg/m³, mean of a year.", _GRID, (_VALUE,)),
    Role("no2", "Nitrogen dioxide in the air, µg/m³, mean of a year.", _GRID, (_VALUE,)),
    Role("pm10", "Dust (PM10) in the air, µg/m³, mean of a year.", _GRID, (_VALUE,)),
    Role("o3", "Ozone in the air, µg/m³, mean of the peak season.", _GRID, (_VALUE,)),
    Role("noise", "Noise over the day (Lden), in dB.", _GRID, (_VALUE,)),
    Role("noise_night", "Noise at night (Lnight), in dB.", _GRID, (_VALUE,)),
    Role("ndvi", "Index of vegetation (NDVI) of the growing season.", _GRID, (_VALUE,)),
    Role("built_up", "Built-up land; a grid holds the share of each cell.", _GRID),
    Role("built_up_before", "The same at an earlier date.", _GRID),
    Role(
        "population_before",
        "People at an earlier date, as for `population`.",
        frozenset({"raster", "polygon", "point"}),
        (_PEOPLE,),
    ),
    Role("land_use", "What land is used for, by category.", _AREAS, (_CATEGORY,)),
    Role("public_space", "Open space for everybody: squares, parks, promenades.", _AREAS),
    Role("pedestrian_area", "Streets and squares without cars.", _AREAS),
    Role("cycleways", "Tracks and lanes for bicycles.", _LINES),
    Role("protected_area", "Protected nature.", _AREAS),
    Role("informal", "Land that was built on without a permit.", _AREAS),
    Role("mobile_4g", "Where the mobile network of the fourth generation reaches.", _AREAS),
    Role("mobile_5g", "Where the mobile network of the fifth generation reaches.", _AREAS),
    Role("water_mains", "Mains of the water supply, or land that is connected.", _ANYTHING),
    Role("sewers", "Sewers, or land that is connected.", _ANYTHING),
    Role("waste_collection", "Where household waste is collected.", _AREAS),
    Role("crashes_serious", "Crashes in which somebody was killed or badly hurt.", _POINTS),
    Role("crashes_fatal", "Crashes in which somebody was killed.", _POINTS),
    Role("lighting", "Street lamps, or streets that are lit.", frozenset({"point", "line"})),
    Role("crashes", "Crashes on the roads in which somebody was hurt.", _POINTS),
    Role("businesses", "Places of business.", _PLACES, (_JOBS,)),
    Role("jobs", "Places of work.", _PLACES, (_JOBS,)),
    Role("dwellings", "Dwellings.", _PLACES, (_DWELLINGS, _VACANT, _FLOOR_AREA)),
    Role("shop_fronts", "Shop fronts on the ground floor.", _PLACES, (_FRONT_VACANT,)),
)


def _roles() -> dict[str, Role]:
    services = [
        Role(name, about, _PLACES, _of_service(name), service=True)
        for name, about in _SERVICES.items()
    ]
    return {entry.name: entry for entry in (*_GIVEN, *services)}


ROLES: Mapping[str, Role] = _roles()
"""The roles known from the start, by name."""


def role(name: str) -> Role:
    """What a layer of this name must bring; a generic promise for a city's own names.

    Parameters
    ----------
    name
        Name of the layer's table in the city file.

    Returns
    -------
    Role
        From the table, else one that takes any geometry and serves people.
    """
    if name in ROLES:
        return ROLES[name]
    return Role(
        name,
        "A layer of the city's own.",
        frozenset({"point", "line", "polygon", "raster"}),
        (_CAPACITY, _HOURS, _STEP_FREE),
        service=True,
        known=False,
    )
