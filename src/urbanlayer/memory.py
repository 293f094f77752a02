"""The memory of this process and its children, sampled while a stage runs."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECONDS = 0.02
_PROC = Path("/proc")


class Sampler:
    """Samples the resident memory of the process tree in a thread, where the system shows it."""

    def __init__(self) -> None:
        self._peak = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @classmethod
    def started(cls) -> Sampler | None:
        """A sampler that runs; None on a system without `/proc`."""
        if not (_PROC / "self" / "statm").exists():
            return None
        sampler = cls()
        sampler._thread.start()
        return sampler

    def peak(self) -> int:
        """The most bytes since this was last asked."""
        peak, self._peak = max(self._peak, _tree_bytes()), 0
        return peak

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(_SECONDS):
            self._peak = max(self._peak, _tree_bytes())


def _tree_bytes() -> int:
    page = os.sysconf("SC_PAGE_SIZE")
    return sum(_pages(process) for process in _tree(os.getpid())) * page


def _tree(process: int) -> Iterator[int]:
    """A process and its descendants."""
    yield process
    with contextlib.suppress(OSError):
        for task in (_PROC / str(process) / "task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _pages(process: int) -> int:
    """Resident pages; 0 of a process that has just ended."""
    try:
        return int((_PROC / str(process) / "statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
