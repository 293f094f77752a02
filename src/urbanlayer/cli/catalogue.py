"""`urbanlayer catalogue`: list indicators, roles of layers, or items of a standard."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from urbanlayer.cli import console
from urbanlayer.cli.streams import echo
from urbanlayer.errors import CityFileError
from urbanlayer.text.spelling import nearest_first

if TYPE_CHECKING:
    from urbanlayer.model.indicator import Indicator
    from urbanlayer.model.standard import Item

NAME = "catalogue"


def command(
    layers: Annotated[bool, typer.Option(help="List the roles of layers.")] = False,
    theme: Annotated[
        str | None, typer.Option(help="List only the indicators of this theme.")
    ] = None,
    standard: Annotated[str | None, typer.Option(help="List the items of this standard.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table.")] = False,
) -> None:
    """List indicators with definition and source, or roles of layers, or a standard."""
    with console.print_errors(as_json=as_json):
        rows = _roles() if layers else _items(standard) if standard else _indicators(theme)
    if as_json:
        echo(json.dumps(rows, ensure_ascii=False, indent=1))
    elif markdown:
        _print_markdown(rows)
    else:
        _print_rows(rows)


def _indicators(theme: str | None) -> list[dict[str, Any]]:
    from urbanlayer import registry
    from urbanlayer.publish.words import Words

    words = Words.for_language("en")
    found = registry.indicators().values()
    themes = sorted({indicator.theme for indicator in found})
    if theme is not None and theme not in themes:
        raise CityFileError(
            "--theme",
            [f"{theme!r} is not a theme; known: {', '.join(nearest_first(theme, themes))}"],
        )
    return [_row(indicator, words) for indicator in found if theme in {None, indicator.theme}]


def _row(indicator: Indicator, words: Any) -> dict[str, Any]:  # noqa: ANN401  (Words, loaded late)
    from urbanlayer.publish.words import cited

    queries = indicator.params().queries()
    services = {need for query in queries for need in query.needs}
    return {
        "id": indicator.id,
        "title": _text_of(words, indicator, "title"),
        "about": _text_of(words, indicator, "definition"),
        "theme": indicator.theme,
        "unit": indicator.unit,
        "better": indicator.better,
        "needs": [*indicator.needs, *sorted(services)],
        "parameters": {
            name: field.description or "" for name, field in indicator.params.model_fields.items()
        },
        "source": cited(words, indicator),
    }


def _text_of(words: Any, indicator: Indicator, part: str) -> str:  # noqa: ANN401  (Words, loaded late)
    """A text of the indicator, with placeholders for the parameters."""
    from urbanlayer.publish.words import indicator_keys, own_words

    keys = (key for key in indicator_keys(indicator.id, "", part) if words.has(key))
    text = own_words(indicator, part, "en") or words.text(
        next(keys), distance="…", minutes="…", area="…", way="on foot", title="a service"
    )
    return str(text)


def _items(name: str) -> list[dict[str, Any]]:
    """The items of a standard, each with its indicator or the layers it needs."""
    from urbanlayer import registry
    from urbanlayer.cityfile.queries import indicator_of_item

    standards = registry.standards()
    if name not in standards:
        known = ", ".join(nearest_first(name, standards))
        raise CityFileError("--standard", [f"{name!r} is not a standard; known: {known}"])
    rows = []
    for item in standards[name].items:
        indicator = indicator_of_item(item, registry.indicators())
        rows.append({
            "id": item.code,
            "title": item.title,
            "status": _status(item),
            "indicator": indicator.id if indicator else "",
            "proxy": "yes" if item.proxy else "",
            "paraphrase": "yes" if item.paraphrase else "",
            "layers": list(item.layers),
            "parameters": dict(item.table),
            "source": f"{standards[name].title}, {standards[name].edition}",
        })  # fmt: skip
    return rows


def _status(item: Item) -> str:
    if item.unread:
        return "definition not read"
    return "spatial" if item.spatial else "not spatial"


def _roles() -> list[dict[str, Any]]:
    from urbanlayer.model.role_table import ROLES

    return [
        {
            "id": role.name,
            "about": role.about,
            "forms": sorted(role.forms),
            "fields": {
                field.name: f"{field.about}{f' ({field.unit})' if field.unit else ''}"
                f"{' Required.' if field.required else ''}"
                for field in role.fields
            },
            "tags": role.tag_texts(),
        }
        for role in ROLES.values()
    ]


def _print_rows(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        echo(row["id"])
        for key, value in row.items():
            if key != "id" and value:
                echo(f"  {key:11} {_cell(value)}")
        echo("")


def _print_markdown(rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    echo("| " + " | ".join(rows[0]) + " |")
    echo("|" + " --- |" * len(rows[0]))
    for row in rows:
        echo("| " + " | ".join(_cell(value).replace("|", "\\|") for value in row.values()) + " |")


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {text}" for key, text in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
