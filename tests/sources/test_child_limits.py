"""The reading process keeps to limits that the system sets already."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from urbanlayer.sources import child

READ = """
import resource, sys
limit = 8_000_000 * 1024
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from urbanlayer.sources import child
answer, _ = child.run_job("listing", "GeoJSON", path=sys.argv[1])
details = {"layer_name": "", "sheet": None, "encoding": None, "x": None, "y": None}
_, table = child.run_table_job("rows", path=sys.argv[2], **details)
print(answer["driver"], table.num_rows)
"""


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")
def test_a_file_is_read_where_the_system_limits_address_space(tmp_path):
    path = tmp_path / "k.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, '
        '"geometry": {"type": "Point", "coordinates": [19.26, 42.44]}}]}'
    )
    table = tmp_path / "k.csv"
    table.write_text("x,y\n1,2\n")
    command = [sys.executable, "-c", READ, str(path), str(table)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "GeoJSON 1", done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")
def test_the_limits_are_the_reader_s_own(tmp_path):
    path = tmp_path / "k.csv"
    path.write_text("x,y\n1,2\n")
    child.run_job("rows", path=str(path), layer_name="", sheet=None, encoding=None, x=None, y=None)
    running = child._running["plain"]
    limits = Path(f"/proc/{running.process.pid}/limits").read_text(encoding="ascii").splitlines()
    limits = {line[:26].strip(): line[26:].split()[0] for line in limits}
    assert int(limits["Max address space"]) <= 12_000_000_000
    assert int(limits["Max data size"]) <= 3_000_000_000
    assert limits["Max core file size"] == "0"
