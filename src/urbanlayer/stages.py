"""The stages of a run: their names, how long each took, and what happens to errors."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from urbanlayer.errors import DataError, together
from urbanlayer.evaluation.disk_cache import DiskCache

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from urbanlayer.memory import Sampler

Report = Callable[[str], None]


def silent(_stage: str) -> None:
    """Report nothing."""


@dataclass(slots=True)
class Stages:
    """Reports the name of each stage as it begins, and keeps how long each took.

    Attributes
    ----------
    report
        Called with the name of each stage as it begins.
    cache
        Where results of steps are kept from run to run; nowhere by default.
    memory
        Samples the memory of each stage; None where it is not measured.
    meanwhile
        Called while the layers are read in other processes: what loads what comes later.
    seconds, peak_bytes
        By name of the stage; the second is empty where memory is not measured.
    """

    report: Report = silent
    cache: DiskCache = field(default_factory=DiskCache)
    memory: Sampler | None = None
    meanwhile: Callable[[], None] = lambda: None
    seconds: dict[str, float] = field(default_factory=dict)
    peak_bytes: dict[str, int] = field(default_factory=dict)
    _began: float = 0.0
    _name: str = ""

    def begin(self, name: str) -> None:
        """End the stage before, and begin one."""
        self.end()
        self._name, self._began = name, time.perf_counter()
        if self.memory is not None:
            self.memory.peak()
        self.report(name)

    def end(self) -> None:
        """End the stage that runs, if one does."""
        if self._name:
            spent = time.perf_counter() - self._began
            self.seconds[self._name] = round(self.seconds.get(self._name, 0.0) + spent, 3)
            if self.memory is not None:
                peak = max(self.memory.peak(), self.peak_bytes.get(self._name, 0))
                self.peak_bytes[self._name] = peak
            self._name = ""


def stages_of(report: Report = silent, *, cache: bool = True) -> Stages:
    """The stages of a run that keeps results for the next one.

    Parameters
    ----------
    report
        Called with the name of each stage as it begins.
    cache
        Whether results are kept, and those of earlier runs used; never where the environment
        variable `URBANLAYER_NO_CACHE` is set.
    """
    if not cache or os.environ.get("URBANLAYER_NO_CACHE"):
        return Stages(report)
    from urbanlayer.sources.cache_folders import STEPS, cache_folder

    return Stages(report, DiskCache.opened(cache_folder(STEPS)))


@dataclass(slots=True)
class Errors:
    """What happens to errors of the data: the first stage that has some ends a run, or none does.

    Attributes
    ----------
    collect
        Whether errors are kept and the run goes on with what there is, as for `check`.
    found
        Those kept, by role; under the empty role those of the whole city.
    """

    collect: bool = False
    found: dict[str, DataError] = field(default_factory=dict)

    def of_layers(self, failed: Mapping[str, DataError], *, tolerated: Collection[str]) -> None:
        """Raise the errors of all layers together, or keep them.

        Parameters
        ----------
        failed
            By role.
        tolerated
            Roles without which the rest can be computed.

        Raises
        ------
        DataError
            A layer that is not tolerated failed, and errors are not collected.
        """
        self.found |= failed
        refused = [error for role, error in failed.items() if role not in tolerated]
        if refused and not self.collect:
            raise together(refused)

    @contextlib.contextmanager
    def of(self, role: str) -> Iterator[None]:
        """Let an error of the block pass, or keep it as that of a role."""
        try:
            yield
        except DataError as error:
            if not self.collect:
                raise
            self.found[role] = error
