"""Serbian Latin in Cyrillic, as in `tests/browser/script.test.js`."""

import pytest

from urbanlayer.text.transliteration import in_cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Novo Naselje Kruševac", "Ново Насеље Крушевац"),
        ("Ljubović", "Љубовић"),
        ("NJEGOŠEVA", "ЊЕГОШЕВА"),
        ("Blok VI", "Блок VI"),
        ("Džordža Vašingtona", "Џорџа Вашингтона"),
        ("Wi-Fi trg", "Wi-Fi трг"),
        ("Đečić c\u030c", "Ђечић ч"),
        ("Већ ћирилица", "Већ ћирилица"),
    ],
)
def test_each_letter_has_its_own(latin, cyrillic):
    assert in_cyrillic(latin) == cyrillic


def test_macedonian_has_letters_of_its_own():
    assert in_cyrillic("Đečić Brdo", "mk") == "Ѓечиќ Брдо"
