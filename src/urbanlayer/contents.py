"""What a publication or an inventory holds, made of a city file that was evaluated."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer import registry
from urbanlayer.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

    from urbanlayer.cityfile import CityFile
    from urbanlayer.evaluation.disk_cache import DiskCache
    from urbanlayer.evaluation.results import Evaluation
    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import IndicatorQuery
    from urbanlayer.model.maturity import Checked
    from urbanlayer.model.network_query import NetworkQuery
    from urbanlayer.model.plan import Plan
    from urbanlayer.model.plan_inputs import Evaluate
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.publish_specification import IsochroneSpec
    from urbanlayer.model.result import Result
    from urbanlayer.stages import Errors, Stages


@dataclass(frozen=True, slots=True, eq=False)
class Evaluated:
    """A city and the results of the queries of its file, as far as its layers allow.

    Attributes
    ----------
    city
        None where its neighbourhoods cannot be used.
    evaluation
        To the queries of the city file.
    """

    city: City | None
    evaluation: Evaluation


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """Results, isochrones and the plan of a city file.

    Attributes
    ----------
    exact
        As they were computed.
    shown
        As they may be shown.
    """

    exact: Publication
    shown: Publication


def contents_of_evaluation(file: CityFile, found: Evaluated, stages: Stages) -> Contents:
    """The results, isochrones and the plan of a city file, exact and as they may be shown.

    Parameters
    ----------
    file
        The city file.
    found
        Its city and its results.
    stages
        Called with the name of each stage as it begins.

    Raises
    ------
    PlanError
        With everything that the layers lack for the plan; nothing is solved then.
    """
    from urbanlayer.publish.disclosure import disclosed, with_disclosed_plan

    publication = publication_of(file, found)
    isochrones = _isochrones(file, publication, stages)
    publication = dataclasses.replace(publication, isochrones=isochrones)
    stages.begin("disclosure")
    shown = disclosed(publication)
    if file.spec.plan is None and not file.spec.scenario:
        return Contents(publication, shown)
    stages.begin("plan")
    plan = _plan(file, publication, found.evaluation, shown.results, cache=stages.cache)
    exact = dataclasses.replace(publication, plan=plan)
    return Contents(exact, with_disclosed_plan(shown, exact))


def publication_of(file: CityFile, found: Evaluated) -> Publication:
    """What is published of a city file."""
    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.record import disclosed_warnings

    city, evaluation = found.city, found.evaluation
    if city is None:
        raise DataError("layer 'neighbourhoods': there is none")
    publication = Publication(
        spec=file.spec,
        city=city,
        network=evaluation.network,
        results=evaluation.results,
        indicators={indicator.id: indicator for indicator, _ in file.queries},
        not_answerable=evaluation.not_answerable,
        excluded=tuple(item for layer in city.layers.values() for item in layer.excluded),
        standards=file.standards,
        rests_on=_rests_on(file),
    )
    return dataclasses.replace(publication, warnings=disclosed_warnings(publication))


def _isochrones(
    file: CityFile, publication: Publication, stages: Stages
) -> gpd.GeoDataFrame | None:
    """The isochrones that a city file lists; None where it lists none.

    Raises
    ------
    DataError
        They would tell where the features of a layer lie that is only counted.
    """
    if not file.spec.publish.isochrones:
        return None
    from urbanlayer.network.isochrones import isochrones_of_services
    from urbanlayer.publish.disclosure import roles_without_isochrones

    if hidden := roles_without_isochrones(publication):
        named = ", ".join(hidden)
        raise DataError(
            f"[publish] isochrones: no indicator measures the way to {named}, so that nothing of "
            "it is shown; set show = true in its layer's table if where its features lie may be "
            "published"
        )
    stages.begin("isochrones")
    city, drawn = publication.city, file.spec.publish.isochrones
    return stages.cache.remembered(
        "isochrones", _made_of(city, drawn), lambda: isochrones_of_services(city, drawn)
    )


def _made_of(city: City, drawn: Mapping[str, IsochroneSpec]) -> dict[str, str]:
    """What isochrones rest on: what the distances to the same facilities do."""
    from urbanlayer.evaluation.reads import key_of_network_query
    from urbanlayer.kernels.digests import digest_of_contents
    from urbanlayer.model.network_query import NearestQuery

    keys = [key_of_network_query(city, NearestQuery(role, one.mode)) for role, one in drawn.items()]
    inputs = {name: digest for key in keys for name, digest in key.digests}
    return {**inputs, "[publish] isochrones": digest_of_contents(drawn)}


def _plan(
    file: CityFile,
    publication: Publication,
    evaluation: Evaluation,
    shown: tuple[Result, ...],
    *,
    cache: DiskCache,
) -> Plan:
    """The plan that a city file declares, exact but for needs, which rest on what may be shown."""
    from urbanlayer import editing
    from urbanlayer.model.plan_inputs import PlanInputs
    from urbanlayer.model.plan_specification import PlanSpec
    from urbanlayer.plan.stage import planned
    from urbanlayer.publish.disclosure import least, suppressed_neighbourhoods

    return planned(
        PlanInputs(
            city=publication.city,
            queries=file.queries,
            evaluation=evaluation,
            shown=shown,
            spec=file.spec.plan or PlanSpec(),
            scenarios=file.spec.scenario,
            evaluate=remembering(evaluation, cache),
            edited=editing.editor(file),
            earlier=_earlier(file, evaluation),
            few=0 if file.spec.publish.exact else least(file.spec.publish.suppress_below),
            uncounted=suppressed_neighbourhoods(publication),
            remember=cache.remembered,
        )
    )


def _earlier(file: CityFile, evaluation: Evaluation) -> Mapping[str, float]:
    """The values of the earlier publication that the plan names; nothing where it names none."""
    if file.spec.plan is None or file.spec.plan.earlier is None:
        return {}
    from urbanlayer.publish.earlier import earlier_values

    return earlier_values(file.folder / file.spec.plan.earlier, evaluation.results)


def remembering(known: Evaluation, cache: DiskCache | None = None) -> Evaluate:
    """An evaluation that computes nothing again that rests on the same inputs.

    Parameters
    ----------
    known
        What is known from the start; every further evaluation is added.
    cache
        Where what is computed is kept for the next run; nowhere by default.
    """
    from urbanlayer.evaluation.evaluate import evaluate
    from urbanlayer.evaluation.known_on_disk import keep

    def evaluate_more(city: City, queries: Iterable[IndicatorQuery | NetworkQuery]) -> Evaluation:
        """The results of further queries."""
        nonlocal known
        known = evaluate(city, queries, known)
        if cache is not None:
            keep(known.new, cache)
        return known

    return evaluate_more


def checked_of(file: CityFile, found: Evaluated, errors: Errors) -> Checked:
    """What a city's layers are, as far as they can be used, and every error of the others."""
    from urbanlayer.model.maturity import Checked

    return Checked(
        spec=file.spec,
        queries=file.queries,
        indicators={
            **registry.indicators(),
            **{indicator.id: indicator for indicator, _ in file.queries},
        },
        city=found.city,
        network=found.evaluation.network,
        errors={role: error.errors for role, error in errors.found.items()},
        results=found.evaluation.results,
        not_answerable=found.evaluation.not_answerable,
        reads=_reads(file),
    )


def _reads(file: CityFile) -> tuple[tuple[str, ...], ...]:
    """For each query of a city file what its result rests on; a timetable on the feeds."""
    from urbanlayer.evaluation.reads import reads_of_query
    from urbanlayer.model.travel_modes import travel_modes

    modes = travel_modes(file.spec.modes)
    feeds = tuple(request.role for request in file.requests() if request.source.timetable)
    found = (reads_of_query(*one, modes) for one in file.queries)
    return tuple((*names, *(feeds if "timetable" in names else ())) for names in found)


def _rests_on(file: CityFile) -> Mapping[str, tuple[str, ...]]:
    """Id of each result to what it rests on, with the layers that make residents and areas."""
    from urbanlayer.city.assemble import NEIGHBOURHOODS_OF, roles_of_residents

    made_of = {
        "residents": roles_of_residents(file.spec),
        "origins": roles_of_residents(file.spec),
        "neighbourhoods": NEIGHBOURHOODS_OF,
    }
    found = {}
    for (indicator, query), names in zip(file.queries, _reads(file), strict=True):
        roles = {role for name in names for role in made_of.get(name, ())}
        found[indicator.named(query).id] = tuple(sorted({*names, *roles}))
    return found
