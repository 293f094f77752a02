"""A digest of contents differs wherever a part of a value does, and refuses what it cannot read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pytest

from urbanlayer.kernels.digests import digest_of_contents


@dataclass(frozen=True)
class Inner:
    """An array in the middle of which a number may change unseen by `repr`."""

    values: np.ndarray = field(repr=False)


@dataclass(frozen=True)
class Outer:
    """It in a tuple, and a mapping."""

    parts: tuple[Inner, ...]
    names: dict[str, float]


@dataclass(frozen=True)
class Other:
    """The same fields under another name."""

    parts: tuple[Inner, ...]
    names: dict[str, float]


def test_every_part_counts():
    changed = np.zeros(5_000)
    changed[2_500] = 1e-9
    one = Outer((Inner(np.zeros(5_000)),), {"a": 1.0})
    others = [
        replace(one, parts=(Inner(changed),)),
        replace(one, parts=one.parts * 2),
        replace(one, names={"a": 1}),
        replace(one, names={"b": 1.0}),
        Other(one.parts, one.names),
        None,
    ]
    same = Outer((Inner(np.zeros(5_000)),), {"a": 1.0})
    assert digest_of_contents(one) == digest_of_contents(same)
    assert len({digest_of_contents(value) for value in (one, *others)}) == len(others) + 1


@pytest.mark.parametrize("value", [pd.Series([1.0]), pd.DataFrame({"a": [1]}), len, Inner])
def test_what_may_hold_more_than_is_read_is_refused(value):
    with pytest.raises(TypeError, match="no digest"):
        digest_of_contents({"value": [value]})
