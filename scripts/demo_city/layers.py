"""The layers as tables, with the columns that the city's offices would give them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from shapely import Point, STRtree

from demo_city.broadband import broadband_tiles
from demo_city.frame import generator
from demo_city.georeference import (
    degree_layer,
    degree_places,
    metric_layer,
    state_layer,
    state_places,
)
from demo_city.network import bridges
from demo_city.shapes import array_of
from demo_city.spelling import cyrillic

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from demo_city.blocks import Blocks
    from demo_city.buildings import Buildings
    from demo_city.economy import Businesses, Plot
    from demo_city.frame import Floats, Shapes
    from demo_city.greenery import Green, Trees
    from demo_city.institutions import Institution
    from demo_city.network import Network
    from demo_city.residents import Residents
    from demo_city.setting import Setting
    from demo_city.street_records import Crashes, Lamps
    from demo_city.transit import Transit

_TITLES = {
    "škola": "Osnovna škola",
    "vrtić": "Vrtić",
    "dom zdravlja": "Dom zdravlja",
    "apoteka": "Apoteka",
    "prodavnica": "Prodavnica",
    "pijaca": "Pijaca",
    "biblioteka": "Biblioteka",
    "igralište": "Igralište",
    "e-šalter": "E-šalter",
    "biro": "Građanski biro",
    "wifi": "Javni Wi-Fi",
}
_PLACES_OFFERED = {"škola": (380, 1100), "vrtić": (110, 290)}
_POINT_SERVICES = ("apoteka", "prodavnica", "pijaca", "biblioteka", "igralište")
_OFFICE_HOURS = ("Mo-Fr 07:00-15:00", "Mo-Fr 08:00-16:00", "Mo-Fr 07:00-20:00; Sa 08:00-14:00")
_FIRMS = {  # sections of NACE
    "C": "Proizvodnja",
    "F": "Gradnja",
    "G": "Trgovina",
    "H": "Prevoz",
    "I": "Ugostiteljstvo",
    "J": "Informatika",
    "M": "Projektni biro",
    "N": "Usluge",
    "P": "Kursevi",
    "Q": "Ordinacija",
    "S": "Zanatstvo",
}
_CONTAINER_LITRES = {"komunalni": (1100, 1100, 240, 5000), "reciklaža": (1100, 2500)}
_STATE_DECIMALS = 2


@dataclass(frozen=True)
class City:
    """All that was generated, before it becomes files."""

    setting: Setting
    network: Network
    blocks: Blocks
    neighbourhoods: Shapes
    buildings: Buildings
    residents: Residents
    institutions: list[Institution]
    services: dict[str, Floats]
    transit: Transit
    greens: list[Green]
    trees: Trees
    lamps: Lamps
    crashes: Crashes
    businesses: Businesses
    plots: list[Plot]
    floods: dict[int, BaseGeometry]


@dataclass(frozen=True)
class Namer:
    """Names by kind and neighbourhood: `Vrtić Konik`, `Vrtić Konik 2`."""

    tree: STRtree
    neighbourhoods: tuple[str, ...]

    @classmethod
    def of(cls, city: City) -> Namer:
        """The namer of a city."""
        names = tuple(seed.name for seed in city.setting.skeleton.seeds)
        return cls(STRtree(city.neighbourhoods), names)

    def at(self, place: Floats) -> str:
        """The neighbourhood at a place."""
        return self.neighbourhoods[int(self.tree.nearest(Point(place)))]

    def titles(self, kinds: list[str], places: list[Floats]) -> list[str]:
        """The titles of things by their kinds and places, numbered where they repeat."""
        seen: Counter[str] = Counter()
        titles = []
        for kind, place in zip(kinds, places, strict=True):
            title = f"{_TITLES[kind]} {self.at(place)}"
            seen[title] += 1
            titles.append(title if seen[title] == 1 else f"{title} {seen[title]}")
        return titles


def _numbers(count: int) -> np.typing.NDArray[np.int32]:
    return np.arange(1, count + 1, dtype=np.int32)


def neighbourhood_layer(city: City) -> gpd.GeoDataFrame:
    """The neighbourhoods, by name; their keys are in no order of space or name."""
    seeds = city.setting.skeleton.seeds
    keys = generator("keys").permutation(len(seeds)) + 1
    columns = {
        "mz_id": [f"MZ{key:02d}" for key in keys],
        "naziv": [seed.name for seed in seeds],
        "naziv_cir": [cyrillic(seed.name) for seed in seeds],
        "name_en": [seed.name_en for seed in seeds],
        "name_sq": [seed.name_sq for seed in seeds],
        "popis_2023": city.residents.census,
    }
    layer = metric_layer(columns, city.neighbourhoods)
    return layer.sort_values("naziv", kind="stable").reset_index(drop=True)


def street_layer(city: City) -> gpd.GeoDataFrame:
    """The streets, an edge a row, with bridges marked."""
    network = city.network
    columns = {
        "id": _numbers(len(network.edges)),
        "naziv": [name or None for name in network.name],
        "klasa": network.kind,
        "most": bridges(network, city.setting.rivers.water),
        "sirina_m": (network.half_width_m * 2).round(1),
    }
    return metric_layer(columns, network.edges)


def green_layer(city: City) -> gpd.GeoDataFrame:
    """The green layer; `javno` says whether a piece is open to all."""
    greens = city.greens
    columns = {
        "id": _numbers(len(greens)),
        "naziv": [green.name or None for green in greens],
        "vrsta": [green.kind for green in greens],
        "javno": ["da" if green.public else "ne" for green in greens],
    }
    return metric_layer(columns, array_of([green.shape for green in greens]))


def water_layer(city: City) -> gpd.GeoDataFrame:
    """The rivers within the boundary."""
    rivers = list(city.setting.rivers.by_name.values())
    columns = {
        "id": _numbers(len(rivers)),
        "naziv": [river.name for river in rivers],
        "vrsta": ["rijeka"] * len(rivers),
    }
    shapes = array_of([river.water.intersection(city.setting.boundary) for river in rivers])
    return metric_layer(columns, shapes)


def plot_layer(city: City) -> gpd.GeoDataFrame:
    """Plots with owner and price."""
    plots = city.plots
    columns = {
        "id": [f"KP {1000 + 7 * number}" for number in range(len(plots))],
        "cijena_eur_m2": [plot.price_eur_per_m2 for plot in plots],
        "vlasnik": [plot.owner for plot in plots],
        "povrsina_m2": [int(plot.shape.area) for plot in plots],
    }
    return metric_layer(columns, array_of([plot.shape for plot in plots]))


def building_layer(city: City) -> gpd.GeoDataFrame:
    """The buildings, in the coordinates of the cadastre."""
    buildings = city.buildings
    columns = {
        "id": _numbers(len(buildings.shapes)),
        "spratnost": pd.array(buildings.levels, dtype="Int16"),
        "namjena": buildings.use,
        "godina": buildings.year.astype(np.int16),
    }
    return state_layer(columns, buildings.shapes)


def service_layer(city: City) -> gpd.GeoDataFrame:
    """Public services: school grounds as polygons, everything else as points."""
    kinds = [each.kind for each in city.institutions]
    places = [each.place for each in city.institutions]
    shapes = [
        each.ground.simplify(0.5) if each.kind == "škola" else Point(each.place)
        for each in city.institutions
    ]
    for kind in _POINT_SERVICES:
        kinds += [kind] * len(city.services[kind])
        places += list(city.services[kind])
        shapes += [Point(place) for place in city.services[kind]]
    titles = Namer.of(city).titles(kinds, places)
    rng = generator("mjesta")
    offered = [
        int(rng.integers(*_PLACES_OFFERED[kind])) if kind in _PLACES_OFFERED else None
        for kind in kinds
    ]
    columns = {
        "id": _numbers(len(kinds)),
        "naziv": titles,
        "naziv_cir": [cyrillic(title) for title in titles],
        "tip": kinds,
        "mjesta": pd.array(offered, dtype="Int32"),
    }
    return degree_layer(columns, array_of(shapes))


def flood_layer(city: City) -> gpd.GeoDataFrame:
    """The flood zones with their return periods in years."""
    columns = {"id": _numbers(len(city.floods)), "povratni_period": list(city.floods)}
    return degree_layer(columns, array_of(list(city.floods.values())))


def internet_layer(city: City) -> gpd.GeoDataFrame:
    """Measured internet speeds by tile."""
    return broadband_tiles(city.buildings, city.residents)


def _state_table(columns: dict[str, object], places: Floats) -> pd.DataFrame:
    """A table with eastings and northings as text with decimal commas, as an office exports it."""
    texts = [
        [f"{value:.{_STATE_DECIMALS}f}".replace(".", ",") for value in axis]
        for axis in state_places(places).T
    ]
    numbers = [str(number) for number in _numbers(len(places))]
    return pd.DataFrame({"id": numbers, **columns, "x": texts[0], "y": texts[1]})


def tree_table(city: City) -> pd.DataFrame:
    """The trees of the green cadastre, which covers the centre only."""
    heights = [f"{height_m:.1f}".replace(".", ",") for height_m in city.trees.height_m]
    return _state_table({"vrsta": city.trees.kind, "visina_m": heights}, city.trees.places)


def lamp_table(city: City) -> pd.DataFrame:
    """The street lamps."""
    works = np.where(city.lamps.works == 1, "da", "ne")
    return _state_table({"ispravna": works}, city.lamps.places)


def container_table(city: City) -> pd.DataFrame:
    """Containers for waste and for recycling."""
    rng = generator("litres")
    kinds, litres, places = [], [], []
    for kind, sizes in _CONTAINER_LITRES.items():
        count = len(city.services[kind])
        kinds += [kind] * count
        litres += rng.choice(sizes, count).tolist()
        places.append(city.services[kind])
    return _state_table({"vrsta": kinds, "zapremina_l": litres}, np.vstack(places))


def crash_table(city: City) -> pd.DataFrame:
    """Crashes with people hurt."""
    crashes = city.crashes
    columns: dict[str, object] = {
        "datum": crashes.date,
        "posljedica": crashes.outcome,
        "povrijedjeni": crashes.injured,
    }
    return _state_table(columns, crashes.places)


def business_table(city: City) -> pd.DataFrame:
    """Businesses with jobs, at their seats."""
    businesses = city.businesses
    names = [
        f"{_FIRMS[section]} {number:04d} d.o.o."
        for number, section in enumerate(businesses.activity, start=1)
    ]
    columns: dict[str, object] = {
        "naziv": names,
        "djelatnost": businesses.activity,
        "zaposleni": businesses.jobs,
    }
    return _state_table(columns, city.buildings.points[businesses.building])


def counter_table(city: City, kind: str) -> pd.DataFrame:
    """E-service points, citizens' offices or public Wi-Fi, with longitude and latitude."""
    places = city.services[kind]
    lon, lat = degree_places(places).T.round(6)
    hours = ["24/7"] * len(places)
    if kind != "wifi":
        hours = [str(each) for each in generator("hours" + kind).choice(_OFFICE_HOURS, len(places))]
    return pd.DataFrame(
        {
            "id": _numbers(len(places)),
            "naziv": Namer.of(city).titles([kind] * len(places), list(places)),
            "lon": lon,
            "lat": lat,
            "radno_vrijeme": hours,
        }
    )


def stop_names(city: City) -> list[str]:
    """The names of the bus stops: neighbourhood and number."""
    namer = Namer.of(city)
    return [f"{namer.at(place)} {n}" for n, place in enumerate(city.transit.stops, start=1)]
