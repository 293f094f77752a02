"""From a city file to a publication: time of each stage and peak memory, medians of several runs.

    uv run python benchmarks/end_to_end.py [CITY.toml …] [--runs 5] [--peer SCRIPT DATA --python P]

Without a city file: Las Palmas (from ../shared/data) and the embedded city. With a peer, which is
a script that takes the folder of Las Palmas' data and a folder to write to, each of its runs comes
right after one of ours of Las Palmas, and the ratios of time and of CPU are printed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMPARED = ROOT / "tests/cities/las_palmas.toml"
"""The city that a peer makes too."""
CITIES = [COMPARED, ROOT / "data/gis/podgorica/city.toml"]
PEER_NEEDS = "pyrosm, pandana, geopandas, folium"


@dataclass(frozen=True)
class Run:
    """What a process and its children took: seconds of the clock and of CPU, peak MB, output."""

    whole_s: float
    cpu_s: float
    peak_mb: float
    output: bytes


@dataclass(frozen=True)
class Peer:
    """A script that makes what we make, and its Python."""

    script: Path
    data: Path
    python: str

    def run(self, folder: str) -> Run:
        """One run of it."""
        return run([self.python, str(self.script), str(self.data), folder])

    def missing(self) -> str:
        """Why it cannot run; empty where it can."""
        for place in (self.script, self.data):
            if not place.exists():
                return f"there is no {place}"
        try:
            asked = [self.python, "-c", f"import {PEER_NEEDS}"]
            found = subprocess.run(asked, capture_output=True, text=True, check=False)
        except OSError as error:
            return f"{self.python}: {error.strerror}"
        return found.stderr.strip().splitlines()[-1] if found.returncode else ""


def run(command: list[str]) -> Run:
    """One process: from nothing, with byte code kept."""
    hidden = {"PYTHONDONTWRITEBYTECODE"}
    settings = {name: value for name, value in os.environ.items() if name not in hidden}
    began = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(
            command, stdout=out, cwd=ROOT, env={**settings, "URBANLAYER_NO_CACHE": "1"}
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        whole_s = time.perf_counter() - began
        out.seek(0)
        output = out.read()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: exit code {process.returncode}")
    return Run(whole_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def build(city: Path, folder: str) -> Run:
    """One run of ours."""
    return run([sys.executable, "-m", "urbanlayer", "build", str(city), "--out", folder, "--json"])


def told(name: str, runs: list[Run]) -> None:
    """Print the medians of some runs."""
    wholes = [one.whole_s for one in runs]
    print(f"  {name:24} {statistics.median(wholes):7.2f} s", end="")
    print(f"   ({min(wholes):.2f} to {max(wholes):.2f})")
    print(f"  {'CPU, with children':24} {statistics.median(one.cpu_s for one in runs):7.2f} s")
    print(f"  {'peak memory':24} {statistics.median(one.peak_mb for one in runs):7.0f} MB")


def ratios(ours: list[Run], theirs: list[Run]) -> None:
    """Print what we take of what the peer takes."""
    told("peer", theirs)
    for name, field in (("of the peer's time", "whole_s"), ("of its CPU", "cpu_s")):
        own, other = (statistics.median(getattr(o, field) for o in r) for r in (ours, theirs))
        print(f"  {name:24} {own / other:7.2f}")


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cities", nargs="*", type=Path, default=CITIES)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peer", nargs=2, type=Path, metavar=("SCRIPT", "DATA"))
    parser.add_argument("--python", default=sys.executable, help=f"has {PEER_NEEDS}")
    options = parser.parse_args()
    peer = (
        Peer(*(place.resolve() for place in options.peer), options.python) if options.peer else None
    )
    without = peer.missing() if peer else "no --peer was given"
    for city in options.cities:
        compared = city.resolve() == COMPARED.resolve()
        ours, theirs = [], []
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(options.runs):
                ours.append(build(city, f"{folder}/city"))
                if compared and peer and not without:
                    theirs.append(peer.run(f"{folder}/peer"))
        print(f"\n{city.stem if city.stem != 'city' else city.parent.name}: {options.runs} runs")
        seconds = [json.loads(one.output)["seconds"] for one in ours]
        for stage in seconds[0]:
            print(f"  {stage:24} {statistics.median(one[stage] for one in seconds):7.2f} s")
        told("whole process", ours)
        if theirs:
            ratios(ours, theirs)
        elif compared:
            print(f"  not compared with a peer: {without}")


if __name__ == "__main__":
    main()
