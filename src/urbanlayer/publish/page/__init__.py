"""The page that a citizen opens: one HTML file that loads nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.remembering import nothing_remembered
from urbanlayer.model.text import text_in
from urbanlayer.publish import disclosure
from urbanlayer.publish.words import Words

if TYPE_CHECKING:
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.remembering import Remember

__all__ = ["page"]


def page(publication: Publication, remember: Remember = nothing_remembered) -> str:
    """The whole of `index.html`: a function of the publication, the same bytes each time.

    Parameters
    ----------
    publication
        The city, its results and their layers. What may not be shown is taken out here.
    remember
        Where parts that rest on less are kept from run to run.

    Returns
    -------
    str
        One self-contained document, to be written as UTF-8 with `newline=""`: the policy holds
        digests of its scripts and styles.
    """
    from urbanlayer.publish.page import bundle
    from urbanlayer.publish.page.body import body
    from urbanlayer.publish.page.document import Atlas, CityMap, Document
    from urbanlayer.publish.page.need_result import with_need_result
    from urbanlayer.publish.page.payload import payload
    from urbanlayer.publish.page.plan_record import plan_vocabulary
    from urbanlayer.publish.page.two_scripts import spelled_once
    from urbanlayer.publish.page.vocabulary import in_one_order, vocabulary
    from urbanlayer.publish.page.without_script import without_script

    shown = with_need_result(disclosure.disclosed(publication))
    data, spoken = payload(shown), vocabulary(shown)
    for code in shown.spec.languages if shown.plan is not None else ():
        words = Words.for_language(code)
        spoken[words.tag]["plan"] = plan_vocabulary(shown, words)
    words = Words.for_language(publication.spec.languages[0])
    city = text_in(publication.spec.name, words.language)
    titles = spoken[words.tag]["indicators"]
    document = Document(
        language=words.tag,
        title=words.headed(city, words.text("page.atlas")),
        description=_description(shown, words, titles),
        body_class="is-demonstration" if data["city"]["demonstration"] else "is-surveyed",
    )
    if publication.spec.publish.tiles is not None:
        document.allow_images_of(publication.spec.publish.tiles.host)
    document.add_without_script(without_script(shown, words, titles))
    tables = dict(data["files"])
    document.add_fallback(
        words.text("page.cannot_start"), tables.get("table"), words.text("page.file_table")
    )
    neighbourhoods = shown.city.neighbourhoods.geometry.to_crs("EPSG:4326")
    west, south, east, north = neighbourhoods.total_bounds
    city_map = CityMap([[south, west], [north, east]])
    document.add_child(city_map)
    date = words.text("page.data_of", date=words.date(publication.spec.as_of))
    texts = {
        "city": city,
        "date": date,
        "source": " · ".join([date, *data["licences"]]),
        "title": words.headed(city, words.text("page.atlas")),
    }
    document.add_child(
        Atlas(
            city_map,
            body=body(words, texts),
            data={"data": data, "words": in_one_order(spelled_once(spoken))},
            texts=bundle.texts(
                plan=shown.plan is not None,
                tiles=publication.spec.publish.tiles is not None,
                remember=remember,
            ),
        )
    )
    return str(document.render())


def _description(publication: Publication, words: Words, titles: list[dict[str, str]]) -> str:
    """The first indicator and its result, as messengers and search engines show a link.

    With the notice where the data are for demonstration, so that no number travels without it.
    """
    from urbanlayer.publish.notice import notice
    from urbanlayer.publish.page.without_script import value_in_words

    if not titles:
        return words.text("page.atlas")
    first = publication.results[0]
    definition = words.headed(titles[0]["definition"], value_in_words(first, first.city, words))
    return " ".join(filter(None, (f"{definition}.", notice(publication.spec, words))))
