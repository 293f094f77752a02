"""The whole catalogue on one city: seconds of the walking distances, and of each indicator.

    uv run python benchmarks/catalogue.py [CITY.toml …] [--answers]

Every indicator is asked with its defaults, as far as the city has the layers. Without a city file:
Las Palmas (from ../shared/data) and the embedded city. `--answers` prints what each said of the
city, with the least and greatest of its neighbourhoods, to be looked at for sense.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import numpy as np

from urbanlayer import pipeline, registry
from urbanlayer.cityfile import CityFile
from urbanlayer.evaluation.evaluate import evaluate
from urbanlayer.model.network_query import TransitQuery
from urbanlayer.stages import Errors, Stages

ROOT = Path(__file__).parent.parent
CITIES = [ROOT / "tests/cities/las_palmas.toml", ROOT / "data/gis/podgorica/city.toml"]
FEW_LAYERS = {"categories": {"learning": ["school"], "moving": ["stop"], "health": ["pharmacy"]}}
"""For indicators whose defaults ask of more kinds of service than a city may have."""


def tables() -> list[tuple]:
    """Every indicator with its default asks."""
    return [
        (indicator, query)
        for indicator in registry.indicators().values()
        for query in indicator.queries(indicator.params.model_validate(
            FEW_LAYERS if "categories" in indicator.params.model_fields and "minutes"
            in indicator.params.model_fields else {}
        ))
    ]  # fmt: skip


def made(city_file: Path):
    """The city, with no question of its network answered yet."""
    file = pipeline.read_city_file(city_file)
    asked = CityFile(spec=file.spec, folder=file.folder, queries=())
    return pipeline.evaluated(asked, Stages(), Errors()).city


def on_foot(indicator, query) -> bool:
    """Whether it is answered without travel times by timetable, which `evaluate.py` measures."""
    return not any(isinstance(one, TransitQuery) for one in indicator.network_queries(query))


def told(result) -> str:
    """An answer on one line, with a mark where all neighbourhoods say the same."""
    known = result.values.dropna()
    span = f"{known.min():10.4g} … {known.max():<10.4g}" if len(known) else " " * 23
    envelope = (
        "" if np.isnan(result.city_low) else f"[{result.city_low:.4g}, {result.city_high:.4g}]"
    )
    flat = "  all the same" if known.nunique() == 1 else ""
    lost = f"  {result.values.isna().sum()} without" if result.values.isna().any() else ""
    return f"{result.id:52}{result.city:10.4g} {envelope:20}{span}{result.unit}{flat}{lost}"


def run(city_file: Path, *, answers: bool = False) -> None:
    began = time.perf_counter()
    city = made(city_file)
    print(f"\n{city_file.name}: {city!r}")
    print(f"{time.perf_counter() - began:8.2f} s  layers, people, streets")
    asked = [
        (indicator, query) for indicator, query in tables() if not indicator.missing(city, query)
    ]
    asked = [(indicator, query) for indicator, query in asked if not indicator.errors(city, query)]
    asked = [pair for pair in asked if on_foot(*pair)]
    questions = {
        network_query: None
        for indicator, query in asked
        for one in (query, *(variation.query for variation in indicator.sensitivity(query)))
        for network_query in indicator.network_queries(one)
    }
    began = time.perf_counter()
    known = evaluate(city, questions)
    print(f"{time.perf_counter() - began:8.2f} s  {len(questions)} questions of the network")
    seconds: dict[str, float] = {}
    for indicator, query in asked:
        began = time.perf_counter()
        (result,) = evaluate(city, [(indicator, query)], known).results
        spent = time.perf_counter() - began
        seconds[indicator.id] = seconds.get(indicator.id, 0.0) + spent
        if answers:
            print(told(result))
    for name, spent in sorted(seconds.items(), key=lambda item: -item[1]):
        print(f"{spent:8.3f} s  {name}")
    print(f"{sum(seconds.values()):8.2f} s  {len(seconds)} indicators, {len(asked)} asks")
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{peak_mb:8.0f} MB at most")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cities", nargs="*", type=Path, default=CITIES)
    parser.add_argument("--answers", action="store_true")
    options = parser.parse_args()
    for city in options.cities:
        run(city, answers=options.answers)


if __name__ == "__main__":
    main()
