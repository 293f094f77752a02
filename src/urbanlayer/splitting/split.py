"""A country's city file as one city file for each polygon of a layer."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import CityFileError, TargetError
from urbanlayer.kernels.digests import digest_of
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.pipeline import city_read, read_city_file
from urbanlayer.splitting import city_files, extracts, margins, parts
from urbanlayer.stages import Errors, silent, stages_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.cityfile import CityFile
    from urbanlayer.model.city import City
    from urbanlayer.stages import Report

BY = "municipalities"
"""Role of the layer whose polygons make the parts, unless another is named."""
CITY_FILE = "city.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPart:
    """One part of a split.

    Attributes
    ----------
    city_file
        Its city file.
    neighbourhoods, residents
        How many it has; no residents where the whole has none.
    margin_m
        How far around its neighbourhoods its layers go, in metres.
    """

    city_file: Path
    neighbourhoods: int
    residents: float | None
    margin_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A whole in parts.

    Attributes
    ----------
    parts
        In the order of their polygons.
    margin_m
        What the queries of the city file need around each part, in metres.
    differing
        Ids of results that rest on the whole: those of a part are not the whole's.
    straddling
        Keys of neighbourhoods that lie in several polygons.
    empty
        Keys of polygons without a neighbourhood.
    """

    parts: tuple[SplitPart, ...]
    margin_m: float
    differing: tuple[str, ...]
    straddling: tuple[str, ...]
    empty: tuple[str, ...]


def split(
    city_file: Path | str, out: Path | str, *, by: str = BY, report: Report = silent
) -> Split:
    """One city file for each polygon of a layer; their results are those of the whole.

    Each part has its own neighbourhoods, its own people at the places where the whole has them,
    and every other layer in a box that is wide enough for the widest query.

    Parameters
    ----------
    city_file
        Of the whole, with the layer of polygons.
    out
        Folder for a folder of each part; new or empty.
    by
        Role of the layer of polygons.
    report
        Called with the name of each stage as it begins.

    Returns
    -------
    Split
        The parts, and which results differ from those of the whole.

    Raises
    ------
    UrbanlayerError
        The city file or its layers have errors, the layer of polygons is not there or leaves
        neighbourhoods out, or the folder holds something.
    """
    path, folder = Path(city_file), Path(out)
    _refuse_what_is_there(folder)
    file = read_city_file(path)
    if by not in file.spec.layers:
        roles = ", ".join(file.spec.layers)
        why = f"has no layer {by!r} whose polygons make the parts; name one of {roles} with --by"
        raise CityFileError(path.name, [why])
    stages = stages_of(report)
    city = city_read(file, stages, Errors())
    assert city is not None  # noqa: S101  (errors are raised)
    stages.begin("parts")
    margin_m = margins.margin_m(file.queries, file.spec.publish, city.modes)
    joined = _joined_roles(file)
    cut = parts.cut(city, city.layers[by], margin_m, joined=joined)
    written = _written(path, file, city, cut, by=by, folder=folder)
    stages.end()
    return Split(
        parts=written,
        margin_m=margin_m,
        differing=_differing(file),
        straddling=cut.straddling,
        empty=cut.empty,
    )


def _differing(file: CityFile) -> tuple[str, ...]:
    """Ids of results that rest on the whole."""
    return tuple(q.id for i, q in file.queries if margins.rests_on_the_whole(i, q))


def _joined_roles(file: CityFile) -> set[str]:
    """Roles of layers whose adjoining areas count as one in some query."""
    return {
        one.destinations
        for indicator, query in file.queries
        for one in indicator.network_queries(query)
        if isinstance(one, NearestQuery) and one.min_area_m2 > 0
    }


def _refuse_what_is_there(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise TargetError(f"{folder}: is there and not empty; name a new folder with --out")


def _written(
    path: Path, file: CityFile, city: City, cut: parts.Cut, *, by: str, folder: Path
) -> tuple[SplitPart, ...]:
    """The folders of all parts under their name at once, or none of them."""
    from urbanlayer.cityfile.parsing import parsed

    content = parsed(path.read_text(encoding="utf-8-sig"), path.name)
    whole = {"whole": file.id, "cut": digest_of(city.layers[by].frame.geometry.to_numpy())[:16]}
    content["part_of"] = whole
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise TargetError(f"{folder}: cannot be written ({error.strerror})") from error
    try:
        extracted = extracts.extracts(file, city, cut.parts, work)
        for part in cut.parts:
            _write_part(content, file, city, part, by=by, there=folder, work=work, own=extracted)
        if folder.exists():
            folder.rmdir()
        work.chmod(0o755)
        work.rename(folder)
    except OSError as error:
        raise TargetError(f"{folder}: cannot be written ({error.strerror})") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return tuple(_part(city, part, folder) for part in cut.parts)


def _part(city: City, part: parts.Part, folder: Path) -> SplitPart:
    people = None
    if city.residents is not None:
        counts = city.residents.per_neighbourhood(len(city.neighbourhoods))
        people = float(counts[part.rows][counts[part.rows] > 0].sum())
    return SplitPart(
        city_file=folder / part.id / CITY_FILE,
        neighbourhoods=len(part.rows),
        residents=people,
        margin_m=part.margin_m,
    )


def _write_part(
    content: Mapping[str, Any], file: CityFile, city: City, part: parts.Part, *,
    by: str, there: Path, work: Path, own: Mapping[tuple[str, str], str],
) -> None:  # fmt: skip
    """The folder of a part: its city file, neighbourhoods and people."""
    import tomli_w

    folder = work / part.id
    folder.mkdir(exist_ok=True)
    tables = city_files.tables_of_part(content, file, city, part, by=by, folder=there / part.id)
    for role, table in tables["layers"].items():
        name = own.get((part.id, str(content["layers"].get(role, {}).get("path", ""))))
        if name is not None and table.get("source") == extracts.SOURCE:
            table["path"] = name
    shapes = city_files.neighbourhoods_of(city, part)
    shapes.to_parquet(folder / city_files.NEIGHBOURHOODS_FILE)
    if city.residents is not None:
        wrong = list(city_files.misplaced(city, part))
        if wrong:
            why = f"part {part.id!r}: people of {', '.join(wrong)} would be another's"
            raise CityFileError(file.id, [why])
        city_files.people_of(city, part).to_parquet(folder / city_files.PEOPLE_FILE)
    text = _head(file, part) + tomli_w.dumps(tables)
    (folder / CITY_FILE).write_text(text, encoding="utf-8")


def _head(file: CityFile, part: parts.Part) -> str:
    """What a reader of a part's city file should know."""
    differing = _differing(file)
    lines = [
        f"Part of {file.id}, written by `urbanlayer split`; change the whole and split again.",
        f"Layers go {part.margin_m:,.0f} m beyond its neighbourhoods: farther than any query.",
        "People are at the places where the whole has them; what is uncertain of them (storeys,",
        "borders, a second source) is in the ranges of the whole, and not in those of a part.",
    ]
    if differing:
        lines += ["These results rest on the whole, and differ from it here:", *differing]
    return "".join(f"# {line}\n" for line in lines) + "\n"
