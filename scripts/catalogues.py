"""Sort the catalogues and write the meaning of each entry above it.

`uv run python scripts/catalogues.py` after an entry was added or the English text changed. A
translator then goes through one file, `src/urbanlayer/locales/<code>/messages.po`, and needs no
other. `--check` writes nothing, and exits with 1 where a catalogue is not as this writes it.
"""

import re
import sys
from decimal import Decimal
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from urbanlayer.locales import CATALOGUE, languages

FOLDER = Path(__file__).resolve().parent.parent / "src" / "urbanlayer" / "locales"
CATEGORIES = ("zero", "one", "two", "few", "many", "other")
SAMPLES = [*(str(n) for n in range(102)), "0.0", "0.1", "1.1", "1.2", "1.5", "2.1", "1000000"]

WHERE = {
    r"class\.": "A class of the map's legend, the lowest first.",
    r"cause\.": "Explains the low and the high of a result.",
    r"edge\.": "Below the definition of a result.",
    r"embeds\.": "The gallery of what can be embedded.",
    r"equity\.": "The report on how evenly results are spread.",
    r"figure\.": "Figures for documents.",
    r"index\.": "The index page of all published cities.",
    r"group\.": "A group of residents, after a colon: “Kindergarten: children”.",
    r"indicator\..*\.title$": "Title of an indicator, short.",
    r"indicator\..*\.question$": "The indicator as a question.",
    r"indicator\..*\.definition$": "What is measured, in one phrase without a full stop.",
    r"indicator\..*\.have$": "Continues “about 7 in 10 residents …”.",
    r"indicator\..*\.city$": "A sentence on the whole city.",
    r"indicator\..*\.here$": "A sentence on one neighbourhood.",
    r"language\.name": "This language, by its own name.",
    r"language\.formats": "The CLDR locale whose numbers and dates are written; not translated.",
    r"list\.": "After the first few names of a list.",
    r"maturity\.aspect\.": "A column of the data inventory.",
    r"maturity\.fix\.": "What to do about a layer, in the data inventory.",
    r"maturity\.reason\.": "Why a layer has its grade, in the data inventory.",
    r"maturity\.rule\.": "How grades are given, in the data inventory.",
    r"maturity\.": "The data inventory.",
    r"method\.": "How a result was measured.",
    r"mode\.": "A mode of travel, after a distance: “within 400 m on foot”.",
    r"note\.fix-": "What to do about a feature that was excluded.",
    r"note\.of-": "What a note is about, then the note.",
    r"note\.": "A note or warning on the data.",
    r"page\.": "The map page.",
    r"plan\.": "The action plan.",
    r"reason\.": "Why a neighbourhood has no result, after a colon.",
    r"remark\.": "A remark on the source of a definition.",
    r"role\..*\.many$": "A kind of layer, plural.",
    r"role\..*\.one$": "A kind of layer, singular.",
    r"sheet\.": "The sheet of an action, one to print for each.",
    r"standards\.": "The page on international standards.",
    r"symbol\.": "The sign of a unit after a number, in a table.",
    r"report\.": "Chapters and headings of tables of the report.",
    r"theme\.": "A group of indicators.",
    r"unit\.": "A unit after a number.",
    r"way\.": "A mode of travel, after a distance: “within 400 m on foot”.",
    r"workbook\.": "Headings and names of sheets of the workbook of results.",
}

PLACEHOLDERS = {
    "actions": "names of actions, with commas between",
    "amount": "an amount with its currency",
    "cost_alone": "an amount of money",
    "cost_within": "an amount of money",
    "rank": "a number",
    "start": "a year",
    "end": "a year",
    "year": "a year",
    "area": "a size with its unit, 0.5 ha",
    "attribution": "who is to be named",
    "city": "name of the city",
    "column": "heading of a column",
    "compared": "one of page.same, page.more_value, page.fewer_residents …",
    "contact": "an address for letters",
    "count": "a number",
    "crs": "a reference system, EPSG:31276",
    "date": "a date",
    "distance": "a length with its unit, 400 m",
    "head": "what stands before a colon or semicolon",
    "have": "the end of a sentence, an entry indicator.….have",
    "high": "a number with its unit",
    "high_name": "name of a neighbourhood",
    "high_short": "a number with the sign of its unit",
    "indicator": "title of an indicator",
    "layer": "name of a layer",
    "layers": "names of layers",
    "low": "a number with its unit",
    "low_name": "name of a neighbourhood",
    "low_short": "a number with the sign of its unit",
    "minutes": "a time with its unit, 15 min",
    "name": "name of a neighbourhood or of a file",
    "names": "names or keys of the first few features",
    "note": "another entry note.…",
    "definition": "an entry indicator.….definition",
    "detail": "another entry note.…",
    "fix": "another entry note.fix-…",
    "read": "how many features the file holds",
    "total": "a number",
    "distance_m": "a number of metres",
    "area_ha": "a number of hectares",
    "encoding": "a text encoding, cp1250",
    "reference": "name of the layer that positions are compared with",
    "after": "a number of people",
    "alone": "a number of people",
    "before": "a number of people",
    "budget": "an amount with its currency",
    "people": "a number of people",
    "spent": "an amount of money",
    "within": "a number of people",
    "one": "title of an indicator",
    "other": "title of an indicator",
    "r": "a number from -1 to 1",
    "result": "title of an indicator",
    "what": "title of an indicator with its distance",
    "quantity": "about 7 in 10, or fewer than 1 in 20",
    "reason": "one of the entries reason.…",
    "residents": "a number of residents",
    "rest": "what stands after a colon or semicolon",
    "share": "a share with its sign, 58 %",
    "source": "a citation",
    "title": "title of an indicator or name of a layer",
    "unit": "a unit",
    "value": "a number with its unit",
    "value_short": "a number with the sign of its unit",
    "way": "a mode of travel: on foot, by bicycle",
}


def main() -> None:
    """Write all catalogues, or say which are not as they would be written."""
    english = _read("en")
    stale = []
    for code in languages():
        path = FOLDER / code / CATALOGUE
        text = written(_read(code), english, code)
        if path.read_text(encoding="utf-8") != text:
            stale.append(code)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if stale:
        print("written:" if "--check" not in sys.argv else "not as written:", *stale)
    if stale and "--check" in sys.argv:
        sys.exit(1)


def written(catalogue: Catalog, english: Catalog, code: str) -> str:
    """The text of a catalogue: a header, then its entries by key, each with its meaning above."""
    messages = sorted((m for m in catalogue if m.id), key=_key)
    entries = [_entry(m, english.get(m.id), code) for m in messages]
    return "\n\n".join([_header(code), *entries]) + "\n"


def _read(code: str) -> Catalog:
    with (FOLDER / code / CATALOGUE).open("rb") as file:
        return read_po(file, locale=code)


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _header(code: str) -> str:
    forms = [f"{n}: {name} ({examples})" for n, (name, examples) in enumerate(_forms(code))]
    return "\n".join(
        [
            f"# urbanlayer, {Locale.parse(code).english_name}.",
            "# Each entry has its meaning above it; {names} in braces stay as they are.",
            f"# Forms of entries with a number: {'; '.join(forms)}.",
            'msgid ""',
            'msgstr ""',
            f'"Language: {code}\\n"',
            '"MIME-Version: 1.0\\n"',
            '"Content-Type: text/plain; charset=utf-8\\n"',
            '"Content-Transfer-Encoding: 8bit\\n"',
            f'"Plural-Forms: {_plural_forms(code)}\\n"',
        ]
    )


def _forms(code: str) -> list[tuple[str, str]]:
    """The plural categories of a language in CLDR's order, each with numbers that take it."""
    rule = Locale.parse(code).plural_form
    examples: dict[str, list[str]] = {}
    many = rule(21) == "one"  # there, fractions take the form for many
    for sample in SAMPLES:
        name = "other" if many and "." in sample else rule(Decimal(sample))
        examples.setdefault(name, []).append(sample)
    return [
        (name, ", ".join([*_first(examples.get(name, []))]))
        for name in CATEGORIES
        if name in rule.tags or name == "other"
    ]


def _first(samples: list[str]) -> list[str]:
    whole = [text for text in samples if "." not in text][:4]
    return [*whole, *[text for text in samples if "." in text][:2]]


def _plural_forms(code: str) -> str:
    """The header from which editors of catalogues know the number of forms, for whole numbers."""
    names = [name for name, _ in _forms(code)]
    if names == ["one", "few", "other"]:
        return (
            "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4"
            " && (n%100<12 || n%100>14) ? 1 : 2);"
        )
    if names == ["one", "many", "other"]:
        return "nplurals=3; plural=(n<2 ? 0 : n%1000000==0 ? 1 : 2);"
    rule = Locale.parse(code).plural_form
    if names == ["one", "other"]:
        one = "n%10==1 && n%100!=11" if rule(21) == "one" else "n==1"
        return f"nplurals=2; plural=({one} ? 0 : 1);"
    return f"nplurals={len(names)}; plural=0;"


def _entry(message: Message, english: Message | None, code: str) -> str:
    key = _key(message)
    comments = [text for pattern, text in WHERE.items() if re.match(pattern, key)][:1]
    if english is not None and code != "en":
        comments += [f"English: {text}" for text in dict.fromkeys(_texts(english))]
    comments += [
        f"{{{name}}}: {PLACEHOLDERS[name]}"
        for name in sorted(set(re.findall(r"\{(\w+)\}", " ".join(_texts(english or message)))))
        if name in PLACEHOLDERS
    ]
    lines = [f"#. {comment}" for comment in comments]
    lines.append(f"msgid {_quoted(key)}")
    if isinstance(message.id, str):
        return "\n".join([*lines, f"msgstr {_quoted(str(message.string))}"])
    lines.append(f"msgid_plural {_quoted(key)}")
    lines += [f"msgstr[{n}] {_quoted(text)}" for n, text in enumerate(_texts(message))]
    return "\n".join(lines)


def _texts(message: Message) -> list[str]:
    string = message.string
    return [str(string)] if isinstance(string, str) else [str(text) for text in string or ()]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


if __name__ == "__main__":
    main()
