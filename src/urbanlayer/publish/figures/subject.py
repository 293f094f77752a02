"""What a figure draws of one result: values, classes and words, the same as on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from urbanlayer.publish.disclosure import without_range
from urbanlayer.publish.names import neighbourhood_names
from urbanlayer.publish.page import classes
from urbanlayer.publish.page.result_records import as_read, result_records
from urbanlayer.publish.page.vocabulary import of_language
from urbanlayer.publish.words import NO_BREAK_SPACE, round_half_up

if TYPE_CHECKING:
    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.words import Words

_PER_CENT = 100


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """One result as it is read in one language.

    Attributes
    ----------
    record
        As `page.result_records.result_records` gives it: values, breaks and ranges as the page has
        them.
    texts
        Title and definition, as `page.vocabulary` words them.
    names
        (k,) neighbourhoods, in the order of the values.
    class_words
        Of the five classes, the lowest first.
    unsure
        Rows whose range is not shown.
    words
        Of the language.
    """

    record: dict[str, Any]
    texts: dict[str, str]
    names: tuple[str, ...]
    class_words: tuple[str, ...]
    unsure: frozenset[int]
    reasons: dict[str, str]
    words: Words

    @property
    def title(self) -> str:
        """What people call the result."""
        return self.texts["title"]

    @property
    def definition(self) -> str:
        """What is measured, in a sentence."""
        return self.texts.get("definition", self.title)

    @property
    def values(self) -> list[float | None]:
        """(k,) rounded as on the page; None is "no result"."""
        found: list[float | None] = self.record["values"]
        return found

    @property
    def is_share(self) -> bool:
        """Whether values are read as per cent."""
        return str(self.record["unit"]).startswith("share")

    @property
    def unit(self) -> str:
        """The unit as people read it, of `short`; empty for per cent."""
        return "" if self.is_share else self.words.unit(self._read_unit)

    @property
    def unit_of_values(self) -> str:
        """The unit of `values`, and of tables; empty for per cent."""
        return "" if self.is_share else self.words.unit(self.record["unit"])

    @property
    def scale(self) -> int:
        """By how much values are multiplied to be read: 1,000 for places per 1,000 residents."""
        scale: int = self.record.get("scale", 1)
        return scale

    @property
    def _read_unit(self) -> str:
        return str(self.record.get("read_as", self.record["unit"]))

    @property
    def city_line(self) -> str:
        """The result of the whole city, in words; empty for none."""
        city = self.record["city"]
        return "" if city is None else self.words.text("page.city_line", value=self.full(city))

    @property
    def target_line(self) -> str:
        """The target, in words; empty for none."""
        aim = self.record["target"]
        return "" if aim is None else self.words.text("page.target_line", value=self.full(aim))

    def class_of(self, row: int) -> int:
        """The class of a neighbourhood, 1 to 5; 0 where it has no result."""
        value = self.values[row]
        if value is None:
            return 0
        return classes.class_of(self.record["breaks"], as_read(self.record, value))

    def short(self, value: float) -> str:
        """A value as it is read, without its unit, but for per cent."""
        words, digits = self.words, self.record["decimals"]
        if self.is_share:
            return words.percent(value)
        shown = value * self.scale
        if value > 0 and self.record["breaks"][0] >= 0 and round_half_up(shown, digits) == 0:
            return f"<{words.number(10.0**-digits, digits)}"
        return words.number(shown, digits)

    def full(self, value: float) -> str:
        """A value with its unit."""
        if self.is_share:
            return self.short(value)
        unit = self.words.unit(self._read_unit, value * self.scale, self.record["decimals"])
        return f"{self.short(value)}{NO_BREAK_SPACE}{unit}"

    def span(self, number: int) -> str:
        """From where to where a class goes, as the page's legend says it."""
        low, high = self.record["breaks"][number - 1 : number + 1]
        whole = all(value is None or value == int(value) for value in self.values)
        if whole and (high - low) * self.scale == 1 and not self.is_share:
            return self.short(low)
        return self.range_text(low, high)

    def range_text(self, low: float, high: float) -> str:
        """From low to high, without the unit but for per cent: `40–42%`."""
        start = self.words.number(low * _PER_CENT) if self.is_share else self.short(low)
        return f"{start}{' – ' if low < 0 else '–'}{self.short(high)}"

    def ends(self, row: int, *, threshold: bool = False) -> tuple[float, float] | None:
        """Low and high of a neighbourhood, in the unit of `values`; None where there are none.

        Parameters
        ----------
        row
            Of the neighbourhood.
        threshold
            Whether by the threshold, not by the data.
        """
        held = self.record.get("threshold", {}) if threshold else self.record
        if row in self.unsure or "low" not in held or self.values[row] is None:
            return None
        low, high = held["low"][row], held["high"][row]
        if low is None or high is None:
            return None
        steps = self.scale * 10 ** (2 if self.is_share else self.record["decimals"])
        return low / steps, high / steps

    def ranked(self) -> list[int]:
        """Rows with a result, the best first (the highest where neither is better); then by row."""
        held = [(value, row) for row, value in enumerate(self.values) if value is not None]
        lowest = self.record["better"] == "lower"
        return [row for _, row in sorted(held, key=lambda v: (v[0] if lowest else -v[0], v[1]))]

    def misses(self, value: float) -> bool:
        """Whether a value does not reach the target; not where there is none."""
        target = self.record["target"]
        if target is None or self.record["better"] == "neither":
            return False
        return bool(value > target if self.record["better"] == "lower" else value < target)

    def why_none(self) -> list[str]:
        """The reasons why neighbourhoods have no result, each once, in words."""
        codes = sorted(set(self.record["reasons"].values()))
        return [self.reasons.get(code, code) for code in codes]


def subjects(publication: Publication, words: Words) -> list[Subject]:
    """One subject for each result, in the order of the city file.

    Parameters
    ----------
    publication
        As `disclosure.disclosed` gives it.
    words
        Of the language.
    """
    spoken = of_language(publication, words)
    names = tuple(neighbourhood_names(publication, words))
    rows = {key: row for row, key in enumerate(publication.city.neighbourhoods.keys)}
    found = zip(publication.results, result_records(publication), spoken["indicators"], strict=True)
    return [
        Subject(
            record=record,
            texts=texts,
            names=names,
            class_words=tuple(spoken["classes"][texts["classes"]]),
            unsure=frozenset(rows[key] for key in without_range(publication, result)),
            reasons=spoken["reasons"],
            words=words,
        )
        for result, record, texts in found
    ]
