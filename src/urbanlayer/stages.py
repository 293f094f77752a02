"""The stages of a run: their names, how long each took, and what happens to errors."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from urbanlayer.errors import DataError, together

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

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
    seconds
        By name of the stage.
    """

    report: Report = silent
    seconds: dict[str, float] = field(default_factory=dict)
    _began: float = 0.0
    _name: str = ""

    def begin(self, name: str) -> None:
        """End the stage before, and begin one."""
        self.end()
        self._name, self._began = name, time.perf_counter()
        self.report(name)

    def end(self) -> None:
        """End the stage that runs, if one does."""
        if self._name:
            spent = time.perf_counter() - self._began
            self.seconds[self._name] = round(self.seconds.get(self._name, 0.0) + spent, 3)
            self._name = ""


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
