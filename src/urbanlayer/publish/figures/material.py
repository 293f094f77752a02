"""What all figures of a publication in one language share, made once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from urbanlayer.model.text import text_in
from urbanlayer.publish.figures.city_ground import city_ground
from urbanlayer.publish.figures.figure import Texts, map_width_in
from urbanlayer.publish.figures.subject import subjects
from urbanlayer.publish.notice import notice
from urbanlayer.publish.page.plan_words import PlanWords
from urbanlayer.publish.page.source_list import licences

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.figures.figure import CityGround
    from urbanlayer.publish.figures.subject import Subject
    from urbanlayer.publish.words import Words

_MOST_HEIGHT_IN = 7.0


class Grounds:
    """A city on boxes of several widths, each made when it is first drawn on.

    Parameters
    ----------
    city
        As it may be shown.
    """

    def __init__(self, city: City) -> None:
        self._city = city
        self._by_size: dict[tuple[float, float], CityGround] = {}

    def on(self, width: float, most_height: float) -> CityGround:
        """The city on a box of so many inches."""
        size = (width, most_height)
        if size not in self._by_size:
            self._by_size[size] = city_ground(self._city, width=width, most_height=most_height)
        return self._by_size[size]


class Material:
    """A publication in one language, ready for figures of one width.

    Parameters
    ----------
    publication
        As `disclosure.disclosed` gives it: figures are made of nothing else.
    words
        Of the language.
    width
        Of the figures, in inches.
    grounds
        Of its city; shared between languages.
    """

    def __init__(
        self, publication: Publication, words: Words, width: float, grounds: Grounds
    ) -> None:
        self.publication, self.words, self.width, self.grounds = publication, words, width, grounds

    @cached_property
    def subjects(self) -> list[Subject]:
        """One for each result, in the order of the city file."""
        return subjects(self.publication, self.words)

    @cached_property
    def plan_words(self) -> PlanWords:
        """The sentences of the plan."""
        return PlanWords(self.publication, self.words)

    @property
    def city(self) -> str:
        """The name of the city."""
        return text_in(self.publication.spec.name, self.words.language)

    @property
    def names(self) -> tuple[str, ...]:
        """(k,) names of the neighbourhoods."""
        return self.subjects[0].names if self.subjects else ()

    @cached_property
    def by_key(self) -> dict[str, str]:
        """Key of each neighbourhood to its name."""
        keys = map(str, self.publication.city.neighbourhoods.keys)
        return dict(zip(keys, self.names, strict=True))

    def title(self, subject: Subject) -> str:
        """The title of a result with its distance or time: what tells it from its like."""
        return self.plan_words.whole_title(subject.record["id"])

    @cached_property
    def map_ground(self) -> CityGround:
        """The city as large as a map of this width has it."""
        return self.grounds.on(map_width_in(self.width), _MOST_HEIGHT_IN)

    @cached_property
    def dated(self) -> str:
        """The date of the data, as a sentence."""
        text = self.words.text("page.data_of", date=self.words.date(self.publication.spec.as_of))
        return text if text.endswith(".") else f"{text}."

    @cached_property
    def notice(self) -> str:
        """That it is internal, a draft, or generated; empty if none holds."""
        return notice(self.publication.spec, self.words)

    def texts(self, title: str, definition: str = "", unit: str = "") -> Texts:
        """What stands around a figure with this title."""
        words, spec = self.words, self.publication.spec
        more = words.text("page.demonstration_more", city=self.city) if spec.demonstration else ""
        date = words.text("page.data_of", date=words.date(spec.as_of))
        return Texts(
            city=self.city,
            title=title,
            definition=definition,
            unit=words.text("page.unit_is", unit=unit) if unit else "",
            notice=" ".join(filter(None, (self.notice, more))),
            foot=" · ".join([date, *self._licences]),
        )

    def told(self, *parts: str) -> str:
        """Sentences of an alternative text, with the date and the notice after them."""
        return " ".join(filter(None, (*parts, self.dated, self.notice)))

    @cached_property
    def _licences(self) -> list[str]:
        return licences(self.publication)
