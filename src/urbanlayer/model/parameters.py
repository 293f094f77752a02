"""Parameters that many indicators share."""

from __future__ import annotations

from urbanlayer.model.ask import Ask

WALK_M_PER_MIN = 80.0
"""4.8 km/h, as Transport for London's PTAL has it."""


def several(value: float | list[float]) -> tuple[float, ...]:
    """One number or a list of them, as a tuple."""
    return tuple(float(one) for one in (value if isinstance(value, list) else [value]))


def one_for_each(
    values: float | list[float],
    name: str,
    *,
    variant: str = "",
    needs: tuple[str, ...] = (),
    target: float | None = None,
    also: dict[str, float] | None = None,
) -> tuple[Ask, ...]:
    """An ask for each value of a parameter.

    Parameters
    ----------
    values
        One, or several.
    name
        Of the parameter, with its unit: `distance_m`.
    variant, needs, target
        Of every ask.
    also
        Parameters that all of them have.
    """
    return tuple(
        Ask(variant, {name: value, **(also or {})}, needs, target) for value in several(values)
    )
