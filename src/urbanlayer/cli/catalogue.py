"""`urbanlayer catalogue`: the indicators with their definitions, or the layers and their fields."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from urbanlayer.model.indicator import Indicator

NAME = "catalogue"


def command(
    layers: Annotated[bool, typer.Option(help="List the roles of layers instead.")] = False,
    theme: Annotated[str | None, typer.Option(help="Only the indicators of a theme.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="As a Markdown table.")] = False,
) -> None:
    """List the indicators with their definitions and sources, or the layers and their fields."""
    rows = _roles() if layers else _indicators(theme)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    elif markdown:
        _echo_markdown(rows)
    else:
        _echo(rows)


def _indicators(theme: str | None) -> list[dict[str, Any]]:
    from urbanlayer import registry
    from urbanlayer.publish.words import Words

    words = Words.for_language("en")
    found = registry.indicators().values()
    return [_described(indicator, words) for indicator in found if theme in {None, indicator.theme}]


def _described(indicator: Indicator, words: Any) -> dict[str, Any]:  # noqa: ANN401  (Words, loaded late)
    asks = indicator.params().asks()
    services = {need for ask in asks for need in ask.needs}
    return {
        "id": indicator.id,
        "about": words.text(f"indicator.{indicator.id}.explanation"),
        "theme": indicator.theme,
        "unit": indicator.unit,
        "better": indicator.better,
        "needs": [*indicator.needs, *sorted(services)],
        "parameters": {
            name: field.description or "" for name, field in indicator.params.model_fields.items()
        },
        "source": indicator.source,
    }


def _roles() -> list[dict[str, Any]]:
    from urbanlayer.model.roles import ROLES

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
        }
        for role in ROLES.values()
    ]


def _echo(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        typer.echo(row["id"])
        for key, value in row.items():
            if key != "id" and value:
                typer.echo(f"  {key:11} {_plain(value)}")
        typer.echo("")


def _echo_markdown(rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    typer.echo("| " + " | ".join(rows[0]) + " |")
    typer.echo("|" + " --- |" * len(rows[0]))
    for row in rows:
        typer.echo(
            "| " + " | ".join(_plain(value).replace("|", "\\|") for value in row.values()) + " |"
        )


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {text}" for key, text in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
