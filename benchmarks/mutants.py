"""How many small faults put into our kernels the tests find: a mutation check, by hand.

    uv run python benchmarks/mutants.py [MODULE …] [--sample 10] [--seconds 240] [--keep FILE]

A clone of the last commit is changed at one place at a time (an operator, a comparison, a
constant, a condition, a call for its opposite) and the module's own tests are run; a mutant that
they let live is printed. `--sample` places of each module are drawn, the same each time. With
`--keep` what is known is kept in a file, so that the work can be done in portions of `--seconds`;
mutants that lived are tried again. Some change nothing that can be seen (an array that starts as
ones where all is overwritten): they stay alive, and are counted.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLES = "tests/measure/test_worked_examples.py::test_worked_examples_are_right[urbanlayer.{}]"
TESTS = {
    "measure.floating": "tests/measure/test_floating.py tests/indicators/test_services.py",
    "measure.inequality": "tests/measure/test_inequality.py",
    "measure.clusters": "tests/measure/test_inequality.py",
    "measure.zonal": "tests/measure/test_zonal.py tests/indicators/test_form.py",
    "measure.sharing": "tests/measure/test_zonal.py tests/indicators/test_city_life.py",
    "measure.weighted": "tests/measure/test_small_kernels.py tests/test_indicators.py",
    "measure.growth": "tests/measure/test_small_kernels.py tests/indicators/test_form.py",
    "measure.mix": "tests/measure/test_small_kernels.py tests/indicators/test_form.py",
    "measure.ratios": "tests/measure/test_small_kernels.py tests/indicators/test_city_life.py",
    "measure.threshold": "tests/measure/test_small_kernels.py tests/test_indicators.py",
    "measure.opportunities": "tests/measure/test_small_kernels.py",
    "measure.soft": "tests/measure/test_small_kernels.py",
    "measure.hours": "tests/measure/test_hours.py",
    "measure.discs": "tests/measure/test_grids_and_discs.py tests/indicators/test_environment.py",
    "measure.grids": "tests/measure/test_grids_and_discs.py tests/indicators/test_environment.py",
    "measure.quantiles": "tests/measure/test_small_kernels.py tests/indicators/test_services.py",
    "measure.allocation": "tests/test_residents.py tests/test_indicators.py",
    "measure.junctions": "tests/measure/test_small_kernels.py tests/indicators/test_form.py",
    "measure.pairs": "tests/measure/test_pairs.py",
    "measure.ptal": "tests/measure/test_ptal.py",
    "indicators.lcrpgr": "tests/indicators/test_form.py tests/indicators/test_sdg_step_by_step.py",
    "indicators.sfca_access": "tests/indicators/test_services.py tests/indicators/test_green.py",
    "indicators.coverage_within": "tests/test_indicators.py tests/indicators/test_digital.py",
}
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


def lives(folder: Path, tests: list[str]) -> bool:
    """Whether the tests let it pass; one that never ends is found."""
    env = {**os.environ, "PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    try:
        return not subprocess.run(
            command, cwd=folder, env=env, capture_output=True, timeout=180, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        return False


def tests_of(module: str) -> list[str]:
    examples = [EXAMPLES.format(module)] if module.startswith("measure.") else []
    return [*examples, *TESTS[module].split()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=list(TESTS))
    parser.add_argument("--sample", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=240)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    known = json.loads(options.keep.read_text()) if options.keep and options.keep.exists() else {}
    known = {key: told for key, told in known.items() if told == "found"}
    end = time.monotonic() + options.seconds
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "clone"
        subprocess.run(["git", "clone", "-q", ROOT, folder], check=True)
        for module in options.modules:
            path = folder / "src/urbanlayer" / f"{module.replace('.', '/')}.py"
            source = path.read_text()
            count = len(places(ast.parse(source)))
            draw = random.Random(module)  # noqa: S311  (the same places each time)
            drawn = draw.sample(range(count), min(count, options.sample))
            for number in drawn:
                key = f"{module}#{number}"
                if key in known or time.monotonic() > end:
                    continue
                changed, what = mutant(source, number)
                path.write_text(changed)
                known[key] = what if lives(folder, tests_of(module)) else "found"
                path.write_text(source)
                if options.keep:
                    options.keep.write_text(json.dumps(known, indent=1))
    report(known)


def report(known: dict[str, str]) -> None:
    for module in dict.fromkeys(key.partition("#")[0] for key in known):
        told = [what for key, what in known.items() if key.partition("#")[0] == module]
        print(f"{module:32}{told.count('found'):4} of {len(told)} found")
        for what in told:
            if what != "found":
                print(f"    lives: {what}")
    found = list(known.values()).count("found")
    print(f"{found} of {len(known)} mutants found: {100 * found / max(len(known), 1):.0f} %")


if __name__ == "__main__":
    main()
