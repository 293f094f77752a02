"""A city file read, every error collected, each with its line and key, and raised once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from urbanlayer.cityfile.defaults import with_defaults
from urbanlayer.cityfile.line_numbers import with_line_numbers
from urbanlayer.cityfile.parsing import MAX_BYTES, parsed
from urbanlayer.cityfile.plan_errors import plan_errors
from urbanlayer.cityfile.queries import followed_standards, query_errors, requested_queries
from urbanlayer.cityfile.semantics import semantic_errors
from urbanlayer.cityfile.tables import indicator_errors, option_errors, specification
from urbanlayer.errors import CityFileError
from urbanlayer.files.names import name_error
from urbanlayer.model.standard import NO_STANDARDS
from urbanlayer.text.slugs import slug
from urbanlayer.text.spelling import nearest_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from urbanlayer.cityfile.line_numbers import SpecError
    from urbanlayer.model.indicator import Indicator, IndicatorQuery
    from urbanlayer.model.layer_specification import LayerSpec
    from urbanlayer.model.source import Request, Source
    from urbanlayer.model.specification import CitySpec
    from urbanlayer.model.standard import Followed, Standard


@dataclass(frozen=True, slots=True)
class CityFile:
    """A checked city file: its specification, its folder, and what it requests.

    Attributes
    ----------
    spec
        Every table, checked.
    folder
        Folder of the file; paths in it start there.
    queries
        Each indicator with its query, in the order of the file.
    sources
        By id; each layer is read by one of them.
    standards
        Those that the file follows.
    id_stated
        Whether the file states its id; else the id is made of the name of the file or folder.
    """

    spec: CitySpec
    folder: Path
    queries: tuple[IndicatorQuery, ...]
    sources: Mapping[str, Source]
    standards: tuple[Followed, ...] = ()
    id_stated: bool = True

    @property
    def id(self) -> str:
        """The city's id, which names its publication."""
        return self.spec.id

    def requests(self) -> tuple[Request, ...]:
        """One request for each layer of the file, in its order."""
        return tuple(self._request(role, layer) for role, layer in self.spec.layers.items())

    def _request(self, role: str, layer: LayerSpec) -> Request:
        path, *more = ((self.folder / one).resolve() for one in layer.paths)
        source, plan = self.sources[layer.source], self.spec.plan
        actions = plan.actions.layer if plan is not None and plan.actions is not None else None
        request = source.request(role, layer, path, more=tuple(more), as_of=self.spec.as_of)
        empty = {} if self.spec.part_of is None else self.spec.part_of.without
        return replace(request, placeless=role == actions, none_near=empty.get(role))


def read(
    path: Path,
    *,
    indicators: Mapping[str, Indicator],
    sources: Mapping[str, Source],
    standards: Mapping[str, Standard] = NO_STANDARDS,
) -> CityFile:
    """A checked city file.

    Parameters
    ----------
    path
        The TOML file.
    indicators, sources, standards
        Everything that the file may name, by id.

    Raises
    ------
    CityFileError
        With every error: its line, its key, and the nearest known word for an unknown one.
    """
    text = _text_of(path)
    content = parsed(text, path.name)
    spec, errors = specification(content)
    errors += indicator_errors(content, indicators)
    errors += option_errors(content, sources)
    if spec is not None:
        errors += query_errors(spec, indicators, standards)
        queries = _queries(spec, errors, indicators, standards)
        errors += semantic_errors(spec, path.parent, sources)
        errors += plan_errors(spec, queries, path.parent)
    if errors or spec is None:
        raise CityFileError(path.name, with_line_numbers(errors, text))
    named = with_defaults(spec, sources).model_copy(update={"id": spec.id or _id_of(path)})
    return CityFile(
        spec=named,
        folder=path.parent.resolve(),
        queries=requested_queries(spec, indicators, standards),
        standards=followed_standards(spec, indicators, standards),
        sources=sources,
        id_stated=bool(spec.id),
    )


def _queries(
    spec: CitySpec,
    errors: Iterable[SpecError],
    indicators: Mapping[str, Indicator],
    standards: Mapping[str, Standard],
) -> tuple[IndicatorQuery, ...] | None:
    """The queries of the file; None where their tables have errors."""
    query_tables = ("indicators", "custom_indicator", "residents")
    if any(key[0] in query_tables for key, _ in errors):
        return None
    return requested_queries(spec, indicators, standards)


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CityFileError(path.name, [f"is larger than {MAX_BYTES / 1e6:,.0f} MB"])
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        near = nearest_word(path.name, [p.name for p in path.parent.glob("*.toml")])
        advice = f"; did you mean {near}?" if near else "; `urbanlayer init NAME` writes one"
        raise CityFileError(path.name, [f"does not exist in {path.parent}{advice}"]) from error
    except IsADirectoryError as error:
        raise CityFileError(path.name, ["is a folder; name the .toml file in it"]) from error
    except UnicodeDecodeError as error:
        raise CityFileError(path.name, ["is not UTF-8 text; save it as UTF-8"]) from error
    except OSError as error:
        raise CityFileError(path.name, [f"cannot be read: {error.strerror}"]) from error


def _id_of(path: Path) -> str:
    """The folder's name as a slug, or the file's where it is not called city.toml.

    Raises
    ------
    CityFileError
        The name has no letter or digit that an id may have.
    """
    name = path.resolve().parent.name if path.stem == "city" else path.stem
    found = slug(name)
    if not found:
        raise CityFileError(
            path.name, [f'no id can be made of the name {name!r}; give it one: id = "my-city"']
        )
    if error := name_error(found):
        raise CityFileError(path.name, [f'its id {found!r} {error}; give it one: id = "my-city"'])
    return found
