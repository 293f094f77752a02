"""The Python face: a city read, evaluated and drawn in a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pydantic

from urbanlayer import registry
from urbanlayer.errors import CityError, IndicatorError
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import folium
    import geopandas as gpd
    import pandas as pd
    from matplotlib.axes import Axes

    from urbanlayer.evaluation.results import Evaluation
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import Mode
    from urbanlayer.model.query import Query
    from urbanlayer.model.result import Result


@dataclass(frozen=True, slots=True, eq=False)
class CityResult:
    """The result of one query, with the city that it is of.

    Attributes
    ----------
    result
        Values, low and high of each neighbourhood and of the city.
    city
        The inputs that it rests on.
    evaluation
        What was computed together with it: the `known` of a further evaluation.
    """

    result: Result
    city: City
    evaluation: Evaluation | None = None

    @property
    def query(self) -> Query:
        """The indicator, variant and parameters."""
        return self.result.query

    @property
    def values(self) -> pd.Series[float]:
        """One value for each neighbourhood, indexed by its key; NaN is "no result"."""
        return self.result.values

    @property
    def value(self) -> float:
        """The value for the whole city, in `unit`."""
        return self.result.city

    @property
    def unit(self) -> str:
        """Unit of the values: `share` (0 to 1), `m`, `m²/resident` …"""
        return self.result.unit

    def to_frame(self, *, origins: bool = False) -> gpd.GeoDataFrame:
        """The values with their geometry.

        Parameters
        ----------
        origins
            Whether to give the points where people live instead of the neighbourhoods.

        Returns
        -------
        GeoDataFrame
            Of neighbourhoods: indexed by key, with `name`, `value`, `low`, `high`, `unit` and
            `reason` (why there is no value). Of origins: `value`, `people` and `neighbourhood`,
            one row for each point. Both in the CRS of the city.

        Raises
        ------
        IndicatorError
            The indicator has no values for single origins.
        """
        return self._origins() if origins else self._neighbourhoods()

    def explore(self) -> folium.Map:
        """A Folium map of the neighbourhoods; text of the layers is escaped, without tiles."""
        from urbanlayer.publish.explore import explore

        return explore(self.to_frame(), title=self.result.id, unit=self.unit)

    def plot(self, **options: Any) -> Axes:  # noqa: ANN401  (what GeoDataFrame.plot takes)
        """A matplotlib map of the neighbourhoods; options go to `GeoDataFrame.plot`.

        Raises
        ------
        ImportError
            matplotlib is not installed; the extra `urbanlayer[figures]` brings it.
        """
        frame = self.to_frame()
        shown = {"column": "value", "cmap": "cividis_r", "legend": True, "edgecolor": "white"}
        missing = {"color": "#dddddd", "hatch": "///"}
        axes: Axes = frame.plot(missing_kwds=missing, **{**shown, **options})
        axes.set_title(f"{self.result.id} ({self.unit})")
        axes.set_axis_off()
        return axes

    def _neighbourhoods(self) -> gpd.GeoDataFrame:
        import geopandas as gpd

        neighbourhoods, result = self.city.neighbourhoods, self.result
        varied = result.threshold
        columns = {
            "name": neighbourhoods.names[""],
            "value": result.values,
            "low": result.low if result.low is not None else float("nan"),
            "high": result.high if result.high is not None else float("nan"),
            "low_threshold": varied.low if varied is not None else float("nan"),
            "high_threshold": varied.high if varied is not None else float("nan"),
            "unit": result.unit,
            "reason": neighbourhoods.keys.to_series().map(dict(result.reasons)),
        }
        return gpd.GeoDataFrame(columns, geometry=neighbourhoods.geometry, crs=self.city.crs)

    def _origins(self) -> gpd.GeoDataFrame:
        import geopandas as gpd

        people, values = self.city.residents, self.result.origins
        if people is None or values is None:
            raise IndicatorError(f"{self.result.indicator}: has no values for single origins")
        columns = {
            "value": values,
            "people": people.people,
            "neighbourhood": self.city.neighbourhoods.keys[people.neighbourhood],
        }
        points = gpd.points_from_xy(people.xy[:, 0], people.xy[:, 1])
        return gpd.GeoDataFrame(columns, geometry=points, crs=self.city.crs)

    def __repr__(self) -> str:
        known = self.values.dropna()
        spread = f", {known.min():g} to {known.max():g}" if len(known) else ""
        return (
            f"<CityResult {self.result.id}: {self.value:g} {self.unit} in the city{spread} "
            f"in {len(known)} of {len(self.values)} neighbourhoods>"
        )

    def _repr_html_(self) -> str:
        """The first rows as a table; every text is escaped."""
        import html

        frame = self.to_frame().drop(columns="geometry")
        table = frame.head(_ROWS).to_html(escape=True, float_format=lambda value: f"{value:g}")
        return f"<p>{html.escape(repr(self))}</p>{table}"


_ROWS = 12


def read_city(city_file: Path | str, *, offline: bool = False) -> City:
    """The city of a city file: layers read, validated and assembled; nothing is published.

    Parameters
    ----------
    city_file
        Path of the city's TOML file.
    offline
        Whether nothing may be downloaded: what `fetch` brought in is used.

    Returns
    -------
    City
        `city.layers["school"].frame`, or shorter `city.school`, is a GeoDataFrame.

    Raises
    ------
    UrbanlayerError
        With every error of the stage that failed.
    """
    from urbanlayer import pipeline
    from urbanlayer.stages import Errors, stages_of

    file = pipeline.read_city_file(city_file)
    with pipeline.network(offline=offline):
        city = pipeline.city_read(file, stages_of(), Errors())
    if city is None:
        raise CityError("the city file has no neighbourhoods")
    return city


def evaluate(
    city: City,
    *indicators: str,
    known: Evaluation | None = None,
    **parameters: Any,  # noqa: ANN401  (each indicator has its own table)
) -> CityResult | list[CityResult]:
    """The results of indicators for a city.

    Parameters
    ----------
    city
        As `read_city` gives it.
    *indicators
        Ids, as `urbanlayer catalogue` lists them.
    known
        The `evaluation` of an earlier result, of this city or an edited one: only what rests on
        other inputs is computed.
    **parameters
        The indicator's table of the city file: `services={"school": 800}`. Only for one id.

    Returns
    -------
    CityResult or list of CityResult
        One result where one id and its parameters give one query; else all, in order.

    Raises
    ------
    IndicatorError
        An id or a parameter is unknown, or the city lacks what an indicator needs.
    LayerError
        A layer lacks a column.

    Examples
    --------
    `evaluate(city, "coverage_within", services={"school": 800})`
    """
    from urbanlayer.evaluation.evaluate import evaluate as evaluated

    if not indicators or (parameters and len(indicators) > 1):
        raise IndicatorError("give one indicator with its parameters, or several without")
    if unnamed := [one for one in indicators if not isinstance(one, str)]:
        example = 'evaluate(city, "coverage_within", "green_access_who")'
        raise IndicatorError(f"{unnamed[0]!r} is not the id of an indicator; {example}")
    every = registry.indicators()
    queries = []
    for name in indicators:
        if name not in every:
            raise IndicatorError(f"no indicator {name!r}{did_you_mean(name, every)}")
        table = _table(name, every[name].params, parameters)
        queries += [(every[name], query) for query in every[name].queries(table)]
    evaluation = evaluated(city, queries, known)
    if evaluation.not_answerable:
        missing = {noun: None for one in evaluation.not_answerable for noun in one.missing}
        raise IndicatorError(f"not answerable; the city has no {', '.join(missing)}")
    found = [CityResult(result, city, evaluation) for result in evaluation.results]
    return found[0] if len(found) == 1 else found


def isochrones(
    city: City,
    service: str,
    *,
    metres: Sequence[float] = (),
    minutes: Sequence[float] = (),
    mode: Mode = "walk",
) -> gpd.GeoDataFrame:
    """The areas from which some facility of a service is reached, one for each limit.

    Parameters
    ----------
    city
        As `read_city` gives it.
    service
        Role of a layer of facilities.
    metres, minutes
        Limits along streets, included; in straight lines where the city has no streets.
    mode
        How people travel, of `city.modes`.

    Returns
    -------
    GeoDataFrame
        A row for each of `metres`, then of `minutes`, ascending: `role`, `mode`, `method`,
        `distance_m`, `minutes`, `facilities` (how many are reached within the limit) and
        `geometry`, in the CRS of the city.

    Raises
    ------
    CityError
        The city has no such facilities, the mode is not known, or a limit is not positive.

    Examples
    --------
    `isochrones(city, "school", minutes=[5, 10])`
    """
    from urbanlayer.network.isochrones import isochrones as areas

    return areas(city, service, metres=metres, minutes=minutes, mode=mode)


def _table(name: str, params: type[Any], parameters: Mapping[str, Any]) -> Any:  # noqa: ANN401
    try:
        return params.model_validate(dict(parameters))
    except pydantic.ValidationError as error:
        raise IndicatorError("; ".join(_errors(name, params, error))) from error


def _errors(name: str, params: type[Any], error: pydantic.ValidationError) -> Iterator[str]:
    """Each error in the parameters of an indicator, with the nearest known name."""
    for one in error.errors():
        key = ".".join(map(str, one["loc"]))
        if one["type"] == "extra_forbidden":
            yield f"{name}: no parameter {key!r}{did_you_mean(key, sorted(params.model_fields))}"
        else:
            yield f"{name}: {key}: {one['msg'].lower()}"
