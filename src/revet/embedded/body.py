"""Request bodies: chunked transfer, and the signed chunks of S3 uploads.

Sources: RFC 9112 section 7.1 (chunked transfer coding); Amazon S3 API Reference, "Signature
calculations: transferring payload in multiple chunks" (`aws-chunked`, with or without trailers).
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import BinaryIO

_LINE_LIMIT = 65536
_STREAMING = "STREAMING-"


class MalformedBodyError(ValueError):
    """The body does not follow its own framing."""


def read_body(stream: BinaryIO, headers: Mapping[str, str]) -> bytes:
    """Read one request body from a connection.

    Args:
        stream: positioned behind the request's header.
        headers: looked up without regard to case.

    Raises:
        MalformedBodyError: the framing is broken, or the connection ended early.
    """
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
        return _read_chunks(stream, at_end_of_trailers=True)
    try:
        length = int(headers.get("Content-Length") or 0)
    except ValueError as error:
        raise MalformedBodyError("Content-Length is no number") from error
    return _exactly(stream, length)


def decode_aws_chunked(headers: Mapping[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
    """Take the signed chunks of an S3 upload apart.

    Args:
        headers: of the request.
        body: without transfer coding.

    Returns:
        Headers and body as if the client had sent the payload in one piece; both unchanged when
        it did.

    Raises:
        MalformedBodyError: the framing is broken.
    """
    plain = dict(headers.items())
    lowered = {name.lower(): name for name in plain}
    digest = lowered.get("x-amz-content-sha256", "")
    if not digest or not plain[digest].startswith(_STREAMING):
        return plain, body
    payload = _read_chunks(BytesIO(body), at_end_of_trailers=False)
    plain[digest] = "UNSIGNED-PAYLOAD"
    for name in ("x-amz-decoded-content-length", "x-amz-trailer"):
        plain.pop(lowered.get(name, ""), None)
    encoding = lowered.get("content-encoding", "")
    if encoding:
        left = [part.strip() for part in plain.pop(encoding).split(",")]
        left = [part for part in left if part and part != "aws-chunked"]
        if left:
            plain[encoding] = ",".join(left)
    plain[lowered.get("content-length", "Content-Length")] = str(len(payload))
    return plain, payload


def _read_chunks(stream: BinaryIO, *, at_end_of_trailers: bool) -> bytes:
    pieces: list[bytes] = []
    while True:
        line = stream.readline(_LINE_LIMIT)
        try:
            size = int(line.split(b";", 1)[0].strip(), 16)
        except ValueError as error:
            raise MalformedBodyError(f"no chunk size in `{line[:40]!r}`") from error
        if size == 0:
            break
        pieces.append(_exactly(stream, size))
        if stream.readline(_LINE_LIMIT) not in (b"\r\n", b"\n"):
            raise MalformedBodyError("a chunk is longer than its size says")
    while at_end_of_trailers and stream.readline(_LINE_LIMIT) not in (b"\r\n", b"\n", b""):
        pass
    return b"".join(pieces)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length) if length else b""
    if len(data) != length:
        raise MalformedBodyError(f"{length} bytes announced, {len(data)} received")
    return data
