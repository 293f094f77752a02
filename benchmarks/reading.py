"""Reading and conforming against the fastest readers, in one run: `uv run benchmarks/reading.py`.

Prints seconds and peak memory of a million buildings from a GeoPackage, and of every layer of Las
Palmas from its extract, beside what pyogrio and pyosmium need for reading alone.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

LAS_PALMAS = Path(__file__).parents[2] / "shared/data/las_palmas/las_palmas_2023-02-21.osm.pbf"
ROLES = (
    *("streets", "buildings", "green", "trees", "water", "kindergarten", "school", "pharmacy"),
    *("clinic", "library", "playground", "stop", "food_market", "convenience", "waste_point"),
)
SIDE = 1000
"""A thousand rows of a thousand buildings."""


def main() -> None:
    """Run each task in a process of its own, so that its memory is its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "buildings.gpkg"
        maker = multiprocessing.get_context("spawn").Process(target=make_buildings, args=(path,))
        maker.start()
        maker.join()
        size = path.stat().st_size / 1e6
        print(f"{SIDE**2:,} buildings, GeoPackage of {size:,.0f} MB")
        alone = measured("pyogrio, reading alone", by_pyogrio, path)
        read = measured("urbanlayer, reading", by_urbanlayer, path)
        measured("urbanlayer, reading and conforming", by_gate, path)
        print(f"  reading: {read / alone:.2f} times pyogrio")
    if LAS_PALMAS.exists():
        print(f"Las Palmas, {len(ROLES)} layers")
        alone = measured("pyosmium, all areas and ways as WKB", by_pyosmium, LAS_PALMAS)
        read = measured("urbanlayer, reading", extract, LAS_PALMAS)
        print(f"  reading: {read / alone:.2f} times pyosmium")


def make_buildings(path: Path) -> None:
    """A million houses of ten metres, each with its storeys and its use."""
    import geopandas as gpd
    import numpy as np
    import shapely

    x, y = np.meshgrid(np.arange(SIDE) * 15.0 + 350_000, np.arange(SIDE) * 15.0 + 4_695_000)
    x, y = x.ravel(), y.ravel()
    frame = gpd.GeoDataFrame(
        {
            "id": np.arange(len(x)).astype("str"),
            "spratnost": np.arange(len(x)) % 9 + 1,
            "namjena": np.where(np.arange(len(x)) % 4, "stambeni", "poslovni"),
        },
        geometry=shapely.box(x, y, x + 10, y + 10),
        crs="EPSG:25834",
    )
    frame.to_file(path, engine="pyogrio", layer="buildings")


def by_pyogrio(path: Path) -> int:
    import pyogrio

    return len(pyogrio.read_dataframe(path, use_arrow=True))


def by_urbanlayer(path: Path) -> int:
    return len(_raw(path)[0].frame)


def by_gate(path: Path) -> int:
    from urbanlayer.layers import validate
    from urbanlayer.model.study_area import StudyArea

    raw, request = _raw(path)
    frame = StudyArea("EPSG:25834", "ME", (350_000, 4_695_000, 365_000, 4_710_000), (19.26, 42.44))
    return len(validate(raw, request, frame))


def _raw(path: Path) -> Any:
    from urbanlayer.model.layer_specification import LayerSpec
    from urbanlayer.sources import file

    use = {"field": "namjena", "residential": ["stambeni"]}
    spec = LayerSpec.model_validate(
        {"path": path.name, "key": "id", "levels": "spratnost", "use": use}
    )
    request = _request("buildings", spec, path)
    return file.SOURCE.read([request])["buildings"], request


def by_pyosmium(path: Path) -> int:
    import osmium
    import shapely

    keep = osmium.filter.KeyFilter(
        "highway", "building", "leisure", "landuse", "amenity", "natural"
    )
    factory, shapes = osmium.geom.WKBFactory(), []
    for thing in osmium.FileProcessor(str(path)).with_areas(keep).with_filter(keep):
        try:
            if thing.is_area():
                shapes.append(factory.create_multipolygon(thing))
            elif thing.is_way():
                shapes.append(factory.create_linestring(thing))
            elif thing.is_node():
                shapes.append(factory.create_point(thing))
        except (RuntimeError, osmium.InvalidLocationError):
            continue
    return len(shapely.from_wkb(shapes))


def extract(path: Path) -> int:
    from urbanlayer.model.layer_specification import LayerSpec
    from urbanlayer.sources import osm

    requests = [_request(role, LayerSpec(path=path.name, source="osm"), path) for role in ROLES]
    return sum(len(raw.frame) for raw in osm.SOURCE.read(requests).values())


def measured(name: str, task: Callable[[Path], int], path: Path) -> float:
    """Seconds that a task takes once everything is imported; told with its memory."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    process = context.Process(target=_run, args=(task, path, answers))
    process.start()
    seconds, busy, features, memory_mb = answers.get()
    process.join()
    told = f"{seconds:7.2f} s ({busy:5.2f} busy) {memory_mb:7,.0f} MB"
    print(f"  {name:<40}{told} {features:>10,} features")
    return seconds


def _run(task: Callable[[Path], int], path: Path, answers: Any) -> None:
    import geopandas  # noqa: F401
    import osmium  # noqa: F401
    import pyogrio  # noqa: F401

    from urbanlayer.model.layer_specification import LayerSpec
    from urbanlayer.sources import child

    child.start([_request("buildings", LayerSpec(path=path.name), path)])
    time.sleep(2)
    begun, busy = time.perf_counter(), time.process_time()
    features = task(path)
    seconds, busy = time.perf_counter() - begun, time.process_time() - busy
    child.stop()
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    busy += usage[1].ru_utime + usage[1].ru_stime  # of the readers, with their start
    answers.put((seconds, busy, features, sum(each.ru_maxrss for each in usage) / 1000))


def _request(role, spec, path):
    """The request of a layer's table to its source."""
    from urbanlayer.registry import sources

    return sources()[spec.source].request(role, spec, path)


if __name__ == "__main__":
    sys.exit(main())
