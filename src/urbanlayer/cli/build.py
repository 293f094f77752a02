"""`urbanlayer build`: publish a city."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from urbanlayer.cli import console
from urbanlayer.cli.build_many import (
    build_many,
    end_many,
    named_files,
    refuse_options_of_one_city,
)
from urbanlayer.cli.streams import echo
from urbanlayer.errors import CityFileError

if TYPE_CHECKING:
    from urbanlayer.outcomes import Published

NAME = "build"
EMBEDDED = Path("data/gis/podgorica/city.toml")

CityFiles = Annotated[
    list[Path] | None,
    typer.Argument(
        help="City file, or a folder of files or one .osm.pbf to draft it from; by default the "
        "embedded Podgorica. Several city files: cities/*/city.toml."
    ),
]


def command(  # noqa: PLR0913  (the options of the command)
    city_files: CityFiles = None,
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the publication; by default maps/<city>. Of several cities the folder "
            "of all publications; by default maps."
        ),
    ] = None,
    only: Annotated[
        str | None, typer.Option(help="Publish only this indicator; needs --out.")
    ] = None,
    offline: Annotated[
        bool, typer.Option(help="Use no network, only what `fetch` downloaded.")
    ] = False,
    residents: Annotated[
        int | None,
        typer.Option(min=1, help="Of a folder or an extract: people, if no file counts them."),
    ] = None,
    cache: Annotated[
        bool, typer.Option(help="Use and keep what the last run made of the same inputs.")
    ] = True,
    explain: Annotated[
        bool, typer.Option(help="Print for each step whether and why it was done.")
    ] = False,
    profile: Annotated[bool, typer.Option(help="Print time and memory of each stage.")] = False,
    cluster: Annotated[
        str | None,
        typer.Option(help="Build on a Dask cluster: local, or tcp://HOST:PORT of its scheduler."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes of --cluster local; by default the cores.")
    ] = None,
    memory: Annotated[
        str | None, typer.Option(help="Memory of each of these, 4GB; by default a share of all.")
    ] = None,
    try_large: Annotated[
        bool, typer.Option(help="Try cities too that seem too large for any worker.")
    ] = False,
    strict: Annotated[bool, typer.Option(help="Exit with 3 if there are warnings.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a summary as JSON.")] = False,
    quiet: Annotated[bool, typer.Option(help="Print errors only.")] = False,
) -> None:
    """Publish a city in maps/<city>: page, tables and layers; or several, and compare them."""
    files = named_files(city_files or [])
    if len(files) > 1 or cluster is not None:
        with console.print_errors(as_json=as_json):
            refuse_options_of_one_city(
                only=only, residents=residents, explain=explain, profile=profile
            )
            done = build_many(
                files or [_embedded()], out, cluster=cluster, workers=workers, memory=memory,
                offline=offline, cache=cache, try_large=try_large, quiet=quiet, as_json=as_json,
            )  # fmt: skip
        end_many(done, strict=strict)
        return
    city_file = files[0] if files else None
    with console.print_errors(as_json=as_json):
        if only is not None and out is None:
            raise CityFileError("--only", ["needs --out, a folder of its own"])
        path = _drafted_if_data(city_file or _embedded(), out, residents, quiet=quiet or as_json)
        from urbanlayer import pipeline

        with console.print_stages(quiet=quiet or as_json) as report:
            built = pipeline.publish(
                path, out, only=only, offline=offline, cache=cache, profile=profile, report=report
            )
    if as_json:
        _print_json(built)
    elif not quiet:
        _print_summary(built)
    if explain and not as_json:
        _print_changes(built)
    if profile and not as_json:
        _print_profile(built)
    console.end_with((*built.summary.warnings, *built.notes), strict=strict)


def _embedded() -> Path:
    if not EMBEDDED.exists():
        raise CityFileError(
            str(EMBEDDED),
            ["does not exist; it comes with a clone. `urbanlayer init NAME` writes a city file"],
        )
    return EMBEDDED


def _drafted_if_data(path: Path, out: Path | None, residents: int | None, *, quiet: bool) -> Path:
    """The city file: of a folder the one in it, else one drafted next to the publication.

    Raises
    ------
    CityFileError
        `--residents` is given for a city file that is there.
    """
    from urbanlayer.text.slugs import slug

    data = path.is_dir() or path.name.casefold().endswith((".osm.pbf", ".pbf", ".osm"))
    inside = path / "city.toml"
    if data and path.is_dir() and inside.exists():
        path, data = inside, False
    if not data:
        if residents is not None:
            why = "--residents is for a draft; state total = … in [residents] of the city file"
            raise CityFileError(path.name, [why])
        return path
    from urbanlayer.cli.init import draft_city, print_draft

    name = _name_of(path)
    city_id = slug(name)
    if not city_id:
        why = f"no id can be made of {path.name!r}; draft it with `urbanlayer init NAME {path}`"
        raise CityFileError(path.name, [why])
    city_file = (out.parent if out is not None else Path("maps")) / f"{city_id}.city.toml"
    if city_file.exists():
        _refuse_other_data(city_file, path)
        if not quiet:
            echo(f"{city_file}: is used as it stands; remove it to draft it again")
        return city_file
    draft = draft_city(name, [str(path)], city_file, city_id=city_id, residents=residents)
    if not quiet:
        print_draft(draft)
    return city_file


def _refuse_other_data(city_file: Path, path: Path) -> None:
    """Raise where a drafted city file was made of other data, so that its name is another's.

    Raises
    ------
    CityFileError
        No layer of it lies in the folder, or is the extract.
    """
    from urbanlayer.cityfile.parsing import parsed
    from urbanlayer.drafting.toml_text import was_cut_from

    text = city_file.read_text(encoding="utf-8-sig")
    layers = parsed(text, city_file.name).get("layers", {})
    tables = [table for table in layers.values() if isinstance(table, dict)]
    paths = [*(str(table.get("path", "")) for table in tables), was_cut_from(text)]
    files = [(city_file.parent / one).resolve() for one in paths if one]
    here = path.resolve()
    if files and not any(file == here or here in file.parents for file in files):
        message = (
            f"was drafted from other data ({files[0].parent}), not from {path}; draft this with "
            f"`urbanlayer init NAME {path}`, by a name of its own"
        )
        raise CityFileError(str(city_file), [message])


def _name_of(path: Path) -> str:
    """A city's name of the name of its folder or extract, without dates."""
    import re

    stem = path.resolve().name.partition(".")[0]
    plain = re.sub(r"[-_ ]*\d{4,8}([-_]\d\d){0,2}|[-_ ]latest$", "", stem)
    return " ".join(word[:1].upper() + word[1:] for word in re.split(r"[-_ ]+", plain) if word)


def _print_summary(built: Published) -> None:
    found = built.summary
    people = f", {found.residents:,.0f} residents" if found.residents is not None else ""
    echo(f"{found.city}: {found.neighbourhoods} neighbourhoods{people}")
    echo(f"{len(found.results)} results, {len(found.not_answerable)} not answerable")
    for warning in (*found.warnings, *built.notes):
        echo(f"note: {warning}")
    page = built.target / "index.html"
    echo(f"published: {page if page.exists() else built.target}")


def _print_changes(built: Published) -> None:
    """Each step with why it was done; those of one name and reason in one line."""
    if not built.changes:
        echo("nothing is kept from run to run, so that every step was done")
    for change in built.changes:
        echo(f"{change.step}: {change.why}")


def _print_profile(built: Published) -> None:
    """Seconds and greatest memory of each stage, those of child processes with it."""
    width = max(map(len, built.seconds))
    echo(f"{'stage':{width}}  seconds  MB")
    for stage, seconds in built.seconds.items():
        peak = built.peak_bytes.get(stage)
        echo(f"{stage:{width}}  {seconds:7.2f}  {'-' if peak is None else f'{peak / 1e6:,.0f}'}")


def _print_json(built: Published) -> None:
    import json

    found = built.summary
    record = {
        "city": found.city,
        "target": str(built.target),
        "results": dict(found.results),
        "not_answerable": list(found.not_answerable),
        "warnings": [*found.warnings, *built.notes],
        "seconds": dict(built.seconds),
        "peak_bytes": dict(built.peak_bytes),
        "changes": {change.step: change.why for change in built.changes},
    }
    echo(json.dumps(record, ensure_ascii=False, indent=1))
