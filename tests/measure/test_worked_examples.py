"""Each kernel's docstring holds an example that was worked by hand, and it is right."""

import doctest
import importlib
import pkgutil

import pytest

import urbanlayer.city
import urbanlayer.measure

MODULES = [
    f"{package.__name__}.{module.name}"
    for package in (urbanlayer.measure, urbanlayer.city)
    for module in pkgutil.iter_modules(package.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_worked_examples_are_right(name: str) -> None:
    if name.endswith(("compiled_search", "unions")):
        pytest.importorskip("numba", reason="the extra urbanlayer[fast] is not installed")
    assert doctest.testmod(importlib.import_module(name)).failed == 0
