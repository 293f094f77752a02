"""One question put to the toy city."""

from __future__ import annotations

import functools
import json

import toy

from urbanlayer import registry
from urbanlayer.model.result import Result


def query(
    name: str, table: dict | None = None, *, variant: str = "", first: bool = False
) -> Result:
    """The answer of an indicator, by its table in the city file."""
    return _answer(name, json.dumps(table or {}), variant, first)


@functools.cache
def _answer(name: str, table: str, variant: str, first: bool) -> Result:  # noqa: FBT001
    indicator = registry.indicators()[name]
    queries = indicator.params.model_validate(json.loads(table)).queries()
    one = queries[0] if first else next(a for a in queries if a.variant == variant)
    (result,) = toy.evaluated([(indicator, one)]).results
    return result


def values(result: Result, keys: str) -> list[float]:
    """Answers of some neighbourhoods: `"Q7 Q4"`."""
    return result.values[keys.split()].tolist()
