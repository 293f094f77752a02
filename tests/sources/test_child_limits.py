"""The reading process keeps to limits that the system sets already."""

from __future__ import annotations

import subprocess
import sys

import pytest

READ = """
import resource, sys
limit = 8_000_000 * 1024
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from urbanlayer.sources import child
answer, _ = child.ask("listing", "GeoJSON", path=sys.argv[1])
print(answer["driver"])
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")
def test_a_file_is_read_where_the_system_limits_address_space(tmp_path):
    path = tmp_path / "k.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, '
        '"geometry": {"type": "Point", "coordinates": [19.26, 42.44]}}]}'
    )
    command = [sys.executable, "-c", READ, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "GeoJSON", done.stderr
