"""Compare docs/dependencies.md with pyproject.toml, the imports of the code and the licences.

    python scripts/dependencies.py

Prints each difference; ends with 1 if there is one.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
_ROW = re.compile(r"\| ([a-z][\w.-]*) \| (.+) \| ([\w.-]+) \|")
_WORDS = {
    "BSD-3-Clause": r"BSD", "BSD-2-Clause": r"BSD|Simplified", "MIT": r"MIT",
    "Apache-2.0": r"Apache", "PSF-2.0": r"PSF|Python Software|matplotlib",
    "LGPL-3.0-only": r"LGPL-3",
}  # fmt: skip
"""What the metadata of a package says under each licence."""
_OWNERS = {"docx": "python-docx"}
"""Modules named otherwise than their packages, which need not be installed."""


def main() -> int:
    """Print the differences and return the exit code."""
    differences = sorted({*declared_differences(), *import_differences(), *licence_differences()})
    for difference in differences:
        print(difference)
    return 1 if differences else 0


def listed() -> dict[str, str]:
    """Licence of each package that docs/dependencies.md lists."""
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    rows = (_ROW.fullmatch(line) for line in text.splitlines())
    return {row[1]: row[3] for row in rows if row and row[1] != "package"}


def declared() -> set[str]:
    """Names of all direct dependencies of pyproject.toml, optional ones too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = [one for group in project["optional-dependencies"].values() for one in group]
    return {_name(one) for one in [*project["dependencies"], *optional]}


def declared_differences() -> Iterator[str]:
    """Dependencies that only one of the two lists has."""
    for name in declared() - listed().keys():
        yield f"{name}: pyproject.toml has it, docs/dependencies.md does not"
    for name in listed().keys() - declared():
        yield f"{name}: docs/dependencies.md has it, pyproject.toml does not"


def import_differences() -> Iterator[str]:
    """Imports of the code that are no direct dependency."""
    packages = metadata.packages_distributions()
    for path in sorted((ROOT / "src").rglob("*.py")):
        for module in imported(path.read_text(encoding="utf-8")):
            if module in sys.stdlib_module_names or module == "urbanlayer":
                continue
            owners = {_name(owner) for owner in packages.get(module, [_OWNERS.get(module, module)])}
            if not owners & declared():
                yield f"{path.relative_to(ROOT)}: imports {module}, which is no direct dependency"


def licence_differences() -> Iterator[str]:
    """Licences that are not those of the installed packages; what is not installed is left out."""
    for name, licence in listed().items():
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        fields = ("License-Expression", "License", "Classifier")
        told = " ".join(text for field in fields for text in about.get_all(field) or [])
        if not re.search(_WORDS.get(licence, re.escape(licence)), told):
            yield f"{name}: docs/dependencies.md says {licence}, its metadata {told[:80]!r}"


def imported(source: str) -> set[str]:
    """First parts of the names of the modules that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[._-]+", "-", found[0]).lower() if found else requirement


if __name__ == "__main__":
    sys.exit(main())
