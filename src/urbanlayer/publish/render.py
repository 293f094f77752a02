"""The files of a publication, as bytes by their path in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.remembering import nothing_remembered
from urbanlayer.publish import disclosure, embeds
from urbanlayer.publish.action_sheets import action_sheets
from urbanlayer.publish.data import (
    catalogue,
    connectivity_table,
    data_package,
    equity_tables,
    geodata,
    geoportal,
    plan_json,
    plan_tables,
    provenance,
    qgis_project,
    run,
    standards_table,
    tables,
)
from urbanlayer.publish.data.workbook import workbook
from urbanlayer.publish.equity import equities
from urbanlayer.publish.figures import figures
from urbanlayer.publish.page import page
from urbanlayer.publish.standards_page import standards_page
from urbanlayer.publish.summaries import SUMMARY, summary_json
from urbanlayer.publish.words import Words

if TYPE_CHECKING:
    from urbanlayer.model.publication import Publication, RunRecord
    from urbanlayer.model.publish_specification import Format
    from urbanlayer.model.remembering import Remember


def files(
    publication: Publication, record: RunRecord, remember: Remember = nothing_remembered
) -> dict[str, bytes]:
    """Every file that the city file requests; the same publication gives the same bytes.

    Parameters
    ----------
    publication
        What is shown.
    record
        How it came to be, for `run.json`.
    remember
        Where parts are kept from run to run; nowhere by default.
    """
    publication = disclosure.disclosed(publication)
    wanted = set(publication.spec.publish.formats)
    made: dict[str, bytes] = {}
    if wanted & {"html", "embeds"}:
        made["index.html"] = page(publication, remember).encode("utf-8")
        made[SUMMARY] = summary_json(publication)
        if publication.standards:
            made["standards.html"] = standards_page(publication).encode("utf-8")
        sheets = action_sheets(publication)
        made |= {name: sheet.encode("utf-8") for name, sheet in sheets.items()}
    if "csv" in wanted:
        made |= _csvs(publication)
    made |= _layers(publication, wanted)
    if "xlsx" in wanted:
        made["data/results.xlsx"] = workbook(publication)
    if "figures" in wanted:
        own = Words.for_language(publication.spec.languages[0])
        kinds = publication.spec.publish.figures
        drawn = figures(publication, [own], kinds=kinds)
        made |= {f"figures/{name}": part for name, part in drawn.items()}
    if "embeds" in wanted:
        made[embeds.NAME] = embeds.embeds_page(publication, made)
    if publication.plan is not None:
        made["data/plan.json"] = plan_json.plan_json(publication)
    if "metadata" in wanted:
        described = dict(made)
        made[catalogue.NAME] = catalogue.dcat_json(publication, described)
        made[geoportal.NAME] = geoportal.iso_xml(publication, described)
    if "datapackage" in wanted:
        made[data_package.NAME] = data_package.data_package_json(publication, made)
    made["run.json"] = run.run_json(publication, record, made)
    return made


def _layers(publication: Publication, wanted: set[Format]) -> dict[str, bytes]:
    """What a GIS opens."""
    made: dict[str, bytes] = {}
    if wanted & {"gpkg", "qgis"}:
        made["data/neighbourhoods.gpkg"] = geodata.neighbourhoods_gpkg(publication)
        made["data/excluded.gpkg"] = geodata.excluded_gpkg(publication)
    if "qgis" in wanted:
        made[f"data/{publication.spec.id}.qgs"] = qgis_project.project(publication)
    if publication.isochrones is not None:
        made["data/isochrones.gpkg"] = geodata.isochrones_gpkg(publication.isochrones, publication)
    if "csv_wide" in wanted:
        made["data/neighbourhoods.csv"] = geodata.neighbourhoods_csv(publication)
    if "flatgeobuf" in wanted:
        made["data/neighbourhoods.fgb"] = geodata.neighbourhoods_flatgeobuf(publication)
    if "geoparquet" in wanted:
        made["data/neighbourhoods.parquet"] = geodata.neighbourhoods_geoparquet(publication)
    if "geojson" in wanted:
        made["data/neighbourhoods.geojson"] = geodata.neighbourhoods_geojson(publication)
    return made


def _csvs(publication: Publication) -> dict[str, bytes]:
    """The tables."""
    made: dict[str, bytes] = {}
    made["data/indicators.csv"] = tables.indicators_csv(publication)
    made["data/excluded.csv"] = tables.excluded_csv(publication)
    made["data/sources.csv"] = provenance.sources_csv(publication)
    made["data/not_connected.csv"] = connectivity_table.not_connected_csv(publication)
    if found := equities(publication):
        made["data/equity.csv"] = equity_tables.equity_csv(publication, found)
        made["data/clusters.csv"] = equity_tables.clusters_csv(publication, found)
    if publication.standards:
        made["data/standards.csv"] = standards_table.standards_csv(publication)
    return made | plan_tables.plan_csvs(publication)
