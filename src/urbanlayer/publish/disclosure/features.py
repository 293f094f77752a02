"""Features that may be shown: an allow-list of layers, and of the columns with their names.

A layer may be named in the city file only to be counted. Its features are shown only where they
are facilities that an indicator measures the way to, where the city file says `show = true`, or
where they are the background of every map (streets, green, water). All other layers reach the
page and the files without features, and what is said of them names none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.model.layer import Excluded
from urbanlayer.model.role_table import role as role_named
from urbanlayer.publish.disclosure.redaction import without_names, without_persons
from urbanlayer.text.personal import without_persons as without_persons_in

if TYPE_CHECKING:
    import geopandas as gpd

    from urbanlayer.model.layer import Layer
    from urbanlayer.model.publication import Publication

FACILITY, BACKGROUND, COUNTED = "facility", "background", "counted"
"""How a layer is shown: point by point, drawn under the results, or not at all."""


def shown_as(publication: Publication, role: str) -> str:
    """How the features of a layer are shown: `facility`, `background` or `counted` (not at all)."""
    spec = publication.spec.layers.get(role)
    if spec is not None and spec.show:
        return FACILITY
    known = role_named(role)
    if known.service and role in _walked_to(publication):
        return FACILITY
    return BACKGROUND if known.background or known.partition else COUNTED


def facility_roles(publication: Publication) -> frozenset[str]:
    """Roles of the layers whose features are shown point by point."""
    roles = publication.city.layers
    return frozenset(role for role in roles if shown_as(publication, role) == FACILITY)


def counted_roles(publication: Publication) -> frozenset[str]:
    """Roles of the layers whose features are not shown."""
    roles = publication.city.layers
    return frozenset(role for role in roles if shown_as(publication, role) == COUNTED)


def roles_without_isochrones(publication: Publication) -> tuple[str, ...]:
    """Layers of a city's own whose isochrones would tell where features lie that are not shown."""
    spec = publication.spec.publish
    if spec.exact:
        return ()
    return tuple(
        role
        for role in spec.isochrones
        if not role_named(role).known and shown_as(publication, role) == COUNTED
    )


def with_shown_features(publication: Publication) -> Publication:
    """The publication with the features and names alone that may be shown."""
    layers = {
        role: _shown(layer, shown_as(publication, role))
        for role, layer in publication.city.layers.items()
    }
    return replace(
        publication,
        city=replace(publication.city, layers=layers),
        excluded=tuple(_listed(publication, item) for item in publication.excluded),
    )


def _walked_to(publication: Publication) -> frozenset[str]:
    """Roles that a network query of the publication measures the way to."""
    destinations = (getattr(query, "destinations", "") for query in publication.network)
    return frozenset(destinations) - {""}


def _shown(layer: Layer, how: str) -> Layer:
    frame = layer.frame
    if how == COUNTED:
        frame = frame.iloc[:0]
    elif "public" in frame:
        frame = frame[frame["public"].fillna(value=True).astype(bool)]
    return replace(layer, frame=_with_public_names(frame, layer.provenance.public_names))


def _with_public_names(frame: gpd.GeoDataFrame, public: tuple[str, ...]) -> gpd.GeoDataFrame:
    named = [name for name in frame.columns if name == "name" or str(name).startswith("name_")]
    return frame.drop(columns=[name for name in named if name not in public])


def _listed(publication: Publication, item: Excluded) -> Excluded:
    """An excluded feature; without key, point and values where its layer is not shown."""
    layer = publication.city.layers.get(item.layer)
    if layer is None or publication.spec.publish.exact:
        return item
    if shown_as(publication, item.layer) != COUNTED:
        (feature,) = without_persons_in([item.feature], honoured=True)
        detail, fix = without_persons(item.detail), without_persons(item.fix)
        return replace(item, feature=feature, detail=detail, fix=fix)
    spec = publication.spec.layers.get(item.layer)
    numbered = spec is not None and spec.key is None and not layer.provenance.stable_keys
    return Excluded(
        item.layer,
        item.feature if numbered and item.feature.isdecimal() else "",
        item.reason,
        without_names(item.detail),
        without_names(item.fix),
    )
