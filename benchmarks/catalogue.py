"""The whole catalogue on one city: seconds of the walking distances, and of each indicator.

    uv run python benchmarks/catalogue.py [CITY.toml …]

Every indicator is asked with its defaults, as far as the city has the layers. Without a city file:
Las Palmas (from ../shared/data) and the embedded city.
"""

from __future__ import annotations

import argparse
import dataclasses
import resource
import time
from pathlib import Path

from urbanlayer import pipeline, registry
from urbanlayer.city import access
from urbanlayer.cityfile import CityFile

ROOT = Path(__file__).parent.parent
CITIES = [ROOT / "tests/cities/las_palmas.toml", ROOT / "data/gis/podgorica/city.toml"]
FEW_LAYERS = {"categories": {"learning": ["school"], "moving": ["stop"], "health": ["pharmacy"]}}
"""For indicators whose defaults ask of more kinds of service than a city may have."""


def tables() -> list[tuple]:
    """Every indicator with its default asks."""
    return [
        (indicator, ask)
        for indicator in registry.indicators().values()
        for ask in indicator.params.model_validate(
            FEW_LAYERS if "categories" in indicator.params.model_fields and "minutes"
            in indicator.params.model_fields else {}
        ).asks()
    ]  # fmt: skip


def made(city_file: Path):
    """The city, with no question of its network answered yet."""
    file = pipeline.read_city_file(city_file)
    kept = {}

    def keep(city, _asks):
        kept["city"] = city
        return city

    whole, pipeline.with_access = pipeline.with_access, keep
    try:
        pipeline.measure(CityFile(spec=file.spec, folder=file.folder, asks=()), pipeline.Stages())
    finally:
        pipeline.with_access = whole
    return kept["city"]


def run(city_file: Path) -> None:
    began = time.perf_counter()
    city = made(city_file)
    print(f"\n{city_file.name}: {city!r}")
    print(f"{time.perf_counter() - began:8.2f} s  layers, people, streets")
    asked = [(indicator, ask) for indicator, ask in tables() if not indicator.missing(city, ask)]
    asked = [(indicator, ask) for indicator, ask in asked if not indicator.faults(city, ask)]
    questions = {q: None for indicator, ask in asked for q in indicator.questions(ask)}
    began = time.perf_counter()
    city = dataclasses.replace(city, access=access.answer(questions, city))
    print(f"{time.perf_counter() - began:8.2f} s  {len(questions)} questions of the network")
    seconds: dict[str, float] = {}
    earlier = {}
    for indicator, ask in sorted(asked, key=lambda pair: bool(pair[0].after)):
        began = time.perf_counter()
        earlier[indicator.id] = indicator.ask(city, ask, earlier)
        spent = time.perf_counter() - began
        seconds[indicator.id] = seconds.get(indicator.id, 0.0) + spent
    for name, spent in sorted(seconds.items(), key=lambda item: -item[1]):
        print(f"{spent:8.3f} s  {name}")
    print(f"{sum(seconds.values()):8.2f} s  {len(seconds)} indicators, {len(asked)} asks")
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{peak_mb:8.0f} MB at most")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cities", nargs="*", type=Path, default=CITIES)
    for city in parser.parse_args().cities:
        run(city)


if __name__ == "__main__":
    main()
