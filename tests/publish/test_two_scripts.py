"""The page spells Cyrillic texts from the Latin ones: the script gets back what Python left out."""

import json
import shutil
import subprocess
from pathlib import Path

from axe import missing

from urbanlayer.publish.page.two_scripts import SPELLED, spelled_once
from urbanlayer.publish.words import Words

SCRIPT = Path(__file__).parents[2] / "src/urbanlayer/publish/page/assets/js/transliteration.js"
CODES = ("sr_Latn_ME", "sr_Cyrl_ME")


def _catalogues():
    both = [Words.for_language(code) for code in CODES]
    return {one.tag: {"page": {**one.catalogue, **one.plurals}} for one in both}


def test_most_texts_stand_once_and_each_that_differs_stands_as_it_is():
    spoken = {
        "sr-Latn-ME": {"page": {"a": "Vrtić {name}", "b": "Wi-Fi", "c": "10\u00a0min", "d": "x İ"}},
        "sr-Cyrl-ME": {"page": {"a": "Вртић {name}", "b": "Wi-Fi", "c": "10\u00a0мин", "d": "x İ"}},
        "en": {"page": {"a": "Kindergarten {name}"}},
    }
    assert spelled_once(spoken) == spoken | {
        "sr-Cyrl-ME": {"page": {"a": SPELLED, "b": SPELLED, "c": "10\u00a0мин", "d": "x İ"}}
    }
    alone = {"sr-Cyrl-ME": spoken["sr-Cyrl-ME"]}
    assert spelled_once(alone) == alone


def test_the_script_of_the_page_gets_every_text_of_the_catalogue_back():
    if shutil.which("node") is None:
        missing("node")
    whole = _catalogues()
    short = spelled_once(whole)["sr-Cyrl-ME"]
    texts = list(short["page"].values())
    assert texts.count(SPELLED) > 0.7 * len(texts)
    code = (
        f"const {{ spelled }} = await import({json.dumps(SCRIPT.as_uri())});"
        "const [own, latin] = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        "process.stdout.write(JSON.stringify(spelled(own, latin)));"
    )
    code = code.replace("require('fs')", "(await import('node:fs'))")
    done = subprocess.run(
        ["node", "--input-type=module", "-e", code],
        input=json.dumps([short, whole["sr-Latn-ME"]]),
        capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    assert json.loads(done.stdout) == whole["sr-Cyrl-ME"]
