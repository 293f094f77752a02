"""Which objects of OpenStreetMap make a layer, and which of their tags become columns."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from urbanlayer.locales import languages
from urbanlayer.model.role import ANY
from urbanlayer.model.role_table import role

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Mapping

    from urbanlayer.model.role import Alternative
    from urbanlayer.model.source import Request

T = TypeVar("T")

Get = Callable[[str, None], str | None]
"""Gives the value of one of an object's tags, or None; as `dict.get` does. pyosmium takes 4 µs to
hand over a tag of a list, and 0.2 µs to report that there is none of a name."""

_ALWAYS = ("name", "name:sr", "name:sr-Latn", "name:cnr", "opening_hours", "capacity")

_UNUSED = ("disused", "abandoned", "closed", "was")
_GONE = ("demolished", "razed", "removed", "destroyed")
_NOT_YET = ("proposed", "planned", "construction")
"""As a tag with `yes`; `construction=minor` is open."""
_PREFIXES = frozenset({*_UNUSED, *_GONE, *_NOT_YET})
_ENDS, _BEGINS = ("end_date",), ("start_date", "opening_date")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
"""Of the whole value: what is written otherwise ("~1900", "C19") says no day."""
_NEVER_OPEN = re.compile(
    r"((24/7|mo-su|ph,mo-su|mo-su,ph)\s+)?(off|closed)(\s*\"[^\"]*\")?;?", re.IGNORECASE
)
"""The whole of `opening_hours`; what stands in quotation marks is a comment."""


def without_lifecycle(key: str) -> str:
    """A key without the prefix that says what was or will be.

    Examples
    --------
    >>> without_lifecycle("disused:amenity"), without_lifecycle("building:levels")
    ('amenity', 'building:levels')
    """
    prefix, _, rest = key.partition(":")
    return rest if rest and prefix in _PREFIXES else key


Tags = tuple[Get, int]
"""How to look up a tag of an object, and how many it has."""


def looked_up(tags: Mapping[str, str]) -> Tags:
    """Tags that are at hand, as those of an object are looked up."""
    return tags.get, len(tags)


def tags_of(thing: Any) -> Tags:  # noqa: ANN401  (pyosmium's)
    """How to look up a tag of an object, and how many it has.

    Parameters
    ----------
    thing
        pyosmium's. What its list of tags calls is called directly, which halves the time of a
        lookup; a version without it is asked by the list.
    """
    try:
        own = thing._pyosmium_data  # noqa: SLF001
        return own.tags_get_value_by_key, own.tags_size()
    except AttributeError:
        return thing.tags.get, len(thing.tags)


def not_there(get: Get, keys: Collection[str], as_of: dt.date | None) -> str:
    """The tag by which an object is gone, or not there yet; empty if it is there.

    Parameters
    ----------
    get
        Of the object.
    keys
        The tags that make its layer.
    as_of
        The day that counts; None where no dates are looked at.

    Notes
    -----
    wiki.openstreetmap.org/wiki/Lifecycle_prefix: a tag with a prefix alone (`proposed:amenity`)
    never matches. Beside the plain tag (`amenity`) it counts where both have the same value, or it
    has `yes`: a school that was a shop is a school. The older form is a tag of its own.
    """
    for tag in _GONE:
        if (value := get(tag, None)) is not None and value != "no":
            return f"{tag}={value}"
    for tag in _NOT_YET:
        if get(tag, None) == "yes":
            return f"{tag}=yes"
    if as_of is not None:
        for tag in (*_ENDS, *_BEGINS):
            value = get(tag, None)
            if value is not None and _is_past_or_future(value, as_of, ends=tag in _ENDS):
                return f"{tag}={value}"
    return _prefixed(get, keys, (*_GONE, *_NOT_YET))


def not_in_use(get: Get, keys: Collection[str]) -> str:
    """The tag by which an object stands, but is out of use for good; empty if it is in use.

    Parameters
    ----------
    get
        Of the object.
    keys
        The tags that make its layer.
    """
    for tag in _UNUSED:
        if (value := get(tag, None)) is not None and value != "no":
            return f"{tag}={value}"
    hours = get("opening_hours", None)
    if hours is not None and _NEVER_OPEN.fullmatch(hours.strip()):
        return f"opening_hours={hours}"
    return _prefixed(get, keys, _UNUSED)


def _prefixed(get: Get, keys: Collection[str], prefixes: Iterable[str]) -> str:
    for key in keys:
        if (plain := get(key, None)) is None:
            continue
        for prefix in prefixes:
            if get(f"{prefix}:{key}", None) in {plain, "yes"}:
                return f"{prefix}:{key}={get(f'{prefix}:{key}', None)}"
    return ""


def _is_past_or_future(text: str, as_of: dt.date, *, ends: bool) -> bool:
    """Whether all of a day, month or year is before the day that counts (an end), or after it."""
    parts = _DATE.fullmatch(text.strip())
    if parts is None:
        return False
    day = tuple(int(part) for part in parts.groups() if part)
    now = (as_of.year, as_of.month, as_of.day)[: len(day)]
    return day < now if ends else day > now


def alternatives(request: Request) -> tuple[Alternative, ...]:
    """The tags that make a feature of a layer: those of its `where`, else its role's.

    Parameters
    ----------
    request
        Which layer.

    Returns
    -------
    tuple of Alternative
        A feature has all tags of at least one; empty where nothing is known of the role.
    """
    where = request.spec.where
    if not where:
        return role(request.role).tags
    tags: Alternative = {}
    for field, value in where.items():
        values = value if isinstance(value, list) else [value]
        tags[field] = frozenset(_tag_value(entry) for entry in values)
    if "type" in tags:  # the filter looks at the first one, which ways have too
        tags["type"] = tags.pop("type")
    return (tags,)


def without_type(wanted: Iterable[Alternative]) -> tuple[Alternative, ...]:
    """The alternatives that ask for relations of a `type`, without it; those of closed ways.

    Examples
    --------
    >>> without_type([{"boundary": {"administrative"}, "type": {"boundary"}}, {"place": {"a"}}])
    ({'boundary': {'administrative'}},)
    """
    typed = [tags for tags in wanted if "type" in tags and len(tags) > 1]
    return tuple({key: tags[key] for key in tags if key != "type"} for tags in typed)


def kept_tags(request: Request) -> tuple[str, ...]:
    """The tags that become columns of a layer, each once.

    Parameters
    ----------
    request
        Which layer; tags that its table names are kept too.
    """
    spec = request.spec
    named = [spec.key, *(spec.name.values() if isinstance(spec.name, dict) else [spec.name])]
    tables = [spec.where, *(entry for entry in spec.fields.values() if isinstance(entry, dict))]
    declared = [
        *(tag for table in tables for tag in table),
        *(entry for entry in spec.fields.values() if isinstance(entry, str)),
        *(tag for tag in named if tag),
    ]
    names = [f"name:{code}" for code in languages() if "_" not in code]
    return tuple(dict.fromkeys([*_ALWAYS, *names, *role(request.role).kept_tags, *declared]))


_ByTag = dict[str, dict[str, list[tuple[T, "Alternative"]]]]
"""The layers of each value of each tag, with the other tags that they ask for."""


class TagFilter(Generic[T]):
    """The layers that an object belongs to, by the object's own tags.

    Parameters
    ----------
    layers
        Each with its tags; the first tag of an alternative is looked up.
    """

    __slots__ = ("_by_tag", "any_value", "keys")

    def __init__(self, layers: Iterable[tuple[T, tuple[Alternative, ...]]]) -> None:
        by_tag: _ByTag[T] = {}
        for layer, wanted in layers:
            for alternative in wanted:
                first, *others = alternative
                rest = {tag: alternative[tag] for tag in others}
                values = by_tag.setdefault(first, {})
                for value in sorted(alternative[first]):
                    values.setdefault(value, []).append((layer, rest))
        self._by_tag = list(by_tag.items())
        self.keys = tuple(sorted(by_tag))
        """An object without any of these belongs to no layer."""
        self.any_value = frozenset(tag for tag in self.keys if ANY in by_tag[tag])
        """Those of them whose every value makes a layer."""

    def matching(self, tags: Tags) -> list[T]:
        """The layers that an object belongs to, each once.

        Parameters
        ----------
        tags
            Of the object. The tags that are common are soon looked up first; once all of an
            object's are found, the others are not looked up.
        """
        get, left = tags
        found: list[T] = []
        by_tag = self._by_tag
        for place, (tag, values) in enumerate(by_tag):
            value = get(tag, None)
            if value is None:
                continue
            if place:
                by_tag[place - 1], by_tag[place] = by_tag[place], by_tag[place - 1]
            for layer, rest in _candidates(values, value):
                if layer not in found and (not rest or _has_all(get, rest)):
                    found.append(layer)
            left -= 1
            if not left:
                break
        return found


def _has_all(get: Get, wanted: Alternative) -> bool:
    return all(_has(get(key, None), values) for key, values in wanted.items())


def _candidates(
    values: dict[str, list[tuple[T, Alternative]]], value: str
) -> list[tuple[T, Alternative]]:
    found = values.get(value, [])
    if ";" in value:  # several values
        found = [*found, *(each for part in _parts(value) for each in values.get(part, []))]
    return found if ANY not in values or value == "no" else [*found, *values[ANY]]


def _has(value: str | None, values: frozenset[str]) -> bool:
    if value is None:
        return False
    if value in values or (ANY in values and value != "no"):
        return True
    return ";" in value and not values.isdisjoint(_parts(value))


def _parts(value: str) -> list[str]:
    """The values of a tag that has several, separated by semicolons."""
    return [part.strip() for part in value.split(";")]


def _tag_value(value: str | float | bool) -> str:  # noqa: FBT001  (a value of a TOML table)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
