"""`urbanlayer check`: everything that `build` would say, with nothing published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from urbanlayer.cli import console

if TYPE_CHECKING:
    from urbanlayer.model.publication import Publication

NAME = "check"


def command(
    city_file: Annotated[Path, typer.Argument(help="City file.")],
    strict: Annotated[bool, typer.Option(help="Exit with 3 if there are warnings.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Say what was found as JSON.")] = False,
    quiet: Annotated[bool, typer.Option(help="Say nothing but faults.")] = False,
) -> None:
    """Check a city file and its layers, and publish nothing."""
    with console.faults_told():
        from urbanlayer import pipeline

        with console.stages_told(quiet=quiet or as_json) as tell:
            publication = pipeline.check(city_file, tell=tell)
    if as_json:
        import json

        typer.echo(json.dumps(_told(publication), ensure_ascii=False, indent=1))
    elif not quiet:
        _echo(publication)
    console.end_with(publication.warnings, strict=strict)


def _told(publication: Publication) -> dict[str, Any]:
    from urbanlayer.publish.record import record_of

    record = record_of(publication, {})
    return {
        "city": publication.spec.id,
        "layers": dict(record.inputs),
        "residents": dict(record.residents),
        "not_answerable": {
            item.indicator: list(item.missing) for item in publication.not_answerable
        },
        "warnings": list(publication.warnings),
    }


def _echo(publication: Publication) -> None:
    told = _told(publication)
    width = max(len(role) for role in told["layers"])
    for role, layer in told["layers"].items():
        counts = (
            f"{layer['kept']:>8,} of {layer['read']:>8,}" if "read" in layer else "grid".rjust(20)
        )
        typer.echo(f"{role:{width}}  {counts}  {layer['crs']:10}  {layer['path']}")
    for warning in publication.warnings:
        typer.echo(f"note: {warning}")
    typer.echo(f"{publication.spec.id}: nothing stands in the way of `urbanlayer build`")
