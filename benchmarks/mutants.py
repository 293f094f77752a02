"""How many small faults put into our kernels the tests find: a mutation check, by hand.

    uv run python benchmarks/mutants.py [MODULE …] [--sample 10] [--seconds 240] [--keep FILE]

A clone of the last commit is changed at one place at a time (an operator, a comparison, a
constant, a condition, a call for its opposite) and the module's own tests are run, in a process
that is forked when the libraries are loaded; a mutant that they let live is printed. `--sample`
places of each module are drawn, the same each time; 0 takes every place. With `--keep` what is
known is kept in a file, so that the work can be done in portions of `--seconds`; mutants that lived
are tried again, and so is all of a module whose source has changed. Some change nothing that can be
seen (an array that starts as ones where all is overwritten): they stay alive, and are counted.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OPTIONS = ["-x", "-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
MOST_CPU_S = 150
EXAMPLES = "tests/measure/test_worked_examples.py::test_worked_examples_are_right[urbanlayer.{}]"
SMALL = "tests/measure/test_small_kernels.py"
WAYS = "tests/measure/test_pairs.py tests/measure/test_nearest.py"
STREETS = "tests/measure/test_noding.py tests/city/test_streets.py tests/city/test_street_edits.py"
TESTS = {
    "measure.allocation": "tests/measure/test_allocation.py tests/test_residents.py",
    "measure.assignment": "tests/measure/test_assignment.py",
    "measure.clusters": "tests/measure/test_inequality.py tests/publish/test_equity.py",
    "measure.compiled_search": WAYS,
    "measure.components": f"{SMALL} {STREETS} tests/city/test_seams.py",
    "measure.departures": "tests/measure/test_departures.py tests/city/test_travel.py",
    "measure.discs": "tests/measure/test_grids_and_discs.py tests/indicators/test_green.py",
    "measure.entrances": f"tests/measure/test_entrances.py {WAYS} tests/city/test_access.py",
    "measure.floating": "tests/measure/test_floating.py tests/indicators/test_services.py",
    "measure.frequency": f"{SMALL} tests/indicators/test_transit.py tests/city/test_timetable.py",
    "measure.graph": f"{WAYS} tests/measure/test_parts.py {STREETS} tests/city/test_access.py",
    "measure.grids": "tests/measure/test_grids_and_discs.py tests/indicators/test_green.py",
    "measure.growth": f"{SMALL} tests/indicators/test_form.py",
    "measure.hours": "tests/measure/test_hours.py",
    "measure.inequality": "tests/measure/test_inequality.py tests/publish/test_equity.py",
    "measure.joining": STREETS,
    "measure.junctions": f"{SMALL} tests/indicators/test_form.py",
    "measure.lengths": "tests/measure/test_zonal.py",
    "measure.maturity": "tests/maturity/test_grades.py",
    "measure.mix": f"{SMALL} tests/indicators/test_form.py",
    "measure.nearest": f"{WAYS} tests/city/test_access.py",
    "measure.noding": STREETS,
    "measure.numerals": "tests/layers/test_gate.py tests/sources/test_gtfs.py",
    "measure.opportunities": f"{SMALL} tests/indicators/test_services.py",
    "measure.pairs": f"{WAYS} tests/city/test_access.py",
    "measure.parts": "tests/measure/test_parts.py tests/city/test_access.py",
    "measure.ptal": "tests/measure/test_ptal.py tests/indicators/test_transit.py",
    "measure.quantiles": f"{SMALL} tests/indicators/test_services.py",
    "measure.ratios": f"{SMALL} tests/indicators/test_city_life.py",
    "measure.search": f"{WAYS} tests/measure/test_parts.py",
    "measure.sharing": "tests/measure/test_zonal.py tests/indicators/test_city_life.py",
    "measure.snapping": f"{WAYS} {STREETS} tests/city/test_access.py",
    "measure.soft": f"{SMALL} tests/indicators/test_services.py",
    "measure.sound": f"{SMALL} tests/indicators/test_environment.py",
    "measure.spelling": f"{SMALL} tests/test_cityfile.py tests/test_bad_input.py",
    "measure.squares": f"{STREETS} tests/city/test_seams.py",
    "measure.texts": "tests/layers/test_gate.py tests/sources/test_bad_text.py",
    "measure.threshold": f"{SMALL} tests/test_indicators.py",
    "measure.weighted": f"{SMALL} tests/test_indicators.py",
    "measure.zonal": "tests/measure/test_zonal.py tests/indicators/test_form.py",
    "indicators.coverage_within": "tests/test_indicators.py tests/indicators/test_digital.py",
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


def lives(folder: Path, tests: list[str], *, is_mutant: bool = True) -> bool:
    """Whether the tests let it pass; one that never ends is found.

    They run in a child that has the libraries and none of our code. Only what is unchanged leaves
    its compiled files, since two mutants of one size and second would be taken for each other.
    """
    sys.stdout.flush()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == pytest.ExitCode.OK
    code = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        os.chdir(folder)
        sys.dont_write_bytecode = is_mutant
        os.environ["PYTHONPATH"] = str(folder / "src")
        sys.path.insert(0, str(folder / "src"))
        code = pytest.main([*OPTIONS, *tests])
    finally:
        os._exit(int(code))


def tests_of(module: str) -> list[str]:
    examples = [EXAMPLES.format(module)] if module.startswith("measure.") else []
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
        folder = Path(temporary) / "clone"
        subprocess.run(["git", "clone", "-q", ROOT, folder], check=True)
        for module in options.modules:
            path = folder / "src/urbanlayer" / f"{module.replace('.', '/')}.py"
            source = path.read_text()
            digest = sha256(source.encode()).hexdigest()[:8]
            todo = {n: f"{module}@{digest}#{n}" for n in drawn(module, source, options.sample)}
            todo = {number: key for number, key in todo.items() if known.get(key) != "found"}
            tests = tests_of(module)
            if todo and time.monotonic() < end and not lives(folder, tests, is_mutant=False):
                print(f"{module}: its tests fail as it is, and tell nothing")
                continue
            for number, key in todo.items():
                if time.monotonic() > end:
                    break
                changed, what = mutant(source, number)
                path.write_text(changed)
                known[key] = what if lives(folder, tests) else "found"
                path.write_text(source)
                if options.keep:
                    options.keep.write_text(json.dumps(known, indent=1))
    report(known)


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
