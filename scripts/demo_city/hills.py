"""The hills and the height of the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from shapely import Polygon

from demo_city.frame import generator, wave_noise
from demo_city.shapes import smooth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo_city.frame import Floats
    from demo_city.skeleton import Hill

_CORNERS = 40


def outline(hill: Hill) -> Polygon:
    """The foot of a hill: its ellipse, a little out of round."""
    angles = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    rng = generator("hill" + hill.name)
    wobble = 1 + sum(
        rng.uniform(-0.09, 0.09) * np.sin(m * angles + rng.uniform(0, 6.28)) for m in (2, 3, 4, 5)
    )
    along = hill.half_length_m * wobble * np.cos(angles)
    across = hill.half_width_m * wobble * np.sin(angles)
    cos, sin = np.cos(hill.turn_rad), np.sin(hill.turn_rad)
    ring = np.column_stack(
        [hill.x + along * cos - across * sin, hill.y + along * sin + across * cos]
    )
    return Polygon(smooth(ring, 1, closed=True))


def ground_height_m(x: Floats, y: Floats, hills: Sequence[Hill]) -> Floats:
    """Metres above the sea: a plain that rises to the north, the hills, a rim far out."""
    height: Floats = 38 + (y + 6000) * 0.0026 + x * 0.0012 + 2.2 * wave_noise(x, y, "z", 1500)
    for hill in hills:
        cos, sin = np.cos(hill.turn_rad), np.sin(hill.turn_rad)
        along = ((x - hill.x) * cos + (y - hill.y) * sin) / hill.half_length_m
        across = (-(x - hill.x) * sin + (y - hill.y) * cos) / hill.half_width_m
        rough = (
            1
            + 0.05 * wave_noise(x, y, "h" + hill.name, 420)
            + 0.035 * wave_noise(x, y, "g" + hill.name, 190)
        )
        height = height + hill.height_m * np.exp(-1.15 * (along**2 + across**2)) * rough
    rim: Floats = 9 * np.exp(-(((np.hypot(x, y) - 7000) / 1800) ** 2))
    return height + rim
