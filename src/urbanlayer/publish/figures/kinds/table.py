"""The table of kinds: which there are, and what each needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.publish.figures.kinds import (
    budget,
    change,
    lorenz,
    multiples,
    priority,
    rank,
    result_map,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from urbanlayer.publish.figures.figure import Figure
    from urbanlayer.publish.figures.material import Material
    from urbanlayer.publish.figures.subject import Subject

    FiguresOf = Callable[[Material, Sequence[Subject]], Iterator[Figure]]


KINDS: dict[str, FiguresOf] = {
    kind.KIND: kind.figures_of
    for kind in (result_map, rank, multiples, lorenz, change, budget, priority)
}
