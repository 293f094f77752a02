"""The frame of the demonstration city: where its metres lie, its date, its randomness.

Every step draws from a generator that is named after it, so that a change in one step leaves
the others as they were.
"""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]
Shapes = npt.NDArray[np.object_]

ORIGIN_EASTING_M = 357_060.0
ORIGIN_NORTHING_M = 4_700_260.0
RESIDENTS_TOTAL = 179_505  # census 2023, the Capital City
AREA_HA = 8_584.9  # area of the general urban regulation plan
AS_OF = "2026-06-30"
NOTICE = "demonstration data, generated; not a survey"

_WAVES = 9


def generator(step: str) -> np.random.Generator:
    """A random generator that belongs to one named step."""
    return np.random.Generator(np.random.PCG64([RESIDENTS_TOTAL, zlib.crc32(step.encode())]))


def numbered_generator(*numbers: int) -> np.random.Generator:
    """A random generator that belongs to one numbered thing, such as a block."""
    return np.random.Generator(np.random.PCG64(list(numbers)))


def wave_noise(x_m: Floats, y_m: Floats, step: str, wavelength_m: float) -> Floats:
    """Smooth noise of about unit spread: nine sine waves of random phase.

    Parameters
    ----------
    x_m, y_m
        Places in metres from the origin, of one shape.
    step
        What the noise is for; other names give other noise.
    wavelength_m
        Middle wavelength; the waves run from 0.6 to 1.7 of it.
    """
    rng = generator("noise" + step)
    total: Floats = np.zeros_like(x_m, dtype=np.float64)
    for wave in range(_WAVES):
        angle = (wave + rng.uniform(0, 1)) * 2 * np.pi / _WAVES
        frequency = 2 * np.pi / (wavelength_m * rng.uniform(0.6, 1.7))
        phase = rng.uniform(0, 2 * np.pi)
        total = total + np.sin((x_m * np.cos(angle) + y_m * np.sin(angle)) * frequency + phase)
    scaled: Floats = total / _WAVES**0.5 / 1.2
    return scaled
