"""Build a city with several Pythons and compare the files, byte for byte.

    python scripts/compare_pythons.py CITY.toml PYTHON PYTHON …

Each PYTHON is an interpreter in whose environment urbanlayer is installed. Differing files are
printed; the exit code is 1 if there are any. `run.json` is left out: it names the versions.
"""

import subprocess
import sys
import tempfile
from pathlib import Path


def files_by(python: str, city: str, folder: Path) -> dict[str, bytes]:
    """What a Python publishes of a city: path to bytes."""
    command = [python, "-m", "urbanlayer", "build", city, "--out", str(folder), "--quiet"]
    subprocess.run(command, check=True)  # noqa: S603  (the interpreters that the user names)
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in paths
        if path.name != "run.json"
    }


def main(city: str, first: str, *others: str) -> int:
    """1 if a file differs between the first Python and another, else 0."""
    with tempfile.TemporaryDirectory() as folder:
        expected = files_by(first, city, Path(folder, "0"))
        differing = 0
        for number, python in enumerate(others, 1):
            found = files_by(python, city, Path(folder, str(number)))
            for path in sorted({*expected, *found}):
                if expected.get(path) != found.get(path):
                    differing += 1
                    print(f"{path}: differs between {first} and {python}")
    print(f"{len(expected)} files compared, {differing} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
