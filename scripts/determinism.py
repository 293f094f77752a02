"""Build a city under other locales, time zones, hash seeds, threads, umasks and Pythons.

    python scripts/determinism.py data/gis/podgorica/city.toml --python /usr/bin/python3.12

Prints a line for each environment, and each file that is not the same to the byte; `run.json` may
differ in its times, and in its versions under another Python. Ends with 1 if anything differs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LOCALES = ("tr_TR.utf8", "de_DE.utf8", "sr_ME.utf8", "C", "C.utf8", "POSIX")


@dataclass(frozen=True, slots=True)
class Environment:
    """One way to run the command."""

    name: str
    variables: Mapping[str, str] = field(default_factory=dict)
    umask: int = 0o022
    python: str = sys.executable
    elsewhere: bool = False
    """Whether the working folder is another one."""


def main() -> int:
    """Print the matrix and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("city", type=Path, help="city file")
    parser.add_argument(
        "--python", action="append", default=[], help="another Python that has urbanlayer"
    )
    asked = parser.parse_args()
    first, bad = None, 0
    for environment in environments(asked.python):
        files = built(asked.city.resolve(), environment)
        first = files if first is None else first
        names = sorted(first.keys() | files.keys())
        differs = [name for name in names if first.get(name) != files.get(name)]
        bad += bool(differs)
        print(f"{environment.name:32} {', '.join(differs) or 'the same'}")
    return 1 if bad else 0


def environments(pythons: Sequence[str]) -> list[Environment]:
    """The first is what the others are compared with."""
    installed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout  # noqa: S607
    found = [name for name in LOCALES if name in installed.split()]
    return [
        Environment("as it is"),
        Environment("again"),
        *(Environment(f"locale {name}", {"LC_ALL": name, "LANG": name}) for name in found),
        Environment("Pacific/Kiritimati", {"TZ": "Pacific/Kiritimati"}),
        Environment("America/St_Johns", {"TZ": "America/St_Johns"}),
        Environment("hash seed 1", {"PYTHONHASHSEED": "1"}),
        Environment("hash seed 4711", {"PYTHONHASHSEED": "4711"}),
        Environment("1 thread", {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}),
        Environment("4 threads", {"OMP_NUM_THREADS": "4", "OPENBLAS_NUM_THREADS": "4"}),
        Environment("umask 077", umask=0o077),
        Environment("no UTF-8 mode", {"PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252"}),
        Environment("another working folder", elsewhere=True),
        *(Environment(python, python=python) for python in pythons),
    ]


def built(city: Path, environment: Environment) -> dict[str, bytes]:
    """Every file of the publication by its path; of `run.json` what must be the same."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        subprocess.run(  # noqa: S603  (our own command)
            [environment.python, "-m", "urbanlayer", "build", str(city), "--out", str(out)],
            env={**os.environ, **environment.variables}, umask=environment.umask, check=True,
            cwd=folder if environment.elsewhere else None,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        files = {
            path.relative_to(out).as_posix(): path.read_bytes()
            for path in out.rglob("*")
            if path.is_file()
        }
    record = json.loads(files["run.json"])
    changing = {"seconds", "record_sha256"}
    if environment.python != sys.executable:
        changing.add("versions")
    kept = {name: value for name, value in record.items() if name not in changing}
    return {**files, "run.json": json.dumps(kept, sort_keys=True).encode()}


if __name__ == "__main__":
    sys.exit(main())
