"""Why each step of a run was done or not: what changed since the run before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.evaluation.code_digests import digest_of_installation
from urbanlayer.kernels.digests import digest_of
from urbanlayer.model.layer import Layer

if TYPE_CHECKING:
    from collections.abc import Mapping
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
    steps = {step.name: step for step in cache.steps}
    if earlier and earlier.get(_PROGRAM) != _program():
        why = "because urbanlayer or a library changed"
        return tuple(
            Change(name, "unchanged" if step.reused else why) for name, step in steps.items()
        )
    return tuple(Change(name, _why(step, earlier, cache)) for name, step in steps.items())


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


def _why(step: Step, earlier: Earlier, cache: DiskCache) -> str:
    if step.reused:
        return "unchanged"
    if step.name not in earlier:
        return "new"
    key, before = earlier[step.name]
    changed = _differing(before, step.made_of)
    if not changed:
        return "done again, since its result was not kept"
    return f"because {', '.join(changed)} changed{_features(key, step, cache)}"


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
