"""The command `urbanlayer`: run in this process, which is quick, or in one of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from typer.testing import CliRunner

from urbanlayer.cli import app

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments, cwd=ROOT, **environment) -> Done:
    """The command in this process; an exception that it does not catch is raised."""
    changed = {name: str(value) for name, value in environment.items()}
    with contextlib.chdir(cwd), mock.patch.dict(os.environ, changed):
        done = CliRunner().invoke(app, [*map(str, arguments)], catch_exceptions=False)
    return Done(done.exit_code, done.stdout, done.stderr)


def run_apart(*arguments, cwd=ROOT, **environment) -> Done:
    """The command in a process of its own, as a person runs it."""
    done = subprocess.run(
        [sys.executable, "-m", "urbanlayer", *map(str, arguments)],
        cwd=cwd, env={**os.environ, **{name: str(value) for name, value in environment.items()}},
        capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)
