"""Makes the demonstration city: `uv run python scripts/make_demo_city.py [--out DIR]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from demo_city.making import make_city

_DEFAULT = Path(__file__).resolve().parents[1] / "data" / "gis" / "podgorica"


def main() -> None:
    """Writes the layers of the demonstration city and says how large they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=_DEFAULT, help="the folder to write into")
    for path in make_city(parser.parse_args().out):
        print(f"{path.stat().st_size / 1000:9.0f} kB  {path.name}")


if __name__ == "__main__":
    main()
