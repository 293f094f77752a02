"""Pages of the documentation's site that are made from the code: a hook of mkdocs (mkdocs.yml).

The reference of the city file comes from its JSON Schema, the catalogue from the registry of
indicators, roles and sources from their tables, the change log and the guide for contributors from
the files of the repository. Nothing of this is committed, so that nothing of it can be out of date.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from urbanlayer import explanation, registry
from urbanlayer.cityfile.json_schema import schema
from urbanlayer.model.role_table import ROLES
from urbanlayer.publish.words import Words, indicator_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

    from urbanlayer.explanation import Definition
    from urbanlayer.model.indicator import Indicator

ROOT = Path(__file__).parents[1]
REPOSITORY_FILES = {"CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "developer/contributing.md"}
"""Files of the repository that become pages, to their path in the site."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The files of the site with those that are made here.

    Parameters
    ----------
    files, config
        As mkdocs gives them.
    """
    from mkdocs.structure.files import File

    for path, text in pages().items():
        files.append(File.generated(config, path, content=text))
    return files


def pages() -> dict[str, str]:
    """Each page that is made from the code: its path in the site to its Markdown."""
    made: Mapping[str, Callable[[], str]] = {
        "reference/city-file.md": city_file,
        "reference/catalogue.md": catalogue,
        "reference/roles.md": roles,
        "reference/source-keys.md": sources,
    }
    copied = {
        page: (ROOT / name).read_text(encoding="utf-8") for name, page in REPOSITORY_FILES.items()
    }
    return {**{path: make() for path, make in made.items()}, **copied}


def city_file() -> str:
    """The reference of the city file: a section for each of its tables."""
    whole = schema(registry.indicators(), registry.sources(), registry.standards())
    definitions = whole["$defs"]
    parts = [
        "# The city file",
        _CITY_FILE,
        "## Top of the file",
        _table_of(whole["properties"], definitions, set(whole.get("required", ()))),
    ]
    for name, title in _TABLES.items():
        table = definitions[name]
        parts += [f"## `{title}`", _first_sentence(table.get("description", ""))]
        parts.append(_table_of(table["properties"], definitions, set(table.get("required", ()))))
    return "\n\n".join(parts) + "\n"


_CITY_FILE = (
    "Every table and key, from the schema that checks the file. `urbanlayer schema > "
    "city.schema.json` writes the same for completion in an editor. The keys of a layer depend on "
    "its [role](roles.md) and its [source](source-keys.md), those of an indicator stand in the "
    "[catalogue](catalogue.md)."
)
_TABLES = {
    "PartSpec": "part_of",
    "LayerSpec": "[layers.ROLE]",
    "JoinSpec": "a column of another table",
    "UseSpec": "use of [layers.buildings]",
    "ExpectedSpec": "expected of a layer",
    "ResidentsSpec": "[residents]",
    "GroupSpec": "a group of [residents]",
    "EquitySpec": "[equity]",
    "ModeSpec": "[modes.NAME]",
    "PublishSpec": "[publish]",
    "TilesSpec": "[publish.tiles]",
    "IsochroneSpec": "isochrones of [publish]",
    "ShareOfArea": "[[custom_indicator]] share_of_area",
    "CountPer1000": "[[custom_indicator]] count_per_1000",
    "Ratio": "[[custom_indicator]] ratio",
    "RasterMean": "[[custom_indicator]] raster_mean",
    "FacilityCoverage": "[[custom_indicator]] coverage",
    "Nearest": "[[custom_indicator]] nearest",
    "FieldOf": "[[custom_indicator]] field",
    "Change": "[[custom_indicator]] change",
    "Amount": "amounts of ratio and change",
    "PlanSpec": "[plan]",
    "NeedsSpec": "[plan.needs]",
    "ThemeSpec": "[plan.needs.themes.NAME]",
    "NeedIndicatorSpec": "an indicator of a theme, an enterprise or a goal",
    "SitingSpec": "[[plan.siting]]",
    "ActionsSpec": "[plan.actions]",
    "ActionColumns": "columns of [plan.actions]",
    "EnterpriseSpec": "[[plan.enterprise]]",
    "GoalSpec": "[[plan.goal]]",
    "MeasureSpec": "measures of [[plan.goal]]",
    "ScenarioSpec": "[scenario.NAME]",
    "FacilityEdit": "a facility of a scenario",
    "StreetEdits": "streets of a scenario",
    "ResidentsEdit": "residents of a scenario",
    "MaturitySpec": "[maturity]",
    "DimensionSpec": "[maturity.DIMENSION]",
    "DigitalServiceSpec": "[[digital_service]]",
}
"""Definitions of the schema that are tables of the file, to their heading."""


def _table_of(
    properties: Mapping[str, Any], definitions: Mapping[str, Any], required: set[str]
) -> str:
    rows = ["| key | value | default | meaning |", "| --- | --- | --- | --- |"]
    for key, entry in properties.items():
        default = "required" if key in required else _default(entry)
        cells = (f"`{key}`", _kind(entry, definitions), default, entry.get("description", ""))
        rows.append(f"| {' | '.join(_cell(cell) for cell in cells)} |")
    return "\n".join(rows)


def _kind(entry: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """What a key may hold, in a word or two."""
    if "enum" in entry:
        return " or ".join(f"`{value}`" for value in entry["enum"])
    if "const" in entry:
        return f"`{entry['const']}`"
    if "$ref" in entry:
        return _kind(definitions.get(entry["$ref"].rpartition("/")[2], {}), definitions)
    if "anyOf" in entry or "oneOf" in entry:
        branches = entry.get("anyOf") or entry["oneOf"]
        kinds = [_kind(one, definitions) for one in branches if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if entry.get("type") == "array":
        return f"list of {_kind(entry.get('items', {}), definitions) or 'values'}"
    return _NAMES.get(entry.get("format") or entry.get("type", ""), "value")


_NAMES = {
    "string": "text", "date": "date", "integer": "whole number", "number": "number",
    "boolean": "true or false", "object": "table",
}  # fmt: skip


def _default(entry: Mapping[str, Any]) -> str:
    value = entry.get("default")
    if value in (None, "", [], {}) or isinstance(value, dict):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


_CATALOGUE = (
    "Every indicator, from the registry that computes them. `urbanlayer explain INDICATOR` prints "
    "the same, and with `--city CITY.toml` the numbers behind a result."
)


def catalogue() -> str:
    """Every indicator by theme: definition with its formula, source, needs, parameters."""
    words = Words.for_language("en")
    parts = [
        "# The catalogue",
        _CATALOGUE,
    ]
    found = [explanation.define(one) for one in registry.indicators().values()]
    for theme in dict.fromkeys(sorted(one.indicator.theme for one in found)):
        parts.append(f"## {words.text(f'theme.{theme}')}")
        parts += [_indicator(one) for one in found if one.indicator.theme == theme]
    return "\n\n".join(parts) + "\n"


def _indicator(one: Definition) -> str:
    indicator = one.indicator
    needs = ", ".join(f"`{need}`" for need in indicator.needs)
    lines = [f"### `{indicator.id}`", _plain(f"**{one.title}.** {_about(indicator)}")]
    lines.append(_plain(_paragraphs(one.text)))
    facts = [
        f"*Unit:* {indicator.unit or 'none'}; *better:* {indicator.better}; *needs:* {needs}.",
        f"*Source:* {_plain(one.source)}" if one.source else "",
    ]
    lines += [fact for fact in facts if fact]
    if one.parameters:
        lines.append(
            "\n".join(f"- `{key}`: {_plain(text)}" for key, text in one.parameters.items())
        )
    return "\n\n".join(lines)


_ROLES = (
    "What a layer can be to the city: the name of its table in the city file. `urbanlayer "
    "catalogue --layers` prints the same. A city may name roles of its own; give them a `title`."
)


def roles() -> str:
    """Every role of a layer: shapes, fields, tags of OpenStreetMap."""
    parts = [
        "# Roles of layers",
        _ROLES,
    ]
    for role in ROLES.values():
        fields = [
            f"- `{field.key}`: {_plain(field.about)}"
            f"{f' ({field.unit})' if field.unit else ''}{' Required.' if field.required else ''}"
            for field in role.fields
        ]
        tags = ", ".join(f"`{tag}`" for tag in role.tag_texts())
        parts += [f"## `{role.name}`", f"{role.about} Shapes: {', '.join(sorted(role.forms))}."]
        parts += ["\n".join(fields)] if fields else []
        parts += [f"From OpenStreetMap: {tags}."] if tags else []
    return "\n\n".join(parts) + "\n"


_SOURCES = (
    "The keys that a layer's table has beside those of [every layer](city-file.md) and of its "
    "[role](roles.md). [Sources](../sources.md) shows each in use."
)


def sources() -> str:
    """Every source with the keys of a layer's table that it has."""
    parts = [
        "# Keys of sources",
        _SOURCES,
    ]
    for source in registry.sources().values():
        table = source.options.model_json_schema()
        rows = _table_of(table.get("properties", {}), table.get("$defs", {}), set())
        parts += [f"## `{source.id}`", rows if table.get("properties") else "No further keys."]
        if source.licence:
            parts.append(f"Licence of all its data: {source.licence}, {source.attribution}.")
    return "\n\n".join(parts) + "\n"


def _first_sentence(text: str) -> str:
    return _plain(text.partition("\n\n")[0].replace("\n", " "))


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))


def _cell(text: str) -> str:
    return _plain(" ".join(text.split())).replace("|", "\\|")


def _plain(text: str) -> str:
    """A text of the code as Markdown: signs of formulas stand for themselves outside of code."""
    return "".join(_escaped(text))


def _about(indicator: Indicator) -> str:
    """The definition as readers of the page see it; the formula stands in the code."""
    words = Words.for_language("en")
    keys = (key for key in indicator_keys(indicator.id, "", "definition") if words.has(key))
    values = {"distance": "…", "minutes": "…", "area": "…", "way": "on foot", "title": "a service"}
    return str(words.text(next(keys), **values))


def _escaped(text: str) -> Iterator[str]:
    for number, part in enumerate(re.split(r"(`[^`]*`|\*\*[^*]+\*\*)", text)):
        yield part if number % 2 else re.sub(r"([<>\[\]_*])", r"\\\1", part)
