import json
import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from urbanlayer.publish.page import bundle
from urbanlayer.publish.page.javascript import ScriptError, tokens
from urbanlayer.publish.page.modules import read_module

SCRIPTS = Path(str(files("urbanlayer.publish.page"))) / "assets" / "js"

UNKNOWN_FORMS = {
    'import a from "./b.js";': "default import",
    'import a, { c } from "./b.js";': "default import",
    'import * as a from "./b.js";': "import of a namespace",
    'import "./b.js";': "import for its side effects",
    "import './b.js';": "import for its side effects",
    'import { a as c } from "./b.js";': "import under another name",
    'import { "a b" as c } from "./b.js";': "import under another name",
    'import { default as c } from "./b.js";': "import under another name",
    'import { a } from "leaflet";': "no file in this folder",
    'import { a } from "../b.js";': "no file in this folder",
    'import { a } from "./b.json" with { type: "json" };': "no file in this folder",
    'import { a } from "./b.js" with { type: "javascript" };': "import with attributes",
    'import { a } from "./b.js"': "import without a semicolon",
    'const a = await import("./b.js");': "dynamic import",
    'const a = () => { import("./b.js"); };': "dynamic import",
    "const a = `${import(b)}`;": "dynamic import",
    "const a = import.meta.url;": "import.meta",
    'if (a) { import { b } from "./b.js"; }': "import inside a block",
    "export default 1;": "default export",
    "export default function a() {}": "default export",
    "export { a };": "export of a list of names",
    "export { a as b };": "export of a list of names",
    'export { a } from "./b.js";': "re-export of a list of names",
    'export { a as b } from "./b.js";': "re-export of a list of names",
    'export * from "./b.js";': "re-export of everything",
    'export * as b from "./b.js";': "re-export of everything",
    "export let a = 1;": "export of a variable (let)",
    "export var a = 1;": "export of a variable (var)",
    "export class A {}": "export of a class",
    "export function* a() {}": "export of a generator",
    "export async function* a() {}": "export of a generator",
    "export const { a } = b;": "export of a const that takes a value apart",
    "export const [a] = b;": "export of a const that takes a value apart",
    "export const a = 1, b = 2;": "export of several names in one const",
    "export const a = (c, d) => c, b = 2;": "export of several names in one const",
    "export const a = 1": "export of a const without a semicolon",
    "{ export const a = 1; }": "export inside a block",
}


@pytest.mark.parametrize(("code", "form"), UNKNOWN_FORMS.items(), ids=UNKNOWN_FORMS)
def test_a_form_that_the_bundler_does_not_know_is_an_error_with_file_line_and_form(code, form):
    with pytest.raises(ScriptError, match=re.escape(form)) as caught:
        read_module("part", f"// a comment\n\n{code}\n")
    assert str(caught.value).startswith("part.js:3: ")


def test_an_import_over_several_lines_is_read():
    module = read_module("part", 'import {\n  a,\n  b, // why\n} from "./other.js";\na(b);')
    (one,) = module.imports
    assert (one.module, one.names, one.line) == ("other", ("a", "b"), 1)
    assert module.code == "a(b);"


def test_each_known_form_of_export_is_read():
    code = (
        "export const a = (x, y) => [x, y];\nexport function b() {}\nexport async function c() {}"
    )
    module = read_module("part", code)
    assert module.exports == ("a", "b", "c")
    assert "export" not in module.code


@pytest.mark.parametrize(
    "code",
    [
        "const a = 'import b from c';",
        'const a = "export default 1";',
        "const a = `import(${1}) export *`;",
        "// import a from b",
        "/* export * from b\n*/",
        "const a = /import .* from/;",
        "const a = { import: 1, export: 2 };",
        "a.import(1); a?.export(2);",
        "if (b) /export default/.test(c);",
    ],
)
def test_words_that_are_no_statements_are_left_alone(code):
    module = read_module("part", code)
    assert (module.imports, module.exports) == ((), ())


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ('const a = "b\n', "2: string is not closed"),
        ("const a = `b", "2: template literal is not closed"),
        ("const a = (1;", "2: '(' is not closed"),
        ("const a = 1);", "2: ')' closes nothing"),
        ("const a = [1);", "2: ')' closes nothing"),
        ("const a = /b\n", "2: regular expression is not closed"),
        ("{ a } / b / c;", "2: slash after a brace"),
    ],
)
def test_what_cannot_be_read_for_certain_is_an_error(code, message):
    with pytest.raises(ScriptError, match=re.escape(f"part.js:{message}")):
        tokens(f"\n{code}", "part.js")


def read_from(**sources):
    return lambda name: sources[name.replace("-", "_")]


def test_a_circle_of_modules_is_an_error():
    circle = read_from(
        main='import { a } from "./one.js";',
        one='import { b } from "./two.js";\nexport const a = 1;',
        two='import { a } from "./one.js";\nexport const b = 1;',
    )
    with pytest.raises(ScriptError, match=r"two\.js:1: .* main → one → two → one"):
        bundle.modules("main", circle)


def test_a_name_that_is_not_exported_is_an_error():
    sources = read_from(main='\nimport { a, b } from "./one.js";', one="export const a = 1;")
    with pytest.raises(ScriptError, match=r"main\.js:2: one\.js does not export b"):
        bundle.modules("main", sources)


def test_modules_of_the_script_come_after_those_they_import():
    order = [module.name for module in bundle.modules("main")]
    assert order[-1] == "main"
    assert order.index("dom") < order.index("panel") < order.index("main")
    written = {path.stem for path in SCRIPTS.glob("*.js")} - {"without-plan"}  # it stands in
    assert set(order) == written  # none that nobody imports


LINES = """
export const text = `two
  lines ${"and" + `${1 + 1}`} // no comment`;
const a = 6
const b = 3
export const sums = [a - -b, a + +b, a / b / 2, typeof a, /a\\/[/"]/.test('a/"')];
let c = a
++c
export const after = c;
export const signs = [1 < !0, "it's", 'say "x"', a ? .5 : 1, 0 || 5. + 1];
export async function later() { return await sums }
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
def test_code_without_comments_and_spaces_computes_the_same(tmp_path):
    names = read_module("part", LINES).exports
    show = f"console.log(JSON.stringify([{','.join(n for n in names if n != 'later')}]))"
    (tmp_path / "before.mjs").write_text(f"{LINES}\n{show}")
    (tmp_path / "after.mjs").write_text(f"{read_module('part', LINES).code}\n{show}")
    before, after = (
        subprocess.run(["node", tmp_path / f], capture_output=True, text=True, check=True).stdout
        for f in ("before.mjs", "after.mjs")
    )
    assert before == after
    assert json.loads(after)[1][:3] == [9, 9, 1]


def test_without_a_plan_another_module_stands_in_with_the_same_exports():
    stands_in, plan = (
        read_module(name, (SCRIPTS / f"{name}.js").read_text(encoding="utf-8"))
        for name in ("without-plan", "plan")
    )
    names = ("drawPlan", "foldPlan", "unfoldPlan", "usePlan")
    assert stands_in.exports == tuple(sorted(plan.exports)) == names
    assert "plan_weights" not in bundle.script(plan=False)
    assert "plan_weights" in bundle.script(plan=True)
