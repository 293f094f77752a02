"""Addresses as they may be shown, and what is none."""

from __future__ import annotations

import pytest

from urbanlayer.model.addresses import (
    address_error,
    encoded,
    secrets_of,
    shown,
    without,
    without_secrets,
)

CANARY = "TAJNA-4711"
NAMES = (
    "pwd", "pass", "password", "auth", "jwt", "code", "sid", "sas", "sig", "bearer", "token", "key",
    "apikey", "api_key", "accessToken", "X-Amz-Signature", "map_token", "SUBSCRIPTION-KEY", "šifra",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "address",
    [
        "https://host/wfs?service=WFS&{}={}",
        "https://host/wfs?service=WFS;{}={}",
        "https://host/wfs;{}={}?service=WFS",
        "https://host/wfs?map=/a?{}={}&service=WFS",
        "https://host/wfs?map=/a%26{}={}",
        "https://host/wfs?service=WFS#{}={}",
        "https://host:80a/wfs?{}={}",
        "http://[::1/wfs?{}={}",
    ],
)
def test_no_address_is_shown_with_its_secret(address, name):
    given = address.format(name, CANARY)
    assert CANARY not in shown(given)
    assert CANARY not in without_secrets(f"InvalidURL({given!r})")
    assert CANARY not in without_secrets(f"GET {given.partition('host')[2]} failed")


@pytest.mark.parametrize("user", [f"ana:{CANARY}@", f"{CANARY}@"])
def test_no_user_or_password_is_shown(user):
    assert shown(f"https://{user}host/wfs?service=WFS") == "https://host/wfs?service=WFS"


def test_a_password_in_place_of_a_port_is_not_shown():
    address = f"https://ana:{CANARY}/wfs"
    assert shown(address) == "https://ana"
    assert CANARY not in (address_error(address) or "")


def test_what_a_server_repeats_of_a_secret_is_hidden_however_it_is_written():
    secrets = secrets_of("https://host/wfs?service=WFS&pass=a%2Fb%20c&long=0123456789&x=abc")
    assert without(secrets, "no right: a/b c") == "no right: …"
    assert without(secrets, "no right: a%2Fb%20c, a%2Fb+c, 0123456789") == "no right: …, …, …"
    assert without(secrets, "abc of WFS") == "abc of WFS"


@pytest.mark.parametrize(
    "text",
    [
        "KeyError: 'attributes'", "utf-8 codec can't decode byte 0xff", "keyword argument 'x'",
        "see https://host/wfs?service=WFS&version=2.0.0", "is it 12:30?",
    ],
)  # fmt: skip
def test_ordinary_messages_stay_as_they_are(text):
    assert without_secrets(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("password=abc host=x", "password=… host=x"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer …"),
        ("accessToken='abc'", "accessToken='…'"),
    ],
)
def test_values_of_usual_names_are_hidden_in_messages(text, expected):
    assert without_secrets(text) == expected


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("http://127.0.0.1:99999/x", "port is no number to 65535"),
        ("http://127.0.0.1:80a/x", "port is no number"),
        ("http://127.0.0.1:-1/x", "port"),
        ("http://127.0.0.1:0/x", "port 0 is none"),
        ("http://[::1/x", "brackets without an end"),
        ("http:///x", "names no host"),
        ("http://:80/x", "names no host"),
        ("http://a..b/x", "no name of a host"),
        ("http://a b/x", "no name of a host"),
        ("http://a%20b/x", "no name of a host"),
        (f"http://{'a' * 64}.me/x", "no name of a host"),
        ("http://host/a\nb", "control characters"),
        ("http://host\r\nX: y/", "control characters"),
    ],
)
def test_what_is_no_address_is_told(address, fault):
    assert fault in (address_error(address) or "")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8080/x", "http://[::1]:80/x", "https://geo.podgorica.me/wfs?map=/a b",
        "https://подгорица.мкд/š", "postgresql://host/db", "https://a_b.host./x",
    ],
)  # fmt: skip
def test_what_is_an_address_is_none_of_these(address):
    assert address_error(address) is None


def test_letters_that_no_address_may_have_are_encoded():
    assert encoded("https://host:81/zelene površine.json?q=š t&a=%20") == (
        "https://host:81/zelene%20povr%C5%A1ine.json?q=%C5%A1%20t&a=%20"
    )
    assert encoded("https://bücher.example/") == "https://xn--bcher-kva.example/"
