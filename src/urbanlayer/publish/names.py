"""Names from layers in the language of the reader."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from babel import Locale

from urbanlayer.text.transliteration import in_cyrillic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.specification import CitySpec
    from urbanlayer.publish.words import Words

SERBIAN_LATIN = "sr_Latn_ME"


def name_in(names: Mapping[str, object], language: str, spec: CitySpec) -> str:
    """The name in a language, else in Serbian Latin, else as the layer has it; empty for none.

    Where the city's languages include Serbian Latin, a reader of Cyrillic gets such a name in
    Cyrillic.

    Parameters
    ----------
    names
        Language to name, the empty code that of the layer.
    language
        Code of the reader's language.
    spec
        Of the city.
    """
    own = _known(names.get(language))
    if own:
        return own
    found = (_known(names.get(code)) for code in (SERBIAN_LATIN, "", *names))
    return plain_name(next(filter(None, found), ""), language, spec)


def name_of(
    key: str, names: Mapping[str, Mapping[str, object]], language: str, spec: CitySpec
) -> str:
    """The name of what has a key, such as a site; the key where it has none.

    Parameters
    ----------
    key
        Of the feature.
    names
        By key, as for `name_in`.
    language
        Code of the reader's language.
    spec
        Of the city.
    """
    return name_in(names.get(key) or {}, language, spec) or key


def plain_name(name: str, language: str, spec: CitySpec) -> str:
    """A name that is written in one script, for a reader of a language.

    Parameters
    ----------
    name
        As the layer or the city file has it.
    language
        Code of the reader's language.
    spec
        Of the city.
    """
    if SERBIAN_LATIN not in spec.languages or _script(language) != "Cyrl":
        return name
    return in_cyrillic(name, Locale.parse(language).language)


def neighbourhood_names(publication: Publication, words: Words) -> list[str]:
    """The names of the neighbourhoods for a reader of a language; keys where they have none.

    Parameters
    ----------
    publication
        With the city.
    words
        Of the language.
    """
    hoods = publication.city.neighbourhoods
    found = []
    for row, key in enumerate(hoods.keys):
        names = {language: of.iloc[row] for language, of in hoods.names.items()}
        found.append(name_in(names, words.language, publication.spec) or str(key))
    return found


def _known(name: object) -> str:
    return name.strip() if isinstance(name, str) else ""


@functools.cache
def _script(language: str) -> str:
    """The script of a language, the usual one where its code names none."""
    from babel.core import get_global, parse_locale

    script = Locale.parse(language).script
    if script is None:
        full = get_global("likely_subtags").get(language.split("_", maxsplit=1)[0], "")
        script = parse_locale(full)[2] if full else None  # Locale drops the script of `mk_Cyrl_MK`
    return script or ""
