"""One API call and its answer, as the parts of the embedded AWS hand them on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Any
"""A JSON value."""
Moto = Any
"""An object of moto's, whose classes are typed too loosely, or not at all, to be named."""

CALL = "revet.call"
ROOT = "revet.root"
DISPATCH = "revet.dispatch"
"""Where moto's request objects carry the call, the deploying credentials and what answers calls
from inside: in `environ`."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who signed a request, after the signature was verified.

    Args:
        kind: `root` for the deploying credentials, `user`, `role` for a role's session,
            `federated` for a session of GetFederationToken, `anonymous` for a request that AWS
            takes without a signature.
        access_key: id of the access key; empty for `anonymous`.
        account: twelve digits; for `anonymous` the account that the request is for.
        arn: the principal's ARN; of a session the session's; empty for `anonymous`.
        region: region in the signature's scope; empty for `anonymous`.
        principal_id: unique id, as GetCallerIdentity answers it.
        name: of the user, role session or federated user.
        session: of temporary credentials; none for others.
    """

    kind: str
    access_key: str = ""
    account: str = ""
    arn: str = ""
    region: str = ""
    principal_id: str = ""
    name: str = ""
    session: Session | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Temporary credentials and what was decided when they were handed out.

    Args:
        access_key: id, beginning with `ASIA`.
        secret: secret access key.
        token: session token.
        account: that it acts in.
        partition: of that account.
        kind: as of `Principal`.
        arn: of the session, or of the user that asked for it.
        principal_id: unique id, as GetCallerIdentity answers it.
        name: session name, user name or name of the federated user.
        issued: seconds since the epoch.
        expires: likewise.
        issuer_arn: of the role or user behind it; empty when the deployer asked for it.
        issuer_id: unique id of that role or user: a new one of the same name is another one.
        policies: session policies, JSON texts.
        tags: session tags.
        transitive: keys of those that go on to further roles.
        source_identity: what was set for this session or one before it.
        provider: of a web identity, who issued it.
        enforced: whether its calls are decided by its role's policies.
    """

    access_key: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    account: str
    partition: str
    kind: str
    arn: str
    principal_id: str
    name: str
    issued: float
    expires: float
    issuer_arn: str = ""
    issuer_id: str = ""
    policies: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    transitive: tuple[str, ...] = ()
    source_identity: str = ""
    provider: str = ""
    enforced: bool = False


ANY_VERSION = "*"


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
        encrypted: whether it came over TLS.
        refused: of a call about several objects, key and version, or `ANY_VERSION`, of those that
            its sender may not touch.
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
    encrypted: bool = True
    refused: frozenset[tuple[str, str]] = frozenset()


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
