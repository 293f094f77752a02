"""How each city of a run over many ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Status(Enum):
    """How the run of one city ended."""

    PUBLISHED = "published"
    DONE_BEFORE = "done before"
    FAILED = "failed"
    TOO_LARGE = "too large"


@dataclass(frozen=True, slots=True, kw_only=True)
class CityOutcome:
    """How the run of one city ended.

    Attributes
    ----------
    city_file
        As it was given.
    city
        Its id; empty where the city file cannot be read.
    status
        How it ended.
    messages
        Why it failed, each a line; of a published city its warnings.
    seconds
        That it took; 0 where nothing was done.
    """

    city_file: Path
    city: str
    status: Status
    messages: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether the city has no publication of these inputs."""
        return self.status in {Status.FAILED, Status.TOO_LARGE}
