import io
import socket

import pytest

from revet.embedded.timed import Paced, TimedReader


def test_a_client_that_sends_too_slowly_is_left() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        reader = TimedReader(ours)
        reader.allow(60)
        theirs.sendall(b"hello")
        stream = io.BufferedReader(reader)
        assert stream.peek(1) == b"hello"
        reader.allow(0)
        with pytest.raises(TimeoutError):
            stream.read(6)


def test_a_body_has_time_for_each_piece() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        reader = TimedReader(ours)
        reader.allow(0)
        paced = Paced(io.BufferedReader(reader), reader, 60)
        theirs.sendall(b"one\ntwo")
        assert paced.readline(10) == b"one\n"
        assert paced.read(3) == b"two"
        theirs.close()
        assert paced.read(5) == b""
