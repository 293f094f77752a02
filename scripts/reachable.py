#!/usr/bin/env python3
"""Lists functions, classes, methods and constants of the package that nothing reaches.

A definition is reached if code that runs names it: statements of a module, what is decorated, what
`__all__` lists, and from there what each reached definition names. Names are compared as text, so
that a definition is listed only where its name stands nowhere in reached code.
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src" / "urbanlayer"
FACE = frozenset({"CityResult", "_Timed"})
"""Classes that people hold in a notebook, or a library calls: all their methods are reached."""
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Defined:
    """A definition, the names in its body, and whether it is reached without being named."""

    place: str
    name: str
    names: frozenset[str]
    is_root: bool


def names_in(*nodes: ast.AST) -> frozenset[str]:
    """The identifiers and the texts that could be one, anywhere below the nodes."""
    found = set()
    for node in (below for top in nodes for below in ast.walk(top)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.update(word for word in node.value.split(".") if word.isidentifier())
        elif isinstance(node, ast.keyword) and node.arg:
            found.add(node.arg)
    return frozenset(found)


def without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements but for texts that stand alone."""
    return [
        one
        for one in body
        if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
    ]


def definitions_of(path: Path) -> tuple[list[Defined], frozenset[str]]:
    """The definitions of a module, and the names in its other statements."""
    definitions: list[Defined] = []
    names: set[str] = set()
    file = path.relative_to(ROOT)
    for node in without_docstring(ast.parse(path.read_text(encoding="utf-8")).body):
        if isinstance(node, Definition):
            definitions += _of(node, f"{file}:{node.lineno}")
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                name = target.id if isinstance(target, ast.Name) else ""
                definitions.append(
                    Defined(f"{file}:{node.lineno}", name, names_in(node.value), is_root=False)
                )
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            names |= names_in(node)
    return definitions, frozenset(names)


def _of(node: Definition, place: str) -> list[Defined]:
    """A function; or a class and its methods, where those that Python itself calls are roots."""
    outside = names_in(*node.decorator_list)
    if not isinstance(node, ast.ClassDef):
        returns = [node.returns] if node.returns else []
        body = names_in(node.args, *returns, *without_docstring(node.body)) | outside
        is_root = bool(node.decorator_list) or node.name.startswith("__")
        return [Defined(place, node.name, body, is_root=is_root)]
    methods = [one for one in node.body if isinstance(one, ast.FunctionDef)]
    others = [one for one in without_docstring(node.body) if one not in methods]
    own = names_in(*others, *node.bases, *node.keywords) | outside
    special = [one for one in methods if one.name.startswith("__") or one.decorator_list]
    plain = [one for one in methods if one not in special]
    found = [Defined(place, node.name, own | names_in(*special), is_root=False)]
    inherits = bool(node.bases)
    for one in plain:
        where = f"{place.rpartition(':')[0]}:{one.lineno}"
        is_root = inherits or node.name in FACE
        found.append(Defined(where, one.name, names_in(one), is_root=is_root))
    return found


def unreached(paths: list[Path], roots: list[Path]) -> list[Defined]:
    """The definitions in `paths` that neither `roots` nor the modules themselves reach."""
    definitions: list[Defined] = []
    names: set[str] = {"INDICATOR", "SOURCE", "__all__"}
    for path in paths:
        defined, plain = definitions_of(path)
        definitions += defined
        names |= plain
    for path in roots:
        names |= names_in(ast.parse(path.read_text(encoding="utf-8")))
    waiting, reached = definitions, True
    while reached:
        reached_now = [one for one in waiting if one.is_root or one.name in names or not one.name]
        waiting = [one for one in waiting if one not in reached_now]
        for one in reached_now:
            names |= one.names
        reached = bool(reached_now)
    return [one for one in waiting if not (one.name.startswith("__") and one.name.endswith("__"))]


def main() -> int:
    """Print what is not reached; the exit status is 1 where there is any."""
    scripts = sorted((ROOT / "scripts").rglob("*.py"))
    found = unreached(sorted(SOURCES.rglob("*.py")), scripts)
    for one in found:
        print(f"{one.place}: nothing reaches {one.name}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
