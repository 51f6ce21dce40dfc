"""Messages between the daemon and a function's process: a header in JSON, and a payload."""

from __future__ import annotations

import json
import struct
from typing import Any

_LENGTHS = struct.Struct(">II")


def pack(header: dict[str, Any], payload: bytes = b"") -> bytes:
    """The bytes of one message."""
    head = json.dumps(header).encode()
    return _LENGTHS.pack(len(head), len(payload)) + head + payload


def unpack(received: bytearray) -> tuple[dict[str, Any], bytes] | None:
    """Take one message out of what was received; none when it is not all there yet."""
    if len(received) < _LENGTHS.size:
        return None
    head, rest = _LENGTHS.unpack_from(received)
    end = _LENGTHS.size + head + rest
    if len(received) < end:
        return None
    header = json.loads(received[_LENGTHS.size : _LENGTHS.size + head])
    payload = bytes(received[_LENGTHS.size + head : end])
    del received[:end]
    return header, payload
