"""The newcomer's path, from a folder of zipped Shapefiles to a publication without an edit."""

import re
import runpy
from pathlib import Path

import pytest
from municipalities import zipped

SCRIPT = Path(__file__).parents[2] / "scripts/newcomer.py"


@pytest.mark.slow
def test_a_folder_is_drafted_checked_and_built_without_an_edit(tmp_path, capsys):
    zipped(tmp_path / "files")
    code = runpy.run_path(str(SCRIPT))["main"]([f"Herceg Novi={tmp_path / 'files'}"])
    said = capsys.readouterr().out
    assert code == 0
    found = re.search(r"(\d+) edits, (\d+) results, (\d+) doubtful", said)
    assert found is not None
    edits, results, _ = map(int, found.groups())
    assert edits == 0
    assert results > 5  # services, density, green, lighting
