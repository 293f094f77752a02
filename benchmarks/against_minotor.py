"""Travel times between stops beside those of minotor, a router of npm, by the same conventions.

    uv run --with numba python benchmarks/against_minotor.py [--modules FOLDER] [--stops 100]

minotor knows stops and no streets: both are given our walks between stops as `transfers.txt`, in
whole seconds, and changes at one stop take no time. It walks on from where it has just walked to,
but not always; so stops that lie within 100 m of one another, from stop to stop, make a group, and
the walks are those between all stops of a group. What it says of all stops after a question
(`arrivalAt`) may be worse than what an earlier round had found; the least of its rounds is taken.

FOLDER is where `npm install minotor` was run; without it the package is installed into a folder
that is removed again. Where node or the package cannot be had, that is said and nothing is
compared.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from access import DAY, FEED, PBF, guaguas, las_palmas
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from urbanlayer.kernels.pairs import Pairs
from urbanlayer.network.connection_scan import arrivals, connect
from urbanlayer.network.departure_profiles import departure_profiles
from urbanlayer.network.pairs import pairs_within
from urbanlayer.network.routable import MAX_SNAP_M
from urbanlayer.network.snapping import attach_points

CHANGE_M, FAR_M, M_PER_S = 100.0, 5000.0, 80 / 60
MINUTES = (480, 495, 510)
PLACES, DEPARTURES = 22_595, 121
SCRIPT = """
import { GtfsParser } from 'minotor/parser';
import { Query, Router, Time } from 'minotor';
import fs from 'fs';
const asked = JSON.parse(fs.readFileSync('asked.json'));
let began = performance.now();
const { timetable, stopsIndex } = await new GtfsParser('feed.zip').parse(new Date(asked.day));
const model = performance.now() - began;
const router = new Router(timetable, stopsIndex);
const found = [];
const known = id => id !== '' && !isNaN(id) ? Number(id) : id;  // it reads keys as numbers
const stops = asked.stops.map(known);
began = performance.now();
for (const minute of asked.minutes) for (const from of asked.from.map(known)) {
  const query = new Query.Builder().from(from).to([])
    .departureTime(Time.fromHMS(Math.floor(minute / 60), minute % 60, 0)).maxTransfers(8).build();
  const result = router.route(query);
  found.push(stops.map(stop => {
    const rounds = result.earliestArrivalsPerRound.filter(round => round.has(stop));
    if (!rounds.length) return null;
    return Math.min(...rounds.map(round => round.get(stop).time.toSeconds()));
  }));
}
const seconds = (performance.now() - began) / 1000;
fs.writeFileSync('found.json', JSON.stringify({ found, seconds, model: model / 1000 }));
"""


def changes(walk, table):
    """RoutableNetworks between all stops of each group, in whole seconds."""
    stops = attach_points(table.stop_xy, walk.edges, limit_m=MAX_SNAP_M)
    near = pairs_within(walk.graph, stops, stops, limit=CHANGE_M)
    joined = coo_array(
        (np.ones(len(near)), (near.place, near.destination)), shape=(stops.count,) * 2
    )
    group = connected_components(joined, directed=False)[1]
    found = pairs_within(walk.graph, stops, stops, limit=FAR_M)
    found = found.only(
        (found.origin != found.destination) & (group[found.origin] == group[found.destination])
    )
    return replace(found, cost=np.ceil(found.cost / M_PER_S))


def ours(table, between, start):
    """(minutes, starts, stops) seconds past midnight of arrival."""
    count = len(table.stop_keys)
    walks = np.full((count, count), np.inf)
    walks[between.origin, between.destination] = between.cost
    np.fill_diagonal(walks, 0.0)
    rides = connect(
        table.call_trip, table.call_stop, table.arrival_s, table.departure_s, stop_count=count,
        may_board=table.may_board, may_alight=table.may_alight,
        window_s=(MINUTES[0] * 60, 30 * 3600),
    )  # fmt: skip
    found = arrivals(rides, between, walks, change_s=0.0)
    place, target = np.nonzero(np.isfinite(walks[start]))
    home = Pairs(len(start), count, place, target, walks[start][place, target])
    leave_s = np.array(MINUTES) * 60.0
    boarded = departure_profiles(found, home, range(len(start)), leave_s)
    columns = np.ascontiguousarray(found.arrive_s.T)
    ridden = np.stack([boarded.minutes(column) for column in columns], axis=2)
    on_foot = walks[start][:, None, :] / 60
    seconds = np.minimum(ridden, on_foot) * 60 + leave_s[None, :, None]
    return seconds.transpose(1, 0, 2)


def theirs(table, between, start, modules):
    """The same by minotor, seconds for its model, and seconds for each question."""
    keys = table.stop_keys.tolist()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if modules is None:
            install = ["npm", "install", "--silent", "--prefix", name, "minotor"]
            subprocess.run(install, check=True, capture_output=True)
        else:
            (folder / "node_modules").symlink_to(modules.resolve() / "node_modules")
        rows = zip(between.origin, between.destination, between.cost.astype(int), strict=True)
        told = "".join(f"{keys[a]},{keys[b]},2,{seconds}\n" for a, b, seconds in rows)
        shutil.copy(FEED, folder / "feed.zip")
        with zipfile.ZipFile(folder / "feed.zip", "a") as file:
            head = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\n"
            file.writestr("transfers.txt", head + told)
        asked = {"day": f"{DAY}T12:00:00", "minutes": MINUTES, "stops": keys}
        asked["from"] = [keys[row] for row in start]
        (folder / "asked.json").write_text(json.dumps(asked))
        (folder / "ask.mjs").write_text(SCRIPT)
        subprocess.run(["node", "ask.mjs"], cwd=folder, check=True, capture_output=True)
        told = json.loads((folder / "found.json").read_text())
    found = np.array(told["found"], dtype=float).reshape(len(MINUTES), len(start), -1)
    return found, told["model"], told["seconds"] / found[..., 0].size


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--modules", type=Path)
    parser.add_argument("--stops", type=int, default=100)
    options = parser.parse_args()
    if not PBF.exists() or not shutil.which("node"):
        print("Las Palmas or node is not there: left out")
        return
    _, walk = las_palmas()
    table = guaguas()
    between = changes(walk, table)
    served = np.unique(table.call_stop)
    start = np.random.default_rng(4).choice(served, options.stops, replace=False)
    try:
        found, model_s, question_s = theirs(table, between, start, options.modules)
    except subprocess.CalledProcessError as error:
        print(f"minotor cannot be had: left out ({error.stderr.decode()[-300:]})")
        return
    own = ours(table, between, start)
    within = (own < np.array(MINUTES)[:, None, None] * 60 + 3 * 3600) | np.isfinite(found)
    both = np.isfinite(own) & np.isfinite(found) & within
    apart = ((own - found) / 60)[both]
    print(f"{len(start)} stops to {len(table.stop_keys)}, leaving at 8:00, 8:15 and 8:30")
    print(
        f"  within 1 min {np.mean(np.abs(apart) <= 1):.2%}, "
        f"within 1 s {np.mean(np.abs(apart) <= 1 / 60):.2%}"
    )
    print(f"  minutes more than minotor at 0, 1, 50, 99, 100 %: "
          f"{np.percentile(apart, [0, 1, 50, 99, 100]).round(1).tolist()}")  # fmt: skip
    alone = np.isfinite(own) & ~np.isfinite(found) & within
    others = ~np.isfinite(own) & np.isfinite(found)
    print(f"  known to ours alone {alone.mean():.2%}, to minotor alone {others.mean():.2%}")
    whole_s = model_s + question_s * len(served) * DEPARTURES
    print(
        f"  minotor: model {model_s:.1f} s, each question {question_s * 1000:.1f} ms; from all "
        f"{len(served)} served stops at {DEPARTURES} minutes {whole_s:.0f} s, walks not counted"
    )


if __name__ == "__main__":
    main()
