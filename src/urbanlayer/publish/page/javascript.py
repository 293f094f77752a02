"""The tokens of JavaScript: what a bundler needs to find imports and exports for certain.

Comments, strings, template literals and regular expressions are recognised, so that a word inside
them is never taken for a statement.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_WORD = re.compile(r"[\w$#]+(?:(?<=\d)\.\d*)?")
_STRING = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""", re.DOTALL)
_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*")
_TEMPLATE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*", re.DOTALL)
_SIGN = re.compile(r"=>|\+\+|--|\?\.|\.\.\.|.", re.DOTALL)
_BEFORE_VALUE = frozenset(
    {"return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do"}
    | {"instanceof", "await", "yield"}
)
_WITH_CONDITION = frozenset({"if", "while", "for", "with"})
_PAIRS = {")": "(", "]": "[", "}": "{"}


class ScriptError(ValueError):
    """A module of the page's script is not written as the bundler reads it."""

    def __init__(self, file: str, line: int, what: str) -> None:
        super().__init__(f"{file}:{line}: {what}")


class Token(NamedTuple):
    """A word, number, string, part of a template, regular expression or sign.

    Attributes
    ----------
    text
        As it stands in the file.
    kind
        `word`, `string`, `template`, `regex` or `sign`.
    line
        Counted from 1.
    depth
        Number of brackets that are open before it.
    newline
        Whether a line ends between the token before and this one.
    """

    text: str
    kind: str
    line: int
    depth: int
    newline: bool


def tokens(source: str, file: str) -> list[Token]:
    """All tokens of a module in order, without comments and white space.

    Parameters
    ----------
    source
        Text of the module.
    file
        Its name, for messages.

    Raises
    ------
    ScriptError
        A string, template or bracket is not closed, or a slash can be read in two ways.
    """
    return list(_Scanner(source, file).scan())


class _Scanner:
    """Reads one module from its start to its end."""

    def __init__(self, source: str, file: str) -> None:
        self._source, self._file = source, file
        self._at, self._line = 0, 1
        self._open: list[tuple[str, bool]] = []  # each with: a condition stands in it
        self._last = Token("", "sign", 1, 0, newline=False)
        self._value_next = True  # a slash would begin a regular expression

    def scan(self) -> Iterator[Token]:
        """The tokens of the module, in order."""
        while True:
            newline = self._skip_space()
            if self._at >= len(self._source):
                break
            kind, text = self._next()
            closes = (kind == "template" and text[0] == "}") or (kind == "sign" and text in _PAIRS)
            depth = len(self._open) - closes
            token = Token(text, kind, self._line, depth, newline=newline)
            self._value_next = self._pass(token)
            self._line += text.count("\n")
            self._at += len(text)
            self._last = token
            yield token
        if self._open:
            raise self._error(f"{self._open[-1][0]!r} is not closed")

    def _skip_space(self) -> bool:
        found = _SPACE.match(self._source, self._at)
        if found is None or found.end() == self._at:
            return False
        began, lines = self._at, self._line
        self._at = found.end()
        self._line += self._source.count("\n", began, self._at)
        return self._line > lines

    def _next(self) -> tuple[str, str]:
        sign = self._source[self._at]
        if sign in "\"'":
            return "string", self._matched(_STRING, "string is not closed")
        if sign == "`" or (sign == "}" and self._open and self._open[-1][0] == "${"):
            return "template", self._template()
        if sign == "/" and self._value_next:
            return "regex", self._matched(_REGEX, "regular expression is not closed")
        if sign == "/" and self._last.text == "}" and self._last.kind == "sign":
            raise self._error("slash after a brace: a division or a regular expression?")
        if found := _WORD.match(self._source, self._at):
            return "word", found[0]
        return "sign", self._matched(_SIGN, "")

    def _template(self) -> str:
        """Up to the end of a template literal, or to its next `${`."""
        found = _TEMPLATE.match(self._source, self._at + 1)
        end = self._at + 1 if found is None else found.end()
        for closing in ("`", "${"):
            if self._source.startswith(closing, end):
                return self._source[self._at : end + len(closing)]
        raise self._error("template literal is not closed")

    def _matched(self, pattern: re.Pattern[str], error: str) -> str:
        found = pattern.match(self._source, self._at)
        if found is None:
            raise self._error(error)
        return found[0]

    def _pass(self, token: Token) -> bool:
        """Keep account of brackets; whether a slash after the token begins a regular expression."""
        text = token.text
        if token.kind == "template":
            if text[0] == "}":
                self._open.pop()
            if text.endswith("${"):
                self._open.append(("${", False))
            return text.endswith("${")
        if token.kind == "word":
            return text in _BEFORE_VALUE and self._last.text not in {".", "?."}
        if token.kind != "sign":
            return False
        if text in _PAIRS:
            if not self._open or self._open[-1][0] != _PAIRS[text]:
                raise self._error(f"{text!r} closes nothing")
            return self._open.pop()[1]
        if text in _PAIRS.values():
            self._open.append((text, text == "(" and self._last.text in _WITH_CONDITION))
        return text not in {"++", "--"}

    def _error(self, what: str) -> ScriptError:
        return ScriptError(self._file, self._line, what)
