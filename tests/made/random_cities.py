"""Random toy cities, and the same after a change that results must follow or ignore.

The same few cities serve every indicator, the first in the quick tests and the others in the slow
ones; with `LAW_EXAMPLES=20` in the environment there are as many, and other ones each time.
"""

from __future__ import annotations

import dataclasses
import functools
import os
import random
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
import toy

from urbanlayer.city.residents import with_digests
from urbanlayer.evaluation.evaluate import evaluate
from urbanlayer.evaluation.results import Evaluation

if TYPE_CHECKING:
    from collections.abc import Callable

    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Indicator, Query
    from urbanlayer.model.residents import Residents
    from urbanlayer.model.result import Result

Random = np.random.Generator
Change = tuple[toy.Shapes, dict[str, Any]]
"""The shapes of a changed city, and how `toy.city` makes it."""
EXAMPLES = os.environ.get("LAW_EXAMPLES")
SEEDS = random.sample(range(10_000), int(EXAMPLES)) if EXAMPLES else [11, 12, 13]
SECOND_SOURCE, SECOND_ALONE, TWICE = "second source", "second source alone", "twice the people"


@functools.cache
def city(seed: int, change: str = "") -> City:
    """A random toy city, after a random change if one is named."""
    if change == SECOND_ALONE:
        return city(seed, SECOND_SOURCE).by_second_source()
    if change in OF_RESIDENTS:
        residents = OF_RESIDENTS[change](city(seed).residents, np.random.default_rng(seed))
        return dataclasses.replace(city(seed), residents=with_digests(residents))
    found, how = CHANGES[change](_with_gravel(toy.shapes(seed)), np.random.default_rng(seed))
    return toy.city(found, seed=seed, **how)


_known: dict[tuple[int, str], Evaluation] = {}
_results: dict[tuple[Query, int, str], Result] = {}


def result(indicator: Indicator, query: Query, seed: int, change: str = "") -> Result:
    """The result of a query in one of these cities; each is computed once."""
    if (query, seed, change) not in _results:
        here = city(seed, change)
        assert not indicator.missing(here, query), "the toy city must have every layer that is read"
        known = evaluate(here, [(indicator, query)], _known.get((seed, change)))
        _known[seed, change] = known
        (_results[query, seed, change],) = known.results
    return _results[query, seed, change]


def part(whole: City, keys: list[str]) -> City:
    """Some neighbourhoods of a city with their people, and every other layer whole."""
    hoods, residents = whole.neighbourhoods, whole.residents
    rows = hoods.keys.get_indexer(keys)
    here = np.isin(residents.neighbourhood, rows)
    number = np.full(len(hoods), -1)
    number[rows] = np.arange(len(rows))
    own = dataclasses.replace(
        hoods,
        geometry=hoods.geometry.loc[keys],
        names={code: names.loc[keys] for code, names in hoods.names.items()},
        census=hoods.census.loc[keys],
        digest=f"{hoods.digest} {keys}",
    )
    people = dataclasses.replace(
        residents,
        xy=residents.xy[here],
        people=residents.people[here],
        neighbourhood=number[residents.neighbourhood[here]],
        groups={name: people[here] for name, people in residents.groups.items()},
    )
    return dataclasses.replace(whole, neighbourhoods=own, residents=with_digests(people))


def _with_gravel(found: toy.Shapes) -> toy.Shapes:
    """The same, where every third street is none for wheelchairs."""
    lines, columns = found["streets"]
    surface = ["gravel" if row % 3 == 1 else None for row in range(len(lines))]
    return {**found, "streets": (lines, {**columns, "surface": surface})}


def _with_second_source(one: Residents, draw: Random) -> Residents:
    """The same people, and a source that gives other numbers of people at each place."""
    return dataclasses.replace(one, second_source=_times(one, draw.uniform(0.2, 3, len(one))))


def _times(one: Residents, factor: float | np.ndarray) -> Residents:
    groups = {name: people * factor for name, people in one.groups.items()}
    return dataclasses.replace(one, people=one.people * factor, groups=groups)


def _park_cut(found: toy.Shapes, _draw: Random) -> Change:
    (park, *others), columns = found["green"]
    west, south, east, north = park.bounds
    middle = (west + east) / 2
    halves = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    cut = ([*halves, *others], {"public": [True, *columns["public"]]})
    return {**found, "green": cut}, {}


def _street_cut(found: toy.Shapes, draw: Random) -> Change:
    (street, *others), columns = found["streets"]
    length = street.length
    at = draw.uniform(0.01, 0.99) * length
    halves = [shapely.ops.substring(street, 0, at), shapely.ops.substring(street, at, length)]
    longer = {name: [values[0], *values] for name, values in columns.items()}
    return {**found, "streets": ([*halves, *others], longer)}, {}


def _facility_more(found: toy.Shapes, draw: Random) -> Change:
    place = shapely.Point(draw.uniform(0, 1200, 2))
    more = {
        role: (
            [*found[role][0], place],
            {name: [*values, values[-1]] for name, values in found[role][1].items()},
        )
        for role in toy.SERVICES
    }
    return {**found, **more}, {}


CHANGES: dict[str, Callable[[toy.Shapes, Random], Change]] = {
    "": lambda found, _: (found, {}),
    "moved": lambda found, draw: (found, {"moved": tuple(draw.uniform(-3000, 3000, 2))}),
    "turned": lambda found, draw: (found, {"turned_deg": draw.uniform(1, 359)}),
    "shuffled": lambda found, draw: (found, {"shuffled": draw.integers(10_000)}),
    "park cut": _park_cut,
    "street cut": _street_cut,
    "facility more": _facility_more,
    "no streets": lambda found, _: (found, {"without": ("streets",)}),
}
OF_RESIDENTS: dict[str, Callable[[Residents, Random], Residents]] = {
    SECOND_SOURCE: _with_second_source,
    TWICE: lambda one, _: _times(one, 2.0),
}
