"""`urbanlayer init NAME PATH…`: draft a city file from what lies there, or write one to fill in."""

from __future__ import annotations

import importlib.resources
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from urbanlayer.cli import console
from urbanlayer.cli.streams import echo
from urbanlayer.errors import CityFileError, TargetError
from urbanlayer.files.replacing import write_whole
from urbanlayer.locales import languages
from urbanlayer.model.role_names import NEIGHBOURHOODS
from urbanlayer.model.role_table import ROLES
from urbanlayer.text.slugs import slug

if TYPE_CHECKING:
    from urbanlayer.drafting import Draft

NAME = "init"


def command(
    name: Annotated[str, typer.Argument(help="Name of the city.")],
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files and folders with the city's data; one .osm.pbf will do. Or addresses: "
            "postgresql://host/database, a WFS, an OGC API, an ArcGIS server."
        ),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Folder to create; by default data/gis/<name>.")
    ] = None,
    residents: Annotated[
        int | None, typer.Option(min=1, help="People of the city, if no file counts them.")
    ] = None,
    boundary: Annotated[
        str,
        typer.Option(
            help="The city's boundary in an extract of a region: relation/ID, or its name if that "
            "is not the city's."
        ),
    ] = "",
) -> None:
    """Draft a city file from files and folders; without any, write one to fill in."""
    with console.print_errors():
        city_id = slug(name) or (slug(folder.name) if folder else "")
        if not city_id:
            raise CityFileError(
                "init",
                [f"no id can be made of {name!r}; use --folder with a name in Latin letters"],
            )
        path = (folder or Path("data/gis") / city_id) / "city.toml"
        if path.exists():
            raise TargetError(f"{path}: already exists; nothing was changed")
        if paths:
            draft = draft_city(
                name, paths, path, city_id=city_id, residents=residents, boundary=boundary
            )
            print_draft(draft)
            return
        for option, given in (("--residents", residents is not None), ("--boundary", boundary)):
            if given:
                raise CityFileError("init", [f"{option} needs files or a folder to draft from"])
        _write_starter(path, name, city_id)
    echo(f"{path}: fill in the layers, then run `urbanlayer check {path}`")


def draft_city(
    name: str,
    paths: list[str],
    city_file: Path,
    *,
    city_id: str,
    residents: int | None,
    boundary: str = "",
) -> Draft:
    """The draft of a city, written to its city file.

    Raises
    ------
    CityFileError
        A path is not there.
    DataError
        Nothing there can be drafted from.
    TargetError
        The file cannot be written.
    """
    from urbanlayer.drafting import drafted, is_address, tried

    files = [Path(path) for path in paths if not is_address(path)]
    missing = [path for path in files if not path.exists()]
    if missing:
        raise CityFileError("init", [f"{path} does not exist{_nearest(path)}" for path in missing])
    draft = drafted(
        name, files, city_file, city_id=city_id, residents=residents,
        addresses=[path for path in paths if is_address(path)], boundary=boundary,
    )  # fmt: skip
    return tried(draft, residents=residents)


def _nearest(path: Path) -> str:
    """A name beside a missing path that is like it, as advice; empty without one."""
    from urbanlayer.text.spelling import nearest_word

    there = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
    near = nearest_word(path.name, there)
    return f"; did you mean {near!r}?" if near else ""


def print_draft(draft: Draft) -> None:
    """Print the layers of a draft, what is doubtful and what is not used."""
    from urbanlayer.drafting.cutting import AROUND_KM

    path = draft.city_file
    if draft.cut_from is not None:
        echo(f"{draft.cut_from.name}: cut to the city and {AROUND_KM} km around it")
    for layer in draft.standing:
        echo(f"{layer.role}: {layer.dataset.shown} ({layer.why})")
    for layer in draft.layers:
        if layer.doubt:
            echo(f"doubtful: {layer.role}: {layer.dataset.shown}: {layer.doubt}")
    for one in draft.unplaced:
        echo(f"not used: {one.shown}: {one.why}")
    if not draft.people.sources:
        echo(f"note: {draft.people.why}")
    roles = {layer.role for layer in draft.standing}
    if NEIGHBOURHOODS not in roles:
        echo(f"{path}: {_without_neighbourhoods(draft)}, then run `urbanlayer check {path}`")
        return
    echo(f"{path}: {len(roles)} layers, {len(draft.indicators)} indicators; read it, then run")
    echo(f"  urbanlayer build {path}")


def _without_neighbourhoods(draft: Draft) -> str:
    """What to do where no layer is certain to have the neighbourhoods."""
    doubtful = [one.dataset.shown for one in draft.layers if one.role == NEIGHBOURHOODS]
    if doubtful:
        return (
            f"{' or '.join(doubtful)} may be the neighbourhoods; remove the # before "
            "[layers.neighbourhoods] and its lines if so"
        )
    return "no layer has the polygons of neighbourhoods; add one as [layers.neighbourhoods]"


def _write_starter(path: Path, name: str, city_id: str) -> None:
    starter = importlib.resources.files("urbanlayer.cli").joinpath("starter.toml")
    text = starter.read_text(encoding="utf-8")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, [_filled(text, name, city_id).encode()])
    except OSError as error:
        raise TargetError(f"{path}: cannot be written ({error.strerror})") from error


def _filled(starter: str, name: str, city_id: str) -> str:
    filled = starter.replace("@NAME@", _quoted(name)).replace("@ID@", city_id)
    filled = filled.replace("@LANGUAGES@", ", ".join(languages()))
    return re.sub(r"@TAGS:(\w+)@", lambda found: ", ".join(ROLES[found[1]].tag_texts()), filled)


def _quoted(name: str) -> str:
    """A name escaped for a TOML string."""
    return name.replace("\\", "\\\\").replace('"', '\\"')
