"""Draw many figures in as many processes as there are processors; the order never matters."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from urbanlayer.publish.figures.drawing import drawn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from urbanlayer.publish.figures.figure import Figure, FigureFormat

_FEWEST = 10
"""Figures for which a second process is worth its start."""
_MOST = 8
_MEMORY_OF_ONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def all_drawn(
    figures: Sequence[Figure], file_format: FigureFormat, *, dpi: int, processes: int | None = None
) -> list[bytes]:
    """The bytes of each figure, in their order; the same bytes in however many processes.

    Parameters
    ----------
    figures
        What to draw.
    file_format
        Of the files.
    dpi
        Dots in an inch, of PNG.
    processes
        By default one for each processor, and this one alone for few figures.
    """
    draw = partial(drawn, file_format=file_format, dpi=dpi)
    count = processes if processes is not None else _processes(len(figures))
    if count < 2:  # noqa: PLR2004  (this process)
        return [draw(figure) for figure in figures]
    # loky, not multiprocessing: that runs a user's script again in each process
    from loky import ProcessPoolExecutor

    with ProcessPoolExecutor(max_workers=count, env=_MEMORY_OF_ONE) as pool:
        return list(pool.map(draw, figures))


def _processes(figures: int) -> int:
    """How many processes are worth while; one where the program is no Python, as in QGIS."""
    if figures < _FEWEST or not _is_python(sys.executable):
        return 1
    try:
        from loky import cpu_count
    except ImportError:
        return 1
    return min(int(cpu_count()), _MOST, figures)


def _is_python(program: str | None) -> bool:
    """Whether a program runs modules: QGIS on Windows names itself, and would open again."""
    return Path(program or "").stem.casefold().startswith(("python", "pypy"))
