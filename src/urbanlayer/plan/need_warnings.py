"""What should be known before ranks are used: results that are alike, rules that can turn."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.needs import differ
from urbanlayer.model.indicator import Kind
from urbanlayer.model.note import Note

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from urbanlayer.model.plan_specification import Rule
    from urbanlayer.plan.weighted_results import WeightedResult

CORRELATED = 0.9
"""Correlation above which two results are alike."""
_FEWEST = 3
_OF_ALL = frozenset({"neighbourhoods", "residents", "streets", "boundary"})


def warnings_of_needs(weighted: Sequence[WeightedResult], rule: Rule) -> tuple[Note, ...]:
    """Warnings of the declared needs, each a note."""
    found = [Note.of("plan-min-max")] if rule == "min_max" else []
    if rule != "target":
        found += [
            Note.of("plan-no-difference", result=one.query.id)
            for one in weighted
            if np.isfinite(one.values).any() and not differ(one.values)
        ]
    found += [
        Note.of("plan-no-result", result=one.query.id)
        for one in weighted
        if not np.isfinite(one.needs).any()
    ]
    for one, other in itertools.combinations(weighted, 2):
        found += _of_pair(one, other)
    return tuple(found)


def _of_pair(one: WeightedResult, other: WeightedResult) -> Iterator[Note]:
    both = np.isfinite(one.needs) & np.isfinite(other.needs)
    first, second = one.query.id, other.query.id
    pair = np.stack([one.needs[both], other.needs[both]])
    if both.sum() >= _FEWEST and (pair.std(axis=1) > 0).all():
        r = float(np.asarray(np.corrcoef(pair))[0, 1])
        if abs(r) > CORRELATED:
            yield Note.of("plan-correlated", r=round(r, 2), one=first, other=second)
    kinds = {one.indicator.kind, other.indicator.kind}
    if kinds == {Kind.AMOUNT, Kind.SHARE_OF_RESIDENTS} and _layers(one) & _layers(other):
        yield Note.of("plan-count-and-share", one=first, other=second)


def _layers(one: WeightedResult) -> frozenset[str]:
    return frozenset({*one.indicator.needs, *one.query.needs}) - _OF_ALL
