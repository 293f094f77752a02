"""The page's style and script, gathered from the files in `assets/` and `vendor/`.

There is no build step: the JavaScript stands in the repository as ES modules, and here each
becomes a function whose names the later ones take, in the order in which they import each other.
"""

from __future__ import annotations

import functools
import re
from importlib.resources import files

_STYLES = (
    "tokens", "frame", "panel", "map", "profile", "table", "dialog", "phone", "embed", "print",
)  # fmt: skip
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|async function|function) ([\w$]+))", re.MULTILINE)
_SPACED = re.compile(r" *([=,;{}()?:|&<>\[\]]) *")
_UNUSED = re.compile(  # parts of Leaflet that the page does not have
    r"leaflet-(?:control|bar|popup|tooltip|touch-|marker|div-icon|oldie|draw|layers|retina"
    r"|safari|vml|shadow|zoom-anim\b|crosshair|default-icon|attribution|image-layer)|lvml"
)
_ASKS = re.compile(r"[\w-]+:\s*url\([^)]*\);?")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}\n?")
_COMMENT = re.compile(r"^[ \t]*//[^\n]*\n", re.MULTILINE)


def asset(name: str) -> str:
    """The text of a file under `assets/`."""
    return _text("assets", *name.split("/"))


def vendored(name: str) -> str:
    """The text of a file under `vendor/`."""
    return _text("vendor", *name.split("/"))


@functools.cache
def style() -> str:
    """All of the page's style; what would ask for a file of Leaflet's is left out."""
    leaflet = _ASKS.sub("", vendored("leaflet/leaflet.css"))
    return "\n".join(
        [_RULE.sub(_used, _tight(leaflet)), *(_tight(asset(f"css/{name}.css")) for name in _STYLES)]
    )


@functools.cache
def front_style() -> str:
    """The style of the front page."""
    names = ("css/tokens.css", "css/frame.css", "front/front.css")
    return "\n".join(_tight(asset(name)) for name in names)


@functools.cache
def leaflet_script() -> str:
    """Leaflet as it was published, without the line that names its source map."""
    return (
        vendored("leaflet/leaflet.js").replace("\r\n", "\n").rsplit("\n//# sourceMappingURL", 1)[0]
    )


@functools.cache
def script() -> str:
    """The page's own script, one function that holds a function for each module."""
    parts = [_module(name) for name in modules("main")]
    return "\n".join(['"use strict";(() => {', *parts, "})();"])


def modules(entry: str) -> list[str]:
    """The modules that an entry needs, each after those it imports, itself last."""
    order: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        """Put a module after those that it imports."""
        if name in above:
            circle = " → ".join([*above, name])
            raise ValueError(f"modules of the page import one another: {circle}")
        if name in order:
            return
        for found in _IMPORT.finditer(asset(f"js/{name}.js")):
            visit(found[2], (*above, name))
        order.append(name)

    visit(entry, ())
    return order


def _module(name: str) -> str:
    source = asset(f"js/{name}.js")
    exported = _EXPORT.findall(source)
    body = _EXPORT.sub("", _IMPORT.sub(_taken, source))
    lines = (line.strip() for line in _COMMENT.sub("", body).split("\n"))
    tight = "\n".join(_tight_line(line) for line in lines if line)
    return (
        f"const {_variable(name)} = (() => {{\n{tight}\nreturn {{ {', '.join(exported)} }};\n}})();"
    )


def _taken(found: re.Match[str]) -> str:
    return f"const {{{found[1]}}} = {_variable(found[2])};\n"


def _variable(name: str) -> str:
    return "from_" + name.replace("-", "_")


def _tight_line(line: str) -> str:
    """A line without spaces around signs; one with a template or a slash stays as it is."""
    if "`" in line or "/" in line or line.count('"') % 2:
        return line
    parts = line.split('"')
    return '"'.join(_SPACED.sub(r"\1", p) if n % 2 == 0 else p for n, p in enumerate(parts))


def _used(rule: re.Match[str]) -> str:
    kept = [selector for selector in rule[1].split(",") if not _UNUSED.search(selector)]
    return f"{','.join(kept).strip()}{{{rule[2]}}}\n" if kept else ""


def _tight(css: str) -> str:
    bare = re.sub(r"/\*.*?\*/", "", css.replace("\r\n", "\n"), flags=re.DOTALL)
    joined = re.sub(r"\s*\n\s*", "\n", bare).strip()
    return re.sub(r"\s*([{};,])\s*", r"\1", joined).replace(": ", ":").replace(";}", "}")


def _text(*path: str) -> str:
    resource = files("urbanlayer.publish.page")
    for part in path:
        resource = resource / part
    return resource.read_bytes().decode("utf-8")
