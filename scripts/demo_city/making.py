"""The making of the city, step by step, and of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo_city import defects, files, layers
from demo_city.blocks import lay_blocks
from demo_city.buildings import raise_buildings
from demo_city.economy import offer_plots, open_businesses
from demo_city.floods import flood_zones
from demo_city.footprints import place_footprints
from demo_city.greenery import GreenSources, OpenGround, plant_green, plant_trees
from demo_city.institutions import found_institutions, with_institutions
from demo_city.local_streets import draw_footways, draw_local_streets
from demo_city.main_streets import Street, draw_main_streets
from demo_city.neighbourhoods import lay_neighbourhoods
from demo_city.network import join_streets
from demo_city.parks import lay_parks
from demo_city.rasters import RasterSources, paint_rasters
from demo_city.residents import settle
from demo_city.services import open_services
from demo_city.setting import lay_setting
from demo_city.skeleton import read_skeleton
from demo_city.street_records import light_streets, record_crashes
from demo_city.superblocks import lay_superblocks
from demo_city.timetable import timetable
from demo_city.transit import run_buses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from demo_city.superblocks import Superblocks


def grow_city() -> tuple[layers.City, Superblocks]:
    """The city, from its setting to what stands and runs in it."""
    setting = lay_setting(read_skeleton())
    skeleton = setting.skeleton
    main_streets = draw_main_streets(setting)
    superblocks = lay_superblocks(setting, main_streets)
    parks = lay_parks(setting, superblocks.shapes, main_streets)
    collectors = [Street("tertiary", "", line) for line in superblocks.collectors]
    streets = [*main_streets, *collectors, *draw_local_streets(superblocks, parks)]
    streets += draw_footways(setting, parks, streets)
    network = join_streets(streets, setting, superblocks, parks)
    blocks = lay_blocks(setting, superblocks, parks, network)
    footprints = place_footprints(skeleton, superblocks, blocks, network)
    raised = raise_buildings(footprints, main_streets)
    institutions = found_institutions(blocks, raised)
    buildings = with_institutions(raised, institutions, blocks)
    neighbourhoods = lay_neighbourhoods(setting, superblocks)
    residents = settle(buildings, neighbourhoods)
    ground = OpenGround(buildings)
    greens = plant_green(
        GreenSources(setting, parks, footprints.greens, institutions, blocks, network, ground)
    )
    city = layers.City(
        setting=setting,
        network=network,
        blocks=blocks,
        neighbourhoods=neighbourhoods,
        buildings=buildings,
        residents=residents,
        institutions=institutions,
        services=open_services(buildings, residents, network, main_streets),
        transit=run_buses(skeleton, network),
        greens=greens,
        trees=plant_trees(setting, network, greens, ground.walls),
        lamps=light_streets(network, neighbourhoods, skeleton),
        crashes=record_crashes(network),
        businesses=open_businesses(buildings),
        plots=offer_plots(blocks, buildings, institutions, ground),
        floods=flood_zones(setting),
    )
    return city, superblocks


def make_city(folder: Path) -> list[Path]:
    """The files of the city, written into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    files.fix_clock()
    city, superblocks = grow_city()
    return [
        *_write_maps(folder, city),
        *_write_tables(folder, city),
        *_write_rasters(folder, city, superblocks),
    ]


def _write_maps(folder: Path, city: layers.City) -> Iterator[Path]:
    geopackages = {
        "mjesne_zajednice.gpkg": layers.neighbourhood_layer(city),
        "ulice.gpkg": defects.spoil_streets(layers.street_layer(city), city),
        "zelenilo.gpkg": defects.spoil_green(layers.green_layer(city)),
        "vode.gpkg": layers.water_layer(city),
        "parcele.gpkg": layers.plot_layer(city),
    }
    for name, layer in geopackages.items():
        files.write_geopackage(folder / name, layer, indexed=name != "ulice.gpkg")
        yield folder / name
    buildings = defects.spoil_buildings(layers.building_layer(city), city)
    files.write_shapefile(folder / "objekti.shp", buildings)
    yield folder / "objekti.shp"
    geojsons = {
        "javne_sluzbe.geojson": defects.spoil_services(layers.service_layer(city)),
        "internet.geojson": layers.internet_layer(city),
        "poplave.geojson": layers.flood_layer(city),
    }
    for name, layer in geojsons.items():
        files.write_geojson(folder / name, layer)
        yield folder / name


def _write_tables(folder: Path, city: layers.City) -> Iterator[Path]:
    office = {
        "stabla.csv": layers.tree_table(city),
        "rasvjeta.csv": layers.lamp_table(city),
        "kontejneri.csv": defects.spoil_containers(layers.container_table(city)),
        "nezgode.csv": layers.crash_table(city),
        "privreda.csv": defects.spoil_businesses(layers.business_table(city)),
    }
    for name, table in office.items():
        files.write_office_csv(folder / name, table)
        yield folder / name
    counters = {"e_usluge.csv": "e-šalter", "biroi.csv": "biro", "wifi.csv": "wifi"}
    for name, kind in counters.items():
        files.write_web_csv(folder / name, layers.counter_table(city, kind))
        yield folder / name
    texts = timetable(city.transit, layers.stop_names(city))
    files.write_zip(folder / "gtfs.zip", defects.spoil_timetable(texts))
    yield folder / "gtfs.zip"


def _write_rasters(folder: Path, city: layers.City, superblocks: Superblocks) -> Iterator[Path]:
    sources = RasterSources(
        city.setting, superblocks, city.network, city.greens, city.buildings, city.residents
    )
    grid, rasters = paint_rasters(sources)
    for name, raster in rasters.items():
        files.write_raster(folder / name, raster, grid)
        yield folder / name
