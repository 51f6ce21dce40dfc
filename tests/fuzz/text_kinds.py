"""Mutations of the bytes, which no JSON value can say."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.fuzz.attempt import InapplicableError

Draw = random.Random
_STRUCTURE = b'{}[]",:'


def _encoded(*codecs: str) -> Callable[[Draw, str], bytes]:
    def kind(draw: Draw, text: str) -> bytes:
        return text.encode(draw.choice(codecs))

    kind.__doc__ = "An encoding that JSON of today does not have."
    return kind


def _marked(_: Draw, text: str) -> bytes:
    """A byte order mark in front, twice."""
    return b"\xef\xbb\xbf\xef\xbb\xbf" + text.encode()


def _latin(draw: Draw, text: str) -> bytes:
    """Latin-1 within a text."""
    data = text.encode()
    places = [at for at in range(1, len(data)) if data[at - 1 : at].isalpha()]
    at = draw.choice(places)
    return data[:at] + b"\xe9" + data[at:]


def _cut(draw: Draw, text: str) -> bytes:
    """It ends early."""
    data = text.encode()
    return data[: draw.randrange(len(data) - 1)]


def _beheaded(draw: Draw, text: str) -> bytes:
    """It begins late."""
    data = text.encode()
    return data[draw.randrange(1, len(data)) :]


def _flipped_high(draw: Draw, text: str) -> bytes:
    """The highest bit of a byte is set: that is not UTF-8."""
    data = bytearray(text.encode())
    data[draw.randrange(len(data))] |= 0x80
    return bytes(data)


def _flipped(draw: Draw, text: str) -> bytes:
    """A bit of the structure is flipped."""
    data = bytearray(text.encode())
    at = draw.choice([at for at, byte in enumerate(data) if byte in _STRUCTURE])
    data[at] ^= 1 << draw.randrange(7)
    return bytes(data)


def _two(draw: Draw, text: str) -> bytes:
    """Two documents."""
    other = draw.choice(("{}", text, "null", '{"format_version":"1.2","resource_changes":[]}'))
    return draw.choice((text + other, other + text, f"{text}\n{other}")).encode()


def _in_a_list(_: Draw, text: str) -> bytes:
    """The document in a list."""
    return f"[{text}]".encode()


def _relaxed(draw: Draw, text: str) -> bytes:
    """JSON as some like it: comments, commas at the end, single quotes."""
    return draw.choice(
        (f"// x\n{text}", f"/* x */{text}", f"{text[:-1]},}}", text.replace('"', "'"), f"{text};")
    ).encode()


def _raw_control(draw: Draw, text: str) -> bytes:
    """A control character within a text."""
    at = text.index('"') + 1
    return (text[:at] + draw.choice("\x00\n\t\x1f") + text[at:]).encode()


def _bracket(draw: Draw, text: str) -> bytes:
    """A bracket is missing or one is too many."""
    at = draw.choice([at for at, letter in enumerate(text) if letter in "{}[]"])
    return (text[:at] + draw.choice(("", text[at] * 2)) + text[at + 1 :]).encode()


def _nested(draw: Draw, text: str) -> bytes:
    """Brackets to any depth, closed or not."""
    depth = draw.choice((500, 5000, 100_000))
    return ("[" * depth + text + "]" * draw.choice((depth, 0))).encode()


def _noise(draw: Draw, text: str) -> bytes:
    """Any bytes in its midst."""
    data = text.encode()
    at = draw.randrange(len(data))
    return data[:at] + b"\xff\xfe" + draw.randbytes(8) + data[at:]


TEXT_KINDS: dict[str, Callable[[Draw, str], bytes]] = {
    "UTF-16": _encoded("utf-16", "utf-16-le", "utf-16-be"),
    "UTF-32": _encoded("utf-32", "utf-32-le", "utf-32-be"),
    "two byte order marks": _marked,
    "Latin-1": _latin,
    "cut off": _cut,
    "beheaded": _beheaded,
    "a high bit flipped": _flipped_high,
    "a bit flipped": _flipped,
    "two documents": _two,
    "in a list": _in_a_list,
    "relaxed JSON": _relaxed,
    "a raw control character": _raw_control,
    "a bracket": _bracket,
    "brackets around": _nested,
    "noise": _noise,
}


def broken(name: str, draw: Draw, text: str) -> bytes:
    """Apply a kind.

    Raises:
        InapplicableError: it changed nothing.
    """
    made = TEXT_KINDS[name](draw, text)
    if made == text.encode():
        raise InapplicableError
    return made
