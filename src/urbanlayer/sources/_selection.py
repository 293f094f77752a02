"""Which objects of an OpenStreetMap extract make a layer, and which of their tags are kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.model.role_table import role
from urbanlayer.sources._choose import named
from urbanlayer.sources._tags import alternatives, kept_tags

if TYPE_CHECKING:
    from urbanlayer.model.role import Alternative
    from urbanlayer.model.source import Request

_STANDS_UNUSED = frozenset({"buildings", "water", "land_use", "land_cover"})
"""Layers of what is there whether it is used or not."""


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """What makes a layer of an extract.

    Attributes
    ----------
    role
        What the layer is to the city.
    tags
        An object has all tags of at least one.
    columns
        Tags that are kept.
    points, lines, areas
        Which kinds of geometry the layer takes.
    crossed
        Whether its lines meet at shared nodes, and areas come as their rings.
    stands_unused
        Whether what is out of use belongs to it.
    where
        Tags that the city file asks for.
    as_of
        The day on which its objects are there; None where no dates are looked at.
    """

    role: str
    tags: tuple[Alternative, ...]
    columns: tuple[str, ...]
    points: bool
    lines: bool
    areas: bool
    crossed: bool
    stands_unused: bool
    where: tuple[str, ...]
    as_of: dt.date | None

    @property
    def keys(self) -> tuple[str, ...]:
        """The tags that make it."""
        return tuple({tag: None for alternative in self.tags for tag in alternative})

    def as_json(self) -> dict[str, Any]:
        """It as JSON can hold it."""
        tags = [{tag: sorted(values) for tag, values in one.items()} for one in self.tags]
        day = None if self.as_of is None else self.as_of.isoformat()
        return asdict(self) | {"tags": tags, "as_of": day}

    @classmethod
    def of_json(cls, record: dict[str, Any]) -> Selection:
        """What `as_json` wrote."""
        tags = [{tag: frozenset(values) for tag, values in one.items()} for one in record["tags"]]
        day = record["as_of"]
        as_of = None if day is None else dt.date.fromisoformat(day)
        return cls(**record | {"tags": tuple(tags), "as_of": as_of})


def selection_of(request: Request) -> Selection:
    """What makes the layer of a request.

    Raises
    ------
    SourceError
        Nobody says which tags make it.
    """
    wanted = alternatives(request)
    if not wanted:
        raise SourceError(
            f"{named(request)}: which tags make {request.role!r} is not known; say "
            'where = { amenity = "…" } in city.toml'
        )
    known = role(request.role)
    derived = request.spec.derive is not None  # from points, whatever the role is made of
    return Selection(
        request.role,
        wanted,
        kept_tags(request),
        points="point" in known.kinds or derived,
        lines="line" in known.kinds and not derived,
        areas="polygon" in known.kinds and not derived,
        crossed=known.crossed,
        stands_unused=request.role in _STANDS_UNUSED,
        where=tuple(request.spec.where),
        as_of=request.as_of,
    )
