"""Reading from a client that may be slow on purpose."""

from __future__ import annotations

import io
import socket
import time
from typing import Any


class TimedReader(io.RawIOBase):
    """Reads from a socket until a moment that is set ahead, however little comes at a time.

    Args:
        connection: plain or TLS.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._until = float("inf")

    def allow(self, seconds: float) -> None:
        """Set the moment, that far from now, after which reading fails."""
        self._until = time.monotonic() + seconds

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - a writable buffer
        """Read what is there.

        Raises:
            TimeoutError: the moment has come.
        """
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the client is too slow")
        self._connection.settimeout(min(left, socket.getdefaulttimeout() or left))
        return self._connection.recv_into(buffer)


class Paced(io.RawIOBase):
    """A body that must keep coming: every piece has its own time.

    Args:
        stream: buffered, over the reader.
        reader: whose moment is set ahead.
        seconds: for each piece.
    """

    def __init__(self, stream: io.BufferedReader, reader: TimedReader, seconds: float) -> None:
        self._stream = stream
        self._reader = reader
        self._seconds = seconds

    def read(self, size: int = -1) -> bytes:
        """Read that many bytes, fewer at the end."""
        self._reader.allow(self._seconds)
        return self._stream.read(size)

    def readline(self, size: int | None = -1) -> bytes:
        """Read one line, or that many bytes of it."""
        self._reader.allow(self._seconds)
        return self._stream.readline(-1 if size is None else size)
