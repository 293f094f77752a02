"""Answers of services with one part wrong: another type, missing, twice, or cut; by a seed."""

from __future__ import annotations

import copy
import json
import random
import xml.etree.ElementTree as ET
from typing import Any

VALUES = (
    None, True, False, 0, -1, 1.5, 1e308, float("nan"), 10**30, "", "abc", "\x00\x1b[2J", "š" * 300,
    "http://[::1", "http://127.0.0.1:80a/", "//", [], [[]], [None], {}, {"type": 7},
    {"a": {"b": []}},
)  # fmt: skip
TEXTS = (
    b"",
    b"null",
    b"[]",
    b"[[",
    b"{",
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b"<a>",
    b"<html></html>",
)
HEADERS = (
    {"Content-Length": "12abc"}, {"Content-Length": "-5"}, {"Content-Length": "9" * 30},
    {"Content-Type": "\x80"}, {"Content-Encoding": "gzip"}, {"ETag": "\x80" * 40},
    {"Location": "http://[::1"}, {"Location": "http://127.0.0.1:99999/"},
    {"Retry-After": "9" * 400},
    {"Transfer-Encoding": "chunked"}, {"Content-Range": "bytes */abc"},
)  # fmt: skip


def mutated_json(content: Any, chance: random.Random) -> Any:
    """The same with one node replaced, removed or repeated."""
    whole = copy.deepcopy(content)
    holders = [node for node in _nodes(whole) if node]
    if not holders:
        return chance.choice(VALUES)
    holder = chance.choice(holders)
    place = chance.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    way = chance.randrange(4)
    if way == 0:
        del holder[place]
    elif way == 1 and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[place]))
    else:
        holder[place] = copy.deepcopy(chance.choice(VALUES))
    return whole


def mutated_xml(content: bytes, chance: random.Random) -> bytes:
    """The same with one element renamed, emptied, removed, repeated or with another attribute."""
    root = ET.fromstring(content)  # noqa: S314  (written by the tests)
    parents = [node for node in root.iter() if len(node)]
    parent = chance.choice(parents)
    child = chance.choice(list(parent))
    way = chance.randrange(5)
    if way == 0:
        parent.remove(child)
    elif way == 1:
        parent.append(copy.deepcopy(child))
    elif way == 2:
        child.tag = chance.choice(["a", "{urn:x}Point", "FeatureType"])
    elif way == 3:
        child.text = chance.choice(["", "abc", "-1", "1e400", "š" * 300, "2.0.0 2.0.0"])
    else:
        name = chance.choice(list(child.attrib) or ["version"])
        child.set(name, chance.choice(["", "abc", "-1", "9" * 40, "EPSG:0"]))
    return ET.tostring(root)


def as_bytes(content: Any, chance: random.Random) -> bytes:
    """JSON as it is sent: rarely cut, or something else altogether."""
    text = json.dumps(content).encode()
    way = chance.randrange(12)
    if way == 0:
        return text[: chance.randrange(len(text))]
    return chance.choice(TEXTS) if way == 1 else text


def _nodes(content: Any) -> list[Any]:
    """Every object and array in it, itself included."""
    if isinstance(content, dict):
        return [content, *(node for value in content.values() for node in _nodes(value))]
    if isinstance(content, list):
        return [content, *(node for value in content for node in _nodes(value))]
    return []
