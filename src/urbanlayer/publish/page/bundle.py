"""The page's style and script, gathered from the files in `assets/` and `vendor/`.

There is no build step: the JavaScript stands in the repository as ES modules, and here each
becomes a function whose exports the later ones use, in the order in which they import each other.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from urbanlayer.model.remembering import nothing_remembered
from urbanlayer.publish.page.javascript import ScriptError
from urbanlayer.publish.page.leaflet import without_absent
from urbanlayer.publish.page.modules import read_module

if TYPE_CHECKING:
    from collections.abc import Callable

    from urbanlayer.model.remembering import Remember
    from urbanlayer.publish.page.modules import Module

_STYLES = (
    "tokens", "frame", "panel", "map", "profile", "table", "dialog", "plan", "phone", "embed",
    "print", "forced",
)  # fmt: skip
_PLAN = "plan"
"""The style sheet and the module of the plan."""
_UNUSED = re.compile(  # parts of Leaflet that the page does not have
    r"leaflet-(?:control|bar|popup|tooltip|touch-|marker|div-icon|oldie|draw|layers|retina"
    r"|safari|vml|shadow|zoom-anim\b|crosshair|default-icon|attribution|image-layer)|lvml"
)
_FETCHED = re.compile(r"[\w-]+:\s*url\([^)]*\);?")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}\n?")


@dataclass(frozen=True, slots=True)
class Texts:
    """The style and the scripts of a page, which rest on this package alone."""

    style: str
    leaflet: str
    own: str


def texts(*, plan: bool, tiles: bool, remember: Remember = nothing_remembered) -> Texts:
    """The style and the scripts of a page.

    Parameters
    ----------
    plan, tiles
        Whether the page has a plan, and a background map.
    remember
        Where they are kept from run to run.
    """
    return remember(
        "style and scripts of the page",
        {"plan": str(plan), "background map": str(tiles)},
        lambda: Texts(style(plan=plan), leaflet_script(tiles=tiles), script(plan=plan)),
    )


def asset(name: str) -> str:
    """The text of a file under `assets/`."""
    return _text("assets", *name.split("/"))


def vendored(name: str) -> str:
    """The text of a file under `vendor/`."""
    return _text("vendor", *name.split("/"))


@functools.cache
def style(*, plan: bool = True) -> str:
    """All of the page's style; what would fetch a file of Leaflet's is left out.

    Parameters
    ----------
    plan
        Whether the page has a plan.
    """
    leaflet = _FETCHED.sub("", vendored("leaflet/leaflet.css"))
    names = [name for name in _STYLES if plan or name != _PLAN]
    return "\n".join(
        [_RULE.sub(_used, _tight(leaflet)), *(_tight(asset(f"css/{name}.css")) for name in names)]
    )


@functools.cache
def index_style() -> str:
    """The style of the index page."""
    names = ("css/tokens.css", "css/frame.css", "index/index.css")
    return "\n".join(_tight(asset(name)) for name in names)


@functools.cache
def leaflet_script(*, tiles: bool = True) -> str:
    """Leaflet without the classes that no page makes, and the line that names its source map.

    Parameters
    ----------
    tiles
        Whether the page has a background map.
    """
    published = vendored("leaflet/leaflet.js").replace("\r\n", "\n")
    return without_absent(published.rsplit("\n//# sourceMappingURL", 1)[0], tiles=tiles)


@functools.cache
def script(*, plan: bool = True) -> str:
    """The page's own script: one function that holds a function for each module.

    Parameters
    ----------
    plan
        Whether the page has a plan; without one `without-plan.js` stands in for `plan.js`.
    """

    def read(name: str) -> str:
        return asset("js/without-plan.js" if name == _PLAN and not plan else f"js/{name}.js")

    parts = [_wrapped(module) for module in modules("main", read)]
    return "\n".join(['"use strict";(() => {', *parts, "})();"])


@functools.cache
def fallback_script() -> str:
    """The script that shows the table where the other one could not run."""
    return asset("fallback.js")


def modules(entry: str, read: Callable[[str], str] | None = None) -> list[Module]:
    """The modules that an entry needs, each after those it imports, itself last.

    Parameters
    ----------
    entry
        Name of a module, without `.js`.
    read
        Gives the text of a module by its name; the page's own by default.

    Raises
    ------
    ScriptError
        Modules import one another, a name is imported that is not exported, or a form of import
        or export is not known.
    """
    read = read or (lambda name: asset(f"js/{name}.js"))
    order: dict[str, Module] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        """Put a module after those that it imports."""
        module = read_module(name, read(name))
        for one in module.imports:
            if one.module in (*above, name):
                circle = " → ".join([*above, name, one.module])
                raise ScriptError(f"{name}.js", one.line, f"modules import one another: {circle}")
            if one.module not in order:
                visit(one.module, (*above, name))
            missing = set(one.names) - set(order[one.module].exports)
            if missing:
                names = ", ".join(sorted(missing))
                raise ScriptError(
                    f"{name}.js", one.line, f"{one.module}.js does not export {names}"
                )
        order[name] = module

    visit(entry, ())
    return list(order.values())


def _wrapped(module: Module) -> str:
    """A module as a constant that holds what it exports."""
    taken = "".join(
        f"const {{{','.join(one.names)}}}={_variable(one.module)};\n" for one in module.imports
    )
    exported = ",".join(module.exports)
    return (
        f"const {_variable(module.name)}=(()=>{{\n{taken}{module.code}\nreturn{{{exported}}};}})();"
    )


def _variable(name: str) -> str:
    return "$" + name.replace("-", "_")


def _used(rule: re.Match[str]) -> str:
    kept = [selector for selector in rule[1].split(",") if not _UNUSED.search(selector)]
    return f"{','.join(kept).strip()}{{{rule[2]}}}\n" if kept else ""


def _tight(css: str) -> str:
    bare = re.sub(r"/\*.*?\*/", "", css.replace("\r\n", "\n"), flags=re.DOTALL)
    joined = re.sub(r"\s*\n\s*", "\n", bare).strip()
    return (
        re.sub(r"\s*([{};,])\s*", r"\1", joined)
        .replace(": ", ":")
        .replace(";}", "}")
        .replace(";\n", ";")
    )


def _text(*path: str) -> str:
    resource = files("urbanlayer.publish.page")
    for part in path:
        resource = resource / part
    return resource.read_bytes().decode("utf-8")
