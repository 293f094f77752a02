"""The reasons, warnings and results of a plan as sentences, in one language."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from urbanlayer.model.text import text_in
from urbanlayer.publish.page.result_records import digits_on_page
from urbanlayer.publish.page.vocabulary import titled_results
from urbanlayer.publish.worded_notes import worded
from urbanlayer.publish.words import NO_BREAK_SPACE, Words

if TYPE_CHECKING:
    from urbanlayer.model.note import Note
    from urbanlayer.model.plan import Need, Plan, Reason
    from urbanlayer.model.publication import Publication

REASONS = 3
"""Reasons that are worded for a neighbourhood."""


class PlanWords:
    """Words of one language for the plan of a publication.

    Parameters
    ----------
    publication
        With its plan.
    words
        Of the language.
    """

    def __init__(self, publication: Publication, words: Words) -> None:
        self._words = words
        self._titles = titled_results(publication, words)
        self._results = {result.id: result for result in publication.results}

    def whole_title(self, result: str) -> str:
        """The title of a result with its distance or time and the mode."""
        return self._titles.get(result, (result, result))[1]

    def reasons(self, need: Need) -> list[str]:
        """What makes a neighbourhood needy, the largest part first.

        A reason of which nobody is left by the published numbers is none.
        """
        held = [one for one in need.reasons if one.people is None or round(one.people) > 0]
        return [self.reason(reason) for reason in held[:REASONS]]

    def reason(self, reason: Reason) -> str:
        """One reason: the residents without, or the value."""
        what = self.whole_title(reason.result)
        if reason.people is not None:
            return self._words.text("plan.reason_people", count=round(reason.people), what=what)
        return self._words.headed(what, self.value(reason.result, reason.value))

    def value(self, result: str, value: float | None) -> str:
        """A value of a result as the page writes it, with its unit; a dash for none."""
        if value is None or not math.isfinite(value):
            return "–"
        decimals, scale, unit = 1, 1, ""
        if of := self._results.get(result):
            decimals, scale, unit = digits_on_page(of)
        if unit.startswith("share"):
            return self._words.percent(value)
        number = self._words.number(value * scale, decimals)
        return f"{number}{NO_BREAK_SPACE}{self._words.unit(unit, value * scale, decimals)}".strip()

    def note(self, note: Note) -> str:
        """A note, in which ids of results are their titles."""
        values = {
            name: self._titles[value][1] if isinstance(value, str) and value in self._titles
            else value
            for name, value in note.values
        }  # fmt: skip
        return worded(type(note).of(note.code, **values), self._words)


def theme_titles(plan: Plan, words: Words) -> dict[str, str]:
    """What people call each theme of the needs, by its name in the city file."""
    themes = plan.spec.needs.themes if plan.spec.needs else {}
    return {
        name: text_in(theme.title, words.language) or words.theme(name)
        for name, theme in themes.items()
    }


def plan_words(publication: Publication, language: str) -> PlanWords:
    """The words of a language for the plan of a publication."""
    return PlanWords(publication, Words.for_language(language))
