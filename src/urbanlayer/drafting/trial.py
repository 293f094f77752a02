"""A draft tried: layers that cannot be used are commented out, with the reason."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.drafting.drafts import with_questions, without_people
from urbanlayer.drafting.toml_text import text_of
from urbanlayer.errors import CityFileError
from urbanlayer.files.replacing import write_whole

if TYPE_CHECKING:
    from urbanlayer.drafting.drafts import Draft

_OF_THE_CITY = ""
ROUNDS = 3
"""Times that a draft is tried; each finds the errors of all layers."""


def tried(draft: Draft, *, residents: int | None = None) -> Draft:
    """The draft, written to its city file, with layers that fail commented out.

    Parameters
    ----------
    draft
        As guessed.
    residents
        As given to `drafted`.

    Raises
    ------
    TargetError
        The file cannot be written.
    """
    for _ in range(ROUNDS):
        write(draft)
        failed = _failed(draft)
        if not failed:
            return draft
        if _OF_THE_CITY in failed and len(failed) == 1:
            if not draft.people.sources:
                return draft  # `check` says what is wrong
            draft = without_people(draft, failed[_OF_THE_CITY])
            continue
        layers = tuple(
            replace(layer, doubt=failed[layer.role])
            if layer.role in failed and not layer.doubt
            else layer
            for layer in draft.layers
        )
        total = None
        if draft.people.total is not None and residents is None:
            total = (draft.people.total, draft.people.why_total.removeprefix("# guess: "))
        draft = with_questions(replace(draft, layers=layers), residents, total)
    write(draft)
    return draft


def write(draft: Draft) -> None:
    """Write the city file.

    Raises
    ------
    TargetError
        It cannot be written.
    """
    from urbanlayer.errors import TargetError

    try:
        draft.city_file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(draft.city_file, [text_of(draft).encode()])
    except OSError as error:
        raise TargetError(f"{draft.city_file}: cannot be written ({error.strerror})") from error


def _failed(draft: Draft) -> dict[str, str]:
    """Role of each layer that cannot be used, to its first error; "" for the city they make."""
    from urbanlayer import pipeline
    from urbanlayer.stages import Errors, Stages, silent

    try:
        file = pipeline.read_city_file(draft.city_file)
    except CityFileError:
        return {}  # `check` says what is missing: neighbourhoods
    errors = Errors(collect=True)
    with pipeline.network(offline=True):
        pipeline.city_read(file, Stages(silent), errors)
    return {
        role: _short(error.errors[0])
        for role, error in errors.found.items()
        if role == _OF_THE_CITY or role in {layer.role for layer in draft.standing}
    }


def _short(error: str) -> str:
    return re.sub(r"^layers? [^:]*: ", "", error)
