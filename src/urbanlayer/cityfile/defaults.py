"""What a layer has unless the city file specifies it: its licence, attribution and date."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.source import Source
    from urbanlayer.model.specification import CitySpec


def with_defaults(spec: CitySpec, sources: Mapping[str, Source]) -> CitySpec:
    """The same, each layer with its licence, attribution and date.

    What the layer itself has comes first, then what its source has for all its data
    (OpenStreetMap's ODbL), then what stands above all layers. The licence above all layers is
    that of the city's own data: it does not pass to a layer that names its author or says
    `allow_unlicensed`. CC BY and ODbL require an attribution; where there is none, it is the city.

    Parameters
    ----------
    spec
        As the city file has it.
    sources
        By id.
    """
    layers = {}
    for role, layer in spec.layers.items():
        source = sources.get(layer.source)
        of_city = not (layer.attribution or layer.allow_unlicensed)
        named = {
            "licence": (source.licence if source else "") or (spec.licence if of_city else None),
            "attribution": (source.attribution if source else "") or spec.attribution,
            "date": spec.date,
        }
        whole = layer.model_copy(
            update={key: value for key, value in named.items() if getattr(layer, key) is None}
        )
        if whole.attribution is None and requires_attribution(whole.licence or ""):
            whole = whole.model_copy(update={"attribution": spec.credit})
        layers[role] = whole
    return spec.model_copy(update={"layers": layers})


def requires_attribution(licence: str) -> bool:
    """Whether a licence requires that its author be named: CC BY, ODbL, ODC-By and their kin."""
    parts = licence.casefold().replace("_", "-").replace(" ", "-").split("-")
    return "odbl" in parts or "by" in parts
