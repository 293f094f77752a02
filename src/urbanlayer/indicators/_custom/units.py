"""The unit of a custom indicator whose table declares none."""

from __future__ import annotations

from urbanlayer.model import custom

_SIGNS = {"length_km": "km", "area_m2": "m²", "area_ha": "ha", "area_km2": "km²"}
_USUAL = {
    "share_of_area": "share", "coverage": "share", "nearest": "m",
    "count_per_1000": "/1,000 residents",
}  # fmt: skip


def unit_of(spec: custom.CustomSpec) -> str:
    """The declared unit, or else the unit of its kind: `share`, `crashes/km`, `ha/year`."""
    match spec:
        case custom.Ratio():
            over = _of_amount(spec.denominator)
            each = f"{spec.times:,g} {over}" if spec.times != 1 else over
            usual = f"{_of_amount(spec.numerator)}/{each}"
        case custom.Change():
            changed = "share" if spec.as_ == "share" else _of_amount(spec.now)
            usual = f"{changed}/year" if spec.years else changed
        case _:
            usual = _USUAL.get(spec.kind, "")
    return spec.unit or usual


def _of_amount(amount: custom.Amount) -> str:
    if amount.layer == "residents":
        return "resident"
    return _SIGNS.get(amount.measure) or amount.field or amount.layer
