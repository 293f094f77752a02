"""What the command prints, where nobody reads it, and what nobody expected."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from city_folder import write_city

from urbanlayer.text.printing import printable


def started(*arguments, **streams):
    command = [sys.executable, "-m", "urbanlayer", *map(str, arguments)]
    return subprocess.Popen(command, **streams)


@pytest.mark.slow
def test_a_publication_that_nobody_hears_of_is_a_publication(tmp_path):
    write_city(tmp_path)
    out = tmp_path / "out"
    reader, writer = os.pipe()
    os.close(reader)
    with started(
        "build", tmp_path / "city.toml", "--out", out, stdout=writer, stderr=writer
    ) as run:
        os.close(writer)
    assert run.returncode == 0
    assert (out / "index.html").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_output_lost_on_a_full_device_has_an_exit_code_of_its_own():
    with Path("/dev/full").open("w") as full, started("catalogue", stdout=full) as run:
        pass
    assert run.returncode == 4


def test_closed_streams_take_no_place_from_files():
    command = f"{sys.executable} -m urbanlayer catalogue --layers <&- >&- 2>&-"
    assert subprocess.run(["sh", "-c", command], check=False).returncode == 0


UNEXPECTED = """
import sys
from urbanlayer import cli, registry

def fails():
    raise UnboundLocalError("at https://host/wfs?pass=TAJNA-4711 \\x1b[2J")

registry.indicators = fails
sys.argv = ["urbanlayer", "catalogue"]
cli.main()
"""


def test_what_nobody_expected_is_one_message_and_a_report(tmp_path):
    told = subprocess.run(
        [sys.executable, "-c", UNEXPECTED], capture_output=True, text=True, check=False,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    assert "UnboundLocalError" in told.stderr
    assert "\x1b" not in told.stderr
    report = Path(re.search(r"read it before you send it: (.*)", told.stderr)[1])
    assert report.parent == tmp_path
    assert "Traceback" in report.read_text(encoding="utf-8")
    assert "Read this before you send it" in report.read_text(encoding="utf-8")
    assert "TAJNA-4711" not in told.stderr + report.read_text(encoding="utf-8")


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f", "\x9b", "\u202e", "\u2028", "\r"])
def test_characters_that_a_terminal_obeys_are_written_out(sign):
    assert printable(f"Bar{sign}2J") == f"Bar\\u{ord(sign):04x}2J"


@pytest.mark.parametrize("text", ["Đečić, Стара\n\tВарош", "10 m² – 5 %", "ë 東京"])
def test_other_characters_stay(text):
    assert printable(text) == text
