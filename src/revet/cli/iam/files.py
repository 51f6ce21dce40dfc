"""Files that the commands of `revet iam` read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from revet.files import parse_json, read_given, read_stream
from revet.model.errors import InputError


def read_bytes(name: str) -> bytes:
    """The content of a file, or of stdin for `-`.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return read_stream(sys.stdin.buffer, "stdin") if name == "-" else read_given(Path(name))
    except OSError as error:
        raise InputError(
            "the file cannot be read",
            where=name,
            got=(error.strerror or str(error)).lower(),
            expected="a file",
            do="correct the path",
        ) from error


def read_text(name: str) -> str:
    """The text of a file, or of stdin for `-`.

    Raises:
        InputError: it cannot be read, or is not UTF-8.
    """
    try:
        return read_bytes(name).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            "the file is not UTF-8",
            where=f"{name}, byte {error.start}",
            got=f"byte 0x{error.object[error.start]:02x}",
            expected="UTF-8",
            do="store it as UTF-8",
        ) from error


def read_object(name: str) -> dict[str, Any]:
    """The JSON object in a file, or in stdin for `-`.

    Raises:
        InputError: it cannot be read, or is no JSON object.
    """
    try:
        content = parse_json(read_text(name).encode())
    except ValueError as error:
        raise InputError(
            "the file is not JSON",
            where=name,
            got=str(error),
            expected="one JSON object",
            do="correct it",
        ) from error
    if not isinstance(content, dict):
        raise InputError(
            "the file is not what it should be",
            where=name,
            got=f"a JSON {type(content).__name__}",
            expected="one JSON object",
            do="correct it",
        )
    return content
