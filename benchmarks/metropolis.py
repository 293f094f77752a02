"""How time and memory of a build grow with the city: a table, the exponents and a plot.

    uv run python benchmarks/metropolis.py [--buildings 10000 100000 1000000] [--plot growth.png]

Each city is made by `make_metropolis.py` in a folder that is removed, or kept in `--folder`, and
built from nothing in a process of its own, as `urbanlayer build` does. Seconds of processor time
are those of the process and its children, memory is the greatest sum of their resident memory,
looked at ten times a second. The plot needs `urbanlayer[figures]`.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from make_metropolis import make

SIZES = (10_000, 100_000, 1_000_000)
PROC = Path("/proc")
LOOK_S = 0.1
BYTES_PER_GB = 1e9
STAGE = re.compile(r"^(\w[\w ]+?) +([\d.]+) +([\d,]+)$", re.MULTILINE)


@dataclass(frozen=True)
class Measured:
    """A build of a city of so many buildings."""

    buildings: int
    wall_s: float
    busy_s: float
    peak_gb: float
    stages: str


def main() -> None:
    """Print the table, and draw the plot where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--buildings", nargs="+", type=int, default=SIZES)
    parser.add_argument("--folder", type=Path, help="where cities are made, and kept")
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--rasters", action="store_true")
    parser.add_argument("--timetable", action="store_true")
    options = parser.parse_args()
    added = {"rasters": options.rasters, "timetable": options.timetable}
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for count in options.buildings:
            folder = (options.folder or Path(scratch)) / str(count)
            city = folder / "city.toml"
            city = city if city.exists() else make(folder, count, **added)
            rows.append(measured(city, count, Path(scratch) / "published"))
            told(rows[-1])
    if len(rows) > 1:
        for name, values in (("processor time", "busy_s"), ("memory", "peak_gb")):
            growth = exponent(rows[0], rows[-1], values)
            print(f"{name} grows with the number of buildings to the power of {growth:.2f}")
    if options.plot:
        draw(rows, options.plot)


def measured(city: Path, count: int, out: Path) -> Measured:
    """A build from nothing."""
    command = [sys.executable, "-m", "urbanlayer", "build", str(city), "--out", str(out)]
    environment = {**os.environ, "URBANLAYER_NO_CACHE": "1"}
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as printed:
        process = subprocess.Popen([*command, "--profile"], stdout=printed, env=environment)
        peak = _Peak(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        peak_gb = peak.ended() / BYTES_PER_GB
        printed.seek(0)
        text = printed.read()
    if process.returncode:
        raise SystemExit(f"{city}: exit code {process.returncode}\n{text}")
    stages = "\n".join("  " + " ".join(found) + " MB" for found in STAGE.findall(text))
    return Measured(count, wall_s, usage.ru_utime + usage.ru_stime, peak_gb, stages)


class _Peak:
    """The greatest resident memory of a process and its descendants, looked at in a thread."""

    def __init__(self, process: int) -> None:
        self._peak = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(process,), daemon=True)
        self._thread.start()

    def ended(self) -> int:
        """Bytes."""
        self._stop.set()
        self._thread.join()
        return self._peak * os.sysconf("SC_PAGE_SIZE")

    def _run(self, process: int) -> None:
        while not self._stop.wait(LOOK_S):
            self._peak = max(self._peak, sum(_pages(one) for one in _tree(process)))


def _tree(process: int) -> list[int]:
    try:
        tasks = [*(PROC / str(process) / "task").iterdir()]
        children = [int(one) for task in tasks for one in (task / "children").read_text().split()]
    except OSError:
        children = []
    return [process, *(one for child in children for one in _tree(child))]


def _pages(process: int) -> int:
    try:
        return int((PROC / str(process) / "statm").read_text().split()[1])
    except OSError:
        return 0


def told(row: Measured) -> None:
    """Print a build."""
    print(
        f"{row.buildings:9,} buildings: {row.wall_s:6.1f} s, {row.busy_s:6.1f} s of processor time,"
        f" {row.peak_gb:5.2f} GB"
    )
    print(row.stages, flush=True)


def exponent(first: Measured, last: Measured, values: str) -> float:
    """By which power of the number of buildings something grew between two builds."""
    grown = getattr(last, values) / getattr(first, values)
    return float(np.log(grown) / np.log(last.buildings / first.buildings))


def draw(rows: list[Measured], path: Path) -> None:
    """Time and memory by the number of buildings, beside what grows in proportion."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.5), layout="constrained")
    counts = np.array([row.buildings for row in rows])
    for axes, values, title in zip(
        figure.subplots(1, 2), ("busy_s", "peak_gb"),
        ("Processor time (s)", "Peak memory (GB)"), strict=True,
    ):  # fmt: skip
        found = np.array([getattr(row, values) for row in rows])
        axes.loglog(counts, found, "o-", label="measured")
        axes.loglog(
            counts, found[-1] * counts / counts[-1], "--", color="0.6", label="in proportion"
        )
        axes.set(title=title, xlabel="buildings")
        axes.legend()
    figure.savefig(path, dpi=120)


if __name__ == "__main__":
    main()
