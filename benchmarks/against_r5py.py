"""Median travel times beside those of r5py, where r5py may load its engine from the network.

    uv run --with r5py --with numba python benchmarks/against_r5py.py [--homes 50]

r5py needs a Java machine (21 or later) and fetches R5, its engine, when it is first imported. Where
this was written it could not: this script has never been run to its end, and no figure of ours
rests on it. It walks at our 80 m a minute; changes, the choice of stops and the putting of places
onto streets are R5's own.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from access import CRS, DAY, FEED, PBF, as_xml, guaguas, las_palmas

from urbanlayer.network.destinations import Destinations
from urbanlayer.network.routable import MAX_SNAP_M
from urbanlayer.network.snapping import attach_points
from urbanlayer.network.transit import transit_times


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--homes", type=int, default=50)
    options = parser.parse_args()
    try:
        import r5py
    except Exception as error:  # noqa: BLE001  (whatever keeps a Java engine from loading)
        print(f"r5py cannot load its engine: left out ({error})")
        return
    from dataclasses import replace

    city, walk = las_palmas()
    points = city.layers["school"].frame.representative_point()
    rows = np.random.default_rng(2).choice(len(city.residents), options.homes, replace=False)
    homes = gpd.GeoSeries.from_xy(*city.residents.xy[rows].T, crs=CRS)
    with tempfile.TemporaryDirectory() as folder:
        pbf = as_xml(Path(folder) / "city.osm.pbf", whole_ways=True)
        network = r5py.TransportNetwork(str(pbf), [str(FEED)])
        found = r5py.TravelTimeMatrix(
            network,
            origins=frame(homes),
            destinations=frame(points),
            departure=dt.datetime.combine(DAY, dt.time(7)),
            departure_time_window=dt.timedelta(hours=2),
            percentiles=[50],
            transport_modes=[r5py.TransportMode.TRANSIT, r5py.TransportMode.WALK],
            speed_walking=4.8,
        )
    theirs = np.full((len(rows), len(points)), np.nan)
    theirs[found["from_id"], found["to_id"]] = found["travel_time"]
    xy = np.column_stack([points.x, points.y])
    keys = tuple((key,) for key in points.index)
    to = Destinations(shapely.points(xy), keys, np.arange(len(xy)))
    few = city.residents.xy[rows]
    part = replace(walk, places=attach_points(few, walk.edges, limit_m=MAX_SNAP_M))
    ours = transit_times(part, few, to, guaguas(), percentiles=(50,)).minutes[0]
    apart = (ours - theirs)[np.isfinite(ours) & np.isfinite(theirs)]
    print("minutes more than r5py at 5, 25, 50, 75, 95 % of pairs:",
          np.percentile(apart, [5, 25, 50, 75, 95]).round(1).tolist())  # fmt: skip
    print(f"within 1 min {np.mean(np.abs(apart) <= 1):.0%}")


def frame(points):
    """Points as r5py wants them, numbered."""
    where = points.to_crs("EPSG:4326").reset_index(drop=True)
    return gpd.GeoDataFrame({"id": np.arange(len(where))}, geometry=where)


if __name__ == "__main__":
    if PBF.exists():
        main()
    else:
        print(f"{PBF.name} is not there: left out")
