"""Why each step of a run was done or not: what changed since the run before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from urbanlayer.evaluation.code_digests import digest_of_installation
from urbanlayer.kernels.digests import digest_of
from urbanlayer.model.layer import Layer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from urbanlayer.evaluation.disk_cache import DiskCache, Step

Earlier = dict[str, tuple[str, dict[str, str]]]
"""Of the steps of a run, by name: the key of the entry, and what it was made of."""


@dataclass(frozen=True, slots=True)
class Change:
    """A step of a run, and why it was done.

    Attributes
    ----------
    step
        Its name.
    why
        `unchanged`, `new`, or `because green.gpkg changed (12 features)`.
    """

    step: str
    why: str


def changes_since(cache: DiskCache, city_file: Path) -> tuple[Change, ...]:
    """Why each step of a run was done, or that it is unchanged; each step once.

    Parameters
    ----------
    cache
        Of the run.
    city_file
        The city file of the run; the run before is the last one of the same file.
    """
    found, value = cache.get(_key(city_file))
    earlier: Earlier = value if found and isinstance(value, dict) else {}
    steps = _once(cache.steps)
    reasons = _Reasons(steps, earlier, cache)
    if earlier and earlier.get(_PROGRAM) != _program():
        why = "because urbanlayer or a library changed"
        return tuple(
            Change(name, "unchanged" if step.reused else why) for name, step in steps.items()
        )
    return tuple(Change(name, reasons.why(step)) for name, step in steps.items())


def _once(steps: Iterable[Step]) -> dict[str, Step]:
    """The steps by name; one that this run did, and then found, was done."""
    found: dict[str, Step] = {}
    for step in steps:
        if step.name not in found or not step.reused:
            found[step.name] = step
    return found


def keep_steps(cache: DiskCache, city_file: Path) -> None:
    """Keep the steps of a run, so that the next one can say what changed.

    Parameters
    ----------
    cache
        Of the run.
    city_file
        Its city file.
    """
    steps = {step.name: (step.key, dict(step.made_of)) for step in cache.steps}
    cache.put(_key(city_file), {**steps, _PROGRAM: _program()})


_PROGRAM = "urbanlayer and libraries"


def _program() -> tuple[str, dict[str, str]]:
    """Of this package and its libraries, as an entry of the steps of a run."""
    return digest_of_installation(), {}


def _key(city_file: Path) -> str:
    return digest_of("steps of a run", str(city_file.resolve()))


_MADE_BY = {
    "streets": "street network",
    "origins": "residents",
    "borders": "neighbourhoods",
    "problem": "publication",
}
"""Inputs to the steps that make them, where these have another name; a problem that is solved is
made of any of the files."""


@dataclass(frozen=True, slots=True)
class _Reasons:
    """Why steps were done: the files behind what differs from the run before.

    Attributes
    ----------
    steps
        Of the run, by name.
    earlier
        Those of the run before.
    cache
        Of the run.
    counted
        By name of a layer's step, how many of its features differ.
    """

    steps: Mapping[str, Step]
    earlier: Earlier
    cache: DiskCache
    counted: dict[str, str] = field(default_factory=dict)

    def why(self, step: Step) -> str:
        """`unchanged`, `new`, or `because green.gpkg changed (12 features)`."""
        if step.reused:
            return "unchanged"
        if step.name not in self.earlier:
            return "new"
        found = self._sources(step.name, set())
        if not found:
            return "done again, since its result was not kept"
        if len(found) == 1:
            [(names, features)] = found.items()
            return f"because {names} changed{features}"
        named = ", ".join(f"{names}{features}" for names, features in found.items())
        return f"because {named} changed"

    def _sources(self, name: str, seen: set[str]) -> dict[str, str]:
        """What changed at the beginning of a step, by file, and how many features of it."""
        seen.add(name)
        found: dict[str, str] = {}
        own = []
        for changed in self._changed_inputs(name):
            role = changed.rpartition(" of ")[2]
            makers = {f"layer {role}", _MADE_BY.get(role, role)} - {name}
            differing = [one for one in sorted(makers) if self._changed_inputs(one)]
            for one in differing:
                found |= {} if one in seen else self._sources(one, seen)
            if not differing:
                own.append(changed)
        return found | ({", ".join(own): self._features(name)} if own else {})

    def _changed_inputs(self, name: str) -> list[str]:
        """What a step rests on that is not as in the run before."""
        if name not in self.steps or name not in self.earlier:
            return []
        return _differing(self.earlier[name][1], self.steps[name].made_of)

    def _features(self, name: str) -> str:
        if name not in self.counted:
            self.counted[name] = _features(self.earlier[name][0], self.steps[name], self.cache)
        return self.counted[name]


def _differing(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [name for name in {**before, **now} if before.get(name) != now.get(name)]


def _features(key: str, step: Step, cache: DiskCache) -> str:
    """How many features of a layer differ from those of the run before."""
    old, new = cache.get(key)[1], cache.get(step.key)[1]
    if not (isinstance(old, Layer) and isinstance(new, Layer)):
        return ""
    before, now = _rows(old), _rows(new)
    count = max((now - before).total(), (before - now).total())
    return f" ({count:,} feature{'' if count == 1 else 's'})"


def _rows(layer: Layer) -> Counter[tuple[object, ...]]:
    """The features of a layer, each by its geometry and its values, without its key."""
    import shapely

    values = layer.frame.drop(columns=layer.frame.geometry.name).astype(str)
    shapes = shapely.to_wkb(layer.frame.geometry.to_numpy())
    return Counter(zip(shapes, *(values[name] for name in values), strict=True))
