"""Where people live, by the layers of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.model.role_names import BUILDINGS, POPULATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from urbanlayer.drafting.guess import GuessedLayer

_MISSING = (
    "Nothing counts people here. For indicators of residents add a census column to the "
    'neighbourhoods (residents = "…"), a layer `population`, or a total with buildings: '
    '[residents] from = ["buildings"] and total = 100000 (or `--residents 100000`).'
)


@dataclass(frozen=True, slots=True)
class PeopleGuess:
    """The `[residents]` of a draft.

    Attributes
    ----------
    sources
        `from`; empty where nothing counts people.
    why
        The reason, or what is missing.
    total, why_total
        People of the whole city, and their source.
    """

    sources: tuple[str, ...] = ()
    why: str = _MISSING
    total: int | None = None
    why_total: str = ""


def guessed_people(
    layers: Sequence[GuessedLayer], residents: int | None, population: tuple[int, str] | None
) -> PeopleGuess:
    """The source of where people live.

    Parameters
    ----------
    layers
        Those that stand in the draft.
    residents
        People of the city as the user states.
    population
        People of the city as a file states, and where.
    """
    keys = {layer.role: {key.key for key in layer.keys if not key.doubtful} for layer in layers}
    census = "residents" in keys.get("neighbourhoods", ())
    total, why = (residents, "# as given with --residents") if residents else (None, "")
    if census:
        if BUILDINGS in keys:
            source = "residential buildings, constrained to the counts of the neighbourhoods"
            return PeopleGuess(("buildings", "census"), source, total, why)
        return PeopleGuess(("census",), "the counts of the neighbourhoods", total, why)
    if POPULATION in keys:
        return PeopleGuess(("population",), "the layer of population", total, why)
    if total is None and population is not None:
        total, why = population[0], f"# guess: {population[1]}"
    if BUILDINGS in keys and ("residents" in keys["buildings"] or total is not None):
        source = "a total shared by the floor area of residential buildings"
        return PeopleGuess(("buildings",), source, total, why)
    return PeopleGuess()
