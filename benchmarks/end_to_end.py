"""From a city file to a publication: time of each stage and peak memory, medians of several runs.

    uv run python benchmarks/end_to_end.py [CITY.toml …] [--runs 5]

Without a city file: Las Palmas (from ../shared/data) and the embedded city.
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
from pathlib import Path

ROOT = Path(__file__).parent.parent
CITIES = [ROOT / "tests/cities/las_palmas.toml", ROOT / "data/gis/podgorica/city.toml"]


def one_run(city: Path, folder: str) -> tuple[dict[str, float], float, float]:
    """Seconds of each stage as the command tells them, of the whole process, and peak MB."""
    command = [sys.executable, "-m", "urbanlayer", "build", str(city), "--out", folder, "--json"]
    began = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        whole_s = time.perf_counter() - began
        out.seek(0)
        told = json.loads(out.read())
    if process.returncode:
        raise SystemExit(f"{city.name}: exit code {process.returncode}")
    return told["seconds"], whole_s, usage.ru_maxrss / 1024


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cities", nargs="*", type=Path, default=CITIES)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    for city in options.cities:
        with tempfile.TemporaryDirectory() as folder:
            runs = [one_run(city, f"{folder}/city") for _ in range(options.runs)]
        print(f"\n{city.stem if city.stem != 'city' else city.parent.name}: {options.runs} runs")
        for stage in runs[0][0]:
            print(f"  {stage:24} {statistics.median(r[0][stage] for r in runs):7.2f} s")
        wholes = [r[1] for r in runs]
        print(f"  {'whole process':24} {statistics.median(wholes):7.2f} s", end="")
        print(f"   ({min(wholes):.2f} to {max(wholes):.2f})")
        print(f"  {'peak memory':24} {statistics.median(r[2] for r in runs):7.0f} MB")


if __name__ == "__main__":
    main()
