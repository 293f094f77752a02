"""How many small faults put into our kernels the tests find: a mutation check, by hand.

    uv run python benchmarks/mutants.py [MODULE …] [--sample 10] [--seconds 240] [--keep FILE]

A clone of the last commit is changed at one place at a time (an operator, a comparison, a
constant, a condition, a call for its opposite) and the module's own tests are run, in a process
that is forked when they are collected and whose functions get the code of the mutant; a mutant that
they let live is printed. What a test asks of a command or of another process it asks of the module
as it is: more may be found than is said here, never less. `--sample` places of each module are
drawn, the same each time; 0 takes every place. With `--keep` what is known is kept in a file, so
that the work can be done in portions of `--seconds`; mutants that lived are tried again, and so is
all of a module whose source has changed. Some change nothing that can be seen (an array that starts
as ones where all is overwritten): they stay alive, and are counted.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import types
from functools import partial
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
OPTIONS = [
    "-q",
    "-n",
    "0",
    "-p",
    "no:cacheprovider",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
]
EXAMPLES = "tests/kernels/test_worked_examples.py::test_worked_examples_are_right[urbanlayer.{}]"
SMALL = "tests/kernels/test_small_kernels.py"
BY_HAND = "tests/indicators/test_worked_by_hand.py"
ACCESS = "tests/network/test_nearest_results.py"
PATHS = "tests/network/test_pairs.py tests/network/test_nearest.py"
TRANSIT = "tests/network/test_departure_profiles.py tests/network/test_transit.py"
STREETS = (
    "tests/kernels/test_noding.py tests/city/test_streets.py tests/network/test_street_edits.py"
)
TESTS = {
    "kernels.allocation": "tests/kernels/test_allocation.py tests/city/test_residents.py",
    "kernels.clusters": "tests/kernels/test_inequality.py tests/publish/test_equity.py",
    "kernels.components": f"{SMALL} {STREETS} tests/layers/test_overlaps_and_gaps.py",
    "kernels.discs": "tests/kernels/test_grids_and_discs.py tests/indicators/test_green.py",
    "kernels.floating": "tests/kernels/test_floating.py tests/indicators/test_services.py",
    "kernels.grids": "tests/kernels/test_grids_and_discs.py tests/indicators/test_green.py",
    "kernels.growth": f"{SMALL} tests/indicators/test_form.py",
    "kernels.inequality": "tests/kernels/test_inequality.py tests/publish/test_equity.py",
    "kernels.joining": STREETS,
    "kernels.junctions": f"{SMALL} tests/indicators/test_form.py",
    "kernels.layer_quality": "tests/publish/test_grades.py",
    "kernels.lengths": "tests/kernels/test_zonal.py",
    "kernels.mix": f"{SMALL} tests/indicators/test_form.py",
    "kernels.noding": STREETS,
    "kernels.opportunities": f"{SMALL} tests/indicators/test_services.py",
    "kernels.pairs": f"{PATHS} {ACCESS}",
    "kernels.plazas": f"{STREETS} tests/layers/test_overlaps_and_gaps.py",
    "kernels.ptal": "tests/kernels/test_ptal.py tests/indicators/test_transit.py",
    "kernels.quantiles": f"{SMALL} tests/indicators/test_services.py",
    "kernels.ratios": f"{SMALL} tests/indicators/test_city_life.py",
    "kernels.sharing": "tests/kernels/test_zonal.py tests/indicators/test_city_life.py",
    "kernels.soft": f"{SMALL} tests/indicators/test_services.py",
    "kernels.sound": f"{SMALL} tests/indicators/test_environment.py",
    "kernels.threshold": f"{SMALL} {BY_HAND}",
    "kernels.weighted": f"{SMALL} {BY_HAND}",
    "kernels.zonal": "tests/kernels/test_zonal.py tests/indicators/test_form.py",
    "network.cells": "tests/network/test_cells.py tests/network/test_buffers.py",
    "network.compiled_search": PATHS,
    "network.connection_scan": TRANSIT,
    "network.departure_profiles": TRANSIT,
    "network.entrances": f"tests/network/test_entrances.py {PATHS} {ACCESS}",
    "network.graph": f"{PATHS} {STREETS} {ACCESS}",
    "network.nearest": f"{PATHS} {ACCESS}",
    "network.pairs": f"{PATHS} {ACCESS}",
    "network.edge_parts": "tests/network/test_edge_parts.py tests/network/test_isochrones.py "
    "tests/network/test_buffers.py",
    "network.search": PATHS,
    "network.snapping": f"{PATHS} {STREETS} {ACCESS}",
    "text.normalise": "tests/text/test_numerals.py tests/layers/test_validation.py",
    "text.numerals": "tests/text/test_numerals.py tests/layers/test_validation.py",
    "text.opening_hours": "tests/text/test_opening_hours.py",
    "text.spelling": f"{SMALL} tests/cityfile/test_reading.py tests/cityfile/test_bad_input.py",
    "indicators.coverage_within": f"tests/indicators/test_services.py {BY_HAND}",
    "indicators.lcrpgr": "tests/indicators/test_form.py tests/indicators/test_sdg_step_by_step.py",
    "indicators.rule_3_30_300": "tests/indicators/test_green.py",
    "indicators.sdg_11_2_1": "tests/indicators/test_transit.py "
    "tests/indicators/test_sdg_step_by_step.py",
    "indicators.sfca_access": "tests/indicators/test_services.py tests/indicators/test_green.py",
}
"""Tests of each module, of those that `uv run pytest` runs: the quick and close ones first."""
OPPOSITE = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.And: ast.Or, ast.Or: ast.And, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.FloorDiv: ast.Mult,
    ast.USub: ast.UAdd,
}  # fmt: skip
CALLS = {
    "min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "sum": "mean",
    "mean": "sum", "zeros": "ones", "ones": "zeros", "any": "all", "all": "any", "floor": "ceil",
    "nansum": "nanmean",
}  # fmt: skip


def unseen(tree: ast.Module) -> set[int]:
    """Nodes that no test could tell apart: types, docstrings, decorators, messages of errors."""
    skipped: list[ast.AST] = []
    for node in ast.walk(tree):
        match node:
            case ast.If(test=ast.Name("TYPE_CHECKING")) | ast.Raise():
                skipped.append(node)
            case ast.Expr(value=ast.Constant()):
                skipped.append(node)
            case ast.AnnAssign():
                skipped.append(node.annotation)
            case ast.FunctionDef():
                every = [*node.args.args, *node.args.kwonlyargs]
                skipped += [*node.decorator_list, *(a.annotation for a in every if a.annotation)]
                skipped += [node.returns] if node.returns else []
            case ast.ClassDef():
                skipped += node.decorator_list
    return {id(inner) for node in skipped for inner in ast.walk(node)}


def called(node: ast.Call) -> str:
    return str(getattr(node.func, "attr", getattr(node.func, "id", "")))


def places(tree: ast.Module) -> list[tuple[ast.AST, str, int]]:
    """Where it can be changed, and how."""
    found, skipped = [], unseen(tree)
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if type(getattr(node, "op", None)) in OPPOSITE:
            found.append((node, "operator", 0))
        elif isinstance(node, ast.Compare):
            found += [(node, "compare", i) for i, o in enumerate(node.ops) if type(o) in OPPOSITE]
        elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            found.append((node, "constant", 0))
        elif isinstance(node, ast.If):
            found.append((node, "condition", 0))
        elif isinstance(node, ast.Call) and called(node) in CALLS:
            found.append((node, "call", 0))
    return found


def mutant(source: str, number: int) -> tuple[str, str]:
    """The source with one place changed, and what was changed."""
    tree = ast.parse(source)
    node, how, at = places(tree)[number]
    before = ast.unparse(node)
    match how:
        case "operator":
            node.op = OPPOSITE[type(node.op)]()
        case "compare":
            node.ops[at] = OPPOSITE[type(node.ops[at])]()
        case "constant":
            node.value = not node.value if isinstance(node.value, bool) else node.value + 1
        case "condition":
            node.test = ast.UnaryOp(ast.Not(), node.test)
        case "call":
            name = "attr" if isinstance(node.func, ast.Attribute) else "id"
            setattr(node.func, name, CALLS[getattr(node.func, name)])
    line = getattr(node, "lineno", 0)
    changed = ast.unparse(ast.fix_missing_locations(tree))
    return changed, f"line {line}: {before[:60]!r} -> {ast.unparse(node)[:60]!r}"


def in_child(work: Callable[[], object]) -> int:
    """How a forked child ends that does the work: 0, unless it fails or is ended."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def own_functions(value: object, module: str) -> list[types.FunctionType]:
    """The functions of a module behind one of its names, those of a class too."""
    if isinstance(value, type):
        return [f for inner in vars(value).values() for f in own_functions(inner, module)]
    bare = inspect.unwrap(getattr(value, "fget", None) or getattr(value, "__func__", value))
    own = isinstance(bare, types.FunctionType) and bare.__module__ == module
    return [bare] if own else []


def put_in(module: types.ModuleType, changed: str) -> None:
    """Give the functions of a module, wherever they were imported, the code of the mutant.

    What numba compiled is replaced by name, and compiled anew.
    """
    fresh = types.ModuleType(module.__name__)
    fresh.__file__ = module.__file__
    sys.modules[module.__name__] = fresh  # where dataclasses look up their types
    exec(compile(changed.replace("cache=True", "cache=False"), "mutant", "exec"), vars(fresh))  # noqa: S102
    sys.modules[module.__name__] = module
    for name, new in vars(fresh).items():
        old = vars(module).get(name)
        if name.startswith("__") or isinstance(new, types.ModuleType):
            continue
        olds, news = (own_functions(value, module.__name__) for value in (old, new))
        for before, after in zip(olds, news, strict=True):
            before.__code__ = after.__code__
            before.__defaults__, before.__kwdefaults__ = after.__defaults__, after.__kwdefaults__
        if type(new).__module__.startswith("numba") or not (olds or callable(new)):
            importers = [m for m in sys.modules.values() if getattr(m, name, None) is old]
            simple = isinstance(old, int | float | str | tuple) and not isinstance(old, bool)
            for user in importers if simple and name.isupper() else [module]:
                setattr(user, name, new)


class Trial:
    """A plugin of pytest: the tests are collected once, and run in a fork for each mutant."""

    def __init__(self, module: str, path: Path, todo: dict[int, str], end: float) -> None:
        self.module, self.source, self.todo, self.end = module, path.read_text(), todo, end
        self.told: dict[str, str] = {}
        self.took_s: dict[str, float] = {}
        self.most_cpu_s = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.took_s[report.nodeid] = self.took_s.get(report.nodeid, 0.0) + report.duration
        if report.failed:
            os._exit(1)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """The quickest tests first, by what they took on the module as it is."""
        reading, writing = os.pipe()
        items = session.items
        if in_child(lambda: (self.run(items), os.write(writing, self.times(items)))):
            print(f"{self.module}: its tests fail as it is, and tell nothing", file=sys.stderr)
            return True
        order, cpu_s = json.loads(os.read(reading, 1 << 20))
        items, self.most_cpu_s = [items[row] for row in order], int(5 * cpu_s + 10)
        for number, key in self.todo.items():
            if time.monotonic() < self.end:
                changed, what = mutant(self.source, number)
                dead = in_child(partial(self.attack, items, changed))
                self.told[key] = "found" if dead else what
        return True

    def times(self, items: list[pytest.Item]) -> bytes:
        order = sorted(range(len(items)), key=lambda row: self.took_s[items[row].nodeid])
        return json.dumps((order, time.process_time())).encode()

    def run(self, items: list[pytest.Item]) -> None:
        sys.dont_write_bytecode = True
        for item, following in zip_longest(items, items[1:]):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)

    def attack(self, items: list[pytest.Item], changed: str) -> None:
        """One that never ends is found."""
        resource.setrlimit(resource.RLIMIT_CPU, (self.most_cpu_s, self.most_cpu_s))
        put_in(importlib.import_module(f"urbanlayer.{self.module}"), changed)
        for value in vars(importlib.import_module("urbanlayer.registry")).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()
        self.run(items)


def tests_of(module: str) -> list[str]:
    examples = [EXAMPLES.format(module)] if not module.startswith("indicators.") else []
    return [*examples, *TESTS[module].split()]


def load_libraries() -> None:
    """What the tests import and is not ours, once for all mutants."""
    for name in (
        "geopandas",
        "hypothesis",
        "networkx",
        "numba",
        "rasterio",
        "scipy.sparse.csgraph",
    ):
        importlib.import_module(name)


def drawn(module: str, source: str, sample: int) -> list[int]:
    """Numbers of the places to change; the same each time."""
    count = len(places(ast.parse(source)))
    if not sample or sample >= count:
        return list(range(count))
    return random.Random(module).sample(range(count), sample)  # noqa: S311


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=list(TESTS))
    parser.add_argument("--sample", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=240)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    known = json.loads(options.keep.read_text()) if options.keep and options.keep.exists() else {}
    end = time.monotonic() + options.seconds
    load_libraries()
    with tempfile.TemporaryDirectory() as temporary:
        folder, told = Path(temporary) / "clone", Path(temporary) / "told.json"
        subprocess.run(["git", "clone", "-q", ROOT, folder], check=True)
        for module in options.modules:
            path = folder / "src/urbanlayer" / f"{module.replace('.', '/')}.py"
            source = path.read_text()
            digest = sha256(source.encode()).hexdigest()[:8]
            todo = {n: f"{module}@{digest}#{n}" for n in drawn(module, source, options.sample)}
            todo = {number: key for number, key in todo.items() if known.get(key) != "found"}
            if todo and time.monotonic() < end:
                trial = Trial(module, path, todo, end)
                if in_child(partial(tried, trial, folder, told)):
                    sys.exit(f"{module}: the tests could not be run")
                known |= json.loads(told.read_text())
                if options.keep:
                    options.keep.write_text(json.dumps(known, indent=1))
    report(known)


def tried(trial: Trial, folder: Path, told: Path) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.chdir(folder)
    os.environ["PYTHONPATH"] = str(folder / "src")
    sys.path.insert(0, str(folder / "src"))
    pytest.main([*OPTIONS, *tests_of(trial.module)], plugins=[trial])
    told.write_text(json.dumps(trial.told))


def report(known: dict[str, str]) -> None:
    for module in dict.fromkeys(key.partition("@")[0] for key in known):
        told = [what for key, what in known.items() if key.partition("@")[0] == module]
        print(f"{module:32}{told.count('found'):4} of {len(told)} found")
        for what in told:
            if what != "found":
                print(f"    lives: {what}")
    found = list(known.values()).count("found")
    print(f"{found} of {len(known)} mutants found: {100 * found / max(len(known), 1):.0f} %")


if __name__ == "__main__":
    main()
