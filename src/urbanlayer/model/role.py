"""A role: what a layer is to the city, and all that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping


GeometryKind = Literal["point", "line", "polygon"]
FieldKind = Literal["text", "number", "count", "flag"]
Form = Literal["point", "line", "polygon", "raster"]
Declared = Literal["column", "values", "use"]
"""How the city file declares a field: by the column that holds it, by a table of values as in
`where`, or by `{ field = "…", residential = […] }`."""
Alternative = dict[str, frozenset[str]]
"""OpenStreetMap tags to the values that a feature may have; it must have all of the tags."""
ANY = "*"
"""In place of a value of an `Alternative`: any but `no`."""
KEPT_TAGS = (
    *("amenity", "shop", "healthcare", "leisure", "tourism", "office", "operator", "operator:type"),
    *("wheelchair", "access", "fee", "internet_access", "emergency", "brand", "website"),
    *("recycling_type", "isced:level", "sport", "surface"),
)
"""OpenStreetMap tags that become columns of a role that has no list of its own."""
SAME_PLACE_M = 50.0
"""Two facilities of one kind and name nearer than this are one."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column that a role has under a name of its own.

    Attributes
    ----------
    name
        Canonical name of the column.
    kind
        `text`; `number`, NaN where not known; `count`, a number that is never negative; `flag`.
    unit
        `people`, `storeys`, `places` …; empty for text and flags.
    about
        What it is, in a sentence.
    required
        Whether the layer is rejected without it.
    declared
        How the city file declares it.
    own_key
        Its key in the city file, where that is not its name.
    tag
        OpenStreetMap tag that holds it; empty where none does.
    restricts
        Of a flag: whether it marks the features that people may not enter; else those they may.
    """

    name: str
    kind: FieldKind
    unit: str
    about: str
    required: bool = False
    declared: Declared = "column"
    own_key: str = ""
    tag: str = ""
    restricts: bool = False

    @property
    def key(self) -> str:
        """The key of the layer's table in the city file that declares it."""
        return self.own_key or self.name


@dataclass(frozen=True, slots=True)
class Role:
    """What a layer is to the city.

    Attributes
    ----------
    name
        Name of its table in the city file; words are put to it under `role.NAME`.
    about
        What it is, in a sentence.
    forms
        Kinds of geometry that it may have; `raster` where a grid will do.
    fields
        Columns that it has, besides `name`.
    settings
        Further keys of the layer's table that this role has.
    service
        Whether its features are facilities that people go to.
    known
        Whether it stands in the table of roles, or is a city's own.
    distinct_shapes
        Whether two features of the very same shape are duplicates.
    duplicates_within_m
        Facilities of one name nearer than this are duplicates.
    partition
        Whether its polygons divide the city among them: every key is unique, and overlaps and gaps
        are resolved.
    reference
        Whether other layers are compared with it to find a horizontal offset: `always`, or only
        where its coordinates are `known` by the way in which it was surveyed.
    offset_by
        What of it lines up with streets or keeps off them: `shapes`, `borders`, the features if
        they are all `points`, or `nothing`.
    tags
        Tags of OpenStreetMap that make a feature of it where the city file has no `where`: all
        tags of at least one alternative.
    kept_tags
        Tags of OpenStreetMap that become columns.
    everywhere
        Whether every neighbourhood where people live has it, so that an absence is an error.
    graded
        Columns whose completeness the inventory grades.
    slow
        Whether it changes slowly, so that its age counts for less.
    background
        Whether it is drawn under the results of every city.
    digital
        Whether it makes an indicator of another theme a digital one.
    crossed
        Whether people walk along its lines and across its areas (plazas), which come as their
        rings with `area=yes`; lines meet where they share a node of their source.
    """

    name: str
    about: str
    forms: frozenset[Form]
    fields: tuple[Field, ...] = ()
    settings: tuple[str, ...] = ()
    service: bool = False
    known: bool = True
    distinct_shapes: bool = False
    duplicates_within_m: float = SAME_PLACE_M
    partition: bool = False
    reference: Literal["", "always", "known"] = ""
    offset_by: Literal["shapes", "borders", "points", "nothing"] = "points"
    tags: tuple[Alternative, ...] = ()
    kept_tags: tuple[str, ...] = KEPT_TAGS
    everywhere: bool = False
    graded: tuple[str, ...] = ()
    slow: bool = False
    digital: bool = False
    background: bool = False
    crossed: bool = False

    @property
    def kinds(self) -> frozenset[GeometryKind]:
        """Kinds of geometry that its features may have; empty for grids alone."""
        vector: tuple[GeometryKind, ...] = ("point", "line", "polygon")
        return frozenset(kind for kind in vector if kind in self.forms)

    @property
    def field_of_key(self) -> Mapping[str, Field]:
        """Its fields by the key that declares each in the city file."""
        return {field.key: field for field in self.fields}

    def tag_texts(self) -> list[str]:
        """Its tags of OpenStreetMap as people write them, each alternative a text.

        Examples
        --------
        >>> tags = ({"amenity": frozenset({"school", "college"})}, {"highway": frozenset({ANY})})
        >>> Role("school", "Schools.", frozenset({"point"}), tags=tags).tag_texts()
        ['amenity=college|school', 'highway=*']
        """
        return [
            " and ".join(f"{key}={'|'.join(sorted(values))}" for key, values in one.items())
            for one in self.tags
        ]

    @property
    def counts_people(self) -> bool:
        """Whether it counts people; a grid then holds people per cell."""
        return any(field.name == "people" for field in self.fields)
