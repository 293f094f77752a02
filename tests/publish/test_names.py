"""Names of layers in the script of the reader."""

from types import SimpleNamespace

import pytest

from urbanlayer.publish.names import name_in

CITY = SimpleNamespace(languages=("sr_Latn_ME", "en"))


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("mk", "Ѓечиќ Брдо"),
        ("sr_Cyrl_ME", "Ђечић Брдо"),
        ("sq", "Đečić Brdo"),
        ("bs", "Đečić Brdo"),
    ],
)
def test_a_name_in_one_script_is_in_that_of_the_reader(language, name):
    """Letter by letter; Macedonian writes ѓ and ќ where Serbian has ђ and ћ."""
    assert name_in({"": "Đečić Brdo"}, language, CITY) == name


def test_a_name_of_its_own_stays():
    assert name_in({"": "Đečić Brdo", "mk": "Дечиќ"}, "mk", CITY) == "Дечиќ"
