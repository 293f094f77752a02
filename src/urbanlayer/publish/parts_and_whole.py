"""A whole and its parts are not published side by side: together they tell more of people.

Small counts are protected within one publication. Who has the whole's sums beside those of its
parts, or two cuts of one whole, can subtract what one of them shows from what the other hides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.errors import TargetError
from urbanlayer.publish.published import RECORD, read_record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from urbanlayer.model.specification import CitySpec


def refuse_together(folder: Path, specs: Iterable[CitySpec]) -> None:
    """Raise if a folder of publications would hold a whole and its parts, or two cuts of one.

    Parameters
    ----------
    folder
        Of publications.
    specs
        Of the cities that will be published there.

    Raises
    ------
    TargetError
        Names the two publications.
    """
    records = (read_record(path.parent) for path in sorted(folder.glob(f"*/{RECORD}")))
    there = {record["city"]: _cut_of(record.get("part_of")) for record in records if record}
    for spec in specs:
        there[spec.id] = None if spec.part_of is None else (spec.part_of.whole, spec.part_of.cut)
    cuts: dict[str, dict[str, str]] = {}
    for city, part in there.items():
        if part is not None:
            cuts.setdefault(part[0], {}).setdefault(part[1], city)
    for whole, of_cuts in cuts.items():
        first, *others = of_cuts.values()
        if whole in there:
            raise TargetError(_together(folder, first, whole, f"is a part of {whole!r}"))
        if others:
            raise TargetError(_together(folder, first, others[0], f"are two cuts of {whole!r}"))


def _cut_of(part_of: object) -> tuple[str, str] | None:
    """The whole and the cut that a record names."""
    if not isinstance(part_of, dict):
        return None
    whole, cut = part_of.get("whole"), part_of.get("cut")
    return (whole, cut) if isinstance(whole, str) and isinstance(cut, str) else None


def _together(folder: Path, one: str, other: str, what: str) -> str:
    both = repr(one) if what.startswith("is") else f"{one!r} and {other!r}"
    return (
        f"{folder}: {both} {what}; published together they tell more of people than each "
        "may. Publish the whole or one cut of it, and remove the other from the folder"
    )
