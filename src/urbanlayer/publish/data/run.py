"""`run.json`: how a publication came to be."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from urbanlayer.publish.notice import notice
from urbanlayer.publish.published import digests_of, record_bytes
from urbanlayer.publish.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.publication import Publication, RunRecord


def run_json(publication: Publication, record: RunRecord, files: Mapping[str, bytes]) -> bytes:
    """The record as JSON with sorted keys; all but `seconds` is a function of the inputs.

    Parameters
    ----------
    publication
        What is published.
    record
        How it came to be.
    files
        The other files of the publication, whose digests `urbanlayer verify` compares.
    """
    spec = publication.spec
    whole = {
        "city": spec.id,
        "name": spec.name if isinstance(spec.name, str) else dict(spec.name),
        "as_of": spec.as_of.isoformat(),
        "demonstration": spec.demonstration,
        "disclosure": spec.publish.disclosure,
        "note": notice(spec, Words.for_language("en")),
        **({} if spec.part_of is None else {"part_of": spec.part_of.model_dump()}),
        **dataclasses.asdict(record),
        "files": digests_of(files),
        "not_answerable": [dataclasses.asdict(item) for item in publication.not_answerable],
    }
    return record_bytes(whole)
