"""The page and Python give the same needs and ranks for the same weights."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import urbanlayer
from urbanlayer.kernels.needs import EQUAL_TO, aggregated, ranks_of, weighted_mean
from urbanlayer.plan.needs import LEAST_KNOWN

SCRIPT = Path(urbanlayer.__file__).parent / "publish/page/assets/js/weights.js"
ASK = """
import { moved, needsBy, normalised, ofTheme, ranksOf, reasonsOf, usable } from "./weights.js";
const asked = JSON.parse(process.argv[2]);
const told = asked.cases.map(({ themes, weights, aggregate }) => {
  const needs = needsBy(themes, weights, aggregate);
  return { needs, ranks: ranksOf(needs), normalised: normalised(weights) };
});
const moves = asked.moves.map(([weights, at, value]) => moved(weights, at, value));
const optionOf = ({ options, at }) => options[at];
const themes = (asked.themes ?? []).map((parts) => ofTheme(parts, optionOf));
const reasons = themes.length ? themes[0].need.map((_, row) => reasonsOf(
  asked.themes.map((parts) => ({ parts })), asked.weights, optionOf, row).map(({ id }) => id)) : [];
console.log(JSON.stringify({ told, moves, usable: asked.usable.map(usable), themes, reasons }));
"""

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")


def answered(folder, asked):
    shutil.copy(SCRIPT, folder / "weights.js")
    (folder / "ask.mjs").write_text(ASK, encoding="utf-8")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    command = ["node", "ask.mjs", json.dumps(asked)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def random_case(random, rows=12):
    """Needs of two to five themes with ties and missing ones, and weights that may be 0."""
    count = int(random.integers(2, 6))
    needs = np.round(random.uniform(0, 1, (rows, count)), int(random.integers(1, 4)))
    needs[random.uniform(size=needs.shape) < 0.15] = np.nan
    known = np.where(np.isnan(needs), 0, random.choice([0.5, 1.0], needs.shape))
    weights = random.integers(0, 60, count).astype(float)
    weights[0] += 1
    return needs, known, weights, str(random.choice(["arithmetic", "geometric"]))


def test_the_page_and_python_agree_on_needs_and_ranks(tmp_path):
    random = np.random.default_rng(11)
    cases = [random_case(random) for _ in range(40)]
    asked = [
        {
            "themes": [
                {"need": [None if v != v else v for v in column], "known": part}  # noqa: PLR0124
                for column, part in zip(needs.T.tolist(), known.T.tolist(), strict=True)
            ],
            "weights": weights.tolist(),
            "aggregate": aggregate,
        }
        for needs, known, weights, aggregate in cases
    ]
    told = answered(tmp_path, {"cases": asked, "moves": [], "usable": []})["told"]
    ranked = 0
    for (needs, known, weights, aggregate), found in zip(cases, told, strict=True):
        shares = weights / weights.sum()
        expected = aggregated(needs, shares, aggregate)
        kept = (known @ shares >= LEAST_KNOWN - 1e-9) & np.isfinite(expected)
        assert [need is not None for need in found["needs"]] == kept.tolist()
        shown = np.array([need for need in found["needs"] if need is not None])
        assert shown == pytest.approx(np.round(expected[kept], EQUAL_TO), abs=2e-12)
        ranks = [rank for rank in found["ranks"] if rank is not None]
        assert ranks == ranks_of(expected[kept]).tolist()
        ranked += len(ranks)
    assert ranked > 150


def test_the_page_and_python_agree_within_themes_by_any_threshold(tmp_path):
    """Needs of themes, the weight that is known, and the order of reasons, with ties and gaps."""
    random = np.random.default_rng(3)
    themes, weights = [], random.uniform(1, 9, 3)
    for number in range(3):
        count = int(random.integers(1, 4))
        needs = np.round(random.uniform(-0.5, 1, (2, count, 20)).clip(0), 1)
        needs[random.uniform(size=needs.shape) < 0.2] = np.nan
        within = random.integers(1, 4, count) / 7
        at = random.integers(0, 2, count)
        themes.append((number, needs, within, at))
    asked = [
        [
            {
                "weight": float(within[part]),
                "at": int(at[part]),
                "options": [
                    {"id": f"{number}{part}{option}", "need": clean(needs[option, part])}
                    for option in range(2)
                ],
            }
            for part in range(len(within))
        ]
        for number, needs, within, at in themes
    ]
    told = answered(
        tmp_path,
        {"cases": [], "moves": [], "usable": [], "themes": asked, "weights": weights.tolist()},
    )
    sizes = [{} for _ in range(20)]
    for (number, needs, within, at), found in zip(themes, told["themes"], strict=True):
        chosen = np.stack([needs[option, part] for part, option in enumerate(at)])
        expected = weighted_mean(chosen.T, within)
        assert clean(expected) == [
            None if one is None else pytest.approx(one, abs=1e-12) for one in found["need"]
        ]
        known = np.isfinite(chosen.T) @ within / within.sum()
        assert found["known"] == pytest.approx(known, abs=1e-12)
        share = weights[number] / weights.sum()
        for row, part in zip(*np.nonzero(chosen.T > 0), strict=True):
            size = share * within[part] * chosen[part, row]
            sizes[row][f"{number}{part}{at[part]}"] = round(size, 12)
    expected = [sorted(of, key=lambda name: (-of[name], name)) for of in sizes]
    assert told["reasons"] == expected


def clean(values):
    return [None if value != value else float(value) for value in values]  # noqa: PLR0124


def test_a_moved_theme_leaves_the_rest_to_the_others_in_proportion(tmp_path):
    moves = [[[50, 30, 20], 0, 0], [[50, 30, 20], 0, 100], [[0, 100, 0], 1, 40], [[100], 0, 3]]
    found = answered(tmp_path, {"cases": [], "moves": moves, "usable": []})["moves"]
    assert found == [[0, 60, 40], [100, 0, 0], [30, 40, 30], [100]]


def test_weights_that_are_all_0_or_negative_are_not_used(tmp_path):
    given = [[0, 0], [1, -1], [1, None], [0, 1]]
    found = answered(tmp_path, {"cases": [], "moves": [], "usable": given})["usable"]
    assert found == [False, False, False, True]
