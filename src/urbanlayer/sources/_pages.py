"""Features of a service, page by page, each once; what was repeated, and what never came."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.sources._choose import named
from urbanlayer.sources._features import MAX_FEATURES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from urbanlayer.model.source import Request

_USUAL_LIMITS = 100
"""Services give at most 100, 500, 1,000, 2,000 … features: multiples of this number."""
_SMALL_LIMITS = (10, 20, 25, 50)
"""Of services that send their first features whatever page they are asked for."""
_NAMES_OF_IDS = ("id", "fid", "gid", "objectid", "ogc_fid", "broj", "sifra", "code")
"""Usual names of a property that differs in every feature; any other that does comes after."""


class Pages:
    """The features of the pages of one type.

    Parameters
    ----------
    request
        Named in errors.
    page_size
        Features of a page.
    limit
        How many the service says that a page has at most; None where it says nothing.
    """

    def __init__(self, request: Request, *, page_size: int, limit: int | None = None) -> None:
        self.features: list[dict[str, Any]] = []
        self.sent = 0
        """Features that came, repeats among them: where the next page starts."""
        self.total: int | None = None
        """How many there are, as the service says; None where it says nothing."""
        self.repeated = 0
        """Features of a page that stood in an earlier one: as many may never have come."""
        self.ended = False
        """Whether an empty page came, so that nothing follows."""
        self._request = request
        self._limits = {page_size, limit}
        self._ids: set[str] = set()
        self._pages: set[str] = set()
        self._last = 0

    def add(self, found: Sequence[dict[str, Any]], total: int | None) -> bool:
        """Add a page, and return whether to request another one.

        Without a total, a page that is shorter than it may be is not the last one: a service may
        have a limit of its own. Only an empty page is the end.
        """
        self.total = self.total if total is None else total
        content = _digest(found)
        if found and content in self._pages:  # it ignores where a page is to start
            return False
        self._pages.add(content)
        self.ended = not found
        self.sent += len(found)
        self._last = len(found)
        here: set[str] = set()
        for feature in found:
            key = feature_key(feature)
            again = key in self._ids
            self.repeated += again
            if not again and not (_has_id(feature) and key in here):
                self.features.append(feature)
            here.add(key)
        self._ids |= here
        if not found or self.sent > MAX_FEATURES:
            return False
        full = len(found) in self._limits  # some count the features of the page as all there are
        return self.total is None or self.sent < self.total or full

    @property
    def is_complete(self) -> bool:
        """Whether as many different features came as there are, or none twice if nobody says."""
        return not self.repeated if self.total is None else len(self.features) == self.total

    def distinct_property(self) -> str:
        """A property that differs in every feature, to sort by; empty where there is none."""
        rows = [one.get("properties") or {} for one in self.features if isinstance(one, dict)]
        names: list[str] = list(rows[0]) if rows else []
        names.sort(key=lambda name: name.casefold() not in _NAMES_OF_IDS)
        for name in names:
            values = [row.get(name) for row in rows]
            known = all(isinstance(value, int | str) and value != "" for value in values)
            if known and len(set(map(str, values))) == len(values):
                return name
        return ""

    def check_complete(self) -> None:
        """Raise where fewer or more different features came than there are.

        Raises
        ------
        SourceError
            Also where nobody says how many there are, and a limit of the service is likely.
        """
        if self.total is None and not self.ended:
            check_not_limited(self._last, self._request, *self._limits)
        if self.total is None and self.repeated:
            raise SourceError(
                f"{named(self._request)}: the service repeats {self.repeated} features on later "
                "pages, so that others may never come; ask for parts, as bbox = [west, south, "
                "east, north] in city.toml, or for a file"
            )
        check_count(len(self.features), self.total, self._request)


def is_usual_limit(count: int, *limits: int | None) -> bool:
    """Whether so many features may be all that a service gives at once, and not all there are.

    Parameters
    ----------
    count
        Features that came.
    limits
        Limits that are known.
    """
    return count in limits or (count > 0 and count % _USUAL_LIMITS == 0)


def check_not_limited(count: int, request: Request, *limits: int | None) -> None:
    """Raise where a page without a known total has as many features as a service gives at once.

    Parameters
    ----------
    count
        Features of the page, the last that came.
    request
        Named in the error.
    limits
        Limits of this service, where they are known.

    Raises
    ------
    SourceError
        With the number.
    """
    if is_usual_limit(count, *limits, *_SMALL_LIMITS):
        raise SourceError(
            f"{named(request)}: the service sends its first {count} features alone (it ignores "
            "startIndex, or has no pages) and does not say how many there are, so that the others "
            "cannot be read; ask for parts, as bbox = [west, south, east, north] in city.toml, or "
            "for a file"
        )


def check_count(count: int, total: int | None, request: Request) -> None:
    """Raise where another number of different features came than the service says.

    Parameters
    ----------
    count
        Different features.
    total
        As the service says; None where it says nothing.
    request
        Named in the error.

    Raises
    ------
    SourceError
        With both numbers.
    """
    if total is not None and count != total:
        raise SourceError(
            f"{named(request)}: the service says {total} features and sent {count} different "
            "ones; fetch it again"
        )


def _has_id(feature: object) -> bool:
    return isinstance(feature, dict) and feature.get("id") is not None


def feature_key(feature: object) -> str:
    """The id of a feature; the digest of its content where it has none."""
    if isinstance(feature, dict) and feature.get("id") is not None:
        return str(feature["id"])
    return _digest(feature)


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
