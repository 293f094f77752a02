"""Every word that a person reads, from the catalogues in `locales/`.

Stages return codes and numbers; here they become text. A catalogue's keys are names such as
`page.search`, so that English is a catalogue like every other one.
"""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import denormalize, read_po
from babel.numbers import get_decimal_symbol, get_group_symbol

from urbanlayer.locales import catalogue_file, languages
from urbanlayer.model.text import text_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from urbanlayer.model.indicator import Indicator
    from urbanlayer.model.specification import CitySpec

NO_BREAK_SPACE = "\u00a0"
_ALL = 100.0  # per cent
_EXACT = 1e-9  # nearer to none or all, a share differs by the computer's rounding alone
_LONG = 1_000  # numbers from here on are read as figures
_NO_BRACES = str.maketrans("{}", "()")
_CATEGORIES = ("zero", "one", "two", "few", "many", "other")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language.

    Attributes
    ----------
    language
        A locale code of CLDR: `sr_Latn_ME`.
    catalogue
        Key to text, with placeholders such as `{distance}`.
    plurals
        Key to the forms of a text with a count, each under its CLDR category: `one`, `few`,
        `other`.
    """

    language: str
    catalogue: Mapping[str, str]
    plurals: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @staticmethod
    def for_language(code: str) -> Words:
        """The words of a language; English where a language has no catalogue of ours."""
        return _words(code if code in languages() else "en")

    @property
    def tag(self) -> str:
        """The language as `lang` attributes and links write it: `sr-Latn-ME`."""
        return self.language.replace("_", "-")

    @property
    def name(self) -> str:
        """The language by its own name: *Shqip*."""
        return self.text("language.name")

    def has(self, key: str) -> bool:
        """Whether the catalogue holds the key."""
        return key in self.catalogue or key in self.plurals

    def text(self, key: str, **values: object) -> str:
        """The text of a key, with its placeholders filled.

        Parameters
        ----------
        key
            As `page.search`; a key that no catalogue holds comes back as readable words.
        **values
            For the placeholders; text in a value is never read as a placeholder. A text with
            plural forms takes its form, and `{count}`, from the whole number `count`.

        Returns
        -------
        str
            Plain text, not markup.
        """
        if key in self.plurals:
            count = float(str(values["count"]))
            values = {**values, "count": self.number(count)}
            return filled(self._form(key, count, 0), values)
        found = self.catalogue.get(key)
        return readable(key) if found is None else filled(found, values)

    def headed(self, head: str, rest: str) -> str:
        """A heading and what it is of, with the colon of the language: *Kindergarten: children*."""
        return self.text("page.headed", head=head, rest=rest)

    def followed(self, parts: Iterable[str]) -> str:
        """Several statements, with the semicolon of the language between them."""
        return functools.reduce(
            lambda head, rest: self.text("page.followed", head=head, rest=rest), parts
        )

    def category(self, value: float, decimals: int = 0) -> str:
        """The CLDR plural category of a number as it is written: `few` for 22 in Serbian.

        Where 21 takes the form of 1, fractions and numbers from 1,000 on take that for many: they
        are read as figures (*4,3 nezgoda*, *2.091 stanovnika*).
        """
        written = Decimal(f"{abs(value):.{decimals}f}")
        if (decimals or written >= _LONG) and self.locale.plural_form(21) == "one":
            return "other"
        return str(self.locale.plural_form(written))

    def _form(self, key: str, value: float, decimals: int) -> str:
        forms = self.plurals[key]
        return forms.get(self.category(value, decimals), forms["other"])

    def number(self, value: float, decimals: int = 0) -> str:
        """A number as the language writes it: `179.505,2`; halves are rounded up."""
        whole, _, rest = f"{round_half_up(abs(value), decimals):,.{decimals}f}".partition(".")
        decimal, group = self.separators
        sign = "\u2212" if value < 0 and float(f"{value:.{decimals}f}") != 0 else ""
        return sign + whole.replace(",", group) + (decimal + rest if rest else "")

    def percent(self, share: float, decimals: int = 0) -> str:
        """A share from 0 to 1 as per cent: `58%`; what is not all reads `>99%`, never `100%`."""
        step = 10.0**-decimals
        read = round_half_up(share * 100, decimals)
        sign = ""
        if read <= 0 < share - _EXACT:
            sign, read = "<", step
        elif share + _EXACT < 1 and read >= _ALL:
            sign, read = ">", _ALL - step
        return sign + self.percent_pattern.replace("{number}", self.number(read, decimals))

    def date(self, day: dt.date) -> str:
        """A date as the language writes it: `30 June 2026`."""
        return str(format_date(day, "long", locale=self.locale))

    @property
    def locale(self) -> Locale:
        """The CLDR locale whose numbers and dates are written."""
        return _locale(self.text("language.formats"))

    @property
    def separators(self) -> tuple[str, str]:
        """The decimal sign and the sign between thousands."""
        return get_decimal_symbol(self.locale), get_group_symbol(self.locale)

    @property
    def percent_pattern(self) -> str:
        """`{number}%`, or with a space where the language has one."""
        pattern = str(self.locale.percent_formats[None].pattern)
        return "{number}" + pattern[pattern.rindex("0") + 1 :].replace(" ", NO_BREAK_SPACE)

    def unit(self, unit: str, value: float | None = None, decimals: int = 0) -> str:
        """A unit as people read it, after a number where there is one: `m² per resident`.

        Parameters
        ----------
        unit
            As `Indicator.unit` writes it.
        value, decimals
            The number before it, as it is written; the form for many where there is none.
        """
        key = f"unit.{unit}"
        if key in self.plurals:
            many = self.plurals[key]["other"]
            return many if value is None else self._form(key, value, decimals)
        return self.text(key) if self.has(key) else unit

    def unit_forms(self, unit: str) -> str | Mapping[str, str]:
        """A unit, or its plural forms by CLDR category."""
        return self.plurals.get(f"unit.{unit}") or self.unit(unit)

    def symbol_forms(self, unit: str) -> str | Mapping[str, str]:
        """The sign of a unit for tables, `m²`, or its plural forms by CLDR category."""
        key = f"symbol.{unit}"
        if self.has(key):
            return self.plurals.get(key) or self.text(key)
        return self.unit_forms(unit)

    def reason(self, code: str) -> str:
        """Why there is no result, in a few words."""
        key = f"reason.{code}"
        return self.text(key) if self.has(key) else readable(code)

    def theme(self, code: str) -> str:
        """The name of a theme."""
        key = f"theme.{code}"
        return self.text(key) if self.has(key) else readable(code)

    def group(self, name: str) -> str:
        """The name of a group of residents."""
        key = f"group.{name}"
        return self.text(key) if self.has(key) else readable(name)

    def method(self, code: str, spec: CitySpec | None = None) -> str:
        """How it was measured, in a sentence."""
        key = f"method.{code}"
        if self.has(key):
            return self.text(key)
        if self.has(f"way.{code}") or (spec is not None and code in spec.modes):
            return self.text("method.mode", way=self.way(code, spec))
        return self.text("method.other", method=readable(code))

    def way(self, mode: str, spec: CitySpec | None = None) -> str:
        """How people get there, after a distance: *by wheelchair*; as the city's file calls it."""
        own = spec.modes.get(mode) if spec is not None else None
        if own is not None and own.title is not None:
            return text_in(own.title, self.language, readable(mode)).translate(_NO_BRACES)
        key = f"way.{mode}"
        return self.text(key) if self.has(key) else readable(mode)

    def role(self, role: str, spec: CitySpec | None = None, *, many: bool = True) -> str:
        """What people call a layer: the city's own title, else the catalogue's, else its id.

        Parameters
        ----------
        role
            As the city file names the layer: `kindergarten`.
        spec
            The city file, whose layer may carry a title.
        many
            All of them, or one.
        """
        layer = spec.layers.get(role) if spec is not None else None
        if layer is not None and layer.title is not None:
            return text_in(layer.title, self.language, readable(role))
        key = f"role.{role}.{'many' if many else 'one'}"
        return self.text(key) if self.has(key) else readable(role)


def text_of(code: str, key: str) -> str:
    """One text of a catalogue as it stands there, without reading the others.

    Parameters
    ----------
    code
        One of `languages()`.
    key
        Of a text without plural forms.
    """
    source = catalogue_file(code).read_text(encoding="utf-8")
    found = re.search(rf'^msgid "{re.escape(key)}"\nmsgstr ((?:".*"\n?)+)', source, re.MULTILINE)
    return "" if found is None else str(denormalize(found[1].strip()))


@functools.cache
def _words(code: str) -> Words:
    with catalogue_file(code).open("rb") as file:
        catalogue = read_po(file, locale=code)
    texts: dict[str, str] = {}
    plurals: dict[str, dict[str, str]] = {}
    tags = _locale(code).plural_form.tags
    categories = [name for name in _CATEGORIES if name in tags or name == "other"]
    for entry in catalogue:
        if entry.id and isinstance(entry.id, str):
            texts[entry.id] = str(entry.string)
        elif entry.id:
            plurals[entry.id[0]] = dict(zip(categories, map(str, entry.string or ()), strict=True))
    return Words(code, texts, plurals)


@functools.cache
def _locale(code: str) -> Locale:
    return Locale.parse(code)


def round_half_up(value: float, decimals: int = 0) -> float:
    """The number with so many decimals, halves away from zero, as people round."""
    if not math.isfinite(value):
        return value
    exact = Decimal(repr(round(float(value), 9)))
    return float(exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


def filled(template: str, values: Mapping[str, object]) -> str:
    """The text with `{name}` replaced; a placeholder without a value is left out."""
    return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], "")), template)


def placeholders(template: str) -> frozenset[str]:
    """The names of the placeholders in a text."""
    return frozenset(_PLACEHOLDER.findall(template))


def readable(code: str) -> str:
    """A code as words, where no catalogue knows it: `benches_per_1000`, *Benches per 1000*."""
    words = re.sub(r"[_.\-]+", " ", code).strip()
    return words[:1].upper() + words[1:]


def own_words(indicator: Indicator | None, part: str, language: str) -> str:
    """A part (`title`, `definition`) of the words that an indicator brings itself; or empty.

    Braces become parentheses, so that no text of a city file is read as a placeholder.
    """
    text = None if indicator is None else indicator.words.get(part)
    return text_in(text, language).translate(_NO_BRACES)


def cited(words: Words, indicator: Indicator) -> str:
    """Where a definition stands, and a remark on it in the language of the words."""
    remark = words.text(f"remark.{indicator.remark}") if indicator.remark else ""
    return ". ".join(part for part in (indicator.source, remark) if part)


def indicator_keys(indicator: str, variant: str, part: str) -> Iterator[str]:
    """The keys that may hold a part of an indicator's words, the most particular first."""
    if variant:
        yield f"indicator.{indicator}.{variant}.{part}"
    yield f"indicator.{indicator}.{part}"
    yield f"indicator.{indicator}.any.{part}"
    yield f"indicator.other.{part}"
