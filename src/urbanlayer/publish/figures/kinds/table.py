"""The table of kinds: which there are, and what each needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.publish.figures.kinds import rank, result_map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from urbanlayer.publish.figures.figure import Figure
    from urbanlayer.publish.figures.material import Material
    from urbanlayer.publish.figures.subject import Subject

    FiguresOf = Callable[[Material, Sequence[Subject]], Iterator[Figure]]


KINDS: dict[str, FiguresOf] = {
    result_map.KIND: result_map.figures_of,
    rank.KIND: rank.figures_of,
}
