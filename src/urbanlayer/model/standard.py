"""A published standard, and what of it a map can show."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.query import Query


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator, clause or rule of a standard.

    Attributes
    ----------
    code
        As the standard writes it: `EC: I: T: 2A`, `11.2.1`.
    title
        As the standard writes it, in English; in words of ours where it is a `paraphrase`.
    indicator
        Id of our indicator that measures it; empty where nothing of ours does.
    variant
        Which of its variants; None for all that its table queries.
    table
        The indicator's table with the standard's own numbers.
    custom
        A table of `[[custom_indicator]]` that measures it, where no file of ours needs to.
    target
        The standard's target, in our unit; None where it sets none.
    layers
        Roles of layers that would measure it, where no indicator of ours does.
    spatial
        Whether layers can measure it at all; if not, it takes accounts, meters or a survey.
    proxy
        Whether ours stands for it without being the same.
    paraphrase
        Whether the title is ours: the standard gives none, or it could not be read.
    unread
        Whether what it counts could not be read in the standard, so that nothing of ours measures
        it.
    """

    code: str
    title: str
    indicator: str = ""
    variant: str | None = None
    table: Mapping[str, Any] = field(default_factory=dict)
    custom: Mapping[str, Any] = field(default_factory=dict)
    target: float | None = None
    layers: tuple[str, ...] = ()
    spatial: bool = True
    proxy: bool = False
    paraphrase: bool = False
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard with all its items.

    Attributes
    ----------
    id
        As `profile = […]` names it.
    title
        Its own name.
    edition
        Which one was read: clauses are renumbered between editions.
    source
        Where it stands.
    remark
        Code of a remark on its titles; empty: nothing.
    """

    id: str
    title: str
    edition: str
    source: str
    items: tuple[Item, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Followed:
    """A standard that a city file names, with the queries of its items.

    Attributes
    ----------
    queries
        Code of an item to the ids and queries that measure it; items that no indicator measures
        are not in it.
    """

    standard: Standard
    queries: Mapping[str, tuple[tuple[str, Query], ...]]


NO_STANDARDS: Mapping[str, Standard] = MappingProxyType({})
"""Of a city file that can follow none."""
