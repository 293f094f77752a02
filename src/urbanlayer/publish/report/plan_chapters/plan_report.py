"""What the chapters of a plan are written from, and how they write names and values."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from urbanlayer.publish.action_sheet import Sheets
from urbanlayer.publish.names import name_of, plain_name
from urbanlayer.publish.page.plan_words import PlanWords
from urbanlayer.publish.report.blocks import Picture
from urbanlayer.publish.words import NO_BREAK_SPACE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from urbanlayer.model.plan import Plan, SitingResult
    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.figures.subject import Subject
    from urbanlayer.publish.words import Words


NOTHING = "–"
"""Where there is no value or no name."""


@dataclass(frozen=True, slots=True, eq=False)
class PlanReport:
    """What the chapters of the plan are written from.

    Attributes
    ----------
    subjects
        By id of the result.
    names
        Of the neighbourhoods, by key.
    said
        Sentences of the plan, in the language of the words.
    sheets
        Of its actions; None where it has no programme.
    actions
        Key and name of each action, by its key.
    pictures
        By kind of figure, with their alternative texts; may be empty.
    """

    publication: Publication
    plan: Plan
    subjects: Mapping[str, Subject]
    names: Mapping[str, str]
    words: Words
    said: PlanWords
    sheets: Sheets | None
    actions: Mapping[str, str]
    pictures: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, publication: Publication, plan: Plan, read: Sequence[Subject], words: Words
    ) -> PlanReport:
        """What the chapters of a plan are written from.

        Parameters
        ----------
        publication
            As `disclosure.disclosed` gives it.
        plan
            Its plan.
        read
            Its results.
        words
            Of the language.
        """
        names = read[0].names if read else ()
        sheets = Sheets.of(publication, words)
        return cls(
            publication, plan, {subject.record["id"]: subject for subject in read},
            dict(zip(publication.city.neighbourhoods.keys, names, strict=True)),
            words, PlanWords(publication, words), sheets,
            {one.id: sheets.heading(one) for one in sheets.programme.facts} if sheets else {},
        )  # fmt: skip

    def picture(self, kind: str, caption: str) -> Iterator[Picture]:
        """The figure of a kind; nothing where it was not drawn."""
        if kind in self.pictures:
            png, alt = self.pictures[kind]
            yield Picture(caption, alt, png)

    def action(self, key: str) -> str:
        """An action by its key and name."""
        return self.actions.get(key, key)

    def site(self, siting: SitingResult, key: str) -> str:
        """A possible site by its key and name."""
        name = name_of(key, siting.names, self.words.language, self.publication.spec)
        return key if name == key else f"{key} {name}"

    def plain(self, name: str) -> str:
        """A name that the city writes in one script: an office, a source of money."""
        return plain_name(name, self.words.language, self.publication.spec)

    def value(self, result: str, value: float | None) -> str:
        """A value of a result as people read it."""
        if value is None or not math.isfinite(value):
            return NOTHING
        subject = self.subjects.get(result)
        return self.words.number(value, 1) if subject is None else subject.full(value)

    def title(self, result: str) -> str:
        """The title of a result with its threshold."""
        return self.said.whole_title(result)

    def money(self, amount: float) -> str:
        """An amount with the currency."""
        return f"{self.words.number(amount)}{NO_BREAK_SPACE}{self.plan.spec.currency}"

    def each(self, amount: float | None) -> str:
        """An amount for each person; a dash where there is nobody."""
        return NOTHING if amount is None else self.money(amount)

    def people(self, count: float | None) -> str:
        """A count of people."""
        if count is None or not math.isfinite(count):
            return NOTHING
        return self.words.number(count)
