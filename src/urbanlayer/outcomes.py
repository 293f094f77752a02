"""What a run gives back: a publication or an inventory, where it lies, and how it came to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from urbanlayer.evaluation.changes import Change
    from urbanlayer.model.maturity import Checked, Inventory
    from urbanlayer.model.publication import Publication
    from urbanlayer.unchanged import Summary


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Published:
    """Where a publication lies, what is in it, and how it came to be.

    Attributes
    ----------
    summary
        What the command prints of it.
    target
        Its folder.
    seconds
        By stage.
    notes
        What went wrong after it was published, each a sentence.
    changes
        Each step, and why it was done or that it is unchanged since the run before; empty where
        nothing is kept.
    peak_bytes
        Greatest memory by stage, of child processes too; empty where it was not measured.
    """

    summary: Summary
    target: Path
    seconds: Mapping[str, float]
    notes: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    peak_bytes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Built(Published):
    """A publication with its city and results.

    Attributes
    ----------
    publication
        What was published, with exact numbers.
    """

    publication: Publication

    def __repr__(self) -> str:
        shown = self.publication
        return (
            f"<Built: {shown.spec.id} in {self.target}, {len(shown.results)} results, "
            f"{len(shown.not_answerable)} not answerable, {len(shown.warnings)} warnings>"
        )


@dataclass(frozen=True, slots=True, eq=False)
class Inspected:
    """An inventory, what it was judged by, and where it lies."""

    inventory: Inventory
    checked: Checked
    warnings: tuple[str, ...]
    target: Path

    def __repr__(self) -> str:
        return (
            f"<Inspected: {self.inventory.spec.id} in {self.target}, "
            f"{len(self.inventory.layers)} layers, {len(self.checked.errors)} with errors, "
            f"{len(self.warnings)} warnings>"
        )
