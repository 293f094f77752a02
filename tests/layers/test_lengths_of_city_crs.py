"""A city is measured in a CRS in which lengths are those on the ground."""

import pytest
from city_folder import rewrite, told, write_city


@pytest.mark.parametrize(
    ("crs", "said"),
    [
        ("EPSG:3857", "36 % too long"),  # one over the cosine of 42.44° is 1.355
        ("EPSG:6933", "17 % too long"),  # cos 30° over cos 42.44° is 1.173
    ],
)
def test_a_crs_in_which_lengths_are_wrong_is_refused_with_one_in_which_they_are_right(
    crs, said, tmp_path
):
    write_city(tmp_path)
    rewrite(tmp_path, "EPSG:25834", crs)
    message = told(tmp_path, tmp_path / "out")
    assert said in message
    assert 'set crs = "EPSG:25834"' in message
