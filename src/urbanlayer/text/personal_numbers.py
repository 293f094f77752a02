"""Numbers of persons and bank accounts, known by their check digits."""

from __future__ import annotations

import datetime as dt
import re

_OF_SPAIN = re.compile(r"(?<!\w)([XYZ]?)(\d{7,8})-?([A-Z])(?!\w)")
_OF_ALBANIA = re.compile(r"(?<!\w)[A-T]\d(\d\d)(\d\d)\d{3}[A-W](?!\w)")
_OF_FRANCE = re.compile(r"(?<!\d)([12]\d{12})(\d{2})(?!\d)")
_WEIGHTS_OF_KOSOVO = (4, 3, 2, 7, 6, 5, 4, 3, 2)
_LETTERS_OF_SPAIN = "TRWAGMYFPDXBNJZSQVHLCKE"


def is_oib(digits: str) -> bool:
    """Whether eleven digits are an OIB of Croatia: ISO 7064, modulus 11, 10.

    Parameters
    ----------
    digits
        Eleven.
    """
    rest = 10
    for digit in digits[:-1]:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return (11 - rest) % 10 == int(digits[-1])


def is_number_of_kosovo(digits: str) -> bool:
    """Whether ten digits are a personal number of Kosovo, with its check digit by modulus 11.

    Parameters
    ----------
    digits
        Ten.
    """
    rest = 11 - sum(w * int(d) for w, d in zip(_WEIGHTS_OF_KOSOVO, digits, strict=False)) % 11
    return digits[0] in "12" and int(digits[-1]) == (rest if rest < 10 else 0)  # noqa: PLR2004


def is_local_account(bank: str, number: str, check: str) -> bool:
    """Whether a number of a bank of the region has the right check digits (as an IBAN's).

    Parameters
    ----------
    bank, number, check
        Its three parts.
    """
    return int(f"{bank}{number:0>13}{check}") % 97 == 1


def is_identity_number(digits: str) -> bool:
    """Whether 13 digits are a date of birth, a region, a number and the right check digit.

    A number that was stored as one has lost a leading zero.

    Parameters
    ----------
    digits
        12 or 13.
    """
    digits = digits.zfill(13)
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:7])
    try:
        dt.date(year + (1000 if year >= 800 else 2000), month, day)  # noqa: PLR2004
    except ValueError:
        return False
    weights = (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(w * int(d) for w, d in zip(weights, digits, strict=False)) % 11
    return int(digits[12]) == (11 - rest if rest > 1 else 0)


def has_number_of_other_countries(text: str) -> bool:
    """Whether a text holds a number of Spain, France (with their check signs) or Albania.

    Parameters
    ----------
    text
        A value of a feature.
    """
    text = text.upper()
    for start, digits, letter in _OF_SPAIN.findall(text):
        number = int(f"{'XYZ'.index(start) if start else ''}{digits}")
        if _LETTERS_OF_SPAIN[number % 23] == letter and len(start + digits) == 8:  # noqa: PLR2004
            return True
    if any(97 - int(number) % 97 == int(check) for number, check in _OF_FRANCE.findall(text)):
        return True
    return any(
        1 <= int(month) % 50 <= 12 and 1 <= int(day) <= 31  # noqa: PLR2004  (women's is 50 more)
        for month, day in _OF_ALBANIA.findall(text)
    )


def is_iban(text: str) -> bool:
    """Whether an IBAN has the right check digits (ISO 13616: the remainder by 97 is 1).

    Parameters
    ----------
    text
        In capitals; it may have spaces.
    """
    plain = text.replace(" ", "")
    if not 15 <= len(plain) <= 34:  # noqa: PLR2004  (the shortest and the longest there are)
        return False
    number = "".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])
    return int(number) % 97 == 1
