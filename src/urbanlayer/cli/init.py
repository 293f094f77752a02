"""`urbanlayer init NAME`: write a commented city file to start from."""

from __future__ import annotations

import importlib.resources
from pathlib import Path
from typing import Annotated

import typer

from urbanlayer.cli import console
from urbanlayer.cli.streams import say
from urbanlayer.errors import CityFileError, TargetError
from urbanlayer.locales import languages
from urbanlayer.text.slugs import slug

NAME = "init"


def command(
    name: Annotated[str, typer.Argument(help="Name of the city.")],
    folder: Annotated[
        Path | None, typer.Option(help="Folder to create; by default data/gis/<name>.")
    ] = None,
) -> None:
    """Write a commented city file to start from."""
    with console.print_errors():
        city_id = slug(name) or (slug(folder.name) if folder else "")
        if not city_id:
            raise CityFileError(
                "init",
                [f"no id can be made of {name!r}; say --folder, named in Latin letters"],
            )
        path = (folder or Path("data/gis") / city_id) / "city.toml"
        if path.exists():
            raise TargetError(f"{path}: already exists; nothing was changed")
        starter = importlib.resources.files("urbanlayer.cli").joinpath("starter.toml")
        text = starter.read_text(encoding="utf-8")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_filled(text, name, city_id), encoding="utf-8")
        except OSError as error:
            raise TargetError(f"{path}: cannot be written ({error.strerror})") from error
    say(f"{path}: fill in the layers, then run `urbanlayer check {path}`")


def _filled(starter: str, name: str, city_id: str) -> str:
    filled = starter.replace("@NAME@", _quoted(name)).replace("@ID@", city_id)
    return filled.replace("@LANGUAGES@", ", ".join(languages()))


def _quoted(name: str) -> str:
    """A name escaped for a TOML string."""
    return name.replace("\\", "\\\\").replace('"', '\\"')
