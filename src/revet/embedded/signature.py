"""AWS Signature Version 4: read what a request is signed with, and compute what it should be.

Canonical forms come from botocore's own signers. Sources: IAM User Guide, "AWS Signature Version 4
for API requests" ("Create a signed AWS API request", "Elements of an AWS API request signature");
Amazon S3 API Reference, "Authenticating requests: using query parameters" and "Signature
calculations for the authorization header: transferring payload in multiple chunks".
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import hmac
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HTTPHeaders
from botocore.credentials import ReadOnlyCredentials

from revet.embedded.refusals import Refusal

Pairs = Sequence[tuple[str, str]]
"""Headers or query parameters in the order in which they arrived."""

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
STREAMING = "STREAMING-"
CHUNKED = ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")
"""Payloads whose chunks are signed, one after the other."""
UNSIGNED_CHUNKED = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"

LONGEST_SECONDS = 7 * 24 * 3600
"""How long a presigned URL may be valid."""
_PARTS = 5
_SKEW = dt.timedelta(minutes=15)
_STAMP = "%Y%m%dT%H%M%SZ"
_HEADER = re.compile(r"^(?P<algorithm>[A-Z0-9-]+)[ ,]+(?P<fields>.+)$", re.DOTALL)
_FIELDS = ("Credential", "SignedHeaders", "Signature")
_HEX = re.compile(r"[0-9a-f]{64}")
_OLD = re.compile(r"AWS [^ :]+:.+")
_OLD_QUERY = frozenset(("AWSAccessKeyId", "Signature", "Expires"))
_EMPTY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Signed:
    """What a request says about its signature.

    Args:
        key: id of the access key.
        date: of the credential scope, `YYYYMMDD`.
        region: of the credential scope.
        service: of the credential scope.
        stamp: moment of signing, ISO 8601 basic.
        headers: names of the signed headers, lower case.
        signature: 64 hexadecimal digits.
        token: session token; empty without one.
        seconds: how long it is valid; none for a signature in the `Authorization` header.
    """

    key: str
    date: str
    region: str
    service: str
    stamp: str
    headers: tuple[str, ...]
    signature: str
    token: str
    seconds: int | None = None

    @property
    def presigned(self) -> bool:
        """Whether the signature is in the query."""
        return self.seconds is not None

    @property
    def scope(self) -> str:
        """The credential scope without the key."""
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


def values(pairs: Pairs, name: str) -> list[str]:
    """All values of a header, or of a parameter, looked up without regard to case."""
    name = name.lower()
    return [value for key, value in pairs if key.lower() == name]


def value(pairs: Pairs, name: str) -> str:
    """The value of a header or parameter; empty without one.

    Raises:
        Refusal: there are several.
    """
    found = values(pairs, name)
    if len(found) > 1:
        raise Refusal("incomplete", f"`{name}` is given {len(found)} times.")
    return found[0] if found else ""


def query_pairs(query: str) -> list[tuple[str, str]]:
    """Names and values of a query, decoded as UTF-8; what is not stays apart as surrogates."""
    return [(_decoded(name), _decoded(text)) for name, text in _split(query)]


def read_signature(headers: Pairs, query: str) -> Signed | None:
    """What a request is signed with; none when it is not signed at all.

    Args:
        headers: of the request.
        query: as it arrived.

    Raises:
        Refusal: the signature cannot be read, or is of a kind that is not taken.
    """
    authorization = value(headers, "Authorization")
    parameters = query_pairs(query)
    names = {name for name, _ in parameters}
    in_query = any(name.lower() in _QUERY_NAMES for name in names) or "AWSAccessKeyId" in names
    if authorization and in_query:
        raise Refusal(
            "two mechanisms",
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature "
            "query string parameter or the Authorization header should be specified.",
        )
    if authorization:
        return _from_header(authorization, headers)
    if "AWSAccessKeyId" in names and names & _OLD_QUERY:
        raise Refusal("old version", _OLD_VERSION)
    return _from_query(parameters) if in_query else None


def check_time(signed: Signed, now: dt.datetime) -> None:
    """Refuse what was signed long ago, or is signed for later.

    Raises:
        Refusal: the moment is outside of what is valid, or does not fit the scope's date.
    """
    try:
        signed_at = dt.datetime.strptime(signed.stamp, _STAMP).replace(tzinfo=dt.UTC)
    except ValueError as error:
        raise Refusal("incomplete", "Date must be in ISO-8601 'basic format'.") from error
    if signed.stamp[:8] != signed.date:
        raise Refusal(
            "signature",
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
            f"HTTP: '{signed.date}' != '{signed.stamp[:8]}'.",
        )
    if signed.seconds is not None:
        if now - signed_at > dt.timedelta(seconds=signed.seconds):
            raise Refusal("expired", "Request has expired")
        if signed_at - now > _SKEW:
            raise Refusal("skewed", f"Signature not yet current: {signed.stamp}")
    elif abs(now - signed_at) > _SKEW:
        moment = now.strftime(_STAMP)
        raise Refusal("skewed", f"Signature expired: {signed.stamp} is too far from {moment}")


def signatures(
    signed: Signed, secret: str, method: str, target: str, headers: Pairs, payload: str
) -> Iterator[str]:
    """The signatures that a request may bear: for S3 one, else with the path normalized or not.

    botocore normalizes the path of all services but S3, Go's SDK of none.

    Args:
        signed: what it says about its signature.
        secret: secret access key.
        method: HTTP method.
        target: path and query as they arrived.
        headers: of the request.
        payload: last line of the canonical request.
    """
    path, _, query = target.partition("?")
    kind: type[_Canonical | _S3Canonical] = _S3Canonical if signed.service == "s3" else _Canonical
    signer = kind(signed, _canonical_query(query), payload)
    request = AWSRequest(method=method, url=f"https://host{path}")
    request.headers = _selected(signed, headers)
    request.context["timestamp"] = signed.stamp
    canonical = signer.canonical_request(request)
    yield _signature(signed, secret, signer.string_to_sign(request, canonical))
    if kind is _Canonical:
        _, _, rest = canonical.partition("\n")
        once, _, rest = rest.partition("\n")
        as_sent = quote(path, safe="/~")
        if as_sent != once:
            canonical = f"{method}\n{as_sent}\n{rest}"
            yield _signature(signed, secret, signer.string_to_sign(request, canonical))


def chunk_signer(signed: Signed, secret: str) -> Callable[[str, bytes, str], str]:
    """The function that signs the chunks of a payload.

    It takes the previous signature, the data and the kind, and returns the signature.
    The kind is `PAYLOAD` for a chunk; for `TRAILER`, the data are the canonical trailing headers.
    """

    def sign(previous: str, data: bytes, kind: str) -> str:
        lines = [f"{ALGORITHM}-{kind}", signed.stamp, signed.scope, previous]
        lines += [_EMPTY] if kind == "PAYLOAD" else []
        lines += [hashlib.sha256(data).hexdigest()]
        return _signature(signed, secret, "\n".join(lines))

    return sign


_OLD_VERSION = (
    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
)
_QUERY_NAMES = frozenset(
    ("x-amz-algorithm", "x-amz-credential", "x-amz-signature", "x-amz-signedheaders")
)


def _from_header(authorization: str, headers: Pairs) -> Signed:
    match = _HEADER.match(authorization.strip())
    if match is None or _OLD.match(authorization):
        raise Refusal("old version", _OLD_VERSION)
    _require_algorithm(match["algorithm"])
    fields: dict[str, str] = {}
    for part in match["fields"].split(","):
        name, _, text = part.strip().partition("=")
        if name in fields or name not in _FIELDS:
            raise Refusal("incomplete", f"Authorization header has an unexpected `{name}`.")
        fields[name] = text.strip()
    stamp = value(headers, "X-Amz-Date") or _stamp_of(value(headers, "Date"))
    return _signed(fields, stamp, value(headers, "X-Amz-Security-Token"), None)


def _from_query(parameters: Pairs) -> Signed:
    _require_algorithm(value(parameters, "X-Amz-Algorithm"))
    fields = {name: value(parameters, f"X-Amz-{name}") for name in _FIELDS}
    expires = value(parameters, "X-Amz-Expires")
    if not re.fullmatch(r"[0-9]{1,9}", expires):
        raise Refusal("query", "X-Amz-Expires must be a number of seconds.")
    if not 0 < int(expires) <= LONGEST_SECONDS:
        raise Refusal("query", "X-Amz-Expires must be less than a week (in seconds).")
    token = value(parameters, "X-Amz-Security-Token")
    return _signed(fields, value(parameters, "X-Amz-Date"), token, int(expires))


def _require_algorithm(algorithm: str) -> None:
    if algorithm.startswith("AWS4-ECDSA"):
        raise Refusal(
            "not modelled",
            "the embedded AWS does not model Signature Version 4A (multi-Region access points)",
        )
    if algorithm != ALGORITHM:
        raise Refusal("old version", _OLD_VERSION)


def _signed(fields: dict[str, str], stamp: str, token: str, seconds: int | None) -> Signed:
    missing = [name for name in _FIELDS if not fields.get(name)]
    missing += [] if stamp else ["a date"]
    if missing:
        raise Refusal("incomplete", f"Authorization requires {', '.join(missing)}.")
    parts = fields["Credential"].split("/")
    if len(parts) != _PARTS or parts[-1] != "aws4_request" or not all(parts):
        raise Refusal(
            "incomplete",
            "Credential must have exactly 5 slash-delimited elements, e.g. "
            f"keyid/date/region/service/aws4_request, got '{fields['Credential']}'.",
        )
    if not _HEX.fullmatch(fields["Signature"]):
        raise Refusal("signature", _MISMATCH)
    names = tuple(fields["SignedHeaders"].lower().split(";"))
    if "host" not in names or len(set(names)) != len(names):
        raise Refusal("signature", "'Host' must be a 'SignedHeader' in the AWS Authorization.")
    key, date, region, service, _ = parts
    return Signed(key, date, region, service, stamp, names, fields["Signature"], token, seconds)


_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your "
    "AWS Secret Access Key and signing method. Consult the service documentation for details."
)


def mismatch() -> Refusal:
    """The refusal of a signature that another key made, or over something else."""
    return Refusal("signature", _MISMATCH)


def _stamp_of(date: str) -> str:
    """A `Date` header in the form of `X-Amz-Date`; empty when it is not a date."""
    if not date:
        return ""
    try:
        return parsedate_to_datetime(date).astimezone(dt.UTC).strftime(_STAMP)
    except ValueError:
        return date


def _selected(signed: Signed, headers: Pairs) -> HTTPHeaders:
    selected = HTTPHeaders()
    for name, text in headers:
        if name.lower() in signed.headers:
            selected.add_header(name.lower(), _as_utf8(text))
    return selected


def _as_utf8(text: str) -> str:
    """A header's value as its sender meant it: clients sign UTF-8, HTTP reads Latin-1."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


_NOBODY = ReadOnlyCredentials("", "", None)
"""The signer computes canonical forms only."""


class _Canonical(SigV4Auth):
    """botocore's signer, over the headers, query and payload that a request names itself."""

    def __init__(self, signed: Signed, query: str, payload: str) -> None:
        super().__init__(_NOBODY, signed.service, signed.region)
        self._signed, self._query, self._payload = signed, query, payload

    def headers_to_sign(self, request: Any) -> Any:  # noqa: ANN401 - botocore's types
        return request.headers

    def signed_headers(self, headers_to_sign: Any) -> str:  # noqa: ANN401, ARG002 - botocore's
        return ";".join(sorted(self._signed.headers))

    def canonical_query_string(self, request: Any) -> str:  # noqa: ANN401, ARG002 - botocore's
        return self._query

    def payload(self, request: Any) -> str:  # noqa: ANN401, ARG002 - botocore's
        return self._payload


class _S3Canonical(_Canonical):
    """The same with S3's path, which is neither normalized nor encoded again."""

    def _normalize_url_path(self, path: str) -> str:
        return path


def _canonical_query(query: str) -> str:
    pairs = [
        (quote(_decoded(name), safe="-_.~", errors="surrogateescape"), _encoded(text))
        for name, text in _split(query)
        if name != "X-Amz-Signature"
    ]
    return "&".join(f"{name}={text}" for name, text in sorted(pairs))


def _encoded(text: str) -> str:
    return quote(_decoded(text), safe="-_.~", errors="surrogateescape")


def _split(query: str) -> Iterator[tuple[str, str]]:
    for pair in query.split("&"):
        if pair:
            name, _, text = pair.partition("=")
            yield name, text


def _decoded(text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-8", "surrogateescape")


def _signature(signed: Signed, secret: str, text: str) -> str:
    key = _signing_key(secret, signed.date, signed.region, signed.service)
    return hmac.new(key, text.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()


@functools.lru_cache(maxsize=256)
def _signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key
