"""The results as the page reads them: one table of values for each indicator."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from urbanlayer.model.indicator import Kind
from urbanlayer.publish.found_and_expected import completeness_on_page
from urbanlayer.publish.page import classes
from urbanlayer.publish.words import round_half_up

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from urbanlayer.model.indicator import Indicator
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result

_EXACT = 1e-9  # nearer to 0 or 1, a share differs by the computer's rounding alone
RATES = {
    "places/resident": (1000, "places/1,000 residents"),
    "places/child": (100, "places/100 children"),
}
"""Units of small numbers: by how much the page multiplies them, and the unit that it writes."""
_MORE_PLACES = 8
INDICES = {"z", "index", "access index", "of 1"}
"""Units that mean little to people: the word of the class comes first."""
_LESS_THAN_ONE_PER_CENT = 0.005
_NOT_A_ROLE = {"neighbourhoods", "residents", "streets"}


def result_records(publication: Publication) -> list[dict[str, Any]]:
    """One record for each result, in the order of the city file."""
    return [_record(publication, result) for result in publication.results]


def role_of(publication: Publication, result: Result) -> str:
    """The layer that the result is about: `kindergarten`, `green`; empty where none."""
    layers = publication.city.layers
    if result.variant in layers:
        return result.variant
    indicator = publication.indicators.get(result.indicator)
    needs = indicator.needs if indicator else ()
    return next((need for need in needs if need not in _NOT_A_ROLE and need in layers), "")


def digits_on_page(result: Result) -> tuple[int, int, str]:
    """Decimals of a result's values on the page, what they are multiplied by, and their unit."""
    scale, unit = RATES.get(result.unit, (1, result.unit))
    edges = tuple(edge * scale for edge in classes.breaks(result))
    return classes.decimals(edges, result.city * scale), scale, unit


def _record(publication: Publication, result: Result) -> dict[str, Any]:
    indicator = publication.indicators.get(result.indicator)
    edges = classes.breaks(result)
    share = result.unit.startswith("share")
    digits, scale, _ = digits_on_page(result)
    places = 3 if share else digits + 1 + round(math.log10(scale))
    steps = scale * 10 ** (2 if share else digits)
    row = {key: number for number, key in enumerate(result.values.index)}
    record: dict[str, Any] = {
        "id": result.id,
        "theme": indicator.theme if indicator else "other",
        "unit": result.unit,
        "better": indicator.better if indicator else "neither",
        "decimals": 0 if share else digits,
        "breaks": list(edges),
        "role": role_of(publication, result),
        "method": result.method,
        "target": _number(result.target, places),
        "city": number_on_page(result.city, places, share=share),
        "range": _ends_of_city(result.city_low, result.city_high, steps),
        "values": _numbers(result.values, places, share=share),
        "reasons": {
            str(row[key]): code
            for key, code in sorted(result.reasons.items())
            if key in row and math.isnan(result.values.loc[key])
        },
    }
    record |= _traits(result, indicator)
    if result.low is not None and result.high is not None:
        record |= _ends(result.low, result.high, steps)
    if (varied := result.threshold) is not None:
        record["threshold"] = {
            "range": _ends_of_city(varied.city_low, varied.city_high, steps),
            **_further_ends(record, _ends(varied.low, varied.high, steps)),
        }
    if known := completeness_on_page(publication, result):
        record["completeness"] = known
    if result.causes:
        record["causes"] = list(result.causes)
    described = {"source": indicator.source, "remark": indicator.remark} if indicator else {}
    return record | {part: text for part, text in described.items() if text}


def _traits(result: Result, indicator: Indicator | None) -> dict[str, Any]:
    """What decides how the page words and orders a result; only what holds."""
    scale, read_as = RATES.get(result.unit, (1, result.unit))
    index = result.unit in INDICES
    traits: dict[str, Any] = {
        "scale": scale if scale > 1 else None,
        "read_as": read_as if scale > 1 else "",
        "group": result.group,
        "straight": result.method.startswith("straight_line"),
        "in_words": index,  # the word of the class means more than the number
        "need": index and indicator is not None and indicator.better == "lower",  # greatest first
        # of the city, with which no neighbourhood is compared
        "total": indicator is not None and indicator.kind is Kind.AMOUNT,
    }
    return {name: value for name, value in traits.items() if value}


def _ends(low: pd.Series[float], high: pd.Series[float], steps: int) -> dict[str, Any]:
    return {
        "low": [_counted(one * steps, math.floor) for one in low],
        "high": [_counted(one * steps, math.ceil) for one in high],
    }


def _ends_of_city(low: float, high: float, steps: int) -> list[float | None]:
    """As those of neighbourhoods, in the unit of the value: the value as read lies within."""
    counted = (_counted(low * steps, math.floor), _counted(high * steps, math.ceil))
    return [None if end is None else end / steps for end in counted]


def _further_ends(record: Mapping[str, Any], ends: dict[str, Any]) -> dict[str, Any]:
    """Ends that differ from those of the data; what is equal stands once."""
    return {} if all(record.get(end) == ends[end] for end in ends) else ends


def _numbers(values: pd.Series[float], places: int, *, share: bool) -> list[float | None]:
    return [number_on_page(value, places, share=share) for value in values.to_numpy().tolist()]


def number_on_page(value: float | None, places: int, *, share: bool) -> float | None:
    """The number with so many decimals, or with as many more as it takes to read the same.

    A share of 0.4449 keeps four: 44 %, not the 45 % that 0.445 would read. No share becomes 0 or 1
    by rounding, since these read *nobody* and *everybody*.
    """
    if value is None or not math.isfinite(value):
        return None
    inner = share and _EXACT < value < 1 - _EXACT
    for more in range(_MORE_PLACES):
        rounded = round(value, places + more)
        same = round_half_up(rounded, places - 1) == round_half_up(value, places - 1)
        if same and not (inner and rounded in (0, 1)):
            return _number(rounded, places + more)
    return _number(value, places)


def as_read(record: dict[str, Any], value: float) -> float:
    """A value as the page writes it: its class is that of the number that is read.

    Parameters
    ----------
    record
        Of the result, as `answers` gives it.
    value
        As the record has it.
    """
    if str(record["unit"]).startswith("share"):
        read = round_half_up(value, 2)
        if read <= 0 < value:
            return _LESS_THAN_ONE_PER_CENT
        return 1 - _LESS_THAN_ONE_PER_CENT if value < 1 <= read else read
    scale: int = record.get("scale", 1)
    return round_half_up(value * scale, record["decimals"]) / scale


def _counted(value: float, end: Callable[[float], int]) -> int | None:
    """In steps of what is read, a whole number; a range is never shown narrower than it is."""
    if not math.isfinite(value):
        return None
    over = 1e-6 if end is math.floor else -1e-6  # 0.29 times 100 is 28.999 999 999 999 996
    return end(value + over)


def _number(value: float | None, places: int) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    rounded = round(value, places)
    return int(rounded) if rounded == int(rounded) else rounded
