"""The rasters: people, land cover, height, summer heat and vegetation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely
from rasterio.features import rasterize
from rasterio.transform import from_origin
from scipy.ndimage import gaussian_filter

from demo_city.frame import ORIGIN_EASTING_M, ORIGIN_NORTHING_M, generator
from demo_city.hills import ground_height_m

if TYPE_CHECKING:
    from collections.abc import Iterable

    from affine import Affine
    from shapely.geometry.base import BaseGeometry

    from demo_city.buildings import Buildings
    from demo_city.frame import Flags, Floats
    from demo_city.greenery import Green
    from demo_city.network import Network
    from demo_city.residents import Residents
    from demo_city.setting import Setting
    from demo_city.superblocks import Superblocks

Bytes = npt.NDArray[np.uint8]

_ALIGNED_TO_M = 300  # so that cells of 10, 30 and 100 m share their edges
_COVER_CELL_M, _GROUND_CELL_M, _PEOPLE_CELL_M = 10, 30, 100
_NO_INT16 = -32768

BUILDING, TREES, GRASS, YARD, CROPS, SEALED, WATER, BARE, GARDEN = range(1, 10)
_COVER = {
    "village": GARDEN,
    "industry": SEALED,
    "informal": YARD,
    "houses": GARDEN,
    "old": SEALED,
    "centre": SEALED,
    "mixed": SEALED,
    "estate": GRASS,
}
_WOODED = ("šuma", "park-šuma", "park")
_FALLOW_BELOW = -0.9


@dataclass(frozen=True)
class Grid:
    """The extent that all rasters share: its north-west corner and its size."""

    west_m: float
    north_m: float
    width_m: int
    height_m: int

    @classmethod
    def about(cls, setting: Setting) -> Grid:
        """The grid about the boundary, aligned in EPSG:25834."""
        west, south, east, north = setting.boundary.bounds
        step = _ALIGNED_TO_M
        left = math.floor((west + ORIGIN_EASTING_M) / step) * step
        top = math.ceil((north + ORIGIN_NORTHING_M) / step) * step
        width = math.ceil((east + ORIGIN_EASTING_M - left) / step) * step
        height = math.ceil((top - south - ORIGIN_NORTHING_M) / step) * step
        return cls(left - ORIGIN_EASTING_M, top - ORIGIN_NORTHING_M, width, height)

    def shape(self, cell_m: int) -> tuple[int, int]:
        """Rows and columns of cells."""
        return self.height_m // cell_m, self.width_m // cell_m

    def transform(self, cell_m: int) -> Affine:
        """From columns and rows to metres of the frame."""
        corner: Affine = from_origin(self.west_m, self.north_m, cell_m, cell_m)
        return corner

    def middles(self, cell_m: int) -> tuple[Floats, Floats]:
        """East and north of the cells' middles."""
        rows, columns = np.mgrid[tuple(slice(n) for n in self.shape(cell_m))]
        x = self.west_m + columns * cell_m + cell_m / 2
        y = self.north_m - rows * cell_m - cell_m / 2
        return x, y

    def burned(self, shapes: Iterable[tuple[BaseGeometry, int]], fill: int = 0) -> Bytes:
        """Shapes with values on the finest cells; later ones lie on top."""
        out: Bytes = rasterize(
            shapes,
            out_shape=self.shape(_COVER_CELL_M),
            transform=self.transform(_COVER_CELL_M),
            fill=fill,
            dtype="uint8",
        )
        return out


@dataclass(frozen=True)
class Raster:
    """A raster ready to be written: values, cell, what stands for no data, and its scale."""

    values: npt.NDArray[np.generic]
    cell_m: int
    nodata: float
    scale: float
    unit: str


def means(values: npt.NDArray[np.generic], factor: int) -> Floats:
    """The means of square groups of cells."""
    rows, columns = values.shape
    groups = values.reshape(rows // factor, factor, columns // factor, factor)
    out: Floats = groups.astype(np.float64).mean(axis=(1, 3))
    return out


@dataclass(frozen=True)
class RasterSources:
    """What the rasters are made of."""

    setting: Setting
    superblocks: Superblocks
    network: Network
    greens: list[Green]
    buildings: Buildings
    residents: Residents


def paint_rasters(sources: RasterSources) -> tuple[Grid, dict[str, Raster]]:
    """The rasters by the names of their files, and the grid that they share."""
    grid = Grid.about(sources.setting)
    inside = grid.burned([(sources.setting.boundary, 1)]) == 1
    cover = np.where(inside, _land_cover(grid, sources), 0).astype(np.uint8)
    height_m = _height_m(grid, sources.setting)
    known = means(inside, _GROUND_CELL_M // _COVER_CELL_M) > 0.5  # noqa: PLR2004 -- half a cell
    heat_celsius, ndvi = _summer(grid, sources, cover, height_m)
    peopled = means(inside, _PEOPLE_CELL_M // _COVER_CELL_M) > 0
    people = np.where(peopled, _people(grid, sources).round(2), -1).astype(np.float32)
    return grid, {
        "stanovnistvo_100m.tif": Raster(people, _PEOPLE_CELL_M, -1, 1, "stanovnika"),
        "zemljiste_10m.tif": Raster(cover, _COVER_CELL_M, 0, 1, "klasa"),
        "toplota_30m.tif": _scaled(heat_celsius, known, 0.01, "°C"),
        "ndvi.tif": _scaled(ndvi, known, 0.0001, "NDVI"),
        "visina_30m.tif": _scaled(height_m, known, 0.1, "m"),
    }


def _scaled(values: Floats, known: Flags, scale: float, unit: str) -> Raster:
    whole = np.where(known, np.round(values / scale), _NO_INT16).astype(np.int16)
    return Raster(whole, _GROUND_CELL_M, _NO_INT16, scale, unit)


def _land_cover(grid: Grid, sources: RasterSources) -> Bytes:
    blocks = sources.superblocks
    fallow = blocks.mood + blocks.park_mood <= _FALLOW_BELOW
    network = sources.network
    tracks = shapely.union_all(shapely.buffer(network.edges[network.kind == "track"], 2))
    return grid.burned(
        [
            *(
                (shape, _COVER.get(kind, BARE if poor else CROPS))
                for shape, kind, poor in zip(blocks.shapes, blocks.character, fallow, strict=True)
            ),
            *((hill, TREES) for hill in sources.setting.hill_outlines.values()),
            *((g.shape, TREES if g.kind in _WOODED else GRASS) for g in sources.greens),
            *((shape, BUILDING) for shape in sources.buildings.shapes),
            (network.surface.intersection(sources.setting.boundary), SEALED),
            (tracks, BARE),
            (sources.setting.rivers.water, WATER),
        ],
        fill=CROPS,
    )


def _height_m(grid: Grid, setting: Setting) -> Floats:
    """The height of the ground, with the bed that the Morača has cut."""
    x, y = grid.middles(_GROUND_CELL_M)
    height = ground_height_m(x, y, setting.skeleton.hills)
    points = shapely.points(x.ravel(), y.ravel())
    to_river_m = shapely.distance(points, setting.rivers["Morača"].line).reshape(x.shape)
    bed: Floats = 6.5 * np.exp(-((to_river_m / 130) ** 2))
    return height - bed


def _summer(
    grid: Grid, sources: RasterSources, cover: Bytes, height_m: Floats
) -> tuple[Floats, Floats]:
    """Surface heat of a summer noon in °C, and the vegetation index."""
    factor = _GROUND_CELL_M // _COVER_CELL_M

    def around(values: npt.NDArray[np.generic], spread: float) -> Floats:
        out: Floats = gaussian_filter(means(values, factor), spread)
        return out

    paved = np.isin(cover, [BUILDING, SEALED]) + 0.35 * (cover == YARD) + 0.16 * (cover == GARDEN)
    leafy = (cover == TREES) + 0.18 * (cover == GRASS) + 0.12 * (cover == GARDEN)
    blocks = sources.superblocks
    industry = [(shape, 1) for shape in blocks.shapes[blocks.character == "industry"]]
    sealed, trees = around(paved, 1.6), around(leafy, 1.6)
    water, works = around(cover == WATER, 1.6), around(grid.burned(industry), 2)
    crops, bare = means(cover == CROPS, factor), means(cover == BARE, factor)
    rng = generator("heat")
    heat = 35.5 + 7.5 * sealed - 5.5 * trees - 10 * water + 3.2 * works - 0.0085 * (height_m - 45)
    heat = heat + 1.6 * gaussian_filter(bare + 0.3 * crops, 2)
    heat = heat + gaussian_filter(rng.normal(0, 1, heat.shape), 2) * 1.5
    ndvi = 0.42 - 0.36 * sealed + 0.36 * trees - 0.55 * water - 0.12 * works
    ndvi = ndvi + 0.10 * crops - 0.1 * bare
    ndvi = ndvi + gaussian_filter(rng.normal(0, 1, heat.shape), 1) * 0.08
    return heat, np.clip(ndvi, -0.3, 0.86)


def _people(grid: Grid, sources: RasterSources) -> Floats:
    """People in each cell of 100 m, by the buildings' points."""
    x, y = sources.buildings.points.T
    rows = ((grid.north_m - y) // _PEOPLE_CELL_M).astype(int)
    columns = ((x - grid.west_m) // _PEOPLE_CELL_M).astype(int)
    people: Floats = np.zeros(grid.shape(_PEOPLE_CELL_M))
    np.add.at(people, (rows, columns), sources.residents.by_building)
    return people
