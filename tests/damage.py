"""Damage what is valid: bits, ends, pieces of other files, encodings, numbers, depth."""

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence

from hypothesis import strategies as st

PIECES = [
    b"<", b">", b"&", b'"', b"]]>", b"<![CDATA[", b"<!--", b"\x00", b"\xff", b"\n", b"nan", b"NaN",
    b"Infinity", b"1e999", b"-0", b"-", b",", b";", b"\t", b"/", b"@", b"{", b"}", b"[", b"]",
    b"<Placemark>", b"</Placemark>", b"<Polygon>", b"<coordinates>", b"<trkseg>", b"</trk>",
    b"<rte>", b'<wpt lat="1" lon="2">', b'{"type":"Feature"', b"[[", b"]]", b"{}", b"null", b"true",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"&#0;", b"<?xml version='1.0'?>", b"\r", b"\x1b[2J",
    "\u202e".encode(), "\u2028".encode(), "\U0001f600".encode("utf-16"), b"\xed\xa0\x80", b"",
]  # fmt: skip
NUMBERS = [
    b"0", b"-0.0", b"1e308", b"-1e308", b"1e309", b"NaN", b"-Infinity", b"9" * 400, b"9" * 5000,
    b"0." + b"0" * 400 + b"1", b"180", b"180.0000001", b"-180", b"90", b"-90.00001", b"1e-320",
    b"0x10", b"1_000", b"1,5", b"+5", b"5.", b".5", b"\xd9\xa1\xd9\xa2", b"1e", b"--1", b"true",
]  # fmt: skip
ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "cp1251", "latin-1", "utf-8-sig", "utf-7", "koi8-r")
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_LONGEST = 300_000


def damaged(samples: Mapping[str, bytes]) -> st.SearchStrategy[bytes]:
    """Draw samples with some damage, by a seed."""
    texts = [samples[name] for name in sorted(samples)]
    return st.integers(0, 2**63).map(lambda seed: damage(texts, random.Random(seed)))  # noqa: S311


def damage(samples: Sequence[bytes], rng: random.Random) -> bytes:
    """Damage one of these samples, with pieces of the others."""
    text = rng.choice(samples)
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        text = rng.choice(_WAYS)(text, samples, rng)[:_LONGEST]
    return text


def _flip(text: bytes, samples: Sequence[bytes], rng: random.Random) -> bytes:
    changed = bytearray(text)
    for _ in range(rng.choice((1, 1, 5, 50)) if text else 0):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut(text: bytes, samples: Sequence[bytes], rng: random.Random) -> bytes:
    begin, end = sorted(rng.randint(0, len(text)) for _ in range(2))
    return rng.choice((text[:end], text[begin:], text[:begin] + text[end:]))


def _splice(text: bytes, samples: Sequence[bytes], rng: random.Random) -> bytes:
    other = rng.choice(samples)
    begin, end = sorted(rng.randint(0, len(other)) for _ in range(2))
    at = rng.randint(0, len(text))
    return (
        text[:at] + other[begin:end] + text[at:]
        if rng.random() < 0.7
        else text[:at] + other[begin:]
    )


def _put(text: bytes, samples: Sequence[bytes], rng: random.Random) -> bytes:
    at = rng.randint(0, len(text))
    return (
        text[:at]
        + rng.choice(PIECES) * rng.choice((1, 1, 1, 3))
        + text[at + rng.choice((0, 0, 5)) :]
    )


def _repeat(text: bytes, samples: Sequence[bytes], rng: random.Random) -> bytes:
    begin = rng.randint(0, len(text))
    piece = text[begin : begin + rng.choice((1, 10, 100))]
    return text[:begin] + piece * rng.choice((2, 20, 2000)) + text[begin:]


def _nest(text: bytes, samples: Sequence[bytes], rng: random.Random) -> bytes:
    opening, closing = rng.choice(
        ((b"[", b"]"), (b'{"a":', b"}"), (b"<Folder>", b"</Folder>"), (b"<trk>", b""), (b"(", b")"))
    )
    depth, at = rng.choice((3, 150, 250, 5000)), rng.randint(0, len(text))
    return text[:at] + opening * depth + text[at:] + closing * depth


def _number(text: bytes, samples: Sequence[bytes], rng: random.Random) -> bytes:
    places = list(_NUMBER.finditer(text[:100_000]))
    for place in sorted(rng.sample(places, min(len(places), rng.choice((1, 3)))), key=_end)[::-1]:
        text = text[: place.start()] + rng.choice(NUMBERS) + text[place.end() :]
    return text


def _end(match: "re.Match[bytes]") -> int:
    return match.end()


def _encode(text: bytes, samples: Sequence[bytes], rng: random.Random) -> bytes:
    return text.decode("utf-8", "replace").encode(rng.choice(ENCODINGS), "replace")


def _replace_json(text: bytes, samples: Sequence[bytes], rng: random.Random) -> bytes:
    """Put another value somewhere into JSON, or take a key away."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return text
    inner = whole
    for _ in range(20):
        if not isinstance(inner, dict | list) or not inner:
            break
        key = rng.choice(list(inner) if isinstance(inner, dict) else list(range(len(inner))))
        if rng.random() < 0.25 or not isinstance(inner[key], dict | list):
            if rng.random() < 0.2:
                del inner[key]
            else:
                inner[key] = rng.choice(ODD)
            break
        inner = inner[key]
    return json.dumps(whole).encode()


ODD: list[object] = [
    None, True, False, 0, -1, 1e308, float("nan"), float("inf"), 10**400, "", " ", "\x00",
    "a" * 5000, "\u202e", "\ud800", [], [[]], {}, {"a": {}}, [1, 2], ["a", None], "2016-02-30",
    "http://[::1", "javascript:1", "{{ 7*7 }}", "Feature", "Point", [[0, 0], [0, 0]], [1e9, 1e9],
    [181, 0], [0, 91],
]  # fmt: skip
_WAYS: Sequence[Callable[[bytes, Sequence[bytes], random.Random], bytes]] = (
    _flip, _cut, _splice, _put, _put, _repeat, _nest, _number, _number, _encode, _replace_json,
    _replace_json,
)  # fmt: skip
