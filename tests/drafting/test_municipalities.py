"""Folders of municipalities in many countries: roles, people and CRS held against the truth.

The expected tables stand in `made/municipalities*.py` beside the files that they are of.
"""

import tomllib

import pytest
from municipalities import ALL
from municipalities_of_neighbours import OF_NEIGHBOURS

import urbanlayer
from urbanlayer.drafting import drafted, tried
from urbanlayer.drafting.toml_text import text_of

MIN_RIGHT = 0.9


def is_of(shown, file):
    """Whether a dataset is a file, or a layer of it."""
    return shown == file or shown.startswith(f"{file} (")


@pytest.mark.slow
@pytest.mark.parametrize("make", ALL + OF_NEIGHBOURS, ids=lambda make: make.__name__)
def test_a_folder_of_a_municipality_drafts_and_builds_unedited(make, tmp_path):
    truth = make(tmp_path / "files")
    file = tmp_path / "out" / "city.toml"
    draft = tried(drafted("Grad", [tmp_path / "files"], file, city_id="grad"))
    found = {layer.role: layer.dataset.shown for layer in draft.standing}
    right = [role for role, of in truth.roles.items() if is_of(found.get(role, ""), of)]
    assert len(right) >= MIN_RIGHT * len(truth.roles)
    assert set(found) - set(right) <= set(truth.may_have)  # and none is silently wrong
    city = tomllib.loads(text_of(draft))
    assert city["crs"] in truth.crs
    crs = {role: city["layers"][role].get("crs") for role in truth.of_layers}
    assert crs == truth.of_layers
    residents = urbanlayer.build(file, tmp_path / "maps").publication.city.residents
    if truth.people is None:
        assert residents is None
    else:
        assert residents.total == pytest.approx(truth.people, rel=1e-9)
