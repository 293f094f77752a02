"""A tag scheme: how the features of a map are described and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.model.role_table import ROLES
from urbanlayer.text.street_tags import ACCESS_CLOSED, FOOT_OPEN

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["OSM", "TagScheme"]


@dataclass(frozen=True, slots=True)
class TagScheme:
    """What the columns of a layer mean, where its source describes features by tags.

    Attributes
    ----------
    id
        Its short name.
    fields
        Canonical field name to the tag that holds it.
    building
        Tag with the use of a building.
    not_residential
        Values of it for buildings that nobody lives in.
    unspecific
        Values of it that tell nothing of the use beside another one.
    not_residential_tags
        Tags that no building has that people live in, unless other tags show that they do.
    residential
        Values of `building` and `use_tags` for buildings that people live in.
    use_tags
        Tags that name further uses of a building.
    dwellings
        Tag with the number of dwellings of a building.
    lodging
        Tags that no building has that people live in, whatever else it is.
    empty
        Tags of buildings that stand empty, unless they say `no`.
    access
        Tags that restrict entry.
    on_foot
        The tag that overrides them for pedestrians.
    refused, granted
        Values of these tags that keep the public out of grounds, and of `on_foot` that let it in.
    closes_ways, opens_ways
        The same for streets and the barriers on them: customers pass.
    private_home
        Tag and values of what belongs to a home, whatever its access tag.
    on_roofs
        Tags and values of what lies on a building, which is entered only where access is granted.
    storey
        The tag with the storeys that something lies on; those above the ground are the same.
    shared_nodes
        Whether streets, the barriers on them and the entrances of areas share their vertices
        exactly, so that nothing has to be snapped.
    on_wgs84
        Whether everything is drawn on WGS 84, so that the coordinates are right by construction.
    one_survey
        Whether it maps each facility once, so that two of one name and kind are duplicates.
    """

    id: str
    fields: Mapping[str, str]
    building: str
    not_residential: frozenset[str]
    unspecific: frozenset[str]
    not_residential_tags: tuple[str, ...]
    residential: frozenset[str]
    use_tags: tuple[str, ...]
    dwellings: str
    lodging: tuple[str, ...]
    empty: tuple[str, ...]
    access: tuple[str, ...]
    on_foot: str
    refused: frozenset[str]
    granted: frozenset[str]
    closes_ways: frozenset[str]
    opens_ways: frozenset[str]
    private_home: tuple[str, frozenset[str]]
    on_roofs: Mapping[str, frozenset[str]]
    storey: str
    shared_nodes: bool = True
    on_wgs84: bool = True
    one_survey: bool = True


_NOT_RESIDENTIAL = frozenset(
    """
    commercial industrial retail office warehouse school kindergarten university college hospital
    church mosque chapel cathedral temple religious synagogue monastery garage garages carport
    shed roof hangar barn farm_auxiliary greenhouse stable sty cowshed silo storage_tank service
    transformer_tower public civic government fire_station train_station transportation stadium
    sports_hall grandstand pavilion supermarket kiosk hotel ruins construction bridge bunker
    container parking toilets water_tower gatehouse digester tent tower power substation
    clinic museum prison military manufacture workshop

    mall shop shops market marketplace bank post_office restaurant cafe pub bar bars fuel
    gas_station car_wash factory industry works depot logistics storage brewery winery
    motel hostel guest_house parking_garage underground_parking
    kingdom_hall shrine wayside_shrine pagoda convent bell_tower campanile minaret clock_tower
    mausoleum tomb crypt turbe funeral_hall crematorium
    theatre cinema library community_centre community_center social_centre police courthouse
    townhall healthcare health_post health_centre childcare nursery hall exhibition_hall
    conference_centre concert_hall events_venue observatory laboratory
    sports sports_centre gym gymnasium ice_rink riding_hall swimming_pool pool sauna arena tribune
    bleachers stands boathouse beach_hut lifeguard lifeguard_tower
    livestock pigsty poultry_house chicken_coop kennel apiary agricultural slurry_tank conservatory
    hut outbuilding allotment_house quonset_hut cellar wine_cellar bakehouse windmill
    watermill guardhouse
    tank water_tank reservoir reservoir_covered basin gasometer cooling_tower chimney boiler_house
    pump pump_house pumping_station transformer transformer_station tech_cab technical generator
    power_plant heating_plant wastewater_plant data_center data_centre telephone_exchange
    terminal airport bus_station ferry_terminal station platform lighthouse ship train
    canopy shelter transit_shelter bus_shelter pergola gazebo entrance elevator stairs steps passage
    corridor tunnel fence wall gate ventilation_shaft air_shaft triumphal_arch monument fort
    proposed planned collapsed destroyed demolished razed removed abandoned disused unfinished
    """.split()  # noqa: SIM905  (a list of two hundred quoted words reads worse)
)

_RESIDENTIAL = frozenset(
    """
    apartments residential house detached semidetached_house terrace bungalow dormitory
    mixed_use mixed
    """.split()  # noqa: SIM905  (as above)
)

OSM = TagScheme(
    id="osm",
    fields={field.name: field.tag for role in ROLES.values() for field in role.fields if field.tag},
    building="building",
    not_residential=_NOT_RESIDENTIAL,
    unspecific=frozenset({"yes"}),
    not_residential_tags=(
        "amenity", "shop", "tourism", "leisure", "office", "man_made", "power",
        "healthcare", "craft", "aeroway", "railway", "military", "emergency", "telecom",
    ),
    residential=_RESIDENTIAL,
    use_tags=("building:use",),
    dwellings="building:flats",
    lodging=("tourism",),
    empty=("disused", "abandoned", "ruins", "demolished"),
    access=("access", "foot"),
    on_foot="foot",
    refused=ACCESS_CLOSED | {"customers"},
    granted=frozenset({"yes", "designated", "permissive", "official"}),
    closes_ways=ACCESS_CLOSED,
    opens_ways=FOOT_OPEN,
    private_home=("garden:type", frozenset({"residential", "private"})),
    on_roofs={
        "location": frozenset({"roof", "rooftop"}),
        "garden:type": frozenset({"roof", "rooftop", "roof_garden"}),
        "roof": frozenset({"yes", "garden"}),
    },
    storey="level",
)  # fmt: skip
"""OpenStreetMap's, after the wiki's "Map features" (wiki.openstreetmap.org, CC BY-SA 2.0)."""
