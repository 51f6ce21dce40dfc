"""Request bodies: framing, bounds, and the signed chunks of S3 uploads.

A body is received into a file that stays in memory only while it is small. Sources: RFC 9112,
sections 6 and 7.1 (message body, chunked transfer coding); Amazon S3 API Reference, "Signature
calculations: transferring payload in multiple chunks" (`aws-chunked`, with or without trailers).
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

LARGEST = 256 * 1024 * 1024
"""Bytes of the largest body that is taken, unless another bound is set."""
IN_MEMORY = 4 * 1024 * 1024
_PIECE = 64 * 1024
_LINE_LIMIT = 8192
_TRAILER_LIMIT = 100
_STREAMING = "STREAMING-"
_LENGTH = re.compile(r"[0-9]{1,18}")
_CHUNK = re.compile(rb"(?P<size>[0-9A-Fa-f]{1,15})[ \t]*(?:;(?P<extension>[^\r\n]*))?\r?\n")
_SIGNATURE = re.compile(rb"chunk-signature=([0-9a-f]{64})")
_TRAILER = re.compile(rb"(?P<name>[A-Za-z0-9-]+):[ \t]*(?P<value>[^\r\n]*?)[ \t]*\r?\n")
_TRAILER_SIGNATURE = "x-amz-trailer-signature"

ChunkSigner = Callable[[str, bytes, str], str]
"""As `signature.chunk_signer` makes it."""


class MalformedBodyError(ValueError):
    """The body does not follow its own framing."""


class TooLargeError(ValueError):
    """The body is larger than what is taken."""


class ChunkSignatureError(ValueError):
    """A chunk bears another signature than its content asks for."""


def body_length(headers: Sequence[tuple[str, str]], *, persistent: bool = True) -> int | None:
    """The length that a request announces; none when it comes in chunks.

    Args:
        headers: of the request, in the order in which they came.
        persistent: false for HTTP/1.0, which has no chunks.

    Raises:
        MalformedBodyError: it is not known where the body ends, or two ways to tell disagree.
    """
    lengths = [text.strip() for name, text in headers if name.lower() == "content-length"]
    codings = [text.strip() for name, text in headers if name.lower() == "transfer-encoding"]
    if codings:
        if lengths:
            raise MalformedBodyError("both `Content-Length` and `Transfer-Encoding` are given")
        if len(codings) > 1 or codings[0].lower() != "chunked" or not persistent:
            raise MalformedBodyError(f"the transfer coding `{', '.join(codings)}` is not taken")
        return None
    if len(lengths) > 1:
        raise MalformedBodyError(f"`Content-Length` is given {len(lengths)} times")
    if lengths and not _LENGTH.fullmatch(lengths[0]):
        raise MalformedBodyError(f"`Content-Length` is not a number of bytes: `{lengths[0][:40]}`")
    return int(lengths[0]) if lengths else 0


def require_bound(length: int | None, limit: int) -> None:
    """Refuse a body that announces to be too large.

    Raises:
        TooLargeError: it does.
    """
    if length is not None and length > limit:
        raise TooLargeError(f"the body has {length} bytes; at most {limit} are taken")


def receive_body(stream: BinaryIO, length: int | None, limit: int = LARGEST) -> BinaryIO:
    """Read one request body from a connection.

    Args:
        stream: positioned behind the request's header.
        length: as `body_length` told it.
        limit: bytes of the largest body that is taken.

    Returns:
        A file, positioned at its beginning; on the disk from `IN_MEMORY` bytes on.

    Raises:
        MalformedBodyError: the framing is broken, or the connection ended early.
        TooLargeError: the body is larger than the limit.
    """
    require_bound(length, limit)
    file = _file()
    try:
        if length is None:
            _copy_chunks(stream, file, limit)
            _skip_trailers(stream)
        else:
            _copy(stream, file, length)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def is_chunk_signed(headers: Mapping[str, str]) -> bool:
    """Whether a body is framed as `aws-chunked`.

    Args:
        headers: looked up without regard to case.
    """
    return (headers.get("x-amz-content-sha256") or "").startswith(_STREAMING)


def plain_headers(headers: Mapping[str, str], length: int) -> dict[str, str]:
    """Headers as if the client had sent the payload in one piece.

    Args:
        headers: of a request for which `is_chunk_signed` holds.
        length: of the decoded payload.
    """
    dropped = ("x-amz-decoded-content-length", "x-amz-trailer", "content-length")
    plain = {name: text for name, text in headers.items() if name.lower() not in dropped}
    for name in list(plain):
        if name.lower() == "x-amz-content-sha256":
            plain[name] = "UNSIGNED-PAYLOAD"
        elif name.lower() == "content-encoding":
            left = [part.strip() for part in plain.pop(name).split(",")]
            left = [part for part in left if part and part != "aws-chunked"]
            plain |= {name: ",".join(left)} if left else {}
    return plain | {"Content-Length": str(length)}


def decode_chunks(
    body: BinaryIO,
    headers: Mapping[str, str],
    sign: ChunkSigner | None = None,
    seed: str = "",
    limit: int = LARGEST,
) -> bytes:
    """Take the chunks of an S3 upload apart, and verify their signatures.

    Args:
        body: without transfer coding.
        headers: of the request, looked up without regard to case.
        sign: computes signatures; none when the chunks are not signed.
        seed: signature of the request itself.
        limit: bytes of the largest payload that is taken.

    Returns:
        The payload.

    Raises:
        MalformedBodyError: the framing is broken, or the payload is not as long as announced.
        ChunkSignatureError: a signature is missing or wrong.
        TooLargeError: the payload is larger than the limit.
    """
    with _file() as payload:
        previous = _copy_signed(body, payload, limit, sign, seed)
        kind = headers.get("x-amz-content-sha256") or ""
        _read_trailer(body, sign, previous, needed=kind.endswith("-TRAILER"))
        size = payload.tell()
        announced = headers.get("x-amz-decoded-content-length") or ""
        if announced and announced != str(size):
            raise MalformedBodyError(
                f"`x-amz-decoded-content-length` announces {announced[:40]} bytes, not {size}"
            )
        payload.seek(0)
        return payload.read()


def _file() -> BinaryIO:
    return cast("BinaryIO", SpooledTemporaryFile(max_size=IN_MEMORY))


def _copy(stream: BinaryIO, file: BinaryIO, length: int) -> None:
    left = length
    while left:
        piece = stream.read(min(left, _PIECE))
        if not piece:
            raise MalformedBodyError(f"{length} bytes announced, {length - left} received")
        file.write(piece)
        left -= len(piece)


def _chunk_head(stream: BinaryIO, received: int, limit: int) -> tuple[int, bytes]:
    """Size and extension of the next chunk."""
    line = stream.readline(_LINE_LIMIT)
    match = _CHUNK.fullmatch(line)
    if match is None:
        raise MalformedBodyError(f"no chunk size in `{line[:40]!r}`")
    size = int(match["size"], 16)
    if received + size > limit:
        raise TooLargeError(f"the body has more than {limit} bytes, which is what is taken")
    return size, match["extension"] or b""


def _copy_chunks(stream: BinaryIO, file: BinaryIO, limit: int) -> None:
    while True:
        size, _ = _chunk_head(stream, file.tell(), limit)
        if size == 0:
            return
        _copy(stream, file, size)
        _end_of_chunk(stream)


def _copy_signed(
    stream: BinaryIO, file: BinaryIO, limit: int, sign: ChunkSigner | None, seed: str
) -> str:
    previous = seed
    while True:
        size, extension = _chunk_head(stream, file.tell(), limit)
        data = stream.read(size)
        if len(data) != size:
            raise MalformedBodyError(f"{size} bytes announced, {len(data)} received")
        if sign is not None:
            found = _SIGNATURE.fullmatch(extension)
            previous = _verified(sign(previous, data, "PAYLOAD"), found[1] if found else b"")
        if size == 0:
            return previous
        file.write(data)
        _end_of_chunk(stream)


def _read_trailer(
    stream: BinaryIO, sign: ChunkSigner | None, previous: str, *, needed: bool
) -> None:
    """Read what follows the last chunk; where chunks are signed and there is any, it is, too."""
    lines: list[bytes] = []
    mark = b""
    for _ in range(_TRAILER_LIMIT):
        line = stream.readline(_LINE_LIMIT)
        if line in (b"\r\n", b"\n", b""):
            break
        match = _TRAILER.fullmatch(line)
        if match is None:
            raise MalformedBodyError(f"no trailing header in `{line[:40]!r}`")
        name = match["name"].lower()
        if name.decode() == _TRAILER_SIGNATURE:
            mark = match["value"]
        else:
            lines.append(name + b":" + match["value"] + b"\n")
    else:
        raise MalformedBodyError(f"more than {_TRAILER_LIMIT} trailing headers")
    if sign is not None and (lines or mark or needed):
        _verified(sign(previous, b"".join(lines), "TRAILER"), mark)


def _verified(expected: str, found: bytes) -> str:
    if not hmac.compare_digest(expected.encode(), found):
        raise ChunkSignatureError("the signature of a chunk does not match")
    return expected


def _end_of_chunk(stream: BinaryIO) -> None:
    if stream.readline(_LINE_LIMIT) not in (b"\r\n", b"\n"):
        raise MalformedBodyError("a chunk is longer than its size says")


def _skip_trailers(stream: BinaryIO) -> None:
    for _ in range(_TRAILER_LIMIT):
        if stream.readline(_LINE_LIMIT) in (b"\r\n", b"\n", b""):
            return
    raise MalformedBodyError(f"more than {_TRAILER_LIMIT} trailing headers")
