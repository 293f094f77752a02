"""The version, and completion in a shell, by the command that is installed."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("urbanlayer")
PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))


def run(*arguments, **env):
    return subprocess.run(
        [COMMAND, *arguments], env={**os.environ, **env}, capture_output=True, text=True, check=True
    ).stdout


def test_the_version_is_that_of_the_project():
    assert run("--version") == f"urbanlayer {PROJECT['project']['version']}\n"


def test_bash_completes_the_name_of_a_verb():
    typed = {"COMP_WORDS": "urbanlayer bu", "COMP_CWORD": "1"}
    assert run(_URBANLAYER_COMPLETE="complete_bash", **typed).split() == ["build"]


def test_bash_completes_the_options_of_a_verb():
    typed = {"COMP_WORDS": "urbanlayer build --str", "COMP_CWORD": "2"}
    assert run(_URBANLAYER_COMPLETE="complete_bash", **typed).split() == ["--strict"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_asks_the_command_what_fits(shell):
    script = run(_URBANLAYER_COMPLETE=f"source_{shell}")
    assert f"_URBANLAYER_COMPLETE=complete_{shell}" in script
