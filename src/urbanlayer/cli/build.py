"""`urbanlayer build`: publish a city."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from urbanlayer.cli import console
from urbanlayer.errors import CityFileError

NAME = "build"
EMBEDDED = Path("data/gis/podgorica/city.toml")

CityFile = Annotated[
    Path | None, typer.Argument(help="City file; without one, the demonstration Podgorica.")
]


def command(
    city_file: CityFile = None,
    out: Annotated[Path | None, typer.Option(help="Folder that becomes the publication.")] = None,
    only: Annotated[str | None, typer.Option(help="Publish this one indicator alone.")] = None,
    offline: Annotated[
        bool, typer.Option(help="Use of the network what `fetch` brought in.")
    ] = False,
    strict: Annotated[bool, typer.Option(help="Exit with 3 if there are warnings.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Say what was done as JSON.")] = False,
    quiet: Annotated[bool, typer.Option(help="Say nothing but faults.")] = False,
) -> None:
    """Publish a city: its page, tables and layers, in maps/<city>."""
    with console.print_errors():
        path = city_file or _embedded()
        if only is not None and out is None:
            raise CityFileError(path.name, ["--only publishes into a folder of its own: say --out"])
        from urbanlayer import pipeline

        with console.print_stages(quiet=quiet or as_json) as tell:
            built = pipeline.build(path, out, only=only, offline=offline, tell=tell)
    if as_json:
        _echo_json(built)
    elif not quiet:
        _echo(built)
    console.end_with(built.publication.warnings, strict=strict)


def _embedded() -> Path:
    if not EMBEDDED.exists():
        raise CityFileError(
            str(EMBEDDED),
            ["is not here (it comes with a clone); `urbanlayer init NAME` writes a city file"],
        )
    return EMBEDDED


def _echo(built: object) -> None:
    from urbanlayer.pipeline import Built

    if not isinstance(built, Built):
        raise TypeError
    publication = built.publication
    people = publication.city.residents
    whole = f", {people.total:,.0f} residents" if people else ""
    typer.echo(
        f"{publication.spec.id}: {len(publication.city.neighbourhoods)} neighbourhoods{whole}"
    )
    typer.echo(
        f"{len(publication.results)} answers, {len(publication.not_answerable)} not answerable"
    )
    for warning in publication.warnings:
        typer.echo(f"note: {warning}")
    page = built.target / "index.html"
    typer.echo(f"published: {page if page.exists() else built.target}")


def _echo_json(built: object) -> None:
    import json

    from urbanlayer.pipeline import Built

    if not isinstance(built, Built):
        raise TypeError
    publication = built.publication
    told = {
        "city": publication.spec.id,
        "target": str(built.target),
        "answers": {result.id: result.city for result in publication.results},
        "not_answerable": [item.indicator for item in publication.not_answerable],
        "warnings": list(publication.warnings),
        "seconds": dict(built.seconds),
    }
    typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
