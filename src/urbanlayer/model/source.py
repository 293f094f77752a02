"""A source: one way to bring data in, with its options."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic

import pydantic
from pydantic import Field
from typing_extensions import TypeVar

from urbanlayer.model.addresses import shown, without_secrets

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from urbanlayer.model.file_format import FileFormat
    from urbanlayer.model.layer import RawLayer, RawRaster
    from urbanlayer.model.layer_specification import LayerSpec
    from urbanlayer.model.tag_scheme import TagScheme

BBox = tuple[float, float, float, float]
"""West, south, east and north, in degrees."""


class Options(pydantic.BaseModel):
    """Keys of a layer's table that one source has; a source with keys of its own extends it."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class BoxOptions(Options):
    """Options of a source that can be limited to a box."""

    bbox: BBox | None = Field(
        default=None, description="West, south, east, north in degrees: the part to read."
    )


class ServerOptions(Options):
    """Options of a source that reads from a server."""

    allow_hosts: list[str] = Field(
        default_factory=list, description="Hosts that the server may redirect to."
    )


class ServiceOptions(BoxOptions, ServerOptions):
    """Options of a source that queries a web service for a box."""


class DownloadOptions(ServiceOptions):
    """Options of a source that downloads whole files."""

    checksum: str | None = Field(
        default=None,
        pattern=r"^(sha256|md5):[0-9a-fA-F]+$",
        description="Checksum of the download: sha256:…",
    )


O_co = TypeVar("O_co", bound=Options, default=Any, covariant=True)
O = TypeVar("O", bound=Options, default=Any)  # noqa: E741  (for options)


@dataclass(frozen=True, slots=True)
class Request(Generic[O_co]):
    """One layer that the city file requests from a source.

    Attributes
    ----------
    role
        What the layer is to the city.
    spec
        Its table in the city file.
    path
        The table's path, made absolute from the city file's folder.
    source
        The source that reads it.
    options
        The keys of the table that this source has.
    more
        Further paths, of a layer that several files make together.
    as_of
        The date of the city file; None where nobody knows it.
    placeless
        Whether rows without a place are kept: those of actions.
    none_near
        In a part of a country near which the whole has no feature of the layer: digest of the file
        in which it has none there. None where a layer without features is an error.
    """

    role: str
    spec: LayerSpec
    path: Path
    source: Source[Any]
    options: O_co
    more: tuple[Path, ...] = ()
    as_of: dt.date | None = None
    placeless: bool = False
    none_near: str | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """All paths."""
        return (self.path, *self.more)

    def parts(self) -> tuple[Request[O_co], ...]:
        """One request for each path."""
        return tuple(
            replace(
                self, path=path, more=(),
                spec=self.spec.model_copy(update={"path": text, "more_paths": ()}),
            )
            for path, text in zip(self.paths, self.spec.paths, strict=True)
        )  # fmt: skip

    @property
    def remote(self) -> bool:
        """Whether the path is an address of the network."""
        return "://" in self.spec.path

    @property
    def shown(self) -> str:
        """File name, or address without credentials: what messages and pages call it."""
        if self.more:
            return ", ".join(part.shown for part in self.parts())
        return shown(self.spec.path) if self.remote else without_secrets(self.path.name)


@dataclass(frozen=True, slots=True)
class Offer:
    """One layer that a server has.

    Attributes
    ----------
    path, layer
        As the table of a layer in the city file names it.
    title
        What the server calls it for people; empty where it says nothing.
    """

    path: str
    layer: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Source(Generic[O]):
    """One way to bring data in.

    Attributes
    ----------
    id
        What the city file has as `source = "…"`.
    read
        All requests for one path at once, so that a large file is read once; results by role.
        Raises `errors.DataError` with every error of every request.
    options
        The keys of a layer's table that this source has.
    begin
        Called with the same requests some time before `read`, so that it can begin what takes
        long; it neither waits nor raises for what is wrong with a file. None where it cannot.
    local
        Whether a path names a file or folder on this computer, and not an address.
    cached
        Whether what it downloads is kept, so that it can be used offline.
    gdal
        Whether files are opened by the GDAL driver of their ending.
    timetable
        Whether it brings the timetable of public transport.
    stable_keys
        Whether its features have identifiers of their own; else they are numbered as read.
    names_are_public
        Whether its format defines the name of a feature as the one shown to the public.
    several
        Whether a layer may name several paths.
    tags
        The tag scheme of its features; None where they have plain columns.
    format
        What its data come as; None where the ending of the file decides.
    offers
        The layers that the server at the path of a request has, for a draft of a city file; None
        for a source that is no server of layers. Raises `errors.SourceError` where the address is
        of another kind of server.
    licence, attribution
        Those of all its data; empty where they differ from layer to layer.
    """

    id: str
    read: Callable[[Sequence[Request[O]]], Mapping[str, RawLayer | RawRaster]]
    options: type[O]
    begin: Callable[[Sequence[Request[O]]], None] | None = None
    local: bool = True
    cached: bool = True
    gdal: bool = False
    timetable: bool = False
    stable_keys: bool = True
    names_are_public: bool = False
    several: bool = False
    tags: TagScheme | None = None
    format: FileFormat | None = None
    offers: Callable[[Request[O]], Sequence[Offer]] | None = None
    licence: str = ""
    attribution: str = ""

    def request(
        self,
        role: str,
        spec: LayerSpec,
        path: Path,
        *,
        more: tuple[Path, ...] = (),
        as_of: dt.date | None = None,
    ) -> Request[O]:
        """The request for a layer, its options checked.

        Parameters
        ----------
        role
            What the layer is to the city.
        spec
            Its table in the city file.
        path
            The table's path, made absolute.
        more, as_of
            As of `Request`.

        Raises
        ------
        pydantic.ValidationError
            The table has a key that the source does not have, or a wrong value.
        """
        options = self.options.model_validate(spec.options)
        return Request(role, spec, path, self, options, more, as_of)
