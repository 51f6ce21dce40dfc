"""Why a request is not authenticated, in the error codes of each protocol.

Sources: IAM User Guide, "Troubleshoot Signature Version 4 signing"; Amazon S3 API Reference, "Error
responses"; Amazon EC2 API Reference, "Error codes"; AWS STS API Reference and AWS KMS API
Reference, "Common errors".
"""

from __future__ import annotations

from collections.abc import Mapping

from revet.embedded import wire_error
from revet.embedded.call import Answer
from revet.embedded.operation import service_model

Codes = tuple[tuple[str, int], tuple[str, int], tuple[str, int], tuple[str, int]]

_WRONG = (
    ("SignatureDoesNotMatch", 403),
    ("SignatureDoesNotMatch", 403),
    ("InvalidSignatureException", 400),
)
"""Outside of S3, of a signature that is not what it should be."""

_INCOMPLETE = (
    ("IncompleteSignature", 400),
    ("IncompleteSignature", 400),
    ("IncompleteSignatureException", 400),
)
"""Outside of S3, of one that cannot be read."""

_KINDS: dict[str, Codes] = {
    # kind: S3, EC2, other XML protocols, JSON and CBOR protocols
    "unknown key": (
        ("InvalidAccessKeyId", 403),
        ("AuthFailure", 401),
        ("InvalidClientTokenId", 403),
        ("UnrecognizedClientException", 400),
    ),
    "token": (
        ("InvalidToken", 400),
        ("AuthFailure", 401),
        ("InvalidClientTokenId", 403),
        ("UnrecognizedClientException", 400),
    ),
    "expired token": (
        ("ExpiredToken", 400),
        ("RequestExpired", 400),
        ("ExpiredToken", 403),
        ("ExpiredTokenException", 400),
    ),
    "skewed": (("RequestTimeTooSkewed", 403), ("RequestExpired", 400), *_WRONG[1:]),
    "expired": (
        ("AccessDenied", 403),
        ("RequestExpired", 400),
        ("RequestExpired", 400),
        ("InvalidSignatureException", 400),
    ),
    "missing": (
        ("AccessDenied", 403),
        ("MissingAuthenticationToken", 403),
        ("MissingAuthenticationToken", 403),
        ("MissingAuthenticationTokenException", 400),
    ),
    "signature": (("SignatureDoesNotMatch", 403), *_WRONG),
    "unsigned headers": (("AccessDenied", 403), *_WRONG),
    "payload": (("XAmzContentSHA256Mismatch", 400), *_WRONG),
    "no payload hash": (("InvalidRequest", 400), *_WRONG),
    "incomplete": (("AuthorizationHeaderMalformed", 400), *_INCOMPLETE),
    "query": (("AuthorizationQueryParametersError", 400), *_INCOMPLETE),
    "two mechanisms": (("InvalidArgument", 400), *_INCOMPLETE),
    "old version": (("InvalidRequest", 400), ("AuthFailure", 401), *_INCOMPLETE[1:]),
    "not modelled": ((wire_error.NOT_IMPLEMENTED, 400),) * 4,
}
_PROTOCOLS = ("s3", "ec2", "query", "rest-xml")


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """A request whose sender is not who the signature says, or who says nothing.

    Args:
        kind: one of the kinds above.
        message: what the caller reads.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


def unknown_key() -> Refusal:
    """The refusal of a key that does not exist, or is not active."""
    return Refusal("unknown key", "The security token included in the request is invalid.")


def answer_refusal(refusal: Refusal, boto_service: str, headers: Mapping[str, str]) -> Answer:
    """The answer in the wire format of the service that was called.

    Args:
        refusal: why.
        boto_service: botocore's name of the service; empty for none.
        headers: of the request, looked up without regard to case.
    """
    model = service_model(boto_service) if boto_service else None
    protocol = wire_error.protocol_of(model, headers)
    column = ("s3", "ec2").index(protocol) if protocol in ("s3", "ec2") else 2
    code, status = _KINDS[refusal.kind][column if protocol in _PROTOCOLS else 3]
    return wire_error.answer_with_error(status, code, refusal.message, model=model, headers=headers)
