"""Files that the user gives: bounded, whatever is behind the name, and parsed strictly.

Everything that is wrong with them is an `OSError` (the file) or a `ValueError` (its content), which
the caller turns into its own message.
"""

from __future__ import annotations

import errno
import json
import math
import os
import stat
import threading
import tomllib
from pathlib import Path
from typing import Any, BinaryIO

LIMIT = 512 * 2**20
"""Bytes that are read at most: a plan of about a million resources."""

SMALL = 32 * 2**20
"""The same for what somebody writes by hand."""

_DEVICE_LIMIT = 2**20
_CHUNK = 2**20
_WRITER_SECONDS = 10.0
_DEEPEST = 100
_DIGITS = 1000
_LARGEST = 2**63


def read_given(path: Path, limit: int = LIMIT) -> bytes:
    """The content of a file, a pipe or a terminal.

    Args:
        path: of it.
        limit: bytes that are read at most; of a device, which may be endless, one MiB.

    Raises:
        OSError: it cannot be read, is a folder, is larger than the limit, or is a pipe into which
            nobody writes.
    """
    try:
        kind = path.stat().st_mode
        if stat.S_ISSOCK(kind):
            raise OSError(errno.ENXIO, "a socket", str(path))
        with os.fdopen(_opened(path) if stat.S_ISFIFO(kind) else _open(path), "rb") as file:
            found = os.fstat(file.fileno())
            if stat.S_ISREG(found.st_mode) and found.st_size > limit:
                raise _too_large(limit, str(path))
            device = stat.S_ISCHR(found.st_mode) or stat.S_ISBLK(found.st_mode)
            return read_stream(file, str(path), min(limit, _DEVICE_LIMIT) if device else limit)
    except ValueError as error:  # a NUL in the path
        raise OSError(errno.EINVAL, f"not a path: {error}", repr(str(path))) from error


def read_stream(stream: BinaryIO, where: str, limit: int = LIMIT) -> bytes:
    """All that comes out of a stream.

    Args:
        stream: open for reading.
        where: what it is, for the message.
        limit: bytes that are read at most.

    Raises:
        OSError: it cannot be read, or more comes out of it than the limit.
    """
    parts = []
    left = limit + 1
    while left and (part := stream.read(min(_CHUNK, left))):
        parts.append(part)
        left -= len(part)
    if not left:
        raise _too_large(limit, where)
    return b"".join(parts)


def parse_json(data: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Parse JSON as RFC 8259 has it: UTF-8, unique names, finite numbers.

    Args:
        data: one JSON text; a byte order mark is refused.

    Raises:
        ValueError: it is not that, is nested more than 100 levels deep, or holds a number of more
            than 1,000 digits.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=_finite,
            parse_constant=_refuse_constant,
        )
    except RecursionError as error:
        raise _too_deep() from error
    _require_bounds(value)
    return value


def parse_toml(data: bytes) -> dict[str, Any]:
    """Parse TOML 1.0.

    Args:
        data: one document, in UTF-8.

    Raises:
        ValueError: it is not that, is nested more than 100 levels deep, or holds a number that is
            not finite or an integer beyond 64 bits.
    """
    try:
        value = tomllib.loads(data.decode("utf-8"))
    except RecursionError as error:
        raise _too_deep() from error
    except tomllib.TOMLDecodeError:
        raise
    except UnicodeDecodeError:
        raise
    except ValueError as error:  # `int` refuses more than 4,300 digits
        raise ValueError("an integer beyond 64 bits") from error
    _require_bounds(value, largest=_LARGEST)
    return value


def _open(path: Path) -> int:
    return os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0))


def _opened(pipe: Path) -> int:
    """Open a named pipe, which waits until somebody opens its other end."""
    found: list[int | OSError] = []

    def wait() -> None:
        try:
            found.append(_open(pipe))
        except OSError as error:
            found.append(error)

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    waiting.join(_WRITER_SECONDS)
    if not found:
        text = f"a pipe into which nobody has written for {_WRITER_SECONDS:.0f} seconds"
        raise OSError(errno.ETIMEDOUT, text, str(pipe))
    if isinstance(found[0], OSError):
        raise found[0]
    return found[0]


def _too_large(limit: int, where: str) -> OSError:
    size = f"{limit // 2**20} MiB" if limit >= 2**20 else f"{limit} bytes"
    return OSError(errno.EFBIG, f"more than {size}, the most that is read", where)


def _too_deep() -> ValueError:
    return ValueError(f"nested more than {_DEEPEST} levels deep")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name `{twice}` twice in one object")
    return found


def _integer(text: str) -> int:
    if len(text) > _DIGITS:
        raise ValueError(f"a number of {len(text)} digits")
    return int(text)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"`{text[:20]}`, which is beyond every double")
    return value


def _refuse_constant(text: str) -> None:
    raise ValueError(f"`{text}`, which is not JSON")


def _require_bounds(value: object, *, largest: int | None = None) -> None:
    """Walk a parsed document without recursion."""
    waiting: list[tuple[object, int]] = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, (dict, list)):
            if depth > _DEEPEST:
                raise _too_deep()
            inner = item.values() if isinstance(item, dict) else item
            waiting.extend((part, depth + 1) for part in inner)
        elif isinstance(item, float) and not math.isfinite(item):
            raise ValueError(f"`{item}`, which is not a finite number")
        elif largest is not None and isinstance(item, int) and not -largest <= item < largest:
            raise ValueError("an integer beyond 64 bits")
