from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revet.embedded.body import (
    MalformedBodyError,
    TooLargeError,
    body_length,
    decode_chunks,
    plain_headers,
    receive_body,
)

CHUNKED = [("Transfer-Encoding", "chunked")]
UNSIGNED = {"x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}


def received(sent: bytes, headers: list[tuple[str, str]], limit: int = 1000) -> tuple[bytes, bytes]:
    """The body, and what is left on the connection."""
    stream = BytesIO(sent)
    with receive_body(stream, body_length(headers), limit) as body:
        return body.read(), stream.read()


def test_body_of_known_length() -> None:
    assert received(b"hellorest", [("content-length", " 5 ")]) == (b"hello", b"rest")


def test_no_body() -> None:
    assert received(b"next request", []) == (b"", b"next request")


def test_chunks_with_extension_and_trailers() -> None:
    sent = b"5;name=value\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: x\r\n\r\nrest"
    assert received(sent, CHUNKED) == (b"hello world", b"rest")


@given(st.lists(st.binary(min_size=1, max_size=30), max_size=6), st.binary(max_size=10))
def test_what_was_cut_into_chunks_is_whole_again(pieces: list[bytes], rest: bytes) -> None:
    sent = b"".join(b"%X\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    assert received(sent + b"0\r\n\r\n" + rest, CHUNKED) == (b"".join(pieces), rest)


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        ([("Content-Length", "9")], b"short"),
        ([("Content-Length", "many")], b""),
        ([("Content-Length", "-1")], b""),
        ([("Content-Length", "1"), ("Content-Length", "1")], b"x"),
        ([("Content-Length", "1"), *CHUNKED], b"x"),
        ([("Transfer-Encoding", "gzip")], b""),
        (CHUNKED, b"zz\r\n"),
        (CHUNKED, b"+5\r\nhello\r\n0\r\n\r\n"),
        (CHUNKED, b""),
        (CHUNKED, b"5\r\nhel"),
        (CHUNKED, b"2\r\nhello\r\n0\r\n\r\n"),
        (CHUNKED, b"0\r\n" + b"A: b\r\n" * 200 + b"\r\n"),
    ],
)
def test_broken_framing_is_an_error(headers: list[tuple[str, str]], sent: bytes) -> None:
    with pytest.raises(MalformedBodyError):
        received(sent, headers)


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        ([("Content-Length", "11")], b"hello world"),
        (CHUNKED, b"6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n"),
        (CHUNKED, b"fffffffffffffff\r\n"),
    ],
)
def test_a_body_has_a_bound(headers: list[tuple[str, str]], sent: bytes) -> None:
    with pytest.raises(TooLargeError):
        received(sent, headers, limit=10)


def test_http_1_0_has_no_chunks() -> None:
    with pytest.raises(MalformedBodyError):
        body_length(CHUNKED, persistent=False)


def test_chunks_of_an_upload_are_taken_apart() -> None:
    body = b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"
    assert decode_chunks(BytesIO(body), UNSIGNED) == b"hello"
    assert plain_headers(
        {
            "X-Amz-Content-Sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            "x-amz-decoded-content-length": "5",
            "X-Amz-Trailer": "x-amz-checksum-crc32",
            "Content-Encoding": "gzip,aws-chunked",
            "Content-Length": str(len(body)),
        },
        5,
    ) == {
        "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD",
        "Content-Encoding": "gzip",
        "Content-Length": "5",
    }


@pytest.mark.parametrize("announced", ["4", "6", "many"])
def test_an_upload_is_as_long_as_announced(announced: str) -> None:
    headers = {**UNSIGNED, "x-amz-decoded-content-length": announced}
    with pytest.raises(MalformedBodyError, match="announces"):
        decode_chunks(BytesIO(b"5\r\nhello\r\n0\r\n\r\n"), headers)
