"""`urbanlayer build`: publish a city."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from urbanlayer.cli import console
from urbanlayer.cli.streams import say
from urbanlayer.errors import CityFileError

if TYPE_CHECKING:
    from urbanlayer.pipeline import Built

NAME = "build"
EMBEDDED = Path("data/gis/podgorica/city.toml")

CityFile = Annotated[
    Path | None, typer.Argument(help="City file; by default the embedded Podgorica.")
]


def command(
    city_file: CityFile = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the publication; by default maps/<city>.")
    ] = None,
    only: Annotated[
        str | None, typer.Option(help="Publish only this indicator; needs --out.")
    ] = None,
    offline: Annotated[
        bool, typer.Option(help="Use no network, only what `fetch` downloaded.")
    ] = False,
    strict: Annotated[bool, typer.Option(help="Exit with 3 if there are warnings.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a summary as JSON.")] = False,
    quiet: Annotated[bool, typer.Option(help="Print errors only.")] = False,
) -> None:
    """Publish a city in maps/<city>: page, tables and layers."""
    with console.print_errors():
        path = city_file or _embedded()
        if only is not None and out is None:
            raise CityFileError(path.name, ["--only needs --out, a folder of its own"])
        from urbanlayer import pipeline

        with console.print_stages(quiet=quiet or as_json) as tell:
            built = pipeline.build(path, out, only=only, offline=offline, tell=tell)
    if as_json:
        _print_json(built)
    elif not quiet:
        _print_summary(built)
    console.end_with((*built.publication.warnings, *built.notes), strict=strict)


def _embedded() -> Path:
    if not EMBEDDED.exists():
        raise CityFileError(
            str(EMBEDDED),
            ["does not exist; it comes with a clone. `urbanlayer init NAME` writes a city file"],
        )
    return EMBEDDED


def _print_summary(built: Built) -> None:
    publication = built.publication
    people = publication.city.residents
    whole = f", {people.total:,.0f} residents" if people else ""
    say(f"{publication.spec.id}: {len(publication.city.neighbourhoods)} neighbourhoods{whole}")
    say(f"{len(publication.results)} results, {len(publication.not_answerable)} not answerable")
    for warning in (*publication.warnings, *built.notes):
        say(f"note: {warning}")
    page = built.target / "index.html"
    say(f"published: {page if page.exists() else built.target}")


def _print_json(built: Built) -> None:
    import json

    publication = built.publication
    record = {
        "city": publication.spec.id,
        "target": str(built.target),
        "answers": {result.id: result.city for result in publication.results},
        "not_answerable": [item.indicator for item in publication.not_answerable],
        "warnings": [*publication.warnings, *built.notes],
        "seconds": dict(built.seconds),
    }
    say(json.dumps(record, ensure_ascii=False, indent=1))
