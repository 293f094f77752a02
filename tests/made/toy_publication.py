"""A publication of the toy city for given standards and tables of indicators."""

import toy

from urbanlayer import registry
from urbanlayer.cityfile.queries import followed_standards, requested_queries
from urbanlayer.model.publication import Publication
from urbanlayer.model.specification import CitySpec


def publication(*modes, **tables):
    spec = CitySpec.model_validate({
        "name": "Toy", "crs": toy.CRS, "as_of": "2026-06-30",
        "layers": {"neighbourhoods": {"path": "n.gpkg"}},
        "indicators": {"standards": list(modes), **tables},
    })  # fmt: skip
    queries = requested_queries(spec, registry.indicators(), registry.standards())
    answers = toy.evaluated(queries)
    return Publication(
        spec=spec, city=toy.city(), network=answers.network, results=answers.results,
        not_answerable=answers.not_answerable,
        indicators={indicator.id: indicator for indicator, _ in queries},
        standards=followed_standards(spec, registry.indicators(), registry.standards()),
    )  # fmt: skip
