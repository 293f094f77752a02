"""The same publication under other Pythons and under the lowest versions of dependencies."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CITY = ROOT / "data/gis/podgorica/city.toml"
GDAL_WRITES = {".gpkg"}  # its version is among their bytes
pytestmark = pytest.mark.slow


def published(python, out):
    done = subprocess.run(
        [str(python), "-m", "urbanlayer", "build", str(CITY), "--out", str(out)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    files = {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file()
    }
    record = json.loads(files["run.json"])
    for changing in ("seconds", "record_sha256", "versions", "files"):
        record.pop(changing, None)
    return {**files, "run.json": json.dumps(record, sort_keys=True).encode()}


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    return published(sys.executable, tmp_path_factory.mktemp("reference") / "out")


def interpreter(version):
    """A Python of this version: on the path, or one of pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [shutil.which(f"python{version}"), *sorted(pyenv.glob(f"{version}.*/bin/python"))]
    for path in filter(None, found):  # the name may be there as a shim of pyenv without any Python
        if subprocess.run([path, "-c", ""], check=False, capture_output=True).returncode == 0:
            return path
    pytest.skip(f"Python {version} is not installed")


def environment(folder, python_to_use, *options):
    python = folder / "environment/bin/python"
    for command in (
        ["venv", "-q", "--python", python_to_use, folder / "environment"],
        ["pip", "install", "-q", "--python", python, "-e", ROOT, *options],
    ):
        subprocess.run(["uv", *map(str, command)], check=True)
    return python


@pytest.mark.parametrize("version", ["3.12", "3.13"])
def test_another_python_publishes_the_same_bytes(reference, tmp_path, version):
    if sys.version_info[:2] == tuple(int(part) for part in version.split(".")):
        pytest.skip("it is this Python")
    found = published(environment(tmp_path, interpreter(version)), tmp_path / "out")
    assert found.keys() == reference.keys()
    assert [name for name in found if found[name] != reference[name]] == []


def test_the_lowest_versions_of_dependencies_publish_the_same(reference, tmp_path):
    python = environment(tmp_path, sys.executable, "--resolution", "lowest-direct")
    found = published(python, tmp_path / "out")
    assert found.keys() == reference.keys()
    differing = [
        name
        for name in found
        if found[name] != reference[name] and Path(name).suffix not in GDAL_WRITES
    ]
    assert differing == []
