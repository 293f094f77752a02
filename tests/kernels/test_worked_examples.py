"""Each kernel's docstring holds an example that was worked by hand, and it is right."""

import doctest
import importlib
import pkgutil

import pytest

import urbanlayer.city
import urbanlayer.kernels
import urbanlayer.network
import urbanlayer.text

MODULES = [
    f"{package.__name__}.{module.name}"
    for package in (urbanlayer.kernels, urbanlayer.network, urbanlayer.text, urbanlayer.city)
    for module in pkgutil.iter_modules(package.__path__)
]


COMPILED = ("compiled_search",)
"""Their examples compile what they call, which takes longer than all else."""

EACH = [
    pytest.param(name, marks=pytest.mark.slow if name.endswith(COMPILED) else ())
    for name in MODULES
]


@pytest.mark.parametrize("name", EACH)
def test_worked_examples_are_right(name: str) -> None:
    if name.endswith(COMPILED):
        pytest.importorskip("numba", reason="the extra urbanlayer[fast] is not installed")
    assert doctest.testmod(importlib.import_module(name)).failed == 0
