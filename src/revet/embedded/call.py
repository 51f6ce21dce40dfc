"""One API call and its answer, as the parts of the embedded AWS hand them on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Any
"""A JSON value."""
Moto = Any
"""An object of moto's, whose classes are typed too loosely, or not at all, to be named."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who signed a request.

    Args:
        kind: `root` for the deploying credentials, `other` for any other access key, `anonymous`
            for a request without a signature.
        access_key: id of the access key; empty for `anonymous`.
        account: twelve digits; empty where it is not known.
        arn: the principal's ARN; empty where it is not known.
        region: region in the signature's scope; empty for `anonymous`.
    """

    kind: str
    access_key: str = ""
    account: str = ""
    arn: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One API call.

    Args:
        method: HTTP method.
        host: canonical host name, without port.
        target: path and query as they arrived.
        headers: of the request, names as they arrived.
        body: without any transfer coding.
        service: moto's name of the service; empty when no service answers for the host.
        boto_service: botocore's name of it.
        operation: API operation, for example `CreateKey`; empty when it could not be told.
        parameters: the operation's parameters in botocore's terms.
        unparsed: why operation or parameters are not known; empty when they are.
        principal: who signed it.
        region: region that it is for.
    """

    method: str
    host: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    service: str
    boto_service: str
    operation: str
    parameters: Mapping[str, Any]
    unparsed: str
    principal: Principal
    region: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the client.

    Args:
        status: HTTP status.
        headers: of the response.
        body: of the response.
        error_code: AWS error code, when it is an error; empty otherwise.
        error_message: AWS error message, when it is an error.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    error_code: str = ""
    error_message: str = ""
