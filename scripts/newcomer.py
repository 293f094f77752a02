"""Walk a newcomer's path from an empty folder, timed: install, init, check, build.

    uv run python scripts/newcomer.py                      # the demonstration city's files alone
    uv run python scripts/newcomer.py "Las Palmas=las-palmas.osm.pbf" --residents 378675
    uv run python scripts/newcomer.py --install Bar=~/gis/bar Kotor=~/gis/kotor

Each city is NAME=PATH, with several paths parted by commas. Prints for each step how long it
took, and how many edits the drafted city file needs: the errors that `check` reports.
Ends with 1 if some city cannot be built.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]
DEMONSTRATION = ROOT / "data/gis/podgorica"


@dataclass(frozen=True, slots=True)
class Walked:
    """What a newcomer needed for one city.

    Attributes
    ----------
    seconds, cpu_seconds
        By step: init, check, build; how long it took, and of it the processor's time.
    edits
        Errors of the drafted city file.
    results
        Results on the page; 0 where nothing was published.
    doubtful
        Layers and keys of the draft that wait for somebody to decide.
    """

    seconds: dict[str, float]
    cpu_seconds: dict[str, float]
    edits: int
    results: int
    doubtful: int


def main(arguments: Sequence[str]) -> int:
    """Print the table and return the exit code.

    Parameters
    ----------
    arguments
        Of the command line.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("cities", nargs="*", help="NAME=PATH[,PATH…]")
    parser.add_argument("--residents", help="people of every city, if no file counts them")
    parser.add_argument(
        "--install", action="store_true", help="install into a new environment first"
    )
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="newcomer-") as place:
        empty = Path(place)
        command = installed(empty) if given.install else [sys.executable, "-m", "urbanlayer"]
        cities = given.cities or [f"Podgorica={without_city_file(empty)}"]
        failed = 0
        for city in cities:
            name, _, paths = city.partition("=")
            resolved = [str(Path(path).expanduser().resolve()) for path in paths.split(",")]
            walked = walk(
                command, name, resolved, empty / f"of-{len(name)}-{name}", given.residents
            )
            steps = ", ".join(
                f"{step} {took:.0f} s ({walked.cpu_seconds[step]:.0f} s of processor)"
                for step, took in walked.seconds.items()
            )
            print(
                f"{name}: {steps}; {walked.edits} edits, {walked.results} results, "
                f"{walked.doubtful} doubtful"
            )
            failed += not walked.results
    return 1 if failed else 0


def installed(empty: Path) -> list[str]:
    """The command, installed from this repository into an environment of its own; prints how long.

    Parameters
    ----------
    empty
        Folder in which the environment is made.
    """
    started = time.monotonic()
    subprocess.run(["uv", "venv", "--quiet", empty / "venv"], check=True)  # noqa: S603, S607
    python = empty / "venv/bin/python"
    subprocess.run(  # noqa: S603
        ["uv", "pip", "install", "--quiet", "--python", python, ROOT],  # noqa: S607
        check=True,
    )
    print(f"install: {time.monotonic() - started:.0f} s")
    return [str(python), "-m", "urbanlayer"]


def without_city_file(empty: Path) -> Path:
    """A copy of the demonstration city's folder with its data alone.

    Parameters
    ----------
    empty
        Folder in which the copy is made.
    """
    copy = empty / "podgorica"
    shutil.copytree(DEMONSTRATION, copy, ignore=shutil.ignore_patterns("*.toml", "*.md"))
    return copy


def walk(
    command: Sequence[str], name: str, paths: Sequence[str], folder: Path, residents: str | None
) -> Walked:
    """What init, check and build took and said, in a folder of their own.

    Parameters
    ----------
    command
        How `urbanlayer` is called.
    name, paths, residents
        As given to `init`.
    folder
        Is made.
    """
    folder.mkdir()
    people = ["--residents", residents] if residents else []
    steps = {
        "init": ["init", name, *paths, "--folder", "city", *people],
        "check": ["check", "city/city.toml", "--json"],
        "build": ["build", "city/city.toml", "--out", "published", "--json"],
    }
    seconds, cpu, said = {}, {}, {}
    for step, arguments in steps.items():
        started, before = time.monotonic(), _cpu_of_children()
        done = subprocess.run(  # noqa: S603
            [*command, *arguments], cwd=folder, capture_output=True, text=True, check=False
        )
        seconds[step], said[step] = time.monotonic() - started, done
        cpu[step] = _cpu_of_children() - before
        if step == "init" and done.returncode:
            print(done.stderr)
            return Walked(seconds, cpu, 1, 0, 0)
    text = (folder / "city/city.toml").read_text(encoding="utf-8")
    checked, built = json.loads(said["check"].stdout), json.loads(said["build"].stdout)
    errors = checked.get("errors", ())
    for error in (*errors, *built.get("errors", ())):
        print(f"  {error}")
    return Walked(seconds, cpu, len(errors), len(built.get("results", ())), text.count("# doubt: "))


def _cpu_of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
