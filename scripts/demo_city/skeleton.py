"""The hand-set lines and labels that the city grows from, read from `skeleton.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from demo_city.frame import Floats


@dataclass(frozen=True)
class MainStreet:
    """A boulevard, a main street or a footbridge, as drawn by hand."""

    kind: str
    name: str
    points: Floats


@dataclass(frozen=True)
class Seed:
    """A neighbourhood's names, the place of its label, and the character that steers it."""

    name: str
    name_en: str
    name_sq: str
    place: Floats
    character: str


@dataclass(frozen=True)
class NamedPlace:
    """A named park or square: its middle and its rough area."""

    name: str
    x: float
    y: float
    area_m2: float


@dataclass(frozen=True)
class Hill:
    """A hill: an ellipse of two half-axes, turned, and its height above the plain."""

    name: str
    x: float
    y: float
    half_length_m: float
    half_width_m: float
    turn_rad: float
    height_m: float


@dataclass(frozen=True)
class BusLine:
    """A bus line: the places that it calls on in order, and its daytime headway."""

    id: str
    name: str
    way: Floats
    headway_min: int


@dataclass(frozen=True)
class Skeleton:
    """Everything that was set by hand, in metres from the origin."""

    main_streets: tuple[MainStreet, ...]
    footbridges: tuple[MainStreet, ...]
    railway: Floats
    boundary: Floats
    rivers: dict[str, Floats]
    seeds: tuple[Seed, ...]
    hills: tuple[Hill, ...]
    parks: tuple[NamedPlace, ...]
    bus_lines: tuple[BusLine, ...]

    @property
    def seed_places(self) -> Floats:
        """The neighbourhoods' label places, one row each."""
        return np.array([seed.place for seed in self.seeds])


def _places(rows: list[list[float]]) -> Floats:
    return np.asarray(rows, dtype=np.float64)


def read_skeleton() -> Skeleton:
    """The skeleton as it stands in its file."""
    path = Path(__file__).with_name("skeleton.json")
    raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Skeleton(
        main_streets=tuple(
            MainStreet(row["class"], row["name"], _places(row["points"]))
            for row in raw["main_streets"]
        ),
        footbridges=tuple(
            MainStreet("footway", row["name"], _places(row["points"])) for row in raw["footbridges"]
        ),
        railway=_places(raw["railway"]),
        boundary=_places(raw["boundary"]),
        rivers={name: _places(rows) for name, rows in raw["rivers"].items()},
        seeds=tuple(
            Seed(
                row["name"], row["name_en"], row["name_sq"], _places(row["seed"]), row["character"]
            )
            for row in raw["neighbourhoods"]
        ),
        hills=tuple(Hill(**row) for row in raw["hills"]),
        parks=tuple(NamedPlace(**row) for row in raw["parks"]),
        bus_lines=tuple(
            BusLine(row["id"], row["name"], _places(row["way"]), row["headway_min"])
            for row in raw["bus_lines"]
        ),
    )
