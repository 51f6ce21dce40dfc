"""Who sent a request: its signature is verified before anything else looks at it.

What is signed is what is executed: the host, every `X-Amz-…` header, the query and the body belong
to the signature, or the request is refused. Sources as of `signature`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from revet.embedded import signature
from revet.embedded.body import (
    LARGEST,
    ChunkSignatureError,
    ChunkSigner,
    decode_chunks,
    is_chunk_signed,
    plain_headers,
)
from revet.embedded.call import Principal
from revet.embedded.credentials import Credentials, RootKey, find_credentials
from revet.embedded.operation import service_model
from revet.embedded.refusals import Refusal, unknown_key
from revet.embedded.signature import Signed

HOST_REGION = re.compile(r"\.(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com")
"""The region in a canonical host name."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PIECE = 256 * 1024
_PAYLOAD = "x-amz-content-sha256"
_UNSIGNED_BODIES = frozenset(("ebs", "lex-runtime", "lexv2-runtime", "mediastore-data", "omics"))
"""Services beside S3 with operations whose body need not be signed (`v4-unsigned-body`)."""
_ALSO_SIGNED_AS = {"apigatewaymanagementapi": ("execute-api",)}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came from the connection.

    Args:
        method: HTTP method.
        host: canonical host name that it is for.
        target: path and query as they arrived.
        headers: in the order in which they came.
        body: without transfer coding.
        boto_service: botocore's name of the service that answers.
        encrypted: whether it came over TLS.
    """

    method: str
    host: str
    target: str
    headers: Sequence[tuple[str, str]]
    body: BinaryIO
    boto_service: str
    encrypted: bool = True

    @property
    def joined(self) -> dict[str, str]:
        """Headers with the values of those that came more than once in one line."""
        joined: dict[str, str] = {}
        names: dict[str, str] = {}
        for name, text in self.headers:
            first = names.setdefault(name.lower(), name)
            joined[first] = f"{joined[first]},{text}" if first in joined else text
        return joined


@dataclass(frozen=True, slots=True)
class Authentic:
    """A request whose sender is known, or that is not signed at all.

    Args:
        principal: the sender.
        headers: without the framing of signed chunks.
        body: likewise.
        signed: what it was signed with; none for `anonymous`.
    """

    principal: Principal
    headers: Mapping[str, str]
    body: bytes
    signed: Signed | None


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Authenticator:
    """Verifies signatures.

    Args:
        root: the deploying credentials of this run.
        now: the current moment, with its time zone.
        limit: bytes of the largest payload that is taken.
    """

    def __init__(
        self,
        root: RootKey,
        now: Callable[[], dt.datetime] = _now,
        limit: int = LARGEST,
    ) -> None:
        self._root = root
        self._now = now
        self._limit = limit

    def authenticate(self, asked: Asked) -> Authentic:
        """Verify who sent a request.

        Raises:
            Refusal: it is signed, and the signature is not what it should be.
            MalformedBodyError: the framing of signed chunks is broken.
            TooLargeError: the payload is larger than what is taken.
        """
        signed = signature.read_signature(asked.headers, asked.target.partition("?")[2])
        if signed is None:
            headers, body = self._payload(asked, None, "")
            return Authentic(Principal("anonymous"), headers, body, None)
        found = self._known(signed)
        signature.check_time(signed, self._now())
        _check_scope(signed, asked)
        _check_headers(signed, asked)
        line = _payload_line(signed, asked)
        expected = signature.signatures(
            signed, found.secret, asked.method, asked.target, asked.headers, line
        )
        if not any(hmac.compare_digest(signed.signature, text) for text in expected):
            raise signature.mismatch()
        sign = signature.chunk_signer(signed, found.secret) if line in signature.CHUNKED else None
        try:
            headers, body = self._payload(asked, sign, signed.signature)
        except ChunkSignatureError as error:
            raise signature.mismatch() from error
        return Authentic(replace(found.principal, region=signed.region), headers, body, signed)

    def _known(self, signed: Signed) -> Credentials:
        found = find_credentials(signed.key, self._root, signed.region)
        if found is None:
            raise unknown_key()
        if not hmac.compare_digest(found.token.encode(), signed.token.encode()):
            raise Refusal("token", "The security token included in the request is invalid.")
        if found.expires is not None and found.expires <= self._now().timestamp():
            raise Refusal("expired token", "The security token included in the request is expired")
        return found

    def _payload(
        self, asked: Asked, sign: ChunkSigner | None, seed: str
    ) -> tuple[Mapping[str, str], bytes]:
        headers = asked.joined
        asked.body.seek(0)
        lowered = {name.lower(): text for name, text in headers.items()}
        if not is_chunk_signed(lowered):
            return headers, asked.body.read()
        body = decode_chunks(asked.body, lowered, sign, seed, self._limit)
        return plain_headers(headers, len(body)), body


def _check_scope(signed: Signed, asked: Asked) -> None:
    model = service_model(asked.boto_service) if asked.boto_service else None
    if model is not None:
        also = _ALSO_SIGNED_AS.get(asked.boto_service, ())
        names = (model.signing_name, model.endpoint_prefix, *also)
        if signed.service not in names:
            raise Refusal(
                "signature", f"Credential should be scoped to correct service: '{names[0]}'."
            )
    match = HOST_REGION.search(asked.host)
    if match and match["region"] != signed.region:
        raise Refusal(
            "incomplete" if signed.service == "s3" else "signature",
            f"Credential should be scoped to a valid region: '{match['region']}', not "
            f"'{signed.region}'.",
        )


def _check_headers(signed: Signed, asked: Asked) -> None:
    """Refuse `X-Amz-…` headers that somebody could have added after the request was signed."""
    loose = {
        name.lower()
        for name, text in asked.headers
        if name.lower().startswith("x-amz-")
        and not (signed.presigned and text == signature.UNSIGNED_PAYLOAD)
    } - set(signed.headers)
    if loose:
        raise Refusal(
            "unsigned headers",
            "There were headers present in the request which were not signed: "
            f"{', '.join(sorted(loose))}",
        )


def _payload_line(signed: Signed, asked: Asked) -> str:
    """The last line of the canonical request, after it was compared with the body.

    Raises:
        Refusal: the body is another one, or must be signed and is not.
    """
    line = signature.value(asked.headers, _PAYLOAD)
    is_s3 = signed.service == "s3"
    if not line and is_s3 and signed.presigned:
        return signature.UNSIGNED_PAYLOAD
    if not line and is_s3:
        raise Refusal("no payload hash", f"Missing required header for this request: {_PAYLOAD}")
    unsigned = (is_s3 or asked.boto_service in _UNSIGNED_BODIES) and asked.encrypted
    if line == signature.UNSIGNED_PAYLOAD and (unsigned or signed.presigned):
        return line
    if is_s3 and (
        line in signature.CHUNKED or (line == signature.UNSIGNED_CHUNKED and asked.encrypted)
    ):
        return line
    if line.startswith("STREAMING-AWS4-ECDSA"):
        raise Refusal("not modelled", "the embedded AWS does not model Signature Version 4A")
    asked.body.seek(0)
    digest = hashlib.sha256()
    while piece := asked.body.read(_PIECE):
        digest.update(piece)
    found = digest.hexdigest()
    if line and (not _DIGEST.fullmatch(line) or line != found):
        raise Refusal(
            "payload", f"The provided '{_PAYLOAD}' header does not match what was computed."
        )
    return found
