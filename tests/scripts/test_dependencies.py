"""The list of dependencies is that of pyproject.toml and of the code."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts/dependencies.py"


def script():
    spec = importlib.util.spec_from_file_location("dependencies", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_every_dependency_is_listed_imported_from_nowhere_else_and_under_its_licence():
    checks = script()
    found = [
        *checks.declared_differences(), *checks.import_differences(), *checks.licence_differences(),
    ]  # fmt: skip
    assert found == []


def test_a_difference_is_found(monkeypatch):
    checks = script()
    monkeypatch.setattr(checks, "listed", lambda: {"numpy": "MIT", "leftpad": "MIT"})
    found = [*checks.declared_differences(), *checks.licence_differences()]
    assert "leftpad: docs/dependencies.md has it, pyproject.toml does not" in found
    assert any(one.startswith("numpy: docs/dependencies.md says MIT") for one in found) is False
    monkeypatch.setattr(checks, "listed", lambda: {"numpy": "LGPL-3.0-only"})
    assert any(one.startswith("numpy:") for one in checks.licence_differences())


def test_imports_are_told_by_their_first_part():
    assert script().imported("import a.b\nfrom c.d import e\nfrom . import f") == {"a", "c"}
