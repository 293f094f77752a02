"""Texts that a city file lacks in a language are named by their keys."""

from plan_city import write_plan

from urbanlayer.cityfile.untranslated import untranslated
from urbanlayer.pipeline import read_city_file

PLAN = """
[layers.plots]
path = "schools.geojson"
key = "id"
title = { en = "Plots", sq = "Parcela" }

[plan]
years = [2027]
budgets = [100]
[[plan.goal]]
id = "a"
title = "One text for every reader"
[[plan.goal]]
id = "b"
title = { en = "Second", sq = "I dyti" }
measures = [{ title = { en = "Build", mk = "" } }]
"""


def test_texts_without_a_language_are_named_and_columns_are_not(tmp_path):
    write_plan(tmp_path, PLAN)
    spec = read_city_file(tmp_path / "city.toml").spec
    measure = "plan.goal[2].measures[1].title"
    assert untranslated(spec, "en") == []
    assert untranslated(spec, "sq") == [measure]
    assert untranslated(spec, "mk") == ["layers.plots.title", "plan.goal[2].title", measure]
