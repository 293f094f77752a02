"""Two runs of a city: what moved, by how much, and which inputs moved with it.

It reads what was published (`data/indicators.csv`, `run.json`), so that a run of last year can be
compared without its layers.
"""

from __future__ import annotations

import csv
import json
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Key = tuple[str, str, str, str, str]
"""Level, key of the neighbourhood, indicator, variant and parameters."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One result in both runs.

    Attributes
    ----------
    before, after
        NaN is "no result".
    difference
        after - before, in the unit.
    beyond_the_envelope
        Whether the result now lies outside the low and high of the earlier run; None where
        none was given.
    why
        What changed of what it rests on, where it moved: data, city file, method; every cause
        where a run does not record what it rests on.
    """

    level: str
    key: str
    name: str
    indicator: str
    variant: str
    parameters: str
    unit: str
    before: float
    after: float
    difference: float
    beyond_the_envelope: bool | None
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs compared.

    Attributes
    ----------
    moved
        Every result that both runs have, in the order of the later one.
    appeared, vanished
        Results that only the later, or only the earlier run has, for the city: indicator, variant
        and parameters.
    causes
        What is not the same in the runs, each a sentence: layers with other bytes, programs of
        another version.
    """

    moved: tuple[Moved, ...]
    appeared: tuple[str, ...]
    vanished: tuple[str, ...]
    causes: tuple[str, ...]


def compare(before: Path, after: Path) -> Comparison:
    """What moved between two publications of a city.

    Parameters
    ----------
    before, after
        Folders of publications, the earlier one first.

    Raises
    ------
    DataError
        A folder is no publication, has no table, or the two are of different cities; all errors
        at once.
    """
    errors = [error for folder in (before, after) for error in _errors(folder)]
    if errors:
        raise DataError(errors)
    old_run, new_run = _run(before), _run(after)
    if old_run.get("city") != new_run.get("city"):
        raise DataError(
            f"{before} is a publication of {old_run.get('city')!r}, "
            f"{after} one of {new_run.get('city')!r}; compare two runs of one city"
        )
    old, new = _values(before), _values(after)
    return Comparison(
        moved=tuple(
            _with_reasons(_moved(old[key], row), old_run, new_run)
            for key, row in new.items()
            if key in old
        ),
        appeared=tuple(_named(key) for key in new if key not in old and key[0] == "city"),
        vanished=tuple(_named(key) for key in old if key not in new and key[0] == "city"),
        causes=tuple(_causes(old_run, new_run)),
    )


def _errors(folder: Path) -> Iterator[str]:
    for name in ("run.json", "data/indicators.csv"):
        if not (folder / name).is_file():
            yield f"{folder}: has no {name}; is it the folder of a publication with tables?"


def _run(folder: Path) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{folder / 'run.json'}: is not JSON") from error
    return record


def _values(folder: Path) -> dict[Key, dict[str, str]]:
    """Each row of the table by its indicator, variant and parameters."""
    with (folder / "data" / "indicators.csv").open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        return {
            (row["level"], row["key"], row["indicator"], row["variant"], row["parameters"]): row
            for row in table
        }


def _moved(old: Mapping[str, str], new: Mapping[str, str]) -> Moved:
    before, after = _number(old["value"]), _number(new["value"])
    low, high = _number(old["low"]), _number(old["high"])
    beyond = None if math.isnan(low) or math.isnan(after) else not low <= after <= high
    return Moved(
        level=new["level"], key=new["key"], name=new["name"], indicator=new["indicator"],
        variant=new["variant"], parameters=new["parameters"], unit=new["unit"],
        before=before, after=after, difference=after - before, beyond_the_envelope=beyond,
    )  # fmt: skip


def _with_reasons(moved: Moved, old: Mapping[str, Any], new: Mapping[str, Any]) -> Moved:
    """The result with what changed of what it rests on; itself where it did not move."""
    same = moved.before == moved.after or (math.isnan(moved.before) and math.isnan(moved.after))
    if same:
        return moved
    names = _rests_on(old, moved) | _rests_on(new, moved)
    why = tuple(_causes(old, new, names or None))
    return replace(moved, why=why)


def _rests_on(run: Mapping[str, Any], moved: Moved) -> set[str]:
    """What a result rests on, as its run records; nothing where it does not."""
    query = moved.indicator, moved.variant, moved.parameters
    for one in run.get("parameters", {}).values():
        if (one.get("indicator"), one.get("variant"), one.get("query")) == query:
            return set(one.get("rests_on", ()))
    return set()


def _number(text: str) -> float:
    return float(text) if text else math.nan


def _named(key: Key) -> str:
    return " ".join(part for part in key[2:] if part)


def _causes(
    old: Mapping[str, Any], new: Mapping[str, Any], names: set[str] | None = None
) -> Iterator[str]:
    """What is not the same: data, then the city file, then the method.

    Parameters
    ----------
    old, new
        The records of the runs.
    names
        Layers and nouns that count; None for all.
    """
    yield from _causes_in_data(old.get("inputs", {}), new.get("inputs", {}), names)
    people = [run.get("residents", {}).get("total") for run in (old, new)]
    if people[0] != people[1] and (names is None or "residents" in names):
        yield f"residents: {people[0]}, now {people[1]}"
    was, now = old.get("city_file", {}), new.get("city_file", {})
    for table in sorted({*was} & {*now}):
        counts = names is None or table.removeprefix("layers.") in names
        if counts and was[table] != now[table]:
            yield f"city file: [{table}] is not the same"
    was, now = old.get("versions", {}), new.get("versions", {})
    for program in sorted({*was, *now}):
        if was.get(program) != now.get(program):
            yield f"{program}: {was.get(program)}, now {now.get(program)}"


def _causes_in_data(
    was: Mapping[str, Any], now: Mapping[str, Any], names: set[str] | None
) -> Iterator[str]:
    """Layers with other bytes."""
    for role in sorted({*was, *now} if names is None else {*was, *now} & names):
        if role not in was:
            yield f"layer '{role}' is new"
        elif role not in now:
            yield f"layer '{role}' is gone"
        elif was[role].get("sha256") != now[role].get("sha256"):
            dates = f" ({was[role].get('date') or '?'}, now {now[role].get('date') or '?'})"
            yield f"layer '{role}' has other contents{dates}"
