"""Modules of the page's script: what each imports and exports, and its code without either.

The bundler knows `import { a, b } from "./file.js";` and `export` before a `const` of one name, a
`function` or an `async function`. Every other form is an error that names file, line and form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.publish.page.javascript import ScriptError, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from urbanlayer.publish.page.javascript import Token

_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_FILE = re.compile(r"""["']\./([\w-]+)\.js["']""")
_JOINED = re.compile(r"[\w$#]")


@dataclass(frozen=True, slots=True)
class Import:
    """Names taken from another module, and the line where they are."""

    module: str
    names: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Module:
    """A module as the bundler uses it.

    Attributes
    ----------
    name
        Of its file, without `.js`.
    imports
        In the order of the file.
    exports
        Names of constants and functions.
    code
        Without imports, the word `export`, comments and unneeded white space.
    """

    name: str
    imports: tuple[Import, ...]
    exports: tuple[str, ...]
    code: str


def read_module(name: str, source: str) -> Module:
    r"""A module with its imports and exports read.

    Parameters
    ----------
    name
        Of the file, without `.js`.
    source
        Its text.

    Raises
    ------
    ScriptError
        A form of import or export that the bundler does not know.

    Examples
    --------
    >>> module = read_module("area", 'import { pi } from "./maths.js";\nexport const a = 2 * pi;')
    >>> module.exports, module.code
    (('a',), 'const a=2*pi;')
    """
    reader = _Reader(f"{name}.js", tokens(source, f"{name}.js"))
    reader.read()
    return Module(name, tuple(reader.imports), tuple(reader.exports), joined(reader.kept))


def joined(parts: Sequence[Token]) -> str:
    """Code of tokens: a space or a line break stands only where the meaning needs it."""
    code = []
    last = ""
    for token in parts:
        if token.newline and last not in {"", ";", "{", ",", "("}:
            code.append("\n")  # a line break may end a statement
        elif last and (
            (_JOINED.match(last[-1]) and _JOINED.match(token.text[0]))
            or (last == "<" and token.text == "!")  # no comment of HTML
            or (last[-1] in "+-/" and token.text[0] in "+-/")
        ):
            code.append(" ")
        code.append(token.text)
        last = token.text
    return "".join(code)


class _Reader:
    """Goes through the tokens of a module once, and sorts out imports and exports."""

    def __init__(self, file: str, parts: Sequence[Token]) -> None:
        self.imports: list[Import] = []
        self.exports: list[str] = []
        self.kept: list[Token] = []
        self._file, self._parts = file, parts

    def read(self) -> None:
        """Sort the tokens into imports, exports and what is kept."""
        at = 0
        while at < len(self._parts):
            token = self._parts[at]
            if token.kind != "word" or token.text not in {"import", "export"} or self._is_key(at):
                self._keep(at)
                at += 1
            elif token.text == "import":
                at = self._import(at)
            else:
                self._export(at)
                at += 1

    def _keep(self, at: int) -> None:
        """Keep a token, with the line break before an `import` or `export` that is left out."""
        token = self._parts[at]
        before = self._parts[at - 1] if at else token
        if before.text == "export" and before.newline and not token.newline:
            token = token._replace(newline=True)
        self.kept.append(token)

    def _is_key(self, at: int) -> bool:
        """Whether a word is the name of a property: `x.import`, `{ import: 1 }`."""
        return self._text(at - 1) in {".", "?."} or self._text(at + 1) == ":"

    def _import(self, at: int) -> int:
        """Read an import; the place after it."""
        form = self._import_form(at)
        if form is not None:
            raise self._error(at, form)
        names, at_end = self._names(at)
        found = _FILE.fullmatch(self._text(at_end + 1))
        if self._text(at_end) != "from" or found is None:
            raise self._error(at, f"import of {self._text(at_end + 1)}, no file in this folder")
        if self._text(at_end + 2) != ";":
            form = "with attributes" if self._text(at_end + 2) == "with" else "without a semicolon"
            raise self._error(at, f"import {form}")
        self.imports.append(Import(found[1], tuple(names), self._parts[at].line))
        return at_end + 3

    def _import_form(self, at: int) -> str | None:
        """What kind of import it is, where it is none of names in braces."""
        following = self._text(at + 1)
        if self._parts[at].depth and following not in {"(", "."}:
            return "import inside a block"
        forms = {"(": "dynamic import", ".": "import.meta", "*": "import of a namespace (* as)"}
        if following in forms:
            return forms[following]
        if following[:1] in {"'", '"'}:
            return "import for its side effects"
        if following != "{":
            return "default import"
        return None

    def _names(self, at: int) -> tuple[list[str], int]:
        """Names between the braces after an import, and the place after them."""
        names: list[str] = []
        place = at + 2
        while self._text(place) != "}":
            name, separator = self._text(place), self._text(place + 1)
            if separator == "as":
                raise self._error(place, "import under another name (as)")
            if not _NAME.fullmatch(name) or separator not in {",", "}"}:
                raise self._error(place, f"import of {name}, no name")
            names.append(name)
            place += 1 + (separator == ",")
        return names, place + 1

    def _export(self, at: int) -> None:
        """Note the name that is exported; what is exported stays in the code."""
        if self._parts[at].depth:
            raise self._error(at, "export inside a block")
        words = [self._text(at + n) for n in (1, 2, 3)]
        if words[0] == "const" and _NAME.fullmatch(words[1]) and words[2] == "=":
            self._check_single(at)
            self.exports.append(words[1])
        elif words[0] == "function" and _NAME.fullmatch(words[1]):
            self.exports.append(words[1])
        elif words[:2] == ["async", "function"] and _NAME.fullmatch(words[2]):
            self.exports.append(words[2])
        else:
            raise self._error(at, self._export_form(at))

    def _export_form(self, at: int) -> str:
        following = self._text(at + 1)
        if following in {"{", "*"}:
            end = at + 1
            while self._text(end) not in {"from", ";", ""}:
                end += 1
            names = "everything (*)" if following == "*" else "a list of names"
            return f"{'re-export' if self._text(end) == 'from' else 'export'} of {names}"
        forms = {
            "default": "default export",
            "class": "export of a class",
            "let": "export of a variable (let)",
            "var": "export of a variable (var)",
            "const": "export of a const that takes a value apart",
            "function": "export of a generator",
            "async": "export of a generator",
        }
        return forms.get(following, f"export of {following or 'nothing'}")

    def _check_single(self, at: int) -> None:
        """One name in a const, and a semicolon at its end."""
        for token in self._parts[at + 1 :]:
            if token.depth:
                continue
            if token.text == ";":
                return
            if token.text == ",":
                raise self._error(at, "export of several names in one const")
            if token.text in {"import", "export"}:
                break
        raise self._error(at, "export of a const without a semicolon")

    def _text(self, at: int) -> str:
        return self._parts[at].text if 0 <= at < len(self._parts) else ""

    def _error(self, at: int, form: str) -> ScriptError:
        return ScriptError(
            self._file, self._parts[at].line, f"{form}: the bundler does not know this form"
        )
