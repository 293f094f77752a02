"""Wheel and source archive: the same bytes anywhere, whole, and enough for an empty environment."""

import json
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "maps", "__pycache__", ".*_cache", ".hypothesis", "screenshots"
)
pytestmark = pytest.mark.slow


def run(*command, **options):
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def built(source, target, **environment):
    run("uv", "build", "-q", "-o", target, cwd=source, env={**os.environ, **environment})
    return {path.name: path.read_bytes() for path in sorted(target.glob("urbanlayer-*"))}


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    target = tmp_path_factory.mktemp("dist")
    built(ROOT, target, SOURCE_DATE_EPOCH="1764500000")
    return target


def test_a_build_elsewhere_and_later_has_the_same_bytes(dist, tmp_path):
    copy = tmp_path / "another folder" / "checkout"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    (copy / "maps").mkdir()
    shutil.copy(ROOT / "maps/README.md", copy / "maps")
    for path in copy.rglob("*.py"):
        os.utime(path, (1, 1))
    again = built(copy, tmp_path / "dist", SOURCE_DATE_EPOCH="1764500000", TZ="Asia/Tokyo")
    assert again == {path.name: path.read_bytes() for path in sorted(dist.glob("urbanlayer-*"))}
    assert len(again) == 2


def test_the_wheel_works_in_an_empty_environment_and_the_archive_has_the_tests(dist, tmp_path):
    python = tmp_path / "empty/bin/python"
    run("uv", "venv", "-q", tmp_path / "empty")
    needs = ("pytest", "pytest-xdist", "hypothesis")
    (wheel,) = dist.glob("*.whl")
    run("uv", "pip", "install", "-q", "--python", python, wheel, *needs)
    with tarfile.open(next(dist.glob("*.tar.gz"))) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.glob("urbanlayer-*")
    shutil.rmtree(source / "src")  # the installed package is what is tried
    command = python.parent / "urbanlayer"
    assert re.fullmatch(r"urbanlayer \d+\.\d+\.\d+\n", run(command, "--version"))
    run(command, "check", "data/gis/podgorica/city.toml", cwd=source)
    run(python, "-m", "pytest", "-n", "0", "tests/text", cwd=source)


def test_the_wheel_holds_a_valid_bill_of_materials(dist):
    validators = pytest.importorskip("cyclonedx.validation.json")
    from cyclonedx.schema import SchemaVersion

    (wheel,) = dist.glob("*.whl")
    with ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".cdx.json"))
        text = archive.read(name).decode("utf-8")
    assert validators.JsonStrictValidator(SchemaVersion.V1_5).validate_str(text) is None


def test_the_bill_of_materials_has_every_pinned_package():
    bill = json.loads((ROOT / "sbom.cdx.json").read_text(encoding="utf-8"))
    has = {(part["name"], part["version"]) for part in bill["components"]}
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([\w.-]+)==([\w.]+)", pins, re.MULTILINE))
    assert len(pinned) > 20
    assert pinned <= has
    assert ("leaflet", "1.9.4") in has
    assert "://" not in json.dumps(bill)  # no addresses of registries
