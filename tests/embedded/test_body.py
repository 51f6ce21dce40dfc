from io import BytesIO

import pytest

from revet.embedded.body import MalformedBodyError, decode_aws_chunked, read_body

CHUNKED = {"Transfer-Encoding": "chunked"}


def test_body_of_known_length() -> None:
    stream = BytesIO(b"hellorest")
    assert read_body(stream, {"Content-Length": "5"}) == b"hello"
    assert stream.read() == b"rest"


def test_no_body() -> None:
    assert read_body(BytesIO(b"next request"), {}) == b""


def test_chunks_with_extension_and_trailers() -> None:
    stream = BytesIO(b"5;name=value\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: x\r\n\r\nrest")
    assert read_body(stream, CHUNKED) == b"hello world"
    assert stream.read() == b"rest"


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        ({"Content-Length": "9"}, b"short"),
        ({"Content-Length": "many"}, b""),
        (CHUNKED, b"zz\r\n"),
        (CHUNKED, b""),
        (CHUNKED, b"5\r\nhel"),
        (CHUNKED, b"2\r\nhello\r\n0\r\n\r\n"),
    ],
)
def test_broken_framing_is_an_error(headers: dict[str, str], sent: bytes) -> None:
    with pytest.raises(MalformedBodyError):
        read_body(BytesIO(sent), headers)


def test_signed_chunks_are_taken_apart() -> None:
    body = (
        b"5;chunk-signature=aa\r\nhello\r\n0;chunk-signature=bb\r\n"
        b"x-amz-checksum-crc32:AAAAAA==\r\n\r\n"
    )
    headers, payload = decode_aws_chunked(
        {
            "X-Amz-Content-Sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            "x-amz-decoded-content-length": "5",
            "X-Amz-Trailer": "x-amz-checksum-crc32",
            "Content-Encoding": "gzip,aws-chunked",
            "Content-Length": str(len(body)),
        },
        body,
    )
    assert payload == b"hello"
    assert headers == {
        "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD",
        "Content-Encoding": "gzip",
        "Content-Length": "5",
    }


def test_a_plain_upload_is_left_alone() -> None:
    headers = {"X-Amz-Content-Sha256": "e3b0c442", "Content-Length": "2"}
    assert decode_aws_chunked(headers, b"ab") == (headers, b"ab")
