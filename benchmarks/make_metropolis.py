"""A made city of any size, to measure how time and memory grow: from 10,000 to 3,000,000 buildings.

    uv run python benchmarks/make_metropolis.py FOLDER [--buildings 1000000] [--rasters]
        [--timetable]

Everything is generated, by a seed: streets in a bent grid (295,680 edges at a million buildings),
buildings in its blocks, 484 neighbourhoods with a census, 5,000 facilities, all as GeoPackages, and
a `city.toml` with five questions. `--rasters` adds land cover and heat of 20,000 × 20,000 cells and
a question of each, `--timetable` a GTFS feed and a question of stops. Every page that is made of it
is marked as demonstration data. The same arguments give the same city.
"""

from __future__ import annotations

import argparse
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

CRS = "EPSG:25834"
CORNER = np.array([350_000.0, 4_690_000.0])
SPACING_M = 100.0
NEIGHBOURHOODS_ON_A_SIDE = 22
FACILITIES = {"school": 2_000, "clinic": 1_000, "pharmacy": 2_000}
RASTER_CELLS = 20_000
SEED = 19

CITY = """\
# A made city: demonstration data, generated; not a survey.

id = "metropolis"
name = {{ en = "Metropolis" }}
crs = "EPSG:25834"
languages = ["en"]
as_of = 2026-06-30
demonstration = true
licence = "CC-BY-4.0"
attribution = "demonstration data, generated; not a survey"
date = 2026-06-30

[layers]
neighbourhoods = {{ path = "neighbourhoods.gpkg", key = "id", name = "name", residents = "census" }}
streets = {{ path = "streets.gpkg", key = "id" }}
{buildings}
school = {{ path = "school.gpkg", key = "id" }}
clinic = {{ path = "clinic.gpkg", key = "id" }}
pharmacy = {{ path = "pharmacy.gpkg", key = "id" }}
{layers}
[residents]
from = ["buildings", "census"]

[indicators.coverage_within]
services = {{ school = 800 }}

[indicators.nearest_facility_min]
services = ["clinic", "pharmacy"]

[indicators.nh_population_density]
[indicators.floor_area_ratio]
[indicators.street_density]
{indicators}"""

BUILDINGS = (
    'buildings = { path = "buildings.gpkg", key = "id", levels = "levels", '
    'use = { field = "use", residential = ["residential"] } }'
)
RASTERS = (
    """\
land_cover = { source = "raster", path = "land_cover.tif" }
heat = { source = "raster", path = "heat.tif" }
""",
    """
[indicators.canopy_cover_30]
classes = [2]
water = [7]

[indicators.lst_mean]
""",
)
TIMETABLE = (
    """\
stop = { source = "gtfs", path = "gtfs.zip" }
transit = { source = "gtfs", path = "gtfs.zip" }
""",
    """
[indicators.stop_headway_min]
""",
)


@dataclass(frozen=True)
class _Grid:
    """Crossings of streets: (side, side, 2) metres; the blocks are between them."""

    xy: NDArray[np.float64]

    @property
    def side(self) -> int:
        return len(self.xy)

    @property
    def extent_m(self) -> float:
        return (self.side - 1) * SPACING_M


def main() -> None:
    """Write the city."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--buildings", type=int, default=1_000_000)
    parser.add_argument("--rasters", action="store_true")
    parser.add_argument("--timetable", action="store_true")
    options = parser.parse_args()
    make(options.folder, options.buildings, rasters=options.rasters, timetable=options.timetable)


def make(folder: Path, buildings: int, *, rasters: bool = False, timetable: bool = False) -> Path:
    """The city file of a city with so many buildings, made in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(SEED)
    grid = _grid(buildings, random)
    _write(_streets(grid), folder / "streets.gpkg")
    _write(_buildings(grid, buildings, random), folder / "buildings.gpkg")
    _write(_neighbourhoods(grid, buildings, random), folder / "neighbourhoods.gpkg")
    for role, count in FACILITIES.items():
        _write(_facilities(grid, role, count, random), folder / f"{role}.gpkg")
    added = []
    if rasters:
        _write_rasters(grid, folder, random)
        added.append(RASTERS)
    if timetable:
        (folder / "gtfs.zip").write_bytes(_feed(grid))
        added.append(TIMETABLE)
    path = folder / "city.toml"
    text = CITY.format(
        buildings=BUILDINGS,
        layers="".join(layers for layers, _ in added),
        indicators="".join(indicators for _, indicators in added),
    )
    path.write_text(text, encoding="utf-8")
    return path


def _write(frame: gpd.GeoDataFrame, path: Path) -> None:
    path.unlink(missing_ok=True)
    frame.to_file(path, engine="pyogrio", layer=path.stem)


def _grid(buildings: int, random: np.random.Generator) -> _Grid:
    """385 crossings on a side at a million buildings: 295,680 edges."""
    side = max(round(0.385 * buildings**0.5), NEIGHBOURHOODS_ON_A_SIDE + 1)
    steps = np.arange(side) * SPACING_M
    xy = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1)
    return _Grid(CORNER + xy + random.uniform(-12, 12, xy.shape))


def _streets(grid: _Grid) -> gpd.GeoDataFrame:
    """One edge between each two crossings that are next to one another, with a bend."""
    ends = np.concatenate([
        np.stack([grid.xy[:-1], grid.xy[1:]], axis=2).reshape(-1, 2, 2),
        np.stack([grid.xy[:, :-1], grid.xy[:, 1:]], axis=2).reshape(-1, 2, 2),
    ])  # fmt: skip
    bend = ends.mean(axis=1) + np.array([2.0, -2.0])
    lines = shapely.linestrings(np.stack([ends[:, 0], bend, ends[:, 1]], axis=1))
    return _frame({"id": _names("s", len(lines))}, lines)


def _buildings(grid: _Grid, count: int, random: np.random.Generator) -> gpd.GeoDataFrame:
    """Rectangles at places of their own in the blocks, in no order; four of five are homes."""
    on_a_side = int(np.ceil(count**0.5))
    step_m = grid.extent_m / on_a_side
    place = np.sort(random.permutation(on_a_side**2)[:count])
    middle = CORNER + (np.column_stack(np.divmod(place, on_a_side)) + 0.5) * step_m
    half = random.uniform(4, step_m / 2 - 3, (count, 2))
    low, high = middle - half, middle + half
    use = np.where(random.random(count) < 0.8, "residential", "business")
    columns = {
        "id": _names("b", count), "levels": random.integers(1, 9, count), "use": use,
    }  # fmt: skip
    order = random.permutation(count)
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    return _frame({name: values[order] for name, values in columns.items()}, boxes[order])


def _neighbourhoods(grid: _Grid, buildings: int, random: np.random.Generator) -> gpd.GeoDataFrame:
    """484 that share their borders, with some 2.5 people for each building."""
    side = NEIGHBOURHOODS_ON_A_SIDE
    steps = np.linspace(0, grid.extent_m, side + 1)
    xy = CORNER + np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1)
    step_m = grid.extent_m / side
    xy[1:-1, 1:-1] += random.uniform(-0.15 * step_m, 0.15 * step_m, (side - 1, side - 1, 2))
    rings = np.stack([xy[:-1, :-1], xy[1:, :-1], xy[1:, 1:], xy[:-1, 1:]], axis=2)
    people = random.uniform(0.5, 1.5, side * side)
    census = np.round(people / people.sum() * 2.5 * buildings).astype(int)
    names = [f"Neighbourhood {number + 1}" for number in range(side * side)]
    columns = {"id": _names("n", side * side), "name": np.array(names), "census": census}
    return _frame(columns, shapely.polygons(rings.reshape(-1, 4, 2)))


def _facilities(
    grid: _Grid, role: str, count: int, random: np.random.Generator
) -> gpd.GeoDataFrame:
    xy = CORNER + random.uniform(0, grid.extent_m, (count, 2))
    return _frame({"id": _names(role, count)}, shapely.points(xy))


def _write_rasters(grid: _Grid, folder: Path, random: np.random.Generator) -> None:
    """Land cover by patches of 50 cells, and heat that rises to the middle; written in strips."""
    import rasterio
    from rasterio.transform import from_origin
    from rasterio.windows import Window

    cell_m = (grid.extent_m + 1_000) / RASTER_CELLS
    west, north = CORNER + np.array([-500.0, grid.extent_m + 500])
    shape = {
        "driver": "GTiff", "width": RASTER_CELLS, "height": RASTER_CELLS, "count": 1, "crs": CRS,
        "transform": from_origin(west, north, cell_m, cell_m), "tiled": True,
        "blockxsize": 512, "blockysize": 512, "compress": "deflate",
    }  # fmt: skip
    patch, strip = 50, 1_000
    cover = random.choice(
        [1, 2, 3, 6, 7], (RASTER_CELLS // patch,) * 2, p=[0.2, 0.25, 0.3, 0.2, 0.05]
    )
    from_middle = np.abs(np.linspace(-1, 1, RASTER_CELLS))
    with (
        rasterio.open(folder / "land_cover.tif", "w", dtype="uint8", nodata=0, **shape) as classes,
        rasterio.open(folder / "heat.tif", "w", dtype="float32", nodata=-9999, **shape) as heat,
    ):
        for first in range(0, RASTER_CELLS, strip):
            window = Window(0, first, RASTER_CELLS, strip)
            rows = cover[first // patch : (first + strip) // patch]
            cells = np.repeat(np.repeat(rows, patch, axis=0), patch, axis=1)
            classes.write(cells.astype("uint8"), 1, window=window)
            away = np.hypot(from_middle[first : first + strip, None], from_middle)
            heat.write((36 - 6 * np.round(away, 2)).astype("float32"), 1, window=window)


def _feed(grid: _Grid) -> bytes:
    """A bus along each fifth street from south to north, every ten minutes from 6 to 20 o'clock."""
    columns, stops = np.arange(0, grid.side, 5), np.arange(0, grid.side, 4)
    xy = grid.xy[np.ix_(columns, stops)].reshape(-1, 2)
    lonlat = gpd.GeoSeries(shapely.points(xy), crs=CRS).to_crs("EPSG:4326")
    ids = [f"{column}-{stop}" for column in columns for stop in stops]
    starts = np.arange(6 * 3600, 20 * 3600, 600)
    line, start, stop = (
        part.ravel() for part in np.meshgrid(columns, starts, np.arange(len(stops)), indexing="ij")
    )
    clock = pd.Series(start + 90 * stop)
    times = pd.Series(
        (clock // 3600).astype(str).str.zfill(2) + ":"
        + (clock // 60 % 60).astype(str).str.zfill(2) + ":"
        + (clock % 60).astype(str).str.zfill(2)
    )  # fmt: skip
    trip = [f"{one}-{at}" for one in columns for at in starts]
    tables = {
        "agency": pd.DataFrame({"agency_id": ["a"], "agency_name": ["Generated"],
            "agency_url": ["https://example.org"], "agency_timezone": ["Europe/Podgorica"]}),
        "stops": pd.DataFrame({"stop_id": ids, "stop_name": ids,
            "stop_lat": lonlat.y.round(6), "stop_lon": lonlat.x.round(6)}),
        "routes": pd.DataFrame({"route_id": columns, "agency_id": "a",
            "route_short_name": columns, "route_type": 3}),
        "calendar": pd.DataFrame({"service_id": ["daily"], **{day: [1] for day in DAYS},
            "start_date": ["20260101"], "end_date": ["20261231"]}),
        "trips": pd.DataFrame({"route_id": np.repeat(columns, len(starts)),
            "service_id": "daily", "trip_id": trip}),
        "stop_times": pd.DataFrame({"trip_id": np.repeat(trip, len(stops)),
            "arrival_time": times, "departure_time": times,
            "stop_id": [f"{one}-{stops[at]}" for one, at in zip(line, stop, strict=True)],
            "stop_sequence": stop}),
    }  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in tables.items():
            entry = zipfile.ZipInfo(f"{name}.txt", (2026, 6, 30, 0, 0, 0))
            archive.writestr(entry, table.to_csv(index=False), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _names(letter: str, count: int) -> NDArray[np.object_]:
    return np.array([f"{letter}{number}" for number in range(count)], dtype=object)


def _frame(
    columns: dict[str, NDArray[np.generic]], geometry: NDArray[np.object_]
) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=CRS)


if __name__ == "__main__":
    main()
