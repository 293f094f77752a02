"""What is published: a city's results, and the layers that they rest on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from urbanlayer.model.network_query import NetworkResults

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Indicator
    from urbanlayer.model.layer import Excluded
    from urbanlayer.model.plan import Plan
    from urbanlayer.model.result import NotAnswerable, Result
    from urbanlayer.model.specification import CitySpec
    from urbanlayer.model.standard import Followed


@dataclass(frozen=True, slots=True, eq=False)
class Publication:
    """Everything that `publish` needs; the same publication gives the same bytes.

    Attributes
    ----------
    spec
        The city file.
    city
        With its layers, their provenance and their records of repair.
    network
        The results of the network queries of its indicators.
    results
        In the order of the city file.
    indicators
        Those that the city file queries, by id.
    not_answerable
        Those that the city file queries and that lack a layer.
    excluded
        Features of all layers that were not used.
    warnings
        What a planner should know, each a sentence.
    standards
        Those that the city file follows; `publish.standards` lists what is measured of each.
    disclosed
        Whether it holds no more than may be shown, as `publish.disclosure` decides.
    isochrones
        As `network.isochrones` gives them, of all services of the city file; None without any.
    plan
        None where the city file declares neither a plan nor scenarios.
    rests_on
        Id of each result to the layers and nouns that it rests on.
    """

    spec: CitySpec
    city: City
    results: tuple[Result, ...]
    indicators: Mapping[str, Indicator]
    network: NetworkResults = field(default_factory=NetworkResults)
    not_answerable: tuple[NotAnswerable, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    warnings: tuple[str, ...] = ()
    standards: tuple[Followed, ...] = ()
    isochrones: gpd.GeoDataFrame | None = None
    disclosed: bool = False
    plan: Plan | None = None
    rests_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What `run.json` holds: how the publication came to be.

    Attributes
    ----------
    versions
        Of urbanlayer, Python and the libraries that numbers depend on (GEOS, GDAL and PROJ too).
    inputs
        For each role its file name, digest, CRS operation, licence and counts.
    parameters
        For each result its parameters, method and unit, and what it rests on.
    city_file
        Digests of the tables of the city file that specify how layers and residents are read.
    residents
        Totals, places, people outside and unplaced.
    streets
        What was joined, whom the streets join and whom not, and what lies off them.
    timetable
        The service day, how much runs on it, and what was filled in or left out; empty where
        no query needs a timetable.
    seconds
        Time of each stage; the only part that is not a function of the inputs.
    """

    versions: Mapping[str, str]
    inputs: Mapping[str, Any]
    parameters: Mapping[str, Any]
    residents: Mapping[str, Any]
    warnings: tuple[str, ...]
    seconds: Mapping[str, float]
    timetable: Mapping[str, Any] = field(default_factory=dict)
    streets: Mapping[str, Any] = field(default_factory=dict)
    city_file: Mapping[str, str] = field(default_factory=dict)
