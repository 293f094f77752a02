"""How large the page of a city may be, by the cities of the benchmark."""

import gzip
import importlib.util
from pathlib import Path

import pytest

from urbanlayer.publish.page import page

_FILE = Path(__file__).parents[2] / "benchmarks" / "page.py"


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("page_benchmark", _FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("size", "most", "most_zipped"),
    [
        ((60, 20, 6, 0, 0), 450_000, 150_000),
        pytest.param((500, 30, 4, 0, 0), 1_200_000, 400_000, marks=pytest.mark.slow),
        pytest.param((500, 30, 4, 19_000, 5000), 4_000_000, 1_000_000, marks=pytest.mark.slow),
    ],
)
def test_a_page_is_no_larger_than_it_may_be(benchmark, size, most, most_zipped):
    """Neighbourhoods, indicators, languages, resident places, facilities."""
    written = page(benchmark.publication(*size)).encode()
    assert len(written) <= most
    assert len(gzip.compress(written)) <= most_zipped
