"""The table of roles: fields, geometry, OpenStreetMap tags and traits of every known layer.

The city file's checks, the tags that are read, the page's list of services, the inventory and the
documentation follow from it. Tags are those of the wiki's "Map features" (wiki.openstreetmap.org,
CC BY-SA 2.0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.role import ANY, KEPT_TAGS, SAME_PLACE_M, Field, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.role import Alternative, Form

# Fields -------------------------------------------------------------------------------------------

_RESIDENTS = Field("residents", "count", "people", "How many people live there by the census.")
_PEOPLE = Field(
    "people", "count", "people", "How many people live in the cell or area.", required=True
)
_LEVELS = Field("levels", "number", "storeys", "Storeys above the ground.", tag="building:levels")
_RESIDENTIAL = Field(
    "residential", "flag", "", "Which buildings people live in.", declared="use", own_key="use"
)
_PUBLIC = Field("public", "flag", "", "Which areas everybody may enter.", declared="values")
_CAPACITY = Field(
    "capacity", "count", "places", "How many people it can serve at once.", tag="capacity"
)
_STEP_FREE = Field(
    "step_free", "flag", "", "Whether one enters without a step.", tag="wheelchair"
)  # fmt: skip
_HOURS = Field("opening_hours", "text", "", "When it is open.")
_BRIDGE = Field("bridge", "flag", "", "Whether the street crosses on a bridge.", tag="bridge")
_CLOSED = Field(
    "closed", "flag", "", "Those that nobody may pass.", declared="values", restricts=True
)
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

_OF_SERVICE = (_CAPACITY, _HOURS, _STEP_FREE)
_OF_CONTAINER = (*_OF_SERVICE, _VOLUME)
_NETWORK = (_DOWN, _UP, _LATENCY, _TESTS)
_SPEEDS = tuple(field.name for field in _NETWORK)

_AREAS: frozenset[Form] = frozenset({"polygon"})
_POINTS: frozenset[Form] = frozenset({"point"})
_PLACES: frozenset[Form] = frozenset({"point", "polygon"})
_LINES: frozenset[Form] = frozenset({"line"})
_GRID: frozenset[Form] = frozenset({"raster", "polygon"})
_COUNTED: frozenset[Form] = frozenset({"raster", "polygon", "point"})
_ANYTHING: frozenset[Form] = frozenset({"point", "line", "polygon"})

# Tags ---------------------------------------------------------------------------------------------


def _one(**tags: str) -> Alternative:
    """`amenity="school college"` as tags to values; two underscores stand for a colon."""
    return {tag.replace("__", ":"): frozenset(values.split()) for tag, values in tags.items()}


_ENTERED = (
    "gate swing_gate lift_gate wicket_gate kissing_gate turnstile full-height_turnstile stile "
    "entrance bollard cycle_barrier"
)
_KEPT_OF_BARRIERS = (
    *("barrier", "kerb", "access", "foot", "wheelchair", "bicycle", "locked"),
    *("maxwidth:physical", "ramp:wheelchair"),
)
_KEPT_OF_STREETS = (
    *("highway", "foot", "access", "area", "tunnel", "bridge", "layer", "surface", "service"),
    *("sidewalk", "lit", "oneway", "maxspeed", "footway", "cycleway", "motorroad", "width"),
    *("incline", "smoothness", "wheelchair", "ramp:wheelchair", "lanes"),
    *("bicycle", "oneway:bicycle"),
)
_KEPT_OF_BUILDINGS = (
    *("building", "building:levels", "building:use", "building:flats", "height"),
    *("amenity", "shop", "tourism", "leisure", "office", "man_made", "power"),
    *("healthcare", "craft", "aeroway", "railway", "military", "emergency", "telecom"),
    *("disused", "abandoned", "ruins", "demolished", "building:part"),
)
_KEPT_OF_STOPS = (
    *("highway", "public_transport", "railway", "shelter", "bench", "ref", "operator", "lit"),
    *("bus", "tram"),
)

# Roles --------------------------------------------------------------------------------------------

_CITY = (  # the city, where its people live, and the streets they use
    Role(
        "neighbourhoods", "The polygons that results are given for.", _AREAS, (_RESIDENTS,),
        settings=("derive", "overlap_tolerance_m2", "gap_tolerance_m"),
        partition=True, offset_by="borders", tags=(_one(boundary="administrative"),),
        kept_tags=("boundary", "admin_level"), everywhere=True, graded=("name", "residents"),
        slow=True,
    ),
    Role(
        "boundary", "The limits of the city.", _AREAS, tags=(_one(boundary="administrative"),),
        kept_tags=("boundary", "admin_level", "wikidata", "ref"), slow=True,
    ),
    Role(
        "streets", "Streets and paths.", _LINES, (_BRIDGE, _CLOSED), distinct_shapes=True,
        reference="always", offset_by="shapes", tags=(_one(highway=ANY),),
        kept_tags=_KEPT_OF_STREETS, everywhere=True, background=True, crossed=True,
    ),
    Role(
        "entrances", "Where parks, grounds and buildings are entered.", _POINTS, (_CLOSED,),
        tags=(_one(entrance=ANY), _one(barrier=_ENTERED)),
        kept_tags=("entrance", *_KEPT_OF_BARRIERS), graded=("closed",),
    ),
    Role(
        "barriers", "What stands on streets: kerbs, gates, bollards.", _POINTS, (_CLOSED,),
        tags=(_one(barrier=ANY), _one(kerb=ANY)), kept_tags=_KEPT_OF_BARRIERS, graded=("closed",),
    ),
    Role(
        "buildings", "Buildings, with their storeys and their use.", _AREAS,
        (_LEVELS, _RESIDENTIAL, _RESIDENTS, _YEAR, _HEIGHT), distinct_shapes=True,
        reference="known", offset_by="shapes", tags=(_one(building=ANY),),
        kept_tags=_KEPT_OF_BUILDINGS, everywhere=True, graded=("levels", "residential"),
    ),
    Role(
        "population", "People on a grid, in areas or at points; a raster holds people per cell.",
        _COUNTED, (_PEOPLE,), distinct_shapes=True, offset_by="nothing", everywhere=True,
        graded=("people",),
    ),
    Role(
        "population_before", "People at an earlier date, as for `population`.", _COUNTED,
        (_PEOPLE,), graded=("people",),
    ),
    Role("dwellings", "Dwellings.", _PLACES, (_DWELLINGS, _VACANT, _FLOOR_AREA), everywhere=True,
         graded=("dwellings",)),
    Role("informal", "Land that was built on without a permit.", _AREAS),
)  # fmt: skip

_LAND = (  # green, water, land and its use
    Role(
        "green", "Parks, woods and gardens.", _AREAS, (_PUBLIC,), distinct_shapes=True,
        tags=(
            _one(leisure="park garden nature_reserve common dog_park"),
            _one(landuse="forest recreation_ground village_green"), _one(natural="wood"),
        ),
        kept_tags=(
            "leisure", "landuse", "natural", "access", "foot", "operator", "surface", "garden:type",
            "location", "level", "roof",
        ),
        everywhere=True, graded=("name", "public"), background=True,
    ),
    Role(
        "trees", "Single trees.", _POINTS, (_HEIGHT,), tags=(_one(natural="tree"),),
        kept_tags=("natural", "species", "genus"), everywhere=True,
    ),
    Role(
        "water", "Rivers, lakes and the sea.", frozenset({"polygon", "line"}),
        tags=(
            _one(natural="water"), _one(waterway="riverbank dock river stream canal"),
            _one(landuse="reservoir basin"),
        ),
        kept_tags=("natural", "waterway", "landuse", "water"), slow=True, background=True,
    ),
    Role("land_cover", "What covers the ground, by class.", _GRID, everywhere=True, slow=True),
    Role("elevation", "Height above the sea, in metres.", frozenset({"raster"}), everywhere=True,
         slow=True),
    Role("built_up", "Built-up land; a grid holds the share of each cell.", _GRID),
    Role("built_up_before", "The same at an earlier date.", _GRID),
    Role("land_use", "What land is used for, by category.", _AREAS, (_CATEGORY,),
         graded=("category",)),
    Role("public_space", "Open space for everybody: squares, parks, promenades.", _AREAS),
    Role("pedestrian_area", "Streets and squares without cars.", _AREAS),
    Role("protected_area", "Protected nature.", _AREAS),
)  # fmt: skip

_MEASURED = (  # what is measured over the city, on grids or areas
    Role("heat", "Temperature of the surface in summer, in °C.", _GRID, (_VALUE,),
         everywhere=True, graded=("value",), slow=True),
    Role("flood", "Where it floods; a grid holds the depth.", _GRID, (_VALUE,), slow=True),
    Role("flood_20", "Where it floods once in 20 years.", _GRID, (_VALUE,), graded=("value",)),
    Role("flood_500", "Where it floods once in 500 years.", _GRID, (_VALUE,), graded=("value",)),
    Role("air", "Fine dust (PM2.5) in the air, µg/m³, mean of a year.", _GRID, (_VALUE,),
         everywhere=True, graded=("value",)),
    Role("no2", "Nitrogen dioxide in the air, µg/m³, mean of a year.", _GRID, (_VALUE,),
         graded=("value",)),
    Role("pm10", "Dust (PM10) in the air, µg/m³, mean of a year.", _GRID, (_VALUE,),
         graded=("value",)),
    Role("o3", "Ozone in the air, µg/m³, mean of the peak season.", _GRID, (_VALUE,),
         graded=("value",)),
    Role("noise", "Noise over the day (Lden), in dB.", _GRID, (_VALUE,), everywhere=True,
         graded=("value",)),
    Role("noise_night", "Noise at night (Lnight), in dB.", _GRID, (_VALUE,), graded=("value",)),
    Role("ndvi", "Index of vegetation (NDVI) of the growing season.", _GRID, (_VALUE,),
         graded=("value",)),
)  # fmt: skip

_NETWORKS = (  # transport, telecommunication, water, waste, light
    Role("transit", "Stops of public transport with their departures.", _PLACES, everywhere=True),
    Role("cycleways", "Tracks and lanes for bicycles.", _LINES),
    Role("broadband", "Measured speed of the fixed network.", _PLACES, _NETWORK, everywhere=True,
         graded=_SPEEDS, digital=True),
    Role("broadband_mobile", "Measured speed of the mobile network.", _PLACES, _NETWORK,
         graded=_SPEEDS),
    Role("fibre", "Where fibre can be had.", _ANYTHING, digital=True),
    Role("mobile_4g", "Where the mobile network of the fourth generation reaches.", _AREAS),
    Role("mobile_5g", "Where the mobile network of the fifth generation reaches.", _AREAS),
    Role("water_mains", "Mains of the water supply, or land that is connected.", _ANYTHING),
    Role("sewers", "Sewers, or land that is connected.", _ANYTHING),
    Role("waste_collection", "Where household waste is collected.", _AREAS),
    Role("lighting", "Street lamps, or streets that are lit.", frozenset({"point", "line"}),
         tags=(_one(highway="street_lamp"),), everywhere=True),
)  # fmt: skip

_EVENTS = (  # crashes, and places of work
    Role("crashes_serious", "Crashes in which somebody was killed or badly hurt.", _POINTS),
    Role("crashes_fatal", "Crashes in which somebody was killed.", _POINTS),
    Role("crashes", "Crashes on the roads in which somebody was hurt.", _POINTS),
    Role("businesses", "Places of business.", _PLACES, (_JOBS,),
         tags=(_one(shop=ANY), _one(office=ANY), _one(craft=ANY)), everywhere=True,
         graded=("jobs",)),
    Role("jobs", "Places of work.", _PLACES, (_JOBS,), everywhere=True, graded=("jobs",)),
    Role("shop_fronts", "Shop fronts on the ground floor.", _PLACES, (_FRONT_VACANT,),
         graded=("vacant",)),
)  # fmt: skip


def _service(
    name: str,
    about: str,
    *tags: Alternative,
    fields: tuple[Field, ...] = _OF_SERVICE,
    graded: tuple[str, ...] = (),
    kept_tags: tuple[str, ...] = KEPT_TAGS,
    duplicates_within_m: float = SAME_PLACE_M,
    everywhere: bool = False,
    digital: bool = False,
) -> Role:
    """A service, whose features are facilities that people go to."""
    return Role(
        name, about, _PLACES, fields, service=True, duplicates_within_m=duplicates_within_m,
        tags=tags, kept_tags=kept_tags, everywhere=everywhere, graded=graded, digital=digital,
    )  # fmt: skip


_NAMED = ("name",)
_KEEPS_HOURS = ("name", "opening_hours")

_SERVICES = (
    _service("kindergarten", "Kindergartens and nurseries.",
             _one(amenity="kindergarten childcare"), graded=("name", "capacity")),
    _service("school", "Schools.", _one(amenity="school"), graded=("name", "capacity")),
    _service("university", "Universities and colleges.", _one(amenity="university college"),
             graded=_NAMED),
    _service("clinic", "Health centres, surgeries and hospitals.",
             _one(amenity="clinic doctors hospital health_post"),
             _one(healthcare="clinic doctor hospital centre"),
             graded=("name", "capacity", "opening_hours")),
    _service("pharmacy", "Pharmacies.", _one(amenity="pharmacy"), _one(healthcare="pharmacy"),
             graded=_KEEPS_HOURS),
    _service("library", "Libraries.", _one(amenity="library"), graded=_KEEPS_HOURS),
    _service("playground", "Playgrounds.", _one(leisure="playground")),
    _service("sports", "Sports grounds and halls.",
             _one(leisure="sports_centre pitch stadium fitness_station swimming_pool"),
             graded=_KEEPS_HOURS),
    _service("culture", "Theatres, museums and houses of culture.",
             _one(amenity="theatre arts_centre cinema community_centre"),
             _one(tourism="museum gallery"), graded=_KEEPS_HOURS),
    _service("stop", "Stops of public transport.",
             _one(highway="bus_stop"), _one(amenity="bus_station"),
             _one(public_transport="platform", bus="yes"),
             _one(railway="tram_stop halt station"), graded=_NAMED, kept_tags=_KEPT_OF_STOPS,
             duplicates_within_m=5.0,  # each side of a street has one of the same name
             everywhere=True),
    _service("food_market", "Supermarkets and market places.",
             _one(shop="supermarket greengrocer"), _one(amenity="marketplace"),
             graded=_KEEPS_HOURS),
    _service("convenience", "Small shops for daily needs.",
             _one(shop="convenience kiosk bakery general")),
    _service("bank", "Banks and cash machines.", _one(amenity="bank atm"), graded=_KEEPS_HOURS),
    _service("post_office", "Post offices.", _one(amenity="post_office"), graded=_KEEPS_HOURS),
    _service("drinking_water", "Drinking fountains.", _one(amenity="drinking_water")),
    _service("toilets", "Public toilets.", _one(amenity="toilets")),
    _service("waste_point", "Containers for waste.", _one(amenity="waste_disposal waste_basket"),
             fields=_OF_CONTAINER, graded=("volume_l",), everywhere=True),
    _service("recycling_point", "Containers for what is recycled.", _one(amenity="recycling"),
             fields=_OF_CONTAINER, graded=("volume_l",)),
    _service("eservice_point",
             "Places where services of the city can be used online with help.",
             graded=_KEEPS_HOURS, digital=True),
    _service("citizens_office", "Offices where citizens are served.", _one(amenity="townhall"),
             _one(office="government"), graded=_KEEPS_HOURS, digital=True),
    _service("public_wifi", "Places with free public Wi-Fi.",
             _one(internet_access="wlan yes", internet_access__fee="no"),
             graded=("opening_hours",), digital=True),
    _service("restaurant", "Restaurants and cafés."),
    _service("fire_station", "Fire stations and others from which help comes."),
)  # fmt: skip

ROLES: Mapping[str, Role] = {
    entry.name: entry
    for entry in (*_CITY, *_LAND, *_MEASURED, *_NETWORKS, *_EVENTS, *_SERVICES)
}  # fmt: skip
"""The known roles, by name."""

FIELDS: Mapping[str, Field] = {
    key: field for entry in ROLES.values() for key, field in entry.field_of_key.items()
}
"""Fields by the key that declares each; the same key declares the same kind in every role."""


def role(name: str) -> Role:
    """The role of this name; for a city's own names, one that takes any geometry.

    Parameters
    ----------
    name
        Name of the layer's table in the city file.

    Returns
    -------
    Role
        A city's own is a service: its features are facilities.
    """
    if name in ROLES:
        return ROLES[name]
    return Role(
        name,
        "A layer of the city's own.",
        _ANYTHING | {"raster"},
        _OF_SERVICE,
        service=True,
        known=False,
    )
